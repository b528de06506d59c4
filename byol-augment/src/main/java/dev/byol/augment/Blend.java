package dev.byol.augment;

/** Pillow's {@code blend} and grey values, on which torchvision's colour operations rest. */
final class Blend {
    private Blend() {}

    /** {@code from + factor * (to - from)} in float32, clipped to 0..255 and truncated. */
    static int blend(int from, int to, float factor) {
        float value = from + factor * (to - from);
        return Math.max(0, Math.min(255, (int) value));
    }

    /** The grey value of ITU-R 601-2 in 16-bit fixed point, rounded. */
    static int luma(int r, int g, int b) {
        return (19595 * r + 38470 * g + 7471 * b + 32768) >> 16;
    }

    /** Blends every sample with one grey value, by table. */
    static void withConstant(Canvas canvas, int grey, double factor) {
        byte[] table = new byte[256];
        for (int v = 0; v < 256; v++) {
            table[v] = (byte) blend(grey, v, (float) factor);
        }
        lookUp(canvas, table);
    }

    /** Replaces every sample by its entry in a table of 256. */
    static void lookUp(Canvas canvas, byte[] table) {
        byte[] from = canvas.samples();
        byte[] to = canvas.target(canvas.width(), canvas.height());
        int length = canvas.length();
        for (int i = 0; i < length; i++) {
            to[i] = table[from[i] & 0xFF];
        }
        canvas.advance();
    }
}
