package dev.byol.augment.io;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * From a JPEG file's components to RGB: libjpeg's conversion in 16-bit fixed point, and Pillow's of CMYK, in which files hold
 * the inverse of ink. A pixel is an int with red in its lowest byte until it is stored.
 */
final class JpegColours {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int HALF = 1 << 15;
    private static final int RED_OF_CR = 91881; // 1.402
    private static final int BLUE_OF_CB = 116130; // 1.772
    private static final int GREEN_OF_CR = 46802; // 0.71414
    private static final int GREEN_OF_CB = 22554; // 0.34414

    private int[] red = {};
    private int[] green = {};
    private int[] blue = {};

    /**
     * Makes pixels of the components' values.
     *
     * @param values {@code [components, length]}
     */
    void convert(Jpeg.Colours colours, int[][] values, int[] pixels, int length) {
        if (red.length < length) {
            red = new int[length];
            green = new int[length];
            blue = new int[length];
        }
        switch (colours) {
            case GREY -> pack(values[0], values[0], values[0], pixels, length);
            case RGB -> pack(values[0], values[1], values[2], pixels, length);
            case YCC -> {
                fromYcc(values, length);
                pack(red, green, blue, pixels, length);
            }
            case CMYK -> {
                for (int i = 0; i < length; i++) {
                    pixels[i] = fromCmyk(255 - values[0][i], 255 - values[1][i], 255 - values[2][i], values[3][i]);
                }
            }
            case YCCK -> {
                fromYcc(values, length);
                for (int i = 0; i < length; i++) {
                    pixels[i] = fromCmyk(red[i], green[i], blue[i], values[3][i]);
                }
            }
        }
    }

    private void fromYcc(int[][] values, int length) {
        add(values[0], values[2], RED_OF_CR, red, length);
        subtract(values[0], values[1], values[2], green, length);
        add(values[0], values[1], BLUE_OF_CB, blue, length);
    }

    private static void add(int[] y, int[] chroma, int weight, int[] out, int length) {
        int offset = HALF - 128 * weight;
        for (int i = 0; i < length; i++) {
            int sample = y[i] + ((chroma[i] * weight + offset) >> 16);
            sample &= ~(sample >> 31); // at least 0
            out[i] = (sample | (255 - sample) >> 31) & 255; // at most 255
        }
    }

    private static void subtract(int[] y, int[] cb, int[] cr, int[] out, int length) {
        int offset = HALF + 128 * (GREEN_OF_CB + GREEN_OF_CR);
        for (int i = 0; i < length; i++) {
            int sample = y[i] + ((offset - cb[i] * GREEN_OF_CB - cr[i] * GREEN_OF_CR) >> 16);
            sample &= ~(sample >> 31);
            out[i] = (sample | (255 - sample) >> 31) & 255;
        }
    }

    private static void pack(int[] red, int[] green, int[] blue, int[] pixels, int length) {
        for (int i = 0; i < length; i++) {
            pixels[i] = red[i] | green[i] << 8 | blue[i] << 16;
        }
    }

    private static int fromCmyk(int cyan, int magenta, int yellow, int white) {
        return white - part(cyan, white) | (white - part(magenta, white)) << 8 | (white - part(yellow, white)) << 16;
    }

    /** {@code a * b / 255}, rounded. */
    private static int part(int a, int b) {
        int product = a * b + 128;
        return (product + (product >> 8)) >> 8;
    }

    /**
     * Stores a row's pixels as bytes.
     *
     * @param pixels in lanes, as in {@link JpegPlane}
     * @param lanes how many
     * @param lane the length of one
     * @param from where the first pixel is
     * @param count how many pixels
     */
    static void store(int[] pixels, int lanes, int lane, int from, int count, byte[] out, int at) {
        int stored = 0;
        if (lanes <= 2) {
            stored = Math.max(count / 2 - 1, 0) * 2; // two pixels are stored as 8 bytes, two too many
            storePairs(pixels, from, lanes == 1 ? from + 1 : from + lane, lanes == 1 ? 2 : 1, stored / 2, out, at);
        }
        for (int i = stored; i < count; i++) {
            int pixel = pixels[i % lanes * lane + from + i / lanes];
            int q = at + 3 * i;
            out[q] = (byte) pixel;
            out[q + 1] = (byte) (pixel >> 8);
            out[q + 2] = (byte) (pixel >> 16);
        }
    }

    private static void storePairs(int[] pixels, int first, int second, int step, int pairs, byte[] out, int at) {
        for (int i = 0, p = 0, q = at; i < pairs; i++, p += step, q += 6) {
            LONG.set(out, q, pixels[first + p] | (long) pixels[second + p] << 24);
        }
    }
}
