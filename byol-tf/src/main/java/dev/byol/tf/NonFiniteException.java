package dev.byol.tf;

/**
 * A step whose loss, gradients or new parameters are not finite. Nothing was updated: variables and step are those before it, so that a
 * loop may save them, go on with other images, or {@linkplain Trainer#restore go back} to its last checkpoint.
 */
public final class NonFiniteException extends ArithmeticException {
    private static final long serialVersionUID = 1;

    private final transient NonFinite origin;

    NonFiniteException(NonFinite origin) {
        super(origin + "; nothing was updated");
        this.origin = origin;
    }

    /** What was not finite, and where it began. */
    public NonFinite origin() {
        return origin;
    }
}
