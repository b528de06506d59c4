package dev.byol.eval;

/**
 * Matrix products of blocks in single precision: what {@link Blocks} does in double, twice as fast, by the same rule (no sums along
 * the loop, every array a row of its own that is read at the loop's index).
 *
 * <p>Two rows of the result take multiples of two rows at a time: four multiplications for six loads and stores, and a body that
 * is small enough for the compiler of Java 17 to unroll. A larger one (three rows, or four by two) is not unrolled, hence not
 * vectorised, and four times slower. Arrays of {@link #rows} are a whole number of cache lines apart, so that what is aligned in one
 * is aligned in all: a quarter faster. Half of the speed of a native library's product is reached on AVX-512; see
 * {@code docs/benchmarks.md}.
 */
final class FloatBlocks {
    /** The width of a block at which the loop's start and end are cheap and two of its rows fit the first cache. */
    static final int WIDTH = 1280;

    private static final int LINE = 64;
    private static final int HEADER = 16;

    private FloatBlocks() {}

    /** Rows of zeros of at least a width. */
    static float[][] rows(int count, int width) {
        int bytes = HEADER + width * Float.BYTES;
        int lines = (bytes + LINE - 1) / LINE;
        return new float[count][(lines * LINE - HEADER) / Float.BYTES];
    }

    /** Adds a matrix product: {@code out [M, W] += a [M, P] b [P, W]}, with {@code M = rows}, {@code P = depth}, {@code W = width}. */
    static void multiplyAdd(float[][] out, float[][] a, float[][] b, int rows, int depth, int width) {
        int p = 0;
        for (; p + 2 <= depth; p += 2) {
            float[] b0 = b[p];
            float[] b1 = b[p + 1];
            int m = 0;
            for (; m + 2 <= rows; m += 2) {
                float[] a0 = a[m];
                float[] a1 = a[m + 1];
                add(out[m], out[m + 1], a0[p], a0[p + 1], a1[p], a1[p + 1], b0, b1, width);
            }
            if (m < rows) {
                add(out[m], a[m][p], b0, width);
                add(out[m], a[m][p + 1], b1, width);
            }
        }
        if (p < depth) {
            for (int m = 0; m < rows; m++) {
                add(out[m], a[m][p], b[p], width);
            }
        }
    }

    /** Copies rows {@code first .. first + count} of {@code values [N, d]} to {@code out [d, count]}, transposed. */
    static void columns(float[] values, int d, int first, int count, float[][] out) {
        int lines = LINE / Float.BYTES;
        for (int from = 0; from < d; from += lines) { // a cache line of the rows at a time
            int to = Math.min(d, from + lines);
            for (int r = 0; r < count; r++) {
                int at = (first + r) * d;
                for (int j = from; j < to; j++) {
                    out[j][r] = values[at + j];
                }
            }
        }
    }

    private static void add(
            float[] out0, float[] out1, float a00, float a01, float a10, float a11, float[] b0, float[] b1, int width) {
        for (int j = 0; j < width; j++) {
            float x0 = b0[j];
            float x1 = b1[j];
            out0[j] = Math.fma(a00, x0, Math.fma(a01, x1, out0[j]));
            out1[j] = Math.fma(a10, x0, Math.fma(a11, x1, out1[j]));
        }
    }

    private static void add(float[] out, float a, float[] b, int width) {
        for (int j = 0; j < width; j++) {
            out[j] = Math.fma(a, b[j], out[j]);
        }
    }
}
