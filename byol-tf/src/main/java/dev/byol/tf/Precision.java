package dev.byol.tf;

/** What the convolutions of a training step compute in. Parameters, heads, loss, statistics and updates are always float32. */
public enum Precision {
    /** Everything in float32. */
    FLOAT32,
    /** Convolutions and the activations between them in bfloat16; about twice as fast on processors that have it. */
    BFLOAT16
}
