package dev.byol.augment;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Draws all of some augmentations in random order, every order equally often: torchvision's {@code RandomOrder}.
 *
 * @param augmentations the parts
 */
public record RandomOrder(List<Augmentation> augmentations) implements Augmentation {
    /** Keeps the parts. */
    public RandomOrder {
        augmentations = List.copyOf(augmentations);
    }

    /** These parts. */
    public RandomOrder(Augmentation... augmentations) {
        this(List.of(augmentations));
    }

    @Override
    public List<Operation> draw(RandomGenerator random, Size input) {
        Augmentation[] order = augmentations.toArray(Augmentation[]::new);
        Draws.shuffle(random, order);
        return new Compose(order).draw(random, input);
    }
}
