package dev.byol.augment.io;

import dev.byol.augment.Image;
import java.io.IOException;
import java.util.List;

/**
 * A fixed set of images, read one by one in any order. Implementations are safe to call from many threads at once and give
 * the same image for the same index every time. One of one's own needs {@link #size()} and {@link #image(int)}:
 *
 * <pre>{@code
 * record Scans(List<Path> files, ImageDecoder decoder) implements ImageSource {
 *     @Override
 *     public int size() {
 *         return files.size();
 *     }
 *
 *     @Override
 *     public Image image(int index) throws IOException {
 *         return decoder.decode(files.get(index));
 *     }
 * }
 * }</pre>
 */
public interface ImageSource {
    /** The label of an image that has none. */
    int UNLABELLED = -1;

    /** The number of images. */
    int size();

    /**
     * Reads one image.
     *
     * @param index from 0 to {@code size() - 1}
     * @throws IOException if this image cannot be read or decoded
     */
    Image image(int index) throws IOException;

    /**
     * Opens one image without decoding its pixels yet, where the source can; {@link #image(int)} otherwise.
     *
     * @param index from 0 to {@code size() - 1}
     * @throws IOException if this image cannot be read
     */
    default LazyImage open(int index) throws IOException {
        return LazyImage.of(image(index));
    }

    /** The class of one image, from 0 on; {@link #UNLABELLED} if it has none. */
    default int label(int index) {
        return UNLABELLED;
    }

    /** The classes' names, in the order of the labels; empty if there are no classes or they have no names. */
    default List<String> classNames() {
        return List.of();
    }

    /** What messages call one image, such as its file's path. */
    default String name(int index) {
        return "image " + index + " of " + description();
    }

    /** What messages and reports call the source. */
    default String description() {
        return toString();
    }
}
