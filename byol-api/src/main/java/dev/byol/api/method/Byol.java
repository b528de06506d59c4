package dev.byol.api.method;

import dev.byol.api.Branch;
import dev.byol.api.Encoder;
import dev.byol.api.Method;
import dev.byol.api.Predictor;
import dev.byol.api.Projector;
import dev.byol.api.Step;
import dev.byol.api.TargetUpdater;
import dev.byol.api.Tensor;

/**
 * Bootstrap Your Own Latent (Grill et al. 2020, <a href="https://arxiv.org/abs/2006.07733">arXiv 2006.07733</a>): the
 * online network predicts the target's projection of the other view, and the target follows the online network.
 *
 * <p>The loss is {@code mean over the batch of (2 - 2 cos(q0, z'1)) + (2 - 2 cos(q1, z'0))}, in [0, 8] (equation 2, both
 * directions summed). Each view is a batch of its own for batch normalisation.
 *
 * @param updater how the target follows, in the paper an exponential moving average after the optimizer's update
 */
public record Byol(Encoder encoder, Projector projector, Predictor predictor, TargetUpdater updater) implements Method {
    @Override
    public Tensor loss(Step step) {
        Branch online = step.online(); // parameters theta, trained
        Branch target = step.target(updater); // parameters xi, follow theta, never trained
        Tensor zTarget0 = targetProjection(step, target, 0);
        Tensor zTarget1 = targetProjection(step, target, 1);
        Tensor q0 = prediction(step, online, 0);
        Tensor q1 = prediction(step, online, 1);
        return regression(q0, zTarget1).plus(regression(q1, zTarget0));
    }

    private Tensor targetProjection(Step step, Branch target, int view) {
        Tensor y = encoder.encode(target, step.view(view)); // representation [B, D]
        Tensor z = projector.project(target, y).stopGradient(); // projection [B, K]
        step.observe("z'" + view, z);
        return z;
    }

    private Tensor prediction(Step step, Branch online, int view) {
        Tensor y = encoder.encode(online, step.view(view)); // representation [B, D]
        Tensor z = projector.project(online, y); // projection [B, K]
        Tensor q = predictor.predict(online, z); // prediction [B, K]
        step.observe("y" + view, y);
        step.observe("z" + view, z);
        step.observe("q" + view, q);
        return q;
    }

    /**
     * The regression of one direction, {@code mean over the batch of |q/|q| - z'/|z'||^2 = 2 - 2 cos(q, z')}, a scalar in [0, 4].
     *
     * @param q prediction {@code [B, K]}
     * @param zTarget the target's projection {@code [B, K]}, through which no gradient should flow
     */
    public static Tensor regression(Tensor q, Tensor zTarget) {
        return q.l2Normalize(1).minus(zTarget.l2Normalize(1)).square().sum(1).mean();
    }
}
