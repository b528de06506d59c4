package dev.byol.augment.io;

import dev.byol.augment.Canvas;
import dev.byol.augment.Image;
import dev.byol.augment.Region;
import dev.byol.augment.Size;
import java.io.IOException;

/** An image file whose header has been read. What decoding throws does not name the file: {@link ImageDecoder} does. */
interface Encoded {
    /** What the file is, as messages call it. */
    String format();

    /** The image's size as stored. */
    Size size();

    /** How the image is to be turned. */
    default Orientation orientation() {
        return Orientation.UPRIGHT;
    }

    /** About the most bytes that are taken to decode the image as stored, the {@linkplain #result result} included. */
    long memory(ImageDecoder.Samples samples);

    /** The most bytes that the decoded image has. */
    long result(ImageDecoder.Samples samples);

    /**
     * Decodes the image as stored.
     *
     * @param needed the pixels that must be right, as stored; others are right or 0
     */
    Image decode(Region needed, ImageDecoder.Samples samples) throws IOException;

    /** Makes the image as stored a canvas's current one, in the canvas's memory where the format can. */
    default void decode(Region needed, ImageDecoder.Samples samples, Canvas into) throws IOException {
        into.load(decode(needed, samples));
    }

    /** A smaller rendering of which neither side is below {@code least}, if there is one; itself otherwise. */
    default Encoded reduced(Size least) {
        return this;
    }
}
