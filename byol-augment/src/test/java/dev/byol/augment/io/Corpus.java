package dev.byol.augment.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Image files of all kinds and the pixels that Pillow 9.4 (libjpeg-turbo 2.1.5) makes of them: NAME.rgb beside each file, in the
 * test resources' folder {@code decode}. {@code make_corpus.py} there has made them, and makes any number of random ones.
 */
final class Corpus {
    private static final Path FOLDER = folder();

    private Corpus() {}

    private static Path folder() {
        try {
            return Path.of(Corpus.class.getResource("decode/make_corpus.py").toURI())
                    .getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The names of the image files with one of these beginnings, in their order; all without beginnings. */
    static List<String> names(String... beginnings) {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches(".*\\.(jpg|png|gif|bmp|tif|webp)"))
                    .filter(name ->
                            beginnings.length == 0 || Stream.of(beginnings).anyMatch(name::startsWith))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path file(String name) {
        return FOLDER.resolve(name);
    }

    static byte[] content(String name) {
        return bytes(file(name));
    }

    /** The pixels that Pillow makes of a file: R, G and B of every pixel, row by row. */
    static byte[] expected(String name) {
        return bytes(file(name.substring(0, name.lastIndexOf('.')) + ".rgb"));
    }

    /** Likewise at half, quarter or eighth size. */
    static byte[] expected(String name, String part) {
        return bytes(file(name.substring(0, name.lastIndexOf('.')) + "." + part + ".rgb"));
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
