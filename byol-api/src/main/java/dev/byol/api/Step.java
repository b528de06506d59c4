package dev.byol.api;

import java.util.Map;

/** The training step that a {@link Method} describes. */
public interface Step {
    /**
     * A view of every image of the batch, normalised: {@code [B, H, W, C]}.
     *
     * @throws IllegalArgumentException if the method has no such view
     */
    Tensor view(int index);

    /** The branch that is trained. */
    Branch online();

    /**
     * The branch that follows the online one and is never trained. It starts as a copy.
     *
     * @throws IllegalStateException if it was asked for with another updater
     */
    Branch target(TargetUpdater updater);

    /** A value that is fed with every step, such as labels of an online probe. */
    Tensor input(String name, Shape shape);

    /** The schedule's value at this step, a scalar. */
    Tensor scheduled(Schedule schedule);

    /**
     * Minimises another loss beside the one that the method returns, such as that of an online probe. Its gradient is taken by itself:
     * parameters that it does not reach are updated as without it, to the last bit where a rule looks at one parameter at a time. (A norm
     * of many gradients has the same terms, which an engine may add in another order.)
     *
     * @throws IllegalArgumentException if the loss is not a scalar
     */
    void alongside(Tensor loss);

    /** Reports a scalar with every step. */
    void report(String name, Tensor scalar);

    /**
     * Shows a value to the {@linkplain Measure measures}, which need not compute it again. The name is the paper's letter
     * followed by the view's index: {@code y0}, {@code z0} (online projection), {@code q0}, {@code z'0} (target projection).
     */
    void observe(String name, Tensor value);

    /** What was {@linkplain #observe shown} so far, by name; no gradient flows back through it. */
    Map<String, Tensor> observed();
}
