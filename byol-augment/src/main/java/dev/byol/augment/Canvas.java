package dev.byol.augment;

import java.util.Arrays;
import java.util.List;

/**
 * Where operations are applied: the current image and the memory to make the next one, which grows to the largest image
 * seen and is then reused. One canvas belongs to one thread.
 *
 * <p>An operation of one's own reads {@link #samples()}, writes all of {@link #target(int, int)} and ends with
 * {@link #advance()}; where {@link #isFloat()}, it reads {@link #floatSamples()} and writes {@link #floatTarget(int, int)},
 * clipped to [0, 1].
 */
public final class Canvas {
    private int width;
    private int height;
    private int channels;
    private boolean isFloat;

    private int targetWidth;
    private int targetHeight;
    private boolean borrowed;

    private byte[] samples = {};
    private byte[] target = {};
    private byte[] spare = {};

    private float[] floatSamples = {};
    private float[] floatTarget = {};
    private float[] floatSpare = {};

    private final int[][][] rows = {{}, {}, {}};
    private final int[][] ints = {{}, {}, {}, {}, {}, {}, {}, {}};
    private byte[] bytes = {};
    private final float[][] floats = {{}, {}};
    private float[][] floatRows = {};
    private final Resampler resampler = new Resampler(this);

    /** An empty canvas. */
    public Canvas() {}

    /** Makes this the current image. Its samples are read where they are, never written. */
    public void load(Image image) {
        borrow(image.isFloat() ? image.floatSamples() : image.samples());
        describe(image.width(), image.height(), image.channels());
    }

    /**
     * Makes the current image of another canvas this one's, too. Its samples are read where they are, never written, so the
     * other canvas must keep it as long as it is current here.
     */
    public void load(Canvas other) {
        borrow(other.isFloat ? other.floatSamples : other.samples);
        describe(other.width, other.height, other.channels);
    }

    /**
     * Makes a black image of bytes the current one, for the caller to write its pixels.
     *
     * @return its samples {@code [height, width, channels]}, all 0; the array may be longer
     * @throws IllegalArgumentException if a dimension is below 1 or the image would have more than 2^31 samples
     */
    public byte[] begin(int width, int height, int channels) {
        Check.atLeast("width", width, 1);
        Check.atLeast("height", height, 1);
        Check.atLeast("channels", channels, 1);
        int length = length(width, height, channels);
        release();
        isFloat = false;
        if (samples.length < length) {
            samples = new byte[length];
        } else {
            Arrays.fill(samples, 0, length, (byte) 0);
        }
        describe(width, height, channels);
        return samples;
    }

    private void borrow(Object array) {
        release();
        isFloat = array instanceof float[];
        if (array instanceof float[] floatArray) {
            floatSpare = floatSamples;
            floatSamples = floatArray;
        } else {
            spare = samples;
            samples = (byte[]) array;
        }
        borrowed = true;
    }

    private void describe(int newWidth, int newHeight, int newChannels) {
        width = newWidth;
        height = newHeight;
        channels = newChannels;
    }

    /** Lets go of the loaded image's array, so that the arrays are all the canvas's own. */
    private void release() {
        if (borrowed) {
            if (isFloat) {
                floatSamples = floatSpare;
            } else {
                samples = spare;
            }
            borrowed = false;
        }
    }

    /**
     * Applies the operations to the image and writes the resulting samples {@code [height, width, channels]} to {@code out} from {@code offset} on.
     *
     * @throws IllegalStateException if the image has float samples
     */
    public void render(Image image, List<Operation> operations, byte[] out, int offset) {
        applyAll(image, operations);
        System.arraycopy(samples(), 0, out, offset, length());
    }

    /**
     * Applies the operations to the image and writes the resulting samples {@code [height, width, channels]} in [0, 1] to {@code out} from {@code offset} on.
     *
     * @throws IllegalStateException if the image has byte samples
     */
    public void render(Image image, List<Operation> operations, float[] out, int offset) {
        applyAll(image, operations);
        System.arraycopy(floatSamples(), 0, out, offset, length());
    }

    private void applyAll(Image image, List<Operation> operations) {
        load(image);
        for (int i = 0; i < operations.size(); i++) {
            operations.get(i).apply(this);
        }
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

    /** Whether the current image's samples are floats in [0, 1] and not unsigned bytes. */
    public boolean isFloat() {
        return isFloat;
    }

    /**
     * The current image's bytes {@code [height, width, channels]}, to be read only; the array may be longer than {@link #length()}.
     *
     * @throws IllegalStateException if the samples are floats
     */
    public byte[] samples() {
        require(false);
        return samples;
    }

    /**
     * The current image's floats {@code [height, width, channels]} in [0, 1], to be read only; the array may be longer than
     * {@link #length()}.
     *
     * @throws IllegalStateException if the samples are bytes
     */
    public float[] floatSamples() {
        require(true);
        return floatSamples;
    }

    /**
     * Memory for a result of this size with as many channels, never the array of {@link #samples()}; its contents are
     * arbitrary.
     *
     * @throws IllegalArgumentException if the result would have more than 2^31 samples
     * @throws IllegalStateException if the samples are floats
     */
    public byte[] target(int width, int height) {
        require(false);
        int length = targetLength(width, height);
        if (target.length < length) {
            target = new byte[length];
        }
        return target;
    }

    /**
     * Memory for a float result of this size with as many channels, never the array of {@link #floatSamples()}; its contents
     * are arbitrary.
     *
     * @throws IllegalArgumentException if the result would have more than 2^31 samples
     * @throws IllegalStateException if the samples are bytes
     */
    public float[] floatTarget(int width, int height) {
        require(true);
        int length = targetLength(width, height);
        if (floatTarget.length < length) {
            floatTarget = new float[length];
        }
        return floatTarget;
    }

    private int targetLength(int width, int height) {
        int length = length(width, height, channels);
        targetWidth = width;
        targetHeight = height;
        return length;
    }

    private static int length(int width, int height, int channels) {
        double length = (double) width * height * channels;
        if (length > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "an image of " + width + "x" + height + "x" + channels + " does not fit in one array");
        }
        return (int) length;
    }

    private void require(boolean floats) {
        if (isFloat != floats) {
            throw new IllegalStateException(
                    isFloat
                            ? "the image has float samples: floatSamples() and floatTarget(), not samples() and target()"
                            : "the image has byte samples: samples() and target(), not floatSamples() and floatTarget()");
        }
    }

    /** Makes what was written to the last {@link #target(int, int)} or {@link #floatTarget(int, int)} the current image. */
    public void advance() {
        release();
        if (isFloat) {
            float[] free = floatSamples;
            floatSamples = floatTarget;
            floatTarget = free;
        } else {
            byte[] free = samples;
            samples = target;
            target = free;
        }
        width = targetWidth;
        height = targetHeight;
    }

    /** Makes the current image one of floats: {@code value / 255f}; nothing happens to one of floats. */
    public void toFloats() {
        if (isFloat) {
            return;
        }
        byte[] from = samples;
        int length = length();
        release();
        if (floatSamples.length < length) {
            floatSamples = new float[length];
        }
        FloatPixels.ofBytes(from, floatSamples, length);
        isFloat = true;
    }

    /** A copy of the current image. */
    public Image image() {
        return isFloat
                ? Image.made(width, height, channels, Arrays.copyOf(floatSamples, length()))
                : new Image(width, height, channels, Arrays.copyOf(samples, length()));
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

    /** Scratch of at least {@code length} ints; eight slots, 0 to 7. */
    int[] ints(int slot, int length) {
        if (ints[slot].length < length) {
            ints[slot] = new int[length];
        }
        return ints[slot];
    }

    /** Scratch of at least {@code length} bytes. */
    byte[] bytes(int length) {
        if (bytes.length < length) {
            bytes = new byte[length];
        }
        return bytes;
    }

    /** Scratch of at least {@code length} floats; two slots, 0 and 1. */
    float[] floats(int slot, int length) {
        if (floats[slot].length < length) {
            floats[slot] = new float[length];
        }
        return floats[slot];
    }

    /** Scratch: at least {@code count} rows of at least {@code length} floats. */
    float[][] floatRows(int count, int length) {
        if (floatRows.length < count) {
            floatRows = Arrays.copyOf(floatRows, count);
        }
        for (int i = 0; i < count; i++) {
            if (floatRows[i] == null || floatRows[i].length < length) {
                floatRows[i] = new float[length];
            }
        }
        return floatRows;
    }

    Resampler resampler() {
        return resampler;
    }
}
