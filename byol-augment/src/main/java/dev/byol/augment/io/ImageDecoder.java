package dev.byol.augment.io;

import dev.byol.augment.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Decodes image files to RGB of 8 bits. Immutable and safe to share between threads. */
public final class ImageDecoder {
    /** A decoder to RGB of 8 bits. */
    public ImageDecoder() {}

    /**
     * Decodes a file.
     *
     * @throws IOException if the file cannot be read or decoded; the message has its path
     */
    public Image decode(Path file) throws IOException {
        return open(file).decode();
    }

    /**
     * Decodes a file's content.
     *
     * @param content the whole file
     * @param name what messages call it
     * @throws IOException if it cannot be decoded; the message has its name
     */
    public Image decode(byte[] content, String name) throws IOException {
        return open(content, name).decode();
    }

    /**
     * Reads a file, and of its image the header; pixels are decoded later.
     *
     * @throws IOException if the file cannot be read or is no image that can be decoded; the message has its path
     */
    public LazyImage open(Path file) throws IOException {
        return open(Files.readAllBytes(file), file.toString());
    }

    /**
     * Reads the header of a file's content; pixels are decoded later.
     *
     * @param content the whole file, which must not change until the image is decoded
     * @param name what messages call it
     * @throws IOException if it is no image that can be decoded; the message has its name
     */
    public LazyImage open(byte[] content, String name) throws IOException {
        return LazyImage.of(Decoder.decode(content, name));
    }
}
