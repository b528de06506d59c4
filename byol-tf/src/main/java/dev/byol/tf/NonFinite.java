package dev.byol.tf;

import java.util.Optional;

/**
 * What was not finite in a step, and where that began: found by computing the step once more and looking at the values in the order of
 * the computation, forward to the loss, back to the gradients, then on to the new parameters.
 *
 * @param step the step that failed, from 1
 * @param quantity what was noticed: the loss, the norm of the gradients or that of the new parameters
 * @param value of the quantity: NaN or infinite; a norm is infinite too where its square is above 3.4e38, the largest float
 * @param operation what the first value that is not finite belongs to, such as {@code view 0, image 3}, an operation with its shape,
 *     or the gradient of one; empty if nothing is found when it is computed again
 * @param parameter the nearest parameter to it, by the name that it has in {@link Trainer#variables}; empty if it comes before all
 *     parameters, as an image does
 */
public record NonFinite(
        long step, String quantity, double value, Optional<String> operation, Optional<String> parameter) {
    /** In two sentences: what it was, and what can be done. */
    @Override
    public String toString() {
        String begins =
                operation.map(at -> ", and begins with " + at).orElse(", and nothing is found that it begins with");
        String near = parameter.map(name -> ", near " + name).orElse("");
        boolean isFed = operation.isPresent() && parameter.isEmpty();
        return "the " + quantity + " of step " + step + " is " + value + begins + near + ". "
                + (isFed
                        ? "Check what is fed"
                        : "Lower the learning rate, clip the gradients, or check that biases and norms are excluded from adaptation");
    }
}
