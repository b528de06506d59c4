package dev.byol.tf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How good one linear classifier is.
 *
 * @param head its name
 * @param optimizer the rule that it was updated by, with all its settings
 * @param steps updates before the test
 * @param seed of the start values
 * @param classes number of classes C
 * @param unlabelled images that were left out
 * @param loss mean cross entropy over the rows, at least 0; not finite for a head that has diverged
 * @param rows one for each labelled image, at least one, in the order of the test: what accuracies by class, a confusion matrix and a
 *     bootstrap interval are made from
 */
public record LinearResult(
        String head,
        String optimizer,
        long steps,
        long seed,
        int classes,
        int unlabelled,
        double loss,
        List<Row> rows) {
    /**
     * How one image was judged.
     *
     * @param label its class
     * @param predicted the class of the highest logit, the first one of several
     * @param rank the place of its class among all, from 1; classes of equal logits all have the last place among them, and so does what
     *     is not a number
     */
    public record Row(int label, int predicted, int rank) {}

    public LinearResult {
        rows = List.copyOf(rows);
        if (rows.isEmpty()) {
            throw new IllegalStateException(
                    "no labelled image was tested: found " + unlabelled + " images without a label");
        }
    }

    /** The share of the images whose class has the highest logit, in [0, 1]. */
    public double top1() {
        return top(1);
    }

    /** The share of the images whose class is among the five highest, in [0, 1]; 1 if there are no more than five classes. */
    public double top5() {
        return top(5);
    }

    /**
     * The share of the images whose class is among the k highest, in [0, 1].
     *
     * @throws IllegalArgumentException if k is below 1
     */
    public double top(int k) {
        if (k < 1) {
            throw new IllegalArgumentException("k must be at least 1, got " + k);
        }
        return (double) rows.stream().filter(row -> row.rank <= k).count() / rows.size();
    }

    /**
     * The result with the highest top-1, of several the first: a choice for images that were held out, not for those of the test.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static LinearResult best(List<LinearResult> results) {
        return results.stream()
                .sorted(Comparator.comparingDouble(LinearResult::top1).reversed())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no result to choose from"));
    }

    @Override
    public String toString() {
        return "LinearResult[head=" + head + ", top1=" + top1() + ", top5=" + top5() + ", loss=" + loss + ", images="
                + rows.size() + ", unlabelled=" + unlabelled + ", classes=" + classes + ", steps=" + steps + ", seed="
                + seed + ", optimizer=" + optimizer + "]";
    }

    /** The rows so far of one head. */
    static final class Tally {
        private final String head;
        private final String optimizer;
        private final int classes;
        private final List<Row> rows = new ArrayList<>();
        private double loss;

        Tally(String head, String optimizer, int classes) {
            this.head = head;
            this.optimizer = optimizer;
            this.classes = classes;
        }

        void add(int label, float... logits) {
            int predicted = 0;
            int below = 0;
            for (int c = 0; c < classes; c++) {
                predicted = logits[c] > logits[predicted] ? c : predicted;
                below += logits[c] < logits[label] ? 1 : 0;
            }
            double sum = 0;
            for (float logit : logits) {
                sum += Math.exp((double) logit - logits[predicted]);
            }
            loss += logits[predicted] + Math.log(sum) - logits[label];
            rows.add(new Row(label, predicted, classes - below));
        }

        LinearResult result(long steps, long seed, int unlabelled) {
            return new LinearResult(head, optimizer, steps, seed, classes, unlabelled, loss / rows.size(), rows);
        }
    }
}
