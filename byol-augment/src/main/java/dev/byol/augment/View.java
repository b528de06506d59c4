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
 * @param colour what happens to operations that need colour, on an image that is not RGB
 */
public record View(int side, List<Augmentation> augmentations, ColourPolicy colour) implements Augmentation {
    /** @throws IllegalArgumentException if {@code side} is below 1 */
    public View {
        Check.atLeast("view side", side, 1);
        augmentations = List.copyOf(augmentations);
    }

    /**
     * A view that refuses images whose channels do not suit what is drawn: {@link ColourPolicy#FAIL}.
     *
     * @throws IllegalArgumentException if {@code side} is below 1
     */
    public View(int side, List<Augmentation> augmentations) {
        this(side, augmentations, ColourPolicy.FAIL);
    }

    /** This view with another policy for images that are not RGB. */
    public View colour(ColourPolicy policy) {
        return new View(side, augmentations, policy);
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
     * The view that printed this text by {@code toString}: an equal one, as long as its parts are this library's.
     *
     * @throws IllegalArgumentException if the text is not that of a view, with the position of what is wrong
     */
    public static View parse(String text) {
        return Parser.parse(text, View.class);
    }

    /**
     * Draws the operations of all parts, for an image with 3 channels.
     *
     * @throws IllegalStateException if they would not make a square of this view's size
     */
    @Override
    public List<Operation> draw(RandomGenerator random, Size input) {
        return draw(random, input, 3);
    }

    /**
     * Draws the operations of all parts, for this image.
     *
     * @throws IllegalArgumentException if an operation needs other channels than the image has and the policy is {@link ColourPolicy#FAIL}
     * @throws IllegalStateException if they would not make a square of this view's size
     */
    public List<Operation> draw(RandomGenerator random, Image image) {
        return draw(random, image.size(), image.channels());
    }

    /**
     * Draws the operations of all parts, for an image of this size and number of channels.
     *
     * @throws IllegalArgumentException if an operation needs other channels and the policy is {@link ColourPolicy#FAIL}
     * @throws IllegalStateException if they would not make a square of this view's size
     */
    public List<Operation> draw(RandomGenerator random, Size input, int channels) {
        List<Operation> drawn = new ArrayList<>(2 * augmentations.size());
        Size size = input;
        for (Augmentation augmentation : augmentations) {
            for (Operation operation : augmentation.draw(random, size)) {
                if (suits(operation, channels)) {
                    drawn.add(operation);
                    size = operation.resultOf(size);
                }
            }
        }
        if (size.width() != side || size.height() != side) {
            throw new IllegalStateException("a view of " + side + "x" + side + " came out as " + size
                    + " from an image of " + input + ": " + drawn);
        }
        return drawn;
    }

    private boolean suits(Operation operation, int channels) {
        if (colour == ColourPolicy.FAIL) {
            Check.channels(operation, channels);
        }
        return operation.accepts(channels);
    }
}
