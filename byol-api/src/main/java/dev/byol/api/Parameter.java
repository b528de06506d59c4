package dev.byol.api;

/** A trainable tensor. Its path is relative to its branch, so that the parameters of online and target match. */
public interface Parameter extends Tensor {
    /** The path below the branch, such as {@code encoder/layer1/block0/conv1/kernel}. */
    String path();

    /** What the parameter is for. */
    Role role();

    /** Roles decide what weight decay and adaptation apply to. */
    enum Role {
        /** Weights of a convolution or a linear layer. */
        KERNEL,
        /** Added after a kernel. */
        BIAS,
        /** The scale of a normalisation. */
        NORM_SCALE,
        /** The offset of a normalisation. */
        NORM_OFFSET
    }
}
