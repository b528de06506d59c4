package dev.byol.augment;

import java.util.Arrays;

/**
 * An image, channels interleaved: sample {@code (x, y, c)} is at {@code (y * width + x) * channels + c}. Samples are unsigned
 * bytes or, for sources of more than 8 bits, floats in [0, 1]; {@link #isFloat()} tells which. The image keeps the array it
 * is given, uncopied; whoever shares it must not write to it.
 */
public final class Image {
    private final int width;
    private final int height;
    private final int channels;
    private final Object samples; // byte[] or float[]

    private Image(int width, int height, int channels, Object samples, int length) {
        Check.atLeast("width", width, 1);
        Check.atLeast("height", height, 1);
        Check.atLeast("channels", channels, 1);
        if (length != (long) width * height * channels) {
            throw new IllegalArgumentException("an image of " + width + "x" + height + "x" + channels + " has "
                    + (long) width * height * channels + " samples, got " + length);
        }
        this.width = width;
        this.height = height;
        this.channels = channels;
        this.samples = samples;
    }

    /**
     * Wraps unsigned bytes {@code [height, width, channels]}.
     *
     * @throws IllegalArgumentException if a dimension is below 1 or the array's length is not their product
     */
    public Image(int width, int height, int channels, byte[] samples) {
        this(width, height, channels, samples, samples.length);
    }

    /**
     * Wraps floats {@code [height, width, channels]}.
     *
     * @throws IllegalArgumentException if a dimension is below 1, the array's length is not their product, or a sample is not
     *     in [0, 1]
     */
    public Image(int width, int height, int channels, float[] samples) {
        this(width, height, channels, samples, samples.length);
        for (int i = 0; i < samples.length; i++) {
            if (!(samples[i] >= 0 && samples[i] <= 1)) {
                int pixel = i / channels;
                throw new IllegalArgumentException("samples must be in [0, 1], got " + samples[i] + " at x="
                        + pixel % width + ", y=" + pixel / width + ", channel=" + i % channels);
            }
        }
    }

    /**
     * Floats from unsigned 16-bit samples {@code [height, width, channels]}: {@code value / 65535f}.
     *
     * @throws IllegalArgumentException if a dimension is below 1 or the array's length is not their product
     */
    public static Image ofUnsigned16(int width, int height, int channels, short[] samples) {
        float[] floats = new float[samples.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (samples[i] & 0xFFFF) / 65535f;
        }
        return new Image(width, height, channels, floats, floats.length);
    }

    /** Wraps what operations made, which clip what they write. */
    static Image made(int width, int height, int channels, float[] samples) {
        return new Image(width, height, channels, samples, samples.length);
    }

    /** Pixels in a row. */
    public int width() {
        return width;
    }

    /** Rows of pixels. */
    public int height() {
        return height;
    }

    /** Samples a pixel: 3 for RGB. */
    public int channels() {
        return channels;
    }

    /** Width and height together. */
    public Size size() {
        return new Size(width, height);
    }

    /** Whether the samples are floats in [0, 1] and not unsigned bytes. */
    public boolean isFloat() {
        return samples instanceof float[];
    }

    /**
     * The bytes {@code [height, width, channels]} themselves, not a copy.
     *
     * @throws IllegalStateException if the samples are floats
     */
    public byte[] samples() {
        if (samples instanceof byte[] bytes) {
            return bytes;
        }
        throw new IllegalStateException(this + " has float samples: floatSamples() gives them, toBytes() rounds them");
    }

    /**
     * The floats {@code [height, width, channels]} in [0, 1] themselves, not a copy.
     *
     * @throws IllegalStateException if the samples are bytes
     */
    public float[] floatSamples() {
        if (samples instanceof float[] floats) {
            return floats;
        }
        throw new IllegalStateException(this + " has byte samples: samples() gives them, toFloats() converts them");
    }

    /**
     * One sample of an image of bytes, 0 to 255.
     *
     * @throws IllegalStateException if the samples are floats
     */
    public int sample(int x, int y, int channel) {
        return samples()[(y * width + x) * channels + channel] & 0xFF;
    }

    /** This image with samples {@code value / 255f}; itself if they are floats already. */
    public Image toFloats() {
        if (!(samples instanceof byte[] bytes)) {
            return this;
        }
        float[] floats = new float[bytes.length];
        FloatPixels.ofBytes(bytes, floats, bytes.length);
        return made(width, height, channels, floats);
    }

    /** This image with samples rounded to the nearest of 256 levels; itself if they are bytes already. */
    public Image toBytes() {
        if (!(samples instanceof float[] floats)) {
            return this;
        }
        byte[] bytes = new byte[floats.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (floats[i] * 255f + 0.5f);
        }
        return new Image(width, height, channels, bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Image that
                && width == that.width
                && height == that.height
                && channels == that.channels
                && (samples instanceof byte[] bytes
                        ? that.samples instanceof byte[] others && Arrays.equals(bytes, others)
                        : that.isFloat() && Arrays.equals(floatSamples(), that.floatSamples()));
    }

    @Override
    public int hashCode() {
        int hash = samples instanceof byte[] bytes ? Arrays.hashCode(bytes) : Arrays.hashCode(floatSamples());
        return 31 * (31 * width + height) + hash;
    }

    @Override
    public String toString() {
        return "Image[" + width + "x" + height + "x" + channels + (isFloat() ? " float" : "") + "]";
    }
}
