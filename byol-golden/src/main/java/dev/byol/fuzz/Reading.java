package dev.byol.fuzz;

/** Reads a file's content, of which nothing is to be believed. */
@FunctionalInterface
public interface Reading {
    /**
     * Reads the content whole.
     *
     * @param pastHeader to be run once what the file says about itself has been accepted
     * @throws Exception an {@code IOException} if the content is refused; anything else is a failure
     */
    void read(byte[] content, Runnable pastHeader) throws Exception;
}
