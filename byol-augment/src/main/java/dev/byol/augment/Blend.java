package dev.byol.augment;

import java.util.Arrays;

/**
 * Pillow's {@code blend}, on which torchvision's colour operations rest: {@code from + factor * (to - from)} in float32,
 * clipped to 0..255 and truncated. A fixed-point multiplier gives the same, and the JIT makes vector instructions of it, for
 * all differences with almost every factor; how far it can be trusted with this one is found out first.
 */
final class Blend {
    private static final int NO_LIMIT = 256;

    /** The bias is 2^-14 of a level. */
    private static final int BIAS = 14;

    private final float factor;
    private final int multiplier;
    private final int bias;
    private final int shift;

    /** The least difference, up or down, of which the multiplier cannot be trusted. */
    private final int limit;

    Blend(double factor) {
        this.factor = (float) factor;
        // 23 bits, so that the product with a difference of 9 fits; the bias makes up for what rounding took. A factor
        // too
        // large for that is left to float arithmetic but for differences of 0.
        int fitting = 22 - Math.getExponent(this.factor);
        shift = Math.max(BIAS, Math.min(30, fitting));
        multiplier = fitting < shift ? 0 : (int) Math.rint(Math.scalb((double) this.factor, shift));
        bias = 1 << (shift - BIAS);
        limit = limit();
    }

    private int limit() {
        for (int difference = 0; difference < NO_LIMIT; difference++) {
            if (!isExact(difference) || !isExact(-difference)) {
                return difference;
            }
        }
        return NO_LIMIT;
    }

    /**
     * Whether the multiplier gives {@code whole = floor(factor * difference)} and leaves so much less than 1 that float32
     * cannot round {@code from + factor * difference} up to {@code from + whole + 1}: floats below 256 are at most 2^-16 apart.
     */
    private boolean isExact(int difference) {
        float rest = factor * difference - ((multiplier * difference + bias) >> shift);
        return rest >= 0 && rest <= 1 - 0x1p-16f;
    }

    private int blend(int from, int to) {
        float value = from + factor * (to - from);
        return Math.max(0, Math.min(255, (int) value));
    }

    /** Blends every sample of the canvas's image with one grey value. */
    void withConstant(Canvas canvas, int grey) {
        if (limit < NO_LIMIT) {
            byte[] table = new byte[256];
            for (int v = 0; v < 256; v++) {
                table[v] = (byte) blend(grey, v);
            }
            lookUp(canvas, table);
        } else {
            multiply(canvas, grey);
        }
    }

    private void multiply(Canvas canvas, int grey) {
        byte[] from = canvas.samples();
        byte[] to = canvas.target(canvas.width(), canvas.height());
        int length = canvas.length();
        int words = length / 4;
        int[] even = canvas.ints(0, words);
        int[] odd = canvas.ints(1, words);
        pairs(Pixels.APART, from, 0, grey, multiplier, bias, shift, even, words);
        pairs(Pixels.APART, from, 8, grey, multiplier, bias, shift, odd, words);
        join(Pixels.APART, even, odd, to, words);
        for (int i = 4 * words; i < length; i++) {
            to[i] = (byte) blend(grey, from[i] & 0xFF);
        }
        canvas.advance();
    }

    /** Blends the samples at {@code channel} and 16 bits above it in words of four. */
    private static void pairs(
            int apart, byte[] from, int channel, int grey, int multiplier, int bias, int shift, int[] out, int words) {
        if (apart > 0) {
            pairs(apart - 1, from, channel, grey, multiplier, bias, shift, out, words);
            return;
        }
        for (int i = 0; i < words; i++) {
            int x = (int) Pixels.INT.get(from, 4 * i) >>> channel;
            int a = Pixels.clip(grey + ((multiplier * ((x & 0xFF) - grey) + bias) >> shift));
            int b = Pixels.clip(grey + ((multiplier * (((x >>> 16) & 0xFF) - grey) + bias) >> shift));
            out[i] = a | (b << 16);
        }
    }

    private static void join(int apart, int[] even, int[] odd, byte[] to, int words) {
        if (apart > 0) {
            join(apart - 1, even, odd, to, words);
            return;
        }
        for (int i = 0; i < words; i++) {
            Pixels.INT.set(to, 4 * i, even[i] | (odd[i] << 8));
        }
    }

    /** Blends {@code count} RGB pixels, at most a chunk, with their grey values. */
    void withGrey(Canvas canvas, int[] pixels, int[] grey, int[] out, int count) {
        redAndGreen(Pixels.APART, pixels, grey, multiplier, bias, shift, out, count);
        blue(Pixels.APART, pixels, grey, multiplier, bias, shift, out, count);
        if (limit < NO_LIMIT) {
            repair(pixels, grey, canvas.ints(5, count), out, count);
        }
    }

    /** What the multiplier may have got wrong, again. */
    private void repair(int[] pixels, int[] grey, int[] doubt, int[] out, int count) {
        Arrays.fill(doubt, 0, count, 0);
        doubt(Pixels.APART, pixels, 0, grey, limit - 1, multiplier, bias, shift, doubt, count);
        doubt(Pixels.APART, pixels, 8, grey, limit - 1, multiplier, bias, shift, doubt, count);
        doubt(Pixels.APART, pixels, 16, grey, limit - 1, multiplier, bias, shift, doubt, count);
        for (int i = 0; i < count; i++) {
            if (doubt[i] < 0) {
                out[i] = blendPixel(grey[i], pixels[i]);
            }
        }
    }

    /** Two channels in a loop: of one with all three the JIT makes no vector instructions. */
    private static void redAndGreen(
            int apart, int[] pixels, int[] grey, int multiplier, int bias, int shift, int[] out, int count) {
        if (apart > 0) {
            redAndGreen(apart - 1, pixels, grey, multiplier, bias, shift, out, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            int x = pixels[i];
            int d = grey[i];
            int red = Pixels.clip(d + ((multiplier * ((x & 0xFF) - d) + bias) >> shift));
            int green = Pixels.clip(d + ((multiplier * (((x >>> 8) & 0xFF) - d) + bias) >> shift));
            out[i] = red | (green << 8);
        }
    }

    /** Beside what {@code out} has. */
    private static void blue(
            int apart, int[] pixels, int[] grey, int multiplier, int bias, int shift, int[] out, int count) {
        if (apart > 0) {
            blue(apart - 1, pixels, grey, multiplier, bias, shift, out, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            int d = grey[i];
            int blue = Pixels.clip(d + ((multiplier * (((pixels[i] >>> 16) & 0xFF) - d) + bias) >> shift));
            out[i] |= blue << 16;
        }
    }

    /**
     * Makes negative where a channel is more than {@code most} away from the grey value and the product is so near to a
     * whole number that the bias may have taken it there and float32 not: the only way in which the multiplier can be wrong.
     */
    private static void doubt(
            int apart,
            int[] pixels,
            int channel,
            int[] grey,
            int most,
            int multiplier,
            int bias,
            int shift,
            int[] out,
            int count) {
        if (apart > 0) {
            doubt(apart - 1, pixels, channel, grey, most, multiplier, bias, shift, out, count);
            return;
        }
        int fraction = (1 << shift) - 1;
        for (int i = 0; i < count; i++) {
            int difference = ((pixels[i] >>> channel) & 0xFF) - grey[i];
            int rest = (multiplier * difference + bias) & fraction;
            out[i] |= ((most + difference) | (most - difference)) & (rest - 2 * bias);
        }
    }

    private int blendPixel(int grey, int pixel) {
        return blend(grey, pixel & 0xFF)
                | (blend(grey, (pixel >>> 8) & 0xFF) << 8)
                | (blend(grey, (pixel >>> 16) & 0xFF) << 16);
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
