package dev.byol.api.method;

import dev.byol.api.Measure;
import dev.byol.api.Step;
import dev.byol.api.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Reports {@code positive_cosine} and {@code negative_cosine}: the mean cosine of z (the online projection, before the
 * predictor) and z' (the target's) over pairs of the same image, and over pairs of different images of the batch; the mean
 * of the directions that the method has. Both near 1 is collapse. Batches of 1 have no negative pairs and report 0 for them.
 *
 * <p>Methods without a target are measured on the online projections of the two views. What the appendix of Fetterman and
 * Albrecht (2020) plots as "representation distance".
 */
public record Cosines() implements Measure {
    @Override
    public void measure(Map<String, Tensor> observed, Step step) {
        List<Pair> directions = new ArrayList<>();
        for (int view = 0; view < 2; view++) {
            int other = 1 - view;
            Tensor z = observed.get("z" + view);
            Tensor zTarget = observed.getOrDefault("z'" + other, observed.get("z" + other));
            if (z != null && zTarget != null) {
                directions.add(Pair.of(z, zTarget));
            }
        }
        if (directions.isEmpty()) {
            throw new IllegalArgumentException(
                    "cosines need the observed values z0 and z'1, or z0 and z1, found " + observed.keySet());
        }
        step.report("positive_cosine", mean(directions, Pair::positive));
        step.report("negative_cosine", mean(directions, Pair::negative));
    }

    private static Tensor mean(List<Pair> directions, Function<Pair, Tensor> cosine) {
        Tensor sum = directions.stream().map(cosine).reduce(Tensor::plus).orElseThrow();
        return sum.dividedBy(directions.size());
    }

    /**
     * Positive and negative cosine of one direction.
     *
     * @param positive mean of the cosines of row i and row i
     * @param negative mean of the cosines of row i and row j, i and j different
     */
    public record Pair(Tensor positive, Tensor negative) {
        /** Of {@code z [B, K]} and {@code zTarget [B, K]}, without the {@code [B, B]} matrix: all pairs sum to (sum of z) · (sum of z'). */
        public static Pair of(Tensor z, Tensor zTarget) {
            double batch = z.shape().dimension(0);
            Tensor a = z.l2Normalize(1);
            Tensor b = zTarget.l2Normalize(1);
            Tensor diagonal = a.times(b).sum();
            Tensor all = a.sum(0).times(b.sum(0)).sum();
            Tensor negative = all.minus(diagonal).dividedBy(Math.max(1, batch * (batch - 1)));
            return new Pair(diagonal.dividedBy(batch), negative);
        }
    }
}
