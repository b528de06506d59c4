package dev.byol.augment.io;

import java.io.IOException;
import java.nio.file.Path;

/** A path that does not hold what it should: the message has the path, what was found and what was expected. */
public final class DatasetException extends IOException {
    private static final long serialVersionUID = 1;

    private final String path;
    private final String found;
    private final String expected;

    /**
     * @param path what was looked at
     * @param found what is there, as in "1000 bytes"
     * @param expected what should be there, as in "a multiple of 27648 bytes"
     */
    public DatasetException(Path path, String found, String expected) {
        super(path + ": found " + found + ", expected " + expected);
        this.path = path.toString();
        this.found = found;
        this.expected = expected;
    }

    /** What was looked at. */
    public Path path() {
        return Path.of(path);
    }

    /** What is there. */
    public String found() {
        return found;
    }

    /** What should be there. */
    public String expected() {
        return expected;
    }
}
