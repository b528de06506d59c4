package dev.byol.augment;

/** Pillow's conversions between RGB and HSV of 8 bits a channel, tabled so that a pixel needs neither divisions nor branches. */
final class Hsv {
    /** The hue for each brightest channel, difference {@code max - min} and signed difference of the two other channels. */
    private static final byte[] HUE = new byte[3 << 17];

    /** {@code 2^16 * 255 / max}, rounded up: the exact saturation is {@code RECIPROCAL[max] * (max - min) >> 16}. */
    private static final int[] RECIPROCAL = new int[256];

    /** For each hue, how far between two primary colours it is, as the factor that the saturation is multiplied by. */
    private static final double[] FADE = new double[256];

    /** For each hue, three shifts of 5 bits that pick red, green and blue out of the packed values (v, p, fade). */
    private static final int[] PICK = new int[256];

    private static final double[] UNIT = new double[256];

    static {
        for (int sector = 0; sector < 3; sector++) {
            for (int range = 1; range < 256; range++) {
                for (int difference = -range; difference <= range; difference++) {
                    HUE[hueIndex(sector, range, difference)] = (byte) hue(sector, range, difference);
                }
            }
        }
        for (int max = 1; max < 256; max++) {
            RECIPROCAL[max] = ((255 << 16) + max - 1) / max;
        }
        // value, minimum and the channel in between, by sector of the circle
        int v = 0;
        int p = 8;
        int fade = 16;
        int[][] order = {{v, fade, p}, {fade, v, p}, {p, v, fade}, {p, fade, v}, {fade, p, v}, {v, p, fade}};
        for (int h = 0; h < 256; h++) {
            double position = h * 6.0 / 255.0;
            int sector = (int) position;
            float fraction = (float) (position - sector);
            FADE[h] = sector % 2 == 0 ? 1.0 - fraction : fraction;
            int[] pick = order[sector % 6];
            PICK[h] = pick[0] | pick[1] << 5 | pick[2] << 10;
            UNIT[h] = (float) (h / 255.0);
        }
    }

    private Hsv() {}

    private static int hueIndex(int sector, int range, int difference) {
        return sector << 17 | range << 9 | (difference + 256);
    }

    /** In the float arithmetic of Python's colorsys as Pillow has it; {@code difference} is (g - b), (b - r) or (r - g). */
    private static int hue(int sector, int range, int difference) {
        float lower = (range - Math.max(difference, 0)) / (float) range;
        float upper = (range - Math.max(-difference, 0)) / (float) range;
        float h = sector == 0 ? upper - lower : (float) (2.0 * sector + upper - lower);
        return (int) ((float) ((h / 6.0 + 1.0) % 1.0) * 255.0);
    }

    /** Adds {@code shift} to every pixel's hue, modulo 256. */
    static void shiftHue(byte[] from, byte[] to, int length, int shift) {
        for (int i = 0; i < length; i += 3) {
            int r = from[i] & 0xFF;
            int g = from[i + 1] & 0xFF;
            int b = from[i + 2] & 0xFF;
            int v = Math.max(r, Math.max(g, b));
            int range = v - Math.min(r, Math.min(g, b));
            int index =
                    r == v ? hueIndex(0, range, g - b) : g == v ? hueIndex(1, range, b - r) : hueIndex(2, range, r - g);
            int h = (HUE[index] + shift) & 0xFF;
            double s = UNIT[(RECIPROCAL[v] * range) >> 16];
            int p = (int) (v * (1.0 - s) + 0.5);
            int fade = (int) (v * (1.0 - s * FADE[h]) + 0.5);
            int packed = v | p << 8 | fade << 16;
            int pick = PICK[h];
            to[i] = (byte) (packed >>> pick);
            to[i + 1] = (byte) (packed >>> (pick >>> 5));
            to[i + 2] = (byte) (packed >>> (pick >>> 10));
        }
    }
}
