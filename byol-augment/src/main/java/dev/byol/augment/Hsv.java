package dev.byol.augment;

/**
 * Pillow's way from RGB to HSV of 8 bits a channel and back, with another hue. What needs divisions is tabled; the rest is
 * integer arithmetic of the same results, which the JIT makes vector instructions of.
 */
final class Hsv {
    private static final int SECTOR = 1 << 17;

    /** The hue for each brightest channel, difference {@code max - min} and signed difference of the two other channels. */
    private static final byte[] HUE = new byte[3 * SECTOR];

    /** {@code 2^16 * 255 / max}, rounded up: the exact saturation is {@code RECIPROCAL[max] * (max - min) >> 16}. */
    private static final int[] RECIPROCAL = new int[256];

    /** Steps of a sixth of the circle; a step is half a level of hue. */
    private static final int STEPS = 85;

    /**
     * For each hue how much of the saturation is taken from red, green and blue, in 85ths, a byte each. Twice around,
     * so that a shifted hue needs no modulo.
     */
    private static final int[] WHEEL = new int[512];

    static {
        for (int sector = 0; sector < 3; sector++) {
            for (int range = 1; range < 256; range++) {
                for (int difference = -range; difference <= range; difference++) {
                    HUE[sector * SECTOR + (range << 9) + difference + 256] = (byte) hue(sector, range, difference);
                }
            }
        }
        for (int max = 1; max < 256; max++) {
            RECIPROCAL[max] = ((255 << 16) + max - 1) / max;
        }
        for (int h = 0; h < 512; h++) {
            int position = 2 * (h & 0xFF); // cyan, magenta and yellow, the opposites, are at 255, 425 and 85
            WHEEL[h] = taken(position, 255) | (taken(position, 425) << 8) | (taken(position, 85) << 16);
        }
    }

    private Hsv() {}

    /** In the float arithmetic of Python's colorsys as Pillow has it; {@code difference} is (g - b), (b - r) or (r - g). */
    private static int hue(int sector, int range, int difference) {
        float lower = (range - Math.max(difference, 0)) / (float) range;
        float upper = (range - Math.max(-difference, 0)) / (float) range;
        float h = sector == 0 ? upper - lower : (float) (2.0 * sector + upper - lower);
        return (int) ((float) ((h / 6.0 + 1.0) % 1.0) * 255.0);
    }

    /** All within one sector of the opposite colour, nothing from two sectors on. */
    private static int taken(int position, int opposite) {
        int distance = Math.abs(position - opposite);
        distance = Math.min(distance, 6 * STEPS - distance);
        return Math.max(0, Math.min(STEPS, 2 * STEPS - distance));
    }

    /** Adds {@code shift} to the hue of every pixel of the canvas's image, modulo 256. */
    static void shiftHue(Canvas canvas, int shift) {
        byte[] from = canvas.samples();
        byte[] to = canvas.target(canvas.width(), canvas.height());
        int count = canvas.width() * canvas.height();
        int[] pixels = canvas.ints(0, Pixels.CHUNK);
        int[] value = canvas.ints(1, Pixels.CHUNK);
        int[] range = canvas.ints(2, Pixels.CHUNK);
        int[] index = canvas.ints(3, Pixels.CHUNK);
        int[] red = canvas.ints(4, Pixels.CHUNK);
        int[] green = canvas.ints(5, Pixels.CHUNK);
        int[] blue = canvas.ints(6, Pixels.CHUNK);
        for (int first = 0; first < count; first += Pixels.CHUNK) {
            int n = Math.min(Pixels.CHUNK, count - first);
            Pixels.load(from, 3 * first, 3, pixels, 0, n);
            valueAndRange(Pixels.APART, pixels, value, range, n);
            hueIndex(Pixels.APART, pixels, value, range, index, n);
            saturationAndWheel(Pixels.APART, value, range, index, shift & 0xFF, n);
            channel(Pixels.APART, value, range, index, 0, red, n);
            channel(Pixels.APART, value, range, index, 8, green, n);
            channel(Pixels.APART, value, range, index, 16, blue, n);
            Pixels.join(Pixels.APART, red, green, blue, pixels, n);
            Pixels.store(pixels, 0, to, 3 * first, 3, 3, n);
        }
        canvas.advance();
    }

    private static void valueAndRange(int apart, int[] pixels, int[] value, int[] range, int count) {
        if (apart > 0) {
            valueAndRange(apart - 1, pixels, value, range, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            int x = pixels[i];
            int r = x & 0xFF;
            int g = (x >>> 8) & 0xFF;
            int b = (x >>> 16) & 0xFF;
            int most = max(r, max(g, b));
            value[i] = most;
            range[i] = most - min(r, min(g, b));
        }
    }

    /** The JIT makes vector instructions of these and not of {@code Math.max} and {@code Math.min}. */
    private static int max(int a, int b) {
        int difference = a - b;
        return a - (difference & (difference >> 31));
    }

    private static int min(int a, int b) {
        int difference = a - b;
        return b + (difference & (difference >> 31));
    }

    private static void hueIndex(int apart, int[] pixels, int[] value, int[] range, int[] index, int count) {
        if (apart > 0) {
            hueIndex(apart - 1, pixels, value, range, index, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            int x = pixels[i];
            int v = value[i];
            int r = x & 0xFF;
            int g = (x >>> 8) & 0xFF;
            int b = (x >>> 16) & 0xFF;
            int notRed = (r - v) >> 31;
            int notGreen = (g - v) >> 31;
            int difference = ((g - b) & ~notRed) | (notRed & (((b - r) & ~notGreen) | ((r - g) & notGreen)));
            index[i] = difference + 256 + (range[i] << 9) + (notRed & (SECTOR + (notGreen & SECTOR)));
        }
    }

    /** Replaces the ranges by saturations and the indexes by what the wheel has for the shifted hue. */
    private static void saturationAndWheel(int apart, int[] value, int[] range, int[] index, int shift, int count) {
        if (apart > 0) {
            saturationAndWheel(apart - 1, value, range, index, shift, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            index[i] = WHEEL[(HUE[index[i]] & 0xFF) + shift];
            range[i] = (RECIPROCAL[value[i]] * range[i]) >> 16;
        }
    }

    private static void channel(
            int apart, int[] value, int[] saturation, int[] wheel, int shift, int[] out, int count) {
        if (apart > 0) {
            channel(apart - 1, value, saturation, wheel, shift, out, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            out[i] = channel(value[i], saturation[i] * ((wheel[i] >>> shift) & 0xFF));
        }
    }

    /**
     * {@code value * (1 - taken / (255 * 85))}, rounded, for any value of 8 bits. As 255 * 85 is odd there are no ties, and
     * next to one the distance is {@code 1 / (2 * 255 * 85)}: the factor {@code 2^24 / (255 * 85)} is kept in two parts to be
     * exact enough for that.
     */
    static int channel(int value, int taken) {
        int factor = taken * 774 + ((taken * 1158) >> 15);
        return value - ((value * factor + (1 << 23)) >>> 24);
    }
}
