package dev.byol.augment.io;

import dev.byol.augment.Canvas;
import dev.byol.augment.Image;
import dev.byol.augment.Region;
import dev.byol.augment.Size;
import java.io.IOException;

/**
 * An image whose size is known and whose pixels are decoded when asked for: a crop can be drawn from the size first, and
 * pixels outside it need not be made.
 *
 * <pre>{@code
 * LazyImage lazy = decoder.open(file);
 * List<Operation> drawn = view.draw(random, lazy.size());
 * Image image = lazy.decode(drawn.get(0).reads(lazy.size()));
 * }</pre>
 */
public interface LazyImage {
    /** Width and height of the image that results, after its orientation is applied. */
    Size size();

    /**
     * All pixels.
     *
     * @throws IOException if they cannot be decoded
     */
    Image decode() throws IOException;

    /**
     * An image of the whole {@link #size()} of which only the needed pixels are promised: they equal those of
     * {@link #decode()}, others are theirs or 0. What is corrupt is found wherever it is, so that whether an image can be
     * decoded does not depend on what is needed of it.
     *
     * @throws IOException if the image cannot be decoded
     * @throws IllegalArgumentException if the region does not lie in the image
     */
    default Image decode(Region needed) throws IOException {
        requireWithin(needed, size());
        return decode();
    }

    /**
     * Makes what {@link #decode(Region)} returns the current image of a canvas, in the canvas's memory if the image is a JPEG
     * file: of many that are decoded one after the other on a canvas of their own, nothing is left to the garbage collector.
     *
     * @throws IOException if the image cannot be decoded; the canvas's image may be anything then
     * @throws IllegalArgumentException if the region does not lie in the image
     */
    default void decode(Region needed, Canvas into) throws IOException {
        into.load(decode(needed));
    }

    /**
     * A smaller rendering of the same image that is cheaper to decode, or this one where there is none. JPEG files have some
     * of 1/2, 1/4 and 1/8 of the size (rounded up), which are a little sharper than averages of pixels: Pillow's
     * {@code Image.draft}. A view of it differs from the view of the whole image, so asking for it is the caller's choice.
     *
     * @param least the smallest size that will do; neither side of the result is below it unless this image's is
     */
    default LazyImage reduced(Size least) {
        return this;
    }

    /** An image that is decoded already. */
    static LazyImage of(Image image) {
        return new LazyImage() {
            @Override
            public Size size() {
                return image.size();
            }

            @Override
            public Image decode() {
                return image;
            }
        };
    }

    private static void requireWithin(Region needed, Size size) {
        if (!needed.isWithin(size)) {
            throw new IllegalArgumentException(needed + " does not lie in an image of " + size);
        }
    }
}
