package dev.byol.augment;

/** What a {@link GaussianBlur} takes for the pixels outside an image. */
public enum Border {
    /** The image mirrored at its edge pixels, which are not repeated: torchvision's. */
    REFLECT,

    /** Black: the {@code SAME} padding of SimCLR's and BYOL's own code, which darkens the margins. */
    ZERO
}
