package dev.byol.augment;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Several augmentations as one, drawn and applied in their order, such as those that a {@link RandomApply} takes or leaves
 * together.
 *
 * @param augmentations the parts in their order
 */
public record Compose(List<Augmentation> augmentations) implements Augmentation {
    /** Keeps the parts. */
    public Compose {
        augmentations = List.copyOf(augmentations);
    }

    /** These parts in this order. */
    public Compose(Augmentation... augmentations) {
        this(List.of(augmentations));
    }

    @Override
    public List<Operation> draw(RandomGenerator random, Size input) {
        List<Operation> drawn = new ArrayList<>();
        Size size = input;
        for (Augmentation augmentation : augmentations) {
            for (Operation operation : augmentation.draw(random, size)) {
                drawn.add(operation);
                size = operation.resultOf(size);
            }
        }
        return drawn;
    }
}
