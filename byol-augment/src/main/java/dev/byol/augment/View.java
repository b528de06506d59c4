package dev.byol.augment;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The recipe of one view: augmentations in their order, which make a square of known size of any image. Immutable and safe
 * to share between threads.
 *
 * @param side pixels of the square that results
 * @param augmentations the parts, in the order in which they are drawn and applied
 */
public record View(int side, List<Augmentation> augmentations) implements Augmentation {
    /** @throws IllegalArgumentException if {@code side} is below 1 */
    public View {
        Check.atLeast("view side", side, 1);
        augmentations = List.copyOf(augmentations);
    }

    /**
     * A view with the settings of the appendix of Fetterman and Albrecht, 2020, "Understanding self-supervised and
     * contrastive learning with Bootstrap Your Own Latent", to be changed one by one.
     */
    public static AppendixView appendix() {
        return new AppendixView();
    }

    /** No augmentation: the shorter side resized to {@code side} and the centre cut out; an image of that size as it is. */
    public static View center(int side) {
        return new View(side, List.of(new ResizeShorterSide(side), new CenterCrop(side)));
    }

    /**
     * Draws the operations of all parts, for one image.
     *
     * @throws IllegalStateException if they would not make a square of this view's size
     */
    @Override
    public List<Operation> draw(RandomGenerator random, Size input) {
        List<Operation> drawn = new ArrayList<>(2 * augmentations.size());
        Size size = input;
        for (Augmentation augmentation : augmentations) {
            for (Operation operation : augmentation.draw(random, size)) {
                drawn.add(operation);
                size = operation.resultOf(size);
            }
        }
        if (size.width() != side || size.height() != side) {
            throw new IllegalStateException("a view of " + side + "x" + side + " came out as " + size
                    + " from an image of " + input + ": " + drawn);
        }
        return drawn;
    }
}
