package dev.byol.augment;

import java.util.List;

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
        int channels = image.channels();
        if (channels != mean.size()) {
            throw new IllegalArgumentException(this + " needs " + mean.size() + " channels, got " + channels);
        }
        if (image.isFloat()) {
            return ofFloats(image.floatSamples(), channels);
        }
        float[] table = new float[256 * channels];
        for (int c = 0; c < channels; c++) {
            float m = mean.get(c).floatValue();
            float d = deviation.get(c).floatValue();
            for (int v = 0; v < 256; v++) {
                table[c << 8 | v] = (v / 255f - m) / d;
            }
        }
        byte[] samples = image.samples();
        float[] out = new float[samples.length];
        if (channels == 3) {
            lookUpTriples(samples, table, out);
        } else {
            for (int i = 0; i < samples.length; i += channels) {
                for (int c = 0; c < channels; c++) {
                    out[i + c] = table[c << 8 | (samples[i + c] & 0xFF)];
                }
            }
        }
        return out;
    }

    private static void lookUpTriples(byte[] samples, float[] table, float[] out) {
        for (int i = 0; i < samples.length - 2; i += 3) {
            out[i] = table[samples[i] & 0xFF];
            out[i + 1] = table[256 | (samples[i + 1] & 0xFF)];
            out[i + 2] = table[512 | (samples[i + 2] & 0xFF)];
        }
    }

    private float[] ofFloats(float[] samples, int channels) {
        float[] out = new float[samples.length];
        for (int c = 0; c < channels; c++) {
            float m = mean.get(c).floatValue();
            float d = deviation.get(c).floatValue();
            for (int i = c; i < samples.length; i += channels) {
                out[i] = (samples[i] - m) / d;
            }
        }
        return out;
    }
}
