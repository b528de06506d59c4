package dev.byol.augment;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Pixels as ints, the first channel in the lowest byte: the shape in which the JIT compiles arithmetic on bytes to vector
 * instructions, which it does for loops over ints and not for those that widen bytes. The bytes above a pixel's channels are
 * arbitrary.
 */
final class Pixels {
    /** Four bytes of an array at any index, as an int. */
    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /**
     * How many pixels are worked on at a time, so that what is made of them stays in the fastest cache; not a power of two,
     * which would put all arrays at equal places of that cache.
     */
    static final int CHUNK = 1152;

    /**
     * The first argument of a kernel: a loop that is to stay a compiled method of its own. The JIT makes vector instructions
     * of a loop more reliably there than where it is inlined, which happens or not as code and callers come to be compiled
     * in one order or another, and matters by a factor of ten. It inlines recursive calls one level deep and no further, so
     * that a kernel which calls itself until this is 0 is called and not inlined, at no other cost.
     */
    static final int APART = 2;

    private Pixels() {}

    /** Pixels of at most 4 bytes that begin at {@code start} and are {@code step} bytes apart. */
    static void load(byte[] from, int start, int step, int[] to, int first, int count) {
        int safe = Math.max(0, Math.min(count, (from.length - start - 4 + step) / step));
        if (step == 3) {
            loadTriples(APART, from, start, to, first, safe);
        } else {
            for (int i = 0; i < safe; i++) {
                to[first + i] = (int) INT.get(from, start + step * i);
            }
        }
        for (int i = safe; i < count; i++) {
            to[first + i] = last(from, start + step * i);
        }
    }

    private static void loadTriples(int apart, byte[] from, int start, int[] to, int first, int count) {
        if (apart > 0) {
            loadTriples(apart - 1, from, start, to, first, count);
            return;
        }
        for (int i = 0, j = start; i < count; i++, j += 3) {
            to[first + i] = (int) INT.get(from, j);
        }
    }

    /** The pixel at {@code start}, where the array may end before its fourth byte. */
    static int last(byte[] from, int start) {
        int pixel = 0;
        for (int i = Math.min(from.length, start + 4) - 1; i >= start; i--) {
            pixel = (pixel << 8) | (from[i] & 0xFF);
        }
        return pixel;
    }

    /** The inverse of {@link #load}: {@code width} bytes of every pixel. */
    static void store(int[] from, int first, byte[] to, int start, int step, int width, int count) {
        int last = count - 1;
        if (step == 3 && width == 3) {
            storeTriples(APART, from, first, to, start, last); // the fourth byte is overwritten by the next pixel
            storePixel(from[first + last], to, start + 3 * last, 3);
        } else {
            for (int i = 0; i < count; i++) {
                storePixel(from[first + i], to, start + step * i, width);
            }
        }
    }

    private static void storeTriples(int apart, int[] from, int first, byte[] to, int start, int count) {
        if (apart > 0) {
            storeTriples(apart - 1, from, first, to, start, count);
            return;
        }
        for (int i = 0, j = start; i < count; i++, j += 3) {
            INT.set(to, j, from[first + i]);
        }
    }

    private static void storePixel(int pixel, byte[] to, int start, int width) {
        for (int c = 0; c < width; c++) {
            to[start + c] = (byte) (pixel >>> (8 * c));
        }
    }

    /** To 0..255; the JIT makes vector instructions of this and not of {@code Math.max} and {@code Math.min}. */
    static int clip(int v) {
        return (v | ((255 - v) >> 31)) & ~(v >> 31) & 0xFF;
    }

    /** Pixels of three channels, each in 0..255. */
    static void join(int apart, int[] red, int[] green, int[] blue, int[] pixels, int count) {
        if (apart > 0) {
            join(apart - 1, red, green, blue, pixels, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            pixels[i] = red[i] | (green[i] << 8) | (blue[i] << 16);
        }
    }

    /** The grey values of RGB pixels: ITU-R 601-2 in 16-bit fixed point, rounded. */
    static void luma(int apart, int[] pixels, int[] grey, int count) {
        if (apart > 0) {
            luma(apart - 1, pixels, grey, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            int x = pixels[i];
            grey[i] = (19595 * (x & 0xFF) + 38470 * ((x >>> 8) & 0xFF) + 7471 * ((x >>> 16) & 0xFF) + 32768) >> 16;
        }
    }
}
