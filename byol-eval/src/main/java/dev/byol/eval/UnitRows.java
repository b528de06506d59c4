package dev.byol.eval;

/** Rows of features, scaled to length 1. */
final class UnitRows {
    private UnitRows() {}

    /** Writes the row that starts at {@code from}, scaled to length 1, or zeros; returns its squared length, 1 or 0. */
    static double unit(float[] values, int from, double[] out) {
        double squares = 0;
        for (int j = 0; j < out.length; j++) {
            double v = values[from + j];
            squares += v * v;
        }
        double scale = squares == 0 ? 0 : 1 / Math.sqrt(squares);
        for (int j = 0; j < out.length; j++) {
            out[j] = values[from + j] * scale;
        }
        return squares == 0 ? 0 : 1;
    }
}
