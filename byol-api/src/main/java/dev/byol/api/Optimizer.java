package dev.byol.api;

/** An update rule, or a part of one. */
@FunctionalInterface
public interface Optimizer {
    /**
     * The direction that is subtracted from the parameter.
     *
     * @param gradient the loss's gradient, or what an earlier part of a chain made of it; of the parameter's shape
     */
    Tensor direction(Parameter parameter, Tensor gradient, Update update);
}
