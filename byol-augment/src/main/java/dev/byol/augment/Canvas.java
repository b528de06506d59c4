package dev.byol.augment;

import java.util.Arrays;
import java.util.List;

/**
 * Where operations are applied: the current image and the memory to make the next one, which grows to the largest image
 * seen and is then reused. One canvas belongs to one thread.
 *
 * <p>An operation of one's own reads {@link #samples()}, writes all of {@link #target(int, int)} and ends with
 * {@link #advance()}.
 */
public final class Canvas {
    private int width;
    private int height;
    private int channels;
    private byte[] samples = {};

    private int targetWidth;
    private int targetHeight;
    private byte[] target = {};
    private byte[] spare = {};
    private boolean borrowed;

    private final int[][][] rows = {{}, {}, {}};
    private final Resampler resampler = new Resampler();

    /** An empty canvas. */
    public Canvas() {}

    /** Makes this the current image. Its samples are read where they are, never written. */
    public void load(Image image) {
        if (!borrowed) {
            spare = samples;
        }
        samples = image.samples();
        borrowed = true;
        width = image.width();
        height = image.height();
        channels = image.channels();
    }

    /** Applies the operations to the image and writes the resulting samples {@code [height, width, channels]} to {@code out} from {@code offset} on. */
    public void render(Image image, List<Operation> operations, byte[] out, int offset) {
        load(image);
        for (int i = 0; i < operations.size(); i++) {
            operations.get(i).apply(this);
        }
        System.arraycopy(samples, 0, out, offset, length());
    }

    /** Pixels in a row of the current image. */
    public int width() {
        return width;
    }

    /** Rows of pixels of the current image. */
    public int height() {
        return height;
    }

    /** Samples a pixel of the current image. */
    public int channels() {
        return channels;
    }

    /** The number of samples: width * height * channels. */
    public int length() {
        return width * height * channels;
    }

    /** The current image's samples {@code [height, width, channels]}, to be read only; the array may be longer than {@link #length()}. */
    public byte[] samples() {
        return samples;
    }

    /**
     * Memory for a result of this size with as many channels, never the array of {@link #samples()}; its contents are
     * arbitrary.
     *
     * @throws IllegalArgumentException if the result would have more than 2^31 samples
     */
    public byte[] target(int width, int height) {
        long length = (long) width * height * channels;
        if (length > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "an image of " + width + "x" + height + "x" + channels + " does not fit in one array");
        }
        if (target.length < length) {
            target = new byte[(int) length];
        }
        targetWidth = width;
        targetHeight = height;
        return target;
    }

    /** Makes what was written to the last {@link #target(int, int)} the current image. */
    public void advance() {
        byte[] free = borrowed ? spare : samples;
        samples = target;
        target = free;
        borrowed = false;
        width = targetWidth;
        height = targetHeight;
    }

    /** A copy of the current image. */
    public Image image() {
        return new Image(width, height, channels, Arrays.copyOf(samples, length()));
    }

    /** Scratch: at least {@code count} rows of at least {@code length} ints; three slots, 0 to 2. */
    int[][] rows(int slot, int count, int length) {
        if (rows[slot].length < count) {
            rows[slot] = Arrays.copyOf(rows[slot], count);
        }
        for (int i = 0; i < count; i++) {
            if (rows[slot][i] == null || rows[slot][i].length < length) {
                rows[slot][i] = new int[length];
            }
        }
        return rows[slot];
    }

    Resampler resampler() {
        return resampler;
    }
}
