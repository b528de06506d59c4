package dev.byol.api.method;

import dev.byol.api.Measure;
import dev.byol.api.Step;
import dev.byol.api.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reports {@code z_deviation}: the standard deviation over the batch of each dimension of the normalised projections, the mean of all
 * dimensions, times the root of their number d; the mean of the views. In [0, 1]: 1 where rows are spread over the sphere evenly, 0 where
 * all are the same. Chen and He (2020, figure 2) plot it without the factor: healthy is 1 / sqrt(d) there.
 *
 * <p>The deviation divides by the number of rows, not by one less, so that 1 is the highest; a batch of 1 has none and reports 0.
 *
 * @param letter which of the observed values: {@code z}, or y, q and so on, which is reported as {@code y_deviation}
 */
public record Deviation(String letter) implements Measure {
    public Deviation {
        if (letter.isBlank()) {
            throw new IllegalArgumentException("letter must name an observed value, got \"" + letter + "\"");
        }
    }

    /** Of the online projections z. */
    public Deviation() {
        this("z");
    }

    @Override
    public void measure(Map<String, Tensor> observed, Step step) {
        List<Tensor> views = new ArrayList<>();
        for (Tensor z = observed.get(letter + 0); z != null; z = observed.get(letter + views.size())) {
            views.add(of(z));
        }
        Tensor sum = views.stream()
                .reduce(Tensor::plus)
                .orElseThrow(() -> new IllegalArgumentException(
                        "the deviation needs the observed value " + letter + "0, found " + observed.keySet()));
        step.report(letter + "_deviation", sum.dividedBy(views.size()));
    }

    /** Of {@code z [B, d]}, a scalar in [0, 1]. */
    public static Tensor of(Tensor z) {
        Tensor unit = z.l2Normalize(1);
        Tensor deviation = unit.minus(unit.mean(0)).square().mean(0).sqrt(); // [1, d]
        return deviation.mean().times(Math.sqrt(z.shape().dimension(1)));
    }
}
