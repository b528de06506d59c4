package dev.byol.examples;

/** Something the user can mend: the message names it, what was found and what was expected. */
final class BadInput extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadInput(String message) {
        super(message);
    }

    /** @throws BadInput if the condition does not hold */
    static void require(boolean condition, String message) {
        if (!condition) {
            throw new BadInput(message);
        }
    }
}
