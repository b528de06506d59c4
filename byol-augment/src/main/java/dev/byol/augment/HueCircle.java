package dev.byol.augment;

/** Turning hues in the float HSV of torchvision's tensors, TensorFlow and DeepMind, by one formula without sectors. */
final class HueCircle {
    private static final float[] RECIPROCAL = new float[256];

    static {
        for (int range = 1; range < 256; range++) {
            RECIPROCAL[range] = 1f / range;
        }
    }

    private HueCircle() {}

    /** A fraction of the circle in sixths of it. */
    static float sixths(double shift) {
        return (float) (shift * 6);
    }

    /** Turns all hues of an RGB image. */
    static void turn(Canvas canvas, double shift) {
        int width = canvas.width();
        int height = canvas.height();
        if (canvas.isFloat()) {
            turn(canvas.floatSamples(), canvas.floatTarget(width, height), canvas.length(), shift);
        } else {
            turn(canvas.samples(), canvas.target(width, height), canvas.length(), shift);
        }
        canvas.advance();
    }

    /** Every sample is rounded to the nearest level. */
    private static void turn(byte[] from, byte[] to, int length, double shift) {
        float turn = sixths(shift);
        for (int i = 0; i < length; i += 3) {
            int r = from[i] & 0xFF;
            int g = from[i + 1] & 0xFF;
            int b = from[i + 2] & 0xFF;
            int max = Math.max(r, Math.max(g, b));
            int range = max - Math.min(r, Math.min(g, b));
            float h = turned(r == max, g == max, g - b, b - r, r - g, RECIPROCAL[range], turn);
            float rounded = max - range + 0.5f;
            to[i] = (byte) (rounded + range * red(h));
            to[i + 1] = (byte) (rounded + range * green(h));
            to[i + 2] = (byte) (rounded + range * blue(h));
        }
    }

    private static void turn(float[] from, float[] to, int length, double shift) {
        float turn = sixths(shift);
        for (int i = 0; i < length; i += 3) {
            float r = from[i];
            float g = from[i + 1];
            float b = from[i + 2];
            float max = Math.max(r, Math.max(g, b));
            float min = Math.min(r, Math.min(g, b));
            float range = max - min;
            float h = turned(r == max, g == max, g - b, b - r, r - g, range > 0 ? 1 / range : 0, turn);
            to[i] = FloatPixels.clip(min + range * red(h));
            to[i + 1] = FloatPixels.clip(min + range * green(h));
            to[i + 2] = FloatPixels.clip(min + range * blue(h));
        }
    }

    /** The hue in sixths of the circle, in [0, 6], from the differences of the channels and the reciprocal of their range. */
    private static float turned(
            boolean redest, boolean greenest, float gb, float br, float rg, float reciprocal, float turn) {
        float h = redest ? gb * reciprocal : greenest ? 2 + br * reciprocal : 4 + rg * reciprocal;
        h += turn;
        if (h < 0) {
            h += 6;
        }
        return h < 6 ? h : h - 6;
    }

    private static float red(float h) {
        return FloatPixels.clip(Math.abs(h - 3) - 1);
    }

    private static float green(float h) {
        return FloatPixels.clip(2 - Math.abs(h - 2));
    }

    private static float blue(float h) {
        return FloatPixels.clip(2 - Math.abs(h - 4));
    }
}
