package dev.byol.tf.view;

import java.util.List;

/**
 * Images, and what was drawn for the views of each. Arrays are not copied.
 *
 * @param images uint8 {@code [B, height, width, 3]}; smaller ones in the upper left corner, with anything around them
 * @param height rows of each image, at least 1
 * @param width columns of each image, at least 1
 * @param draws for each view
 */
@SuppressWarnings("ArrayRecordComponent")
public record SourceBatch(byte[] images, int height, int width, List<ViewDraws> draws) {
    /** @throws IllegalArgumentException if {@code images} is not of whole images of that size */
    public SourceBatch {
        draws = List.copyOf(draws);
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("height and width must be at least 1, got " + height + " and " + width);
        }
        if (images.length % (3L * height * width) != 0) {
            throw new IllegalArgumentException("images " + height + "x" + width + "x3 need a multiple of "
                    + 3L * height * width + " values, got " + images.length);
        }
    }

    /** The number of images {@code B}. */
    public int size() {
        return images.length / (3 * height * width);
    }
}
