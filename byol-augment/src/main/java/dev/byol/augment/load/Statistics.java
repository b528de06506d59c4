package dev.byol.augment.load;

import java.util.Locale;

/**
 * What a loader has given its consumer, and how long the consumer had to wait for it: a wait near 0 means that the threads
 * keep up.
 *
 * @param images images taken
 * @param batches batches taken
 * @param skipped places among those images whose own image could not be read; {@link Unreadable} says what took them
 * @param seconds from an epoch's start until its last batch was taken, added up over epochs
 * @param waitSeconds how much of that the consumer spent waiting for a batch
 */
public record Statistics(long images, long batches, long skipped, double seconds, double waitSeconds) {
    static final Statistics NONE = new Statistics(0, 0, 0, 0, 0);

    /** @throws IllegalArgumentException if a value is negative or not finite */
    public Statistics {
        require(images >= 0, "images", images);
        require(batches >= 0, "batches", batches);
        require(skipped >= 0, "skipped", skipped);
        require(seconds >= 0 && seconds < Double.POSITIVE_INFINITY, "seconds", seconds);
        require(waitSeconds >= 0 && waitSeconds < Double.POSITIVE_INFINITY, "waitSeconds", waitSeconds);
    }

    private static void require(boolean holds, String name, Number value) {
        if (!holds) {
            throw new IllegalArgumentException(name + " must be finite and not negative, got " + value);
        }
    }

    /** Images taken a second; 0 before the first. */
    public double imagesPerSecond() {
        return seconds > 0 ? images / seconds : 0;
    }

    /** The part of the time that the consumer waited, in [0, 1]; 0 before the first batch. */
    public double waitFraction() {
        return seconds > 0 ? Math.min(1, waitSeconds / seconds) : 0;
    }

    Statistics plus(Statistics other) {
        return new Statistics(
                images + other.images,
                batches + other.batches,
                skipped + other.skipped,
                seconds + other.seconds,
                waitSeconds + other.waitSeconds);
    }

    /** One line, such as {@code 6400 images in 3.20 s, 2000.0 a second; waited 0.13 s (4 %); 1 could not be read}. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d images in %.2f s, %.1f a second; waited %.2f s (%.0f %%); %d could not be read",
                images,
                seconds,
                imagesPerSecond(),
                waitSeconds,
                100 * waitFraction(),
                skipped);
    }
}
