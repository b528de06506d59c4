package dev.byol.eval;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkElementIndex;

import com.google.common.collect.ImmutableMap;
import java.io.ByteArrayOutputStream;
import java.util.Locale;
import java.util.Map;

/**
 * What a probe came to on test rows. All probes end in one of these, so that they can be put side by side.
 *
 * @param probe what was fitted, such as {@code logistic regression}
 * @param settings of the probe by name, with the seed of whatever it drew; in an order of their own
 * @param trainRows the labelled rows that it was fitted on
 * @param testRows the labelled rows that it was scored on
 * @param unlabelledTrainRows rows labelled -1 that were left out of the fit
 * @param unlabelledTestRows rows labelled -1 that were left out of the score
 * @param top1 the share of test rows whose class has the highest score, in [0, 1]
 * @param top5 the share of test rows whose class is among the five highest scores (of equal scores, the lower class index is the
 *     higher), in [0, 1]; where there are five classes or fewer, the share whose class the probe knows
 * @param interval of {@code top1}
 * @param bootstrap how the interval was drawn, with its seed
 * @param confusion the counts by true and predicted class, and from them the accuracy of each class
 */
public record ProbeResult(
        String probe,
        Map<String, String> settings,
        int trainRows,
        int testRows,
        int unlabelledTrainRows,
        int unlabelledTestRows,
        double top1,
        double top5,
        Interval interval,
        Bootstrap bootstrap,
        Confusion confusion) {
    private static final int FIVE = 5;

    /**
     * Checks the shares and copies the settings.
     *
     * @throws IllegalArgumentException if a share is not in [0, 1], or top-5 is below top-1
     */
    public ProbeResult {
        checkArgument(top1 >= 0 && top1 <= 1, "top-1 must be in [0, 1], got %s", top1);
        checkArgument(top5 >= top1 && top5 <= 1, "top-5 must be in [top-1, 1] = [%s, 1], got %s", top1, top5);
        settings = ImmutableMap.copyOf(settings);
    }

    /**
     * Scores predictions of any classifier, of this package or not.
     *
     * @param probe what predicted
     * @param settings of it
     * @param train what it was fitted on, of which only the labels are looked at; rows labelled -1 count as left out
     * @param test what it was asked, row by row; rows labelled -1 are left out
     * @param predictions one for each row of {@code test}
     * @param bootstrap draws the interval
     * @throws IllegalArgumentException if the numbers of rows differ, or if no test row is labelled
     */
    public static ProbeResult of(
            String probe,
            Map<String, String> settings,
            Features train,
            Features test,
            Predictions predictions,
            Bootstrap bootstrap) {
        checkArgument(
                predictions.rows() == test.rows(),
                "%s predictions were to be scored with %s labels, expected as many",
                predictions.rows(),
                test.rows());
        Tally tally =
                new Tally(Math.max(predictions.classes(), test.requireAnyLabel().classes()));
        for (int row = 0; row < test.rows(); row++) {
            int truth = test.label(row);
            if (truth == Features.UNLABELLED) {
                tally.addUnlabelled();
            } else {
                tally.add(truth, predictions.label(row), predictions.isAmong(row, truth, FIVE));
            }
        }
        return tally.result(probe, settings, train.rows() - train.unlabelledRows(), train.unlabelledRows(), bootstrap);
    }

    /**
     * Scores test rows as they come, of a classifier that keeps no scores: for data that does not fit in memory.
     *
     * @param classes the number of classes K, at least 1
     * @throws IllegalArgumentException if there is no class
     */
    public static Tally tally(int classes) {
        checkArgument(classes >= 1, "a tally needs at least one class, got %s", classes);
        return new Tally(classes);
    }

    /** Test rows so far: counts, and one byte a row. */
    public static final class Tally {
        private final int classes;
        private final int[] counts;
        private final ByteArrayOutputStream right = new ByteArrayOutputStream();
        private int amongFive;
        private int unlabelled;

        private Tally(int classes) {
            this.classes = classes;
            this.counts = new int[classes * classes];
        }

        /**
         * A row.
         *
         * @param truth its class
         * @param predicted the class that it was taken for
         * @param amongFive whether its class is among the five that were likeliest
         * @throws IndexOutOfBoundsException if a class is not one of K
         */
        public void add(int truth, int predicted, boolean amongFive) {
            checkElementIndex(truth, classes, "class");
            counts[truth * classes + checkElementIndex(predicted, classes, "predicted class")]++;
            right.write(truth == predicted ? 1 : 0);
            this.amongFive += amongFive ? 1 : 0;
        }

        /** A row labelled -1: left out, and counted as that. */
        public void addUnlabelled() {
            unlabelled++;
        }

        /**
         * What all rows come to.
         *
         * @param probe what predicted
         * @param settings of it
         * @param trainRows the labelled rows that it was fitted on
         * @param unlabelledTrainRows rows labelled -1 that were left out of the fit
         * @param bootstrap draws the interval
         * @throws IllegalArgumentException if no test row is labelled
         */
        public ProbeResult result(
                String probe,
                Map<String, String> settings,
                int trainRows,
                int unlabelledTrainRows,
                Bootstrap bootstrap) {
            byte[] rows = right.toByteArray();
            checkArgument(rows.length > 0, "no test row is labelled: all %s have the label -1", unlabelled);
            double[] values = new double[rows.length];
            double sum = 0;
            for (int i = 0; i < rows.length; i++) {
                values[i] = rows[i];
                sum += rows[i];
            }
            return new ProbeResult(
                    probe,
                    settings,
                    trainRows,
                    rows.length,
                    unlabelledTrainRows,
                    unlabelled,
                    sum / rows.length,
                    (double) amongFive / rows.length,
                    bootstrap.ofMean(values),
                    bootstrap,
                    new Confusion(counts.clone(), classes));
        }
    }

    /** The same with a setting more. */
    ProbeResult with(String name, String value) {
        Map<String, String> more = ImmutableMap.<String, String>builder()
                .putAll(settings)
                .put(name, value)
                .buildOrThrow();
        return new ProbeResult(
                probe,
                more,
                trainRows,
                testRows,
                unlabelledTrainRows,
                unlabelledTestRows,
                top1,
                top5,
                interval,
                bootstrap,
                confusion);
    }

    /** The same with so many rows more that were left out. */
    ProbeResult leavingOut(int train, int test) {
        return new ProbeResult(
                probe,
                settings,
                trainRows,
                testRows,
                unlabelledTrainRows + train,
                unlabelledTestRows + test,
                top1,
                top5,
                interval,
                bootstrap,
                confusion);
    }

    /** One line: the probe, its settings, top-1 in percent with its interval, and top-5. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s %s: %.2f %% top-1 (%.0f %% interval %.2f to %.2f), %.2f %% top-5, on %d rows",
                probe,
                settings,
                100 * top1,
                100 * interval.level(),
                100 * interval.low(),
                100 * interval.high(),
                100 * top5,
                testRows);
    }
}
