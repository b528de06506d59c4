package dev.byol.api;

/**
 * Settings of batch renormalisation (Ioffe 2017, <a href="https://arxiv.org/abs/1702.03275">arXiv 1702.03275</a>):
 * {@code y = scale ((x - mean_B) / deviation_B · r + d) + offset}, in which {@code r = clip(deviation_B / deviation, 1 / rMax, rMax)}
 * and {@code d = clip((mean_B - mean) / deviation, -dMax, dMax)} lead from the batch's statistics towards the moving ones. No
 * gradient flows through r and d. At r = 1 and d = 0 it is batch normalisation.
 *
 * <p>As in the code behind Fetterman and Albrecht (2020) a deviation is {@code sqrt(biased variance) + epsilon} (the paper has epsilon
 * below the root), the moving one is an average of deviations, and the limits widen with the batches that the layer has seen: each
 * view is one.
 *
 * @param momentum share of the new batch in the moving statistics, in (0, 1]
 * @param epsilon added to the deviation, above 0
 * @param rMax largest correction of the deviation, at least 1
 * @param dMax largest correction of the mean in moving deviations, at least 0
 */
public record BatchRenorm(double momentum, double epsilon, Limit rMax, Limit dMax) {
    /** Momentum 0.01 and epsilon 1e-3; rMax from 1 to 3 over the batches 5 000 to 40 000, dMax from 0 to 5 until 25 000 (Ioffe 2017, section 4.1). */
    public static final BatchRenorm DEFAULT =
            new BatchRenorm(0.01, 1e-3, new Limit(1, 3, 5_000, 40_000), new Limit(0, 5, 5_000, 25_000));

    public BatchRenorm {
        if (!(momentum > 0 && momentum <= 1)) {
            throw new IllegalArgumentException("momentum must be in (0, 1], got " + momentum);
        }
        if (!(epsilon > 0)) {
            throw new IllegalArgumentException("epsilon must be above 0, got " + epsilon);
        }
        if (!(rMax.first >= 1 && rMax.last >= 1)) {
            throw new IllegalArgumentException("rMax must be at least 1, got " + rMax);
        }
        if (!(dMax.first >= 0 && dMax.last >= 0)) {
            throw new IllegalArgumentException("dMax must be at least 0, got " + dMax);
        }
    }

    /**
     * A limit that stays, changes linearly, and stays.
     *
     * @param first the value until batch {@code from}
     * @param last the value since batch {@code to}
     * @param from batches, at least 0
     * @param to batches, above {@code from}
     */
    public record Limit(double first, double last, long from, long to) {
        public Limit {
            if (from < 0 || to <= from) {
                throw new IllegalArgumentException(
                        "a limit needs batches 0 <= from < to, got from " + from + " to " + to);
            }
        }

        /** The value after this many batches, a scalar. */
        public Tensor at(Tensor batches) {
            Tensor progress = batches.minus((double) from)
                    .dividedBy((double) (to - from))
                    .maximum(0)
                    .minimum(1);
            return progress.times(last - first).plus(first);
        }
    }
}
