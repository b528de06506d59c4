package dev.byol.augment.load;

import dev.byol.augment.Image;

/**
 * What a {@link Loader} does about an image that cannot be read, that is, whose source throws an {@link
 * java.io.IOException}, or that a view would enlarge to a strip more than {@value Strips#MOST_ELONGATED} times as long as
 * wide. An image that is skipped or replaced is counted, and named in the log once a loader; batches stay
 * full, and what comes at a position of an epoch stays a function of (seed, epoch, position) and the source.
 *
 * <p>Any other exception of a source, and an image that does not suit the loader or its views, is a fault of the program
 * or the settings: it always reaches the consumer, with the image's name.
 */
public sealed interface Unreadable {
    /**
     * The place at position {@code p} of an epoch of {@code N} images is taken by another image of it, with its own index,
     * label and views: the first readable one of the positions {@code p + N/2, p + N/2 + 1, ...}, modulo {@code N}. That
     * image comes twice in the epoch, with equal views, but half an epoch apart: in different batches, unless a batch is
     * larger than that. Unreadable neighbours are replaced by different images where those can be read. If none of the
     * images can be read, the consumer gets an {@link java.io.UncheckedIOException}.
     */
    static Unreadable skip() {
        return new Skip();
    }

    /** The consumer gets an {@link java.io.UncheckedIOException} with the image's name in place of the batch. */
    static Unreadable fail() {
        return new Fail();
    }

    /** The place is taken by views of this image, drawn as those of the unreadable one, whose index and label stay. */
    static Unreadable replace(Image image) {
        return new Replace(image);
    }

    /** See {@link Unreadable#skip()}. */
    record Skip() implements Unreadable {}

    /** See {@link Unreadable#fail()}. */
    record Fail() implements Unreadable {}

    /**
     * See {@link Unreadable#replace(Image)}.
     *
     * @param image what is shown in place of every image that cannot be read
     */
    record Replace(Image image) implements Unreadable {}
}
