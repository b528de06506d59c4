package dev.byol.augment;

import java.util.Arrays;

/**
 * An image of unsigned bytes, channels interleaved: sample {@code (x, y, c)} is at {@code (y * width + x) * channels + c}.
 * The image keeps the array it is given, uncopied; whoever shares it must not write to it.
 */
public final class Image {
    private final int width;
    private final int height;
    private final int channels;
    private final byte[] samples;

    /**
     * Wraps samples {@code [height, width, channels]}.
     *
     * @throws IllegalArgumentException if a dimension is below 1 or the array's length is not their product
     */
    public Image(int width, int height, int channels, byte[] samples) {
        Check.atLeast("width", width, 1);
        Check.atLeast("height", height, 1);
        Check.atLeast("channels", channels, 1);
        if (samples.length != (long) width * height * channels) {
            throw new IllegalArgumentException("an image of " + width + "x" + height + "x" + channels + " has "
                    + (long) width * height * channels + " samples, got " + samples.length);
        }
        this.width = width;
        this.height = height;
        this.channels = channels;
        this.samples = samples;
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

    /** The samples {@code [height, width, channels]} themselves, not a copy. */
    public byte[] samples() {
        return samples;
    }

    /** One sample, 0 to 255. */
    public int sample(int x, int y, int channel) {
        return samples[(y * width + x) * channels + channel] & 0xFF;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Image that
                && width == that.width
                && height == that.height
                && channels == that.channels
                && Arrays.equals(samples, that.samples);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * width + height) + Arrays.hashCode(samples);
    }

    @Override
    public String toString() {
        return "Image[" + width + "x" + height + "x" + channels + "]";
    }
}
