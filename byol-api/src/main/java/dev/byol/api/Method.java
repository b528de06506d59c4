package dev.byol.api;

/** A self-supervised method: how views become a loss. Called once, to describe the step. */
public interface Method {
    /** The number of views of an image that the method takes. */
    default int views() {
        return 2;
    }

    /** The encoder that the method trains. */
    Encoder encoder();

    /** Describes the loss, a scalar. The order of calls is contract: batch statistics advance as networks are called. */
    Tensor loss(Step step);
}
