package dev.byol.augment;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Brightness, contrast, saturation and hue, each by a random factor and in random order: torchvision's {@code ColorJitter}.
 * The first three are multiplied by a factor uniform in {@code [max(0, 1 - strength), 1 + strength]}, the hue is turned by
 * a fraction uniform in {@code [-hue, hue]}. A strength of 0 leaves that operation out. For RGB.
 *
 * @param brightness strength, not negative
 * @param contrast strength, not negative
 * @param saturation strength, not negative
 * @param hue strength, in [0, 0.5]
 */
public record ColorJitter(double brightness, double contrast, double saturation, double hue) implements Augmentation {
    /** @throws IllegalArgumentException if a strength is out of its range */
    public ColorJitter {
        Check.factor("jitter brightness", brightness);
        Check.factor("jitter contrast", contrast);
        Check.factor("jitter saturation", saturation);
        Check.range("jitter hue", hue, 0, 0.5);
    }

    @Override
    public List<Operation> draw(RandomGenerator random, Size input) {
        Operation[] operations = {
            new Brightness(factor(random, brightness)),
            new Contrast(factor(random, contrast)),
            new Saturation(factor(random, saturation)),
            new Hue(Draws.uniform(random, -hue, hue))
        };
        return Draws.shuffled(random, operations, brightness, contrast, saturation, hue);
    }

    /** What it draws, in any order, without effect. */
    List<Operation> parts() {
        Operation[] operations = {new Brightness(1), new Contrast(1), new Saturation(1), new Hue(0)};
        return List.of(Draws.present(operations, brightness, contrast, saturation, hue));
    }

    private static double factor(RandomGenerator random, double strength) {
        return Draws.uniform(random, Math.max(0, 1 - strength), 1 + strength);
    }
}
