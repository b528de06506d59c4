package dev.byol.augment.io;

import java.io.IOException;

/** A file's content is not what its format says. The message does not name the file: {@link ImageDecoder} does. */
final class ImageFormatException extends IOException {
    private static final long serialVersionUID = 1;

    ImageFormatException(String found, String expected) {
        super("found " + found + ", expected " + expected);
    }
}
