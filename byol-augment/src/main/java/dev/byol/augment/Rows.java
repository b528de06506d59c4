package dev.byol.augment;

/**
 * Images as rows of ints, a row holding the interleaved samples of one image line or, transposed, of one image column.
 * Filters along either axis then combine whole rows at equal indices, which the JIT compiles to vector instructions.
 */
final class Rows {
    private Rows() {}

    /** Column {@code x} becomes row {@code x}, its pixels' channels kept together. */
    static void loadTransposed(byte[] from, int stride, int width, int height, int channels, int[][] to) {
        for (int x = 0; x < width; x++) {
            int[] row = to[x];
            int p = x * channels;
            if (channels == 3) {
                for (int q = 0; q < height * 3; q += 3, p += stride) {
                    row[q] = from[p] & 0xFF;
                    row[q + 1] = from[p + 1] & 0xFF;
                    row[q + 2] = from[p + 2] & 0xFF;
                }
            } else {
                for (int q = 0; q < height * channels; q += channels, p += stride) {
                    for (int c = 0; c < channels; c++) {
                        row[q + c] = from[p + c] & 0xFF;
                    }
                }
            }
        }
    }

    /** Columns back to lines: pixel {@code y} of row {@code x} goes to pixel {@code x} of row {@code y}. */
    static void transpose(int[][] from, int width, int height, int channels, int[][] to) {
        for (int y = 0; y < height; y++) {
            int[] row = to[y];
            int p = y * channels;
            if (channels == 3) {
                for (int x = 0, q = 0; x < width; x++, q += 3) {
                    int[] column = from[x];
                    row[q] = column[p];
                    row[q + 1] = column[p + 1];
                    row[q + 2] = column[p + 2];
                }
            } else {
                for (int x = 0; x < width; x++) {
                    System.arraycopy(from[x], p, row, x * channels, channels);
                }
            }
        }
    }

    static void store(int[][] from, int lines, int length, byte[] to) {
        for (int y = 0; y < lines; y++) {
            int[] row = from[y];
            int q = y * length;
            for (int i = 0; i < length; i++) {
                to[q + i] = (byte) row[i];
            }
        }
    }
}
