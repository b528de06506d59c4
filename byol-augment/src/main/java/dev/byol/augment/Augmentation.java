package dev.byol.augment;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A random part of a view. It draws deterministic operations and applies nothing itself, so that what happened to an
 * image can be printed, stored and repeated. Augmentations are immutable and safe to share between threads.
 */
@FunctionalInterface
public interface Augmentation {
    /**
     * Draws what happens to one image.
     *
     * @param random where all randomness comes from; equal states give equal draws
     * @param input the size of the image that the operations will be applied to
     * @return the operations in their order; empty if nothing happens
     */
    List<Operation> draw(RandomGenerator random, Size input);

    /**
     * The augmentation of this library that printed this text by {@code toString}: an equal one.
     *
     * @throws IllegalArgumentException if the text is none of theirs, with the position of what is wrong
     */
    static Augmentation parse(String text) {
        return Parser.parse(text, Augmentation.class);
    }
}
