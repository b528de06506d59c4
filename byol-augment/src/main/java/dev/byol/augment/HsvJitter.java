package dev.byol.augment;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The colour jitter of BYOL's code, which is that of SimCLR's first version: brightness is added, contrast is of each channel,
 * saturation and hue are changed in HSV, in random order and clipped after each. The brightness is uniform in
 * {@code [-brightness, brightness]} of the full scale, the factors of contrast and saturation in
 * {@code [1 - strength, 1 + strength]}, the hue turns by a fraction uniform in {@code [-hue, hue]}. A strength of 0 leaves that
 * operation out. For RGB.
 *
 * @param brightness strength, in [0, 1]
 * @param contrast strength, in [0, 1]
 * @param saturation strength, in [0, 1]
 * @param hue strength, in [0, 0.5]
 * @see <a href="https://github.com/google-deepmind/deepmind-research/blob/master/byol/utils/augmentations.py">BYOL's code</a>
 */
public record HsvJitter(double brightness, double contrast, double saturation, double hue) implements Augmentation {
    /** @throws IllegalArgumentException if a strength is out of its range */
    public HsvJitter {
        Check.range("jitter brightness", brightness, 0, 1);
        Check.range("jitter contrast", contrast, 0, 1);
        Check.range("jitter saturation", saturation, 0, 1);
        Check.range("jitter hue", hue, 0, 0.5);
    }

    @Override
    public List<Operation> draw(RandomGenerator random, Size input) {
        Operation[] operations = {
            new AdditiveBrightness(Draws.uniform(random, -brightness, brightness)),
            new ChannelContrast(Draws.uniform(random, 1 - contrast, 1 + contrast)),
            new HsvSaturation(Draws.uniform(random, 1 - saturation, 1 + saturation)),
            new HsvHue(Draws.uniform(random, -hue, hue))
        };
        return Draws.shuffled(random, operations, brightness, contrast, saturation, hue);
    }

    /** What it draws, in any order, without effect. */
    List<Operation> parts() {
        Operation[] operations = {new AdditiveBrightness(0), new ChannelContrast(1), new HsvSaturation(1), new HsvHue(0)
        };
        return List.of(Draws.present(operations, brightness, contrast, saturation, hue));
    }
}
