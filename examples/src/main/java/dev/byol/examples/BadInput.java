package dev.byol.examples;

/** Something the user can mend: the message names it, what was found and what was expected. */
final class BadInput extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadInput(String message) {
        super(message);
    }
}
