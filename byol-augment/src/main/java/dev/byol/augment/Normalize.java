package dev.byol.augment;

import java.util.List;
import java.util.Objects;

/**
 * Samples as floats, {@code (value / 255 - mean) / deviation} by channel in float32, where float images are not divided: torchvision's {@code ToTensor} and
 * {@code Normalize}.
 *
 * @param mean a mean for every channel, in units of the full scale
 * @param deviation a standard deviation for every channel, above 0
 */
public record Normalize(List<Double> mean, List<Double> deviation) {
    /** ImageNet's statistics, those that published recipes use. */
    public static final Normalize IMAGENET = new Normalize(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));

    /** @throws IllegalArgumentException if the lists are empty or of unequal length, or a deviation is not above 0 */
    public Normalize {
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
        if (mean.isEmpty() || mean.size() != deviation.size()) {
            throw new IllegalArgumentException(
                    "mean and deviation must have a value for every channel, got " + mean + " and " + deviation);
        }
        for (double d : deviation) {
            if (!(d > 0)) {
                throw new IllegalArgumentException("deviation must be above 0, got " + deviation);
            }
        }
    }

    /**
     * The normalisation that printed this text by {@code toString}: an equal one.
     *
     * @throws IllegalArgumentException if the text is not that of a normalisation, with the position of what is wrong
     */
    public static Normalize parse(String text) {
        return Parser.parse(text, Normalize.class);
    }

    /**
     * The image's normalised samples {@code [height, width, channels]}.
     *
     * @throws IllegalArgumentException if the image has another number of channels
     */
    public float[] apply(Image image) {
        float[] out = new float[image.width() * image.height() * image.channels()];
        apply(image, out, 0);
        return out;
    }

    /**
     * Writes the image's normalised samples {@code [height, width, channels]} to a part of an array, such as one image's of a
     * batch.
     *
     * @param offset of the first sample in {@code out}
     * @throws IllegalArgumentException if the image has another number of channels
     * @throws IndexOutOfBoundsException if they do not fit
     */
    public void apply(Image image, float[] out, int offset) {
        int channels = image.channels();
        if (channels != mean.size()) {
            throw new IllegalArgumentException(this + " needs " + mean.size() + " channels, got " + channels);
        }
        int length = image.width() * image.height() * channels;
        Objects.checkFromIndexSize(offset, length, out.length);
        if (image.isFloat()) {
            ofFloats(image.floatSamples(), channels, out, offset);
            return;
        }
        float[] table = table();
        if (channels == 3) {
            lookUpTriples(image.samples(), length, table, out, offset);
        } else {
            byte[] samples = image.samples();
            for (int i = 0; i < length; i += channels) {
                for (int c = 0; c < channels; c++) {
                    out[offset + i + c] = table[c << 8 | (samples[i + c] & 0xFF)];
                }
            }
        }
    }

    /** The result for each of the 256 samples, channel by channel. */
    private float[] table() {
        float[] table = new float[256 * mean.size()];
        for (int c = 0; c < mean.size(); c++) {
            float m = mean.get(c).floatValue();
            float d = deviation.get(c).floatValue();
            for (int v = 0; v < 256; v++) {
                table[c << 8 | v] = (v / 255f - m) / d;
            }
        }
        return table;
    }

    private static void lookUpTriples(byte[] samples, int length, float[] table, float[] out, int offset) {
        for (int i = 0, q = offset; i < length; i += 3, q += 3) {
            out[q] = table[samples[i] & 0xFF];
            out[q + 1] = table[256 | (samples[i + 1] & 0xFF)];
            out[q + 2] = table[512 | (samples[i + 2] & 0xFF)];
        }
    }

    private void ofFloats(float[] samples, int channels, float[] out, int offset) {
        for (int c = 0; c < channels; c++) {
            float m = mean.get(c).floatValue();
            float d = deviation.get(c).floatValue();
            for (int i = c; i < samples.length; i += channels) {
                out[offset + i] = (samples[i] - m) / d;
            }
        }
    }
}
