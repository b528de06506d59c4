package dev.byol.augment;

/** What a {@link View} does with operations that need colour, such as {@link Hue}, on an image that is not RGB. */
public enum ColourPolicy {
    /** Drawing throws, before anything is applied. */
    FAIL,

    /** The operation is left out; all others are drawn as for an RGB image. */
    SKIP
}
