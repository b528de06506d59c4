package dev.byol.tf;

/** What the convolutions of a training step compute in. Parameters, heads, loss, statistics and updates are always float32. */
public enum Precision {
    /**
     * Everything in float32. GPUs from NVIDIA's Ampere on round the factors of convolutions and matrix products to TF32 (10 bits), as
     * TensorFlow has it; the environment variable {@code NVIDIA_TF32_OVERRIDE=0} keeps all of them.
     */
    FLOAT32,
    /** Convolutions and the activations between them in bfloat16; about twice as fast on processors that have it. */
    BFLOAT16
}
