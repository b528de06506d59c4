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
 * BYOL as the code behind Fetterman and Albrecht (2020) trains it
 * (<a href="https://github.com/untitled-ai/self_supervised">untitled-ai/self_supervised</a>). What differs from {@link Byol}:
 *
 * <ul>
 *   <li>each direction runs both networks: the target sees view 1 before view 0, and its moving statistics advance so;
 *   <li>the online projection is computed once more for the cosines, so that the moving statistics of the projector's norms
 *       advance twice a direction;
 *   <li>the loss has a factor, which LARS's excluded parameters and weight decay notice;
 *   <li>the target moves before the optimizer, if the updater is {@code TargetUpdater.ema(tau).beforeOptimizer()}.
 * </ul>
 *
 * <p>The loss is {@code lossFactor · mean over the batch of (2 - 2 cos(q0, z'1)) + (2 - 2 cos(q1, z'0))}.
 *
 * @param lossFactor finite and above 0: 0.5 for the post and its appendix (a constant factor of 1 there), 1 for the paper's
 *     loss (2 there)
 */
public record ReferenceByol(
        Encoder encoder, Projector projector, Predictor predictor, TargetUpdater updater, double lossFactor)
        implements Method {
    public ReferenceByol {
        if (!(lossFactor > 0 && Double.isFinite(lossFactor))) {
            throw new IllegalArgumentException("lossFactor must be finite and above 0, got " + lossFactor);
        }
    }

    @Override
    public Tensor loss(Step step) {
        return direction(step, 0, 1).plus(direction(step, 1, 0)).times(lossFactor);
    }

    /** The online prediction of one view against the target's projection of the other one. */
    private Tensor direction(Step step, int view, int other) {
        Branch online = step.online();
        Branch target = step.target(updater);
        Tensor y = encoder.encode(online, step.view(view)); // representation [B, D]
        Tensor q = predictor.predict(online, projector.project(online, y)); // prediction [B, K]
        Tensor yTarget = encoder.encode(target, step.view(other));
        Tensor zTarget = projector.project(target, yTarget).stopGradient(); // projection [B, K]
        Tensor z = projector.project(online, y.stopGradient()); // once more: another input, another pass
        step.observe("y" + view, y);
        step.observe("z" + view, z);
        step.observe("q" + view, q);
        step.observe("z'" + other, zTarget);
        return Byol.regression(q, zTarget);
    }
}
