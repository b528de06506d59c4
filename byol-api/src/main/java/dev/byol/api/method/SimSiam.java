package dev.byol.api.method;

import dev.byol.api.Branch;
import dev.byol.api.Encoder;
import dev.byol.api.Method;
import dev.byol.api.Predictor;
import dev.byol.api.Projector;
import dev.byol.api.Step;
import dev.byol.api.Tensor;

/**
 * SimSiam (Chen and He 2020, <a href="https://arxiv.org/abs/2011.10566">arXiv 2011.10566</a>): BYOL without a target
 * network. The stopped gradient alone keeps it from collapse.
 *
 * <p>The loss is {@code -(cos(q0, z1) + cos(q1, z0)) / 2}, batch mean, in [-1, 1] (equation 2; the paper's p is q here).
 */
public record SimSiam(Encoder encoder, Projector projector, Predictor predictor) implements Method {
    @Override
    public Tensor loss(Step step) {
        Branch online = step.online();
        Tensor z0 = projection(step, online, 0);
        Tensor z1 = projection(step, online, 1);
        Tensor q0 = prediction(step, online, z0, 0);
        Tensor q1 = prediction(step, online, z1, 1);
        return negativeCosine(q0, z1.stopGradient())
                .plus(negativeCosine(q1, z0.stopGradient()))
                .dividedBy(2);
    }

    private Tensor projection(Step step, Branch online, int view) {
        Tensor y = encoder.encode(online, step.view(view)); // representation [B, D]
        Tensor z = projector.project(online, y); // projection [B, K]
        step.observe("y" + view, y);
        step.observe("z" + view, z);
        step.observe("z'" + view, z);
        return z;
    }

    private Tensor prediction(Step step, Branch online, Tensor z, int view) {
        Tensor q = predictor.predict(online, z); // prediction [B, K]
        step.observe("q" + view, q);
        return q;
    }

    /** {@code -cos(q, z)}, batch mean, a scalar in [-1, 1]; both {@code [B, K]}. */
    public static Tensor negativeCosine(Tensor q, Tensor z) {
        return q.l2Normalize(1).times(z.l2Normalize(1)).sum(1).mean().negate();
    }
}
