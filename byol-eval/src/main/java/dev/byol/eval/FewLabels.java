package dev.byol.eval;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import java.math.BigDecimal;
import java.util.List;

/**
 * Evaluation with few labels: a probe is fitted on a small draw of the training rows, several times, and scored on all test rows.
 * Draws are balanced by class, as the 1 % and 10 % of ImageNet are (Chen et al. 2020, arXiv:2002.05709); the draw of number i
 * depends on the seed, i and the labels alone, and a larger amount contains the rows of a smaller one.
 *
 * @param probe what is fitted
 * @param amount how many rows of each class
 * @param draws how many times, at least 2, so that there is a spread
 * @param seed of the first draw; the others take those that follow
 */
public record FewLabels(Probe probe, Amount amount, int draws, long seed) {
    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if there are fewer than two draws
     */
    public FewLabels {
        checkArgument(draws >= 2, "a spread needs at least 2 draws, got %s", draws);
    }

    /** How many rows of each class are drawn. */
    public sealed interface Amount {
        /** How many of so many rows of a class. */
        int of(int label, int rows);
    }

    /**
     * A share of each class's rows, rounded, at least one.
     *
     * @param share in (0, 1]
     */
    public record Share(double share) implements Amount {
        /**
         * Checks the share.
         *
         * @throws IllegalArgumentException if it is not in (0, 1]
         */
        public Share {
            checkArgument(share > 0 && share <= 1, "the share must be in (0, 1], got %s", share);
        }

        @Override
        public int of(int label, int rows) {
            return Math.max(1, (int) Math.round(share * rows));
        }

        @Override
        public String toString() {
            return BigDecimal.valueOf(share)
                            .movePointRight(2)
                            .stripTrailingZeros()
                            .toPlainString() + " %";
        }
    }

    /**
     * The same number of rows of each class.
     *
     * @param rows at least 1
     */
    public record PerClass(int rows) implements Amount {
        /**
         * Checks the number.
         *
         * @throws IllegalArgumentException if it is below 1
         */
        public PerClass {
            checkArgument(rows >= 1, "the rows of each class must be at least 1, got %s", rows);
        }

        @Override
        public int of(int label, int available) {
            checkArgument(
                    available >= rows, "%s rows of each class are wanted, but class %s has %s", rows, label, available);
            return rows;
        }

        @Override
        public String toString() {
            return rows + " a class";
        }
    }

    /**
     * What all draws came to.
     *
     * @param results of the draws, in order
     * @param mean of their top-1, in [0, 1]
     * @param deviation of their top-1, with {@code draws - 1} in the denominator
     */
    public record Outcome(List<ProbeResult> results, double mean, double deviation) {
        /** Copies the results. */
        public Outcome {
            results = ImmutableList.copyOf(results);
        }

        private static Outcome of(List<ProbeResult> results) {
            double mean =
                    results.stream().mapToDouble(ProbeResult::top1).average().orElseThrow();
            double squares = results.stream()
                    .mapToDouble(r -> (r.top1() - mean) * (r.top1() - mean))
                    .sum();
            return new Outcome(results, mean, Math.sqrt(squares / (results.size() - 1)));
        }
    }

    /**
     * Draws, fits and scores; rows labelled -1 are left out of both sets, and counted in each result.
     *
     * @param bootstrap draws the confidence interval of each result
     * @throws IllegalArgumentException if a class has fewer rows than wanted, or as {@link Probe#score(Features, Features)}
     */
    public Outcome score(Features train, Features test, Bootstrap bootstrap) {
        Features labelled = train.labelledOnly();
        ImmutableList.Builder<ProbeResult> results = ImmutableList.builder();
        for (int i = 0; i < draws; i++) {
            Features drawn = labelled.select(Strata.of(labelled, seed + i).first(amount::of));
            results.add(probe.score(drawn, test, bootstrap)
                    .with("labels", amount + ", drawn by seed " + (seed + i))
                    .leavingOut(train.unlabelledRows(), 0));
        }
        return Outcome.of(results.build());
    }
}
