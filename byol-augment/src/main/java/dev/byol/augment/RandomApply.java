package dev.byol.augment;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Draws another augmentation with a probability, otherwise nothing: {@code new RandomApply(0.5, new HorizontalFlip())}.
 *
 * @param probability in [0, 1]
 * @param augmentation what may be drawn
 */
public record RandomApply(double probability, Augmentation augmentation) implements Augmentation {
    /** @throws IllegalArgumentException if the probability is outside [0, 1] */
    public RandomApply {
        Check.probability("probability of " + augmentation, probability);
    }

    @Override
    public List<Operation> draw(RandomGenerator random, Size input) {
        return random.nextDouble() < probability ? augmentation.draw(random, input) : List.of();
    }
}
