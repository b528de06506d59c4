package dev.byol.examples;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Text files that are read whole, UTF-8. */
final class TextFiles {
    private TextFiles() {}

    /** @throws IOException if the file cannot be read or is no text: the message has its path */
    static String read(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new IOException(file + ": found bytes that are no text, expected UTF-8", e);
        }
    }

    /** @throws IOException as {@link #read} */
    static List<String> lines(Path file) throws IOException {
        return read(file).lines().toList();
    }
}
