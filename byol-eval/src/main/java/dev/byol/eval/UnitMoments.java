package dev.byol.eval;

/**
 * First and second moments of each dimension of rows of length 1. Sums are of differences from the first row: where all rows are
 * nearly the same, as they are on collapse, nothing cancels.
 */
final class UnitMoments {
    private final double[] origin;
    private final double[] sums;
    private final double[] squares;
    private long rows;

    UnitMoments(int dimension) {
        this.origin = new double[dimension];
        this.sums = new double[dimension];
        this.squares = new double[dimension];
    }

    void add(double[] unit) {
        if (rows++ == 0) {
            System.arraycopy(unit, 0, origin, 0, unit.length);
        }
        for (int j = 0; j < unit.length; j++) {
            double difference = unit[j] - origin[j];
            sums[j] += difference;
            squares[j] += difference * difference;
        }
    }

    /** The sum of all rows. */
    double[] sum() {
        double[] sum = new double[sums.length];
        for (int j = 0; j < sum.length; j++) {
            sum[j] = rows * origin[j] + sums[j];
        }
        return sum;
    }

    /** The standard deviation of each dimension times the root of their number. */
    double[] deviations() {
        double[] deviations = new double[sums.length];
        for (int j = 0; j < deviations.length; j++) {
            double mean = sums[j] / rows;
            deviations[j] = Math.sqrt(deviations.length * Math.max(0, squares[j] / rows - mean * mean));
        }
        return deviations;
    }
}
