package dev.byol.augment.io;

/**
 * The inverse cosine transform of libjpeg's default, "islow" (Loeffler, Ligtenberg and Moschytz, 1989, with constants of 13
 * bits), and the ones to fewer samples that it has beside it. Many blocks are transformed at once: sample {@code (x, y)} of all
 * blocks is one array, and short loops over arrays at equal indices are what the JIT compiles to vector instructions. Until the
 * results are rounded the transforms are linear, so that sums may be taken in any order.
 */
final class JpegIdct {
    private static final int BLOCK = 8;
    private static final int BITS = 13;
    private static final int KEPT = 2; // bits that the columns' results have more
    private static final int SCALE = 3; // bits of what the sums are too large by

    private final int[][] even = new int[4][];
    private final int[][] odd = new int[4][];

    /**
     * Replaces coefficients by samples, 0 to 255.
     *
     * @param blocks {@code [64, blocks]}, by row and column
     * @param side samples of a block that are made, across and down: 8, 4, 2 or 1
     * @param from the first block
     * @param to behind the last block
     */
    void transform(int[][] blocks, int side, int from, int to) {
        if (side == 1) {
            limit(blocks[0], from, to);
            return;
        }
        reserve(to);
        int bits = BITS + Integer.numberOfTrailingZeros(BLOCK / side);
        for (int x = 0; x < BLOCK; x++) {
            sum(blocks, x, BLOCK, side, from, to);
            for (int i = 0; i < side / 2; i++) {
                int[] last = blocks[x + BLOCK * (side - 1 - i)];
                round(even[i], odd[i], blocks[x + BLOCK * i], last, bits - KEPT, from, to);
            }
        }
        for (int y = 0; y < BLOCK * side; y += BLOCK) {
            sum(blocks, y, 1, side, from, to);
            for (int i = 0; i < side / 2; i++) {
                int[] last = blocks[y + side - 1 - i];
                roundToSamples(even[i], odd[i], blocks[y + i], last, bits + KEPT + SCALE, from, to);
            }
        }
    }

    private void reserve(int length) {
        for (int i = 0; i < even.length; i++) {
            if (even[i] == null || even[i].length < length) {
                even[i] = new int[length];
                odd[i] = new int[length];
            }
        }
    }

    /** The even and odd parts of one-dimensional transforms of eight coefficients to two, four or eight samples. */
    private void sum(int[][] blocks, int first, int step, int side, int from, int to) {
        int[] c0 = blocks[first];
        int[] c1 = blocks[first + step];
        int[] c2 = blocks[first + 2 * step];
        int[] c3 = blocks[first + 3 * step];
        int[] c4 = blocks[first + 4 * step];
        int[] c5 = blocks[first + 5 * step];
        int[] c6 = blocks[first + 6 * step];
        int[] c7 = blocks[first + 7 * step];
        switch (side) {
            case 2 -> {
                combine(c0, 1 << (BITS + 2), c2, 0, c4, 0, c6, 0, even[0], from, to);
                combine(c1, 29692, c3, -10426, c5, 6967, c7, -5906, odd[0], from, to);
            }
            case 4 -> {
                combine(c0, 1 << (BITS + 1), c2, 15137, c4, 0, c6, -6270, even[0], from, to);
                combine(c0, 1 << (BITS + 1), c2, -15137, c4, 0, c6, 6270, even[1], from, to);
                combine(c1, 20995, c3, 7373, c5, -4926, c7, -4176, odd[0], from, to);
                combine(c1, 8697, c3, -17799, c5, 11893, c7, -1730, odd[1], from, to);
            }
            default -> {
                combine(c0, 1 << BITS, c2, 10703, c4, 1 << BITS, c6, 4433, even[0], from, to);
                combine(c0, 1 << BITS, c2, 4433, c4, -1 << BITS, c6, -10704, even[1], from, to);
                combine(c0, 1 << BITS, c2, -4433, c4, -1 << BITS, c6, 10704, even[2], from, to);
                combine(c0, 1 << BITS, c2, -10703, c4, 1 << BITS, c6, -4433, even[3], from, to);
                combine(c1, 11363, c3, 9633, c5, 6437, c7, 2260, odd[0], from, to);
                combine(c1, 9633, c3, -2259, c5, -11362, c7, -6436, odd[1], from, to);
                combine(c1, 6437, c3, -11362, c5, 2261, c7, 9633, odd[2], from, to);
                combine(c1, 2260, c3, -6436, c5, 9633, c7, -11363, odd[3], from, to);
            }
        }
    }

    private static void combine(
            int[] a, int wa, int[] b, int wb, int[] c, int wc, int[] d, int wd, int[] out, int from, int to) {
        for (int i = from; i < to; i++) {
            out[i] = a[i] * wa + b[i] * wb + c[i] * wc + d[i] * wd;
        }
    }

    private static void round(int[] even, int[] odd, int[] first, int[] last, int shift, int from, int to) {
        int half = 1 << (shift - 1);
        for (int i = from; i < to; i++) {
            int a = even[i] + half;
            int b = odd[i];
            first[i] = (a + b) >> shift;
            last[i] = (a - b) >> shift;
        }
    }

    /** Also brings samples from around 0 to around 128, and cuts them off at 0 and 255. */
    private static void roundToSamples(int[] even, int[] odd, int[] first, int[] last, int shift, int from, int to) {
        int middle = (1 << (shift - 1)) + (128 << shift);
        for (int i = from; i < to; i++) {
            int a = even[i] + middle;
            int b = odd[i];
            int sample = (a + b) >> shift;
            sample &= ~(sample >> 31); // at least 0
            first[i] = (sample | (255 - sample) >> 31) & 255; // at most 255
            sample = (a - b) >> shift;
            sample &= ~(sample >> 31);
            last[i] = (sample | (255 - sample) >> 31) & 255;
        }
    }

    private static void limit(int[] samples, int from, int to) {
        int middle = (1 << (SCALE - 1)) + (128 << SCALE);
        for (int i = from; i < to; i++) {
            int sample = (samples[i] + middle) >> SCALE;
            sample &= ~(sample >> 31);
            samples[i] = (sample | (255 - sample) >> 31) & 255;
        }
    }
}
