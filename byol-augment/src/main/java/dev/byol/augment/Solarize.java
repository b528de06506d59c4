package dev.byol.augment;

/**
 * Inverts all samples at or above a threshold: torchvision's {@code solarize} on Pillow images. In a
 * float image from {@code threshold / 256} on, which is 0.5 for 128.
 *
 * @param threshold in [0, 256]; 128 is the usual one, 256 changes nothing
 */
public record Solarize(int threshold) implements Operation {
    /** @throws IllegalArgumentException if the threshold is outside [0, 256] */
    public Solarize {
        Check.range("solarize threshold", threshold, 0, 256);
    }

    @Override
    public void apply(Canvas canvas) {
        if (canvas.isFloat()) {
            FloatPixels.solarize(canvas, threshold == 256 ? Float.POSITIVE_INFINITY : threshold / 256f);
            return;
        }
        byte[] from = canvas.samples();
        byte[] to = canvas.target(canvas.width(), canvas.height());
        int length = canvas.length();
        int words = length / 4;
        solarize(Pixels.APART, from, to, words, threshold - 1);
        for (int i = 4 * words; i < length; i++) {
            int v = from[i] & 0xFF;
            to[i] = (byte) (v < threshold ? v : 255 - v);
        }
        canvas.advance();
    }

    /** Four samples at a time: those above {@code limit} are inverted. */
    private static void solarize(int apart, byte[] from, byte[] to, int words, int limit) {
        if (apart > 0) {
            solarize(apart - 1, from, to, words, limit);
            return;
        }
        for (int i = 0; i < words; i++) {
            int x = (int) Pixels.INT.get(from, 4 * i);
            int inverted = (above(limit, x & 0xFF) & 0xFF)
                    | (above(limit, (x >>> 8) & 0xFF) & 0xFF00)
                    | (above(limit, (x >>> 16) & 0xFF) & 0xFF0000)
                    | (above(limit, x >>> 24) & 0xFF000000);
            Pixels.INT.set(to, 4 * i, x ^ inverted);
        }
    }

    /** All bits or none. */
    private static int above(int limit, int sample) {
        return (limit - sample) >> 31;
    }
}
