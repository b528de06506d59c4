package dev.byol.augment.io;

/**
 * The inverse cosine transform of libjpeg's default, "islow" (Loeffler, Ligtenberg and Moschytz, 1989, with constants of 13
 * bits), for many blocks at once: sample {@code (x, y)} of all blocks is one array, and short loops over arrays at equal
 * indices are what the JIT compiles to vector instructions. Until the results are rounded the transform is linear, so that
 * sums may be taken in any order.
 */
final class JpegIdct {
    private static final int BITS = 13;
    private static final int FIRST_SHIFT = BITS - 2; // the columns' results keep two bits
    private static final int SECOND_SHIFT = BITS + 2 + 3;

    private final int[][] scratch = new int[8][];

    /**
     * Replaces coefficients by samples, 0 to 255.
     *
     * @param blocks {@code [64, count]}, by row and column
     */
    void transform(int[][] blocks, int count) {
        for (int i = 0; i < scratch.length; i++) {
            if (scratch[i] == null || scratch[i].length < count) {
                scratch[i] = new int[count];
            }
        }
        for (int x = 0; x < 8; x++) {
            sum(blocks, x, 8, count);
            for (int i = 0; i < 4; i++) {
                round(scratch[i], scratch[4 + i], blocks[x + 8 * i], blocks[x + 8 * (7 - i)], count);
            }
        }
        for (int y = 0; y < 64; y += 8) {
            sum(blocks, y, 1, count);
            for (int i = 0; i < 4; i++) {
                roundToSamples(scratch[i], scratch[4 + i], blocks[y + i], blocks[y + 7 - i], count);
            }
        }
    }

    /** The even part of one-dimensional transforms to scratch 0 to 3, the odd part to 4 to 7. */
    private void sum(int[][] blocks, int first, int step, int count) {
        int[] c0 = blocks[first];
        int[] c1 = blocks[first + step];
        int[] c2 = blocks[first + 2 * step];
        int[] c3 = blocks[first + 3 * step];
        int[] c4 = blocks[first + 4 * step];
        int[] c5 = blocks[first + 5 * step];
        int[] c6 = blocks[first + 6 * step];
        int[] c7 = blocks[first + 7 * step];
        int[][] s = scratch;
        rotate(c2, c6, count);
        outer(c0, c4, c6, s[0], s[3], count);
        inner(c0, c4, c2, s[1], s[2], count);
        combine(c1, 11363, c3, 9633, c5, 6437, c7, 2260, s[4], count);
        combine(c1, 9633, c3, -2259, c5, -11362, c7, -6436, s[5], count);
        combine(c1, 6437, c3, -11362, c5, 2261, c7, 9633, s[6], count);
        combine(c1, 2260, c3, -6436, c5, 9633, c7, -11363, s[7], count);
    }

    private static void rotate(int[] c2, int[] c6, int count) {
        for (int i = 0; i < count; i++) {
            int a = c2[i];
            int b = c6[i];
            int z = (a + b) * 4433;
            c2[i] = z - b * 15137;
            c6[i] = z + a * 6270;
        }
    }

    private static void outer(int[] c0, int[] c4, int[] even, int[] first, int[] last, int count) {
        for (int i = 0; i < count; i++) {
            int a = (c0[i] + c4[i]) << BITS;
            int b = even[i];
            first[i] = a + b;
            last[i] = a - b;
        }
    }

    private static void inner(int[] c0, int[] c4, int[] even, int[] first, int[] last, int count) {
        for (int i = 0; i < count; i++) {
            int a = (c0[i] << BITS) - (c4[i] << BITS); // the JIT makes no vectors of the shifted difference
            int b = even[i];
            first[i] = a + b;
            last[i] = a - b;
        }
    }

    private static void combine(
            int[] a, int wa, int[] b, int wb, int[] c, int wc, int[] d, int wd, int[] out, int count) {
        for (int i = 0; i < count; i++) {
            out[i] = a[i] * wa + b[i] * wb + c[i] * wc + d[i] * wd;
        }
    }

    private static void round(int[] even, int[] odd, int[] first, int[] last, int count) {
        for (int i = 0; i < count; i++) {
            int a = even[i] + (1 << (FIRST_SHIFT - 1));
            int b = odd[i];
            first[i] = (a + b) >> FIRST_SHIFT;
            last[i] = (a - b) >> FIRST_SHIFT;
        }
    }

    /** Also brings samples from around 0 to around 128, and cuts them off at 0 and 255. */
    private static void roundToSamples(int[] even, int[] odd, int[] first, int[] last, int count) {
        for (int i = 0; i < count; i++) {
            int a = even[i] + (1 << (SECOND_SHIFT - 1));
            int b = odd[i];
            int room = 127 - ((a + b) >> SECOND_SHIFT); // below 255
            int sample = 255 - (room & ~(room >> 31));
            first[i] = sample & ~(sample >> 31);
            room = 127 - ((a - b) >> SECOND_SHIFT);
            sample = 255 - (room & ~(room >> 31));
            last[i] = sample & ~(sample >> 31);
        }
    }
}
