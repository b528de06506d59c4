package dev.byol.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Files that belong together and take long to write: each is written beside its place, and all are moved there at the end. If it
 * does not come to that, because of an error or because the JVM is told to end, nothing is left of them.
 */
final class Drafts implements AutoCloseable {
    private final Map<Path, Path> drafts = new LinkedHashMap<>();
    private final Thread cleaner = new Thread(this::clean, "byol-drafts");

    Drafts() {
        Runtime.getRuntime().addShutdownHook(cleaner);
    }

    /**
     * Where to write what shall become a file.
     *
     * @param file in a folder that exists
     */
    synchronized Path of(Path file) {
        return drafts.computeIfAbsent(
                file, f -> f.resolveSibling("." + f.getFileName() + "." + UUID.randomUUID() + ".tmp"));
    }

    /** Moves all files to their places. Older ones are taken away first: what lies there belongs together at any moment. */
    synchronized void commit() throws IOException {
        for (Path file : drafts.keySet()) {
            Files.deleteIfExists(file);
        }
        List<Path> files = new ArrayList<>(drafts.keySet());
        for (Path file : files) {
            Files.move(of(file), file, StandardCopyOption.ATOMIC_MOVE);
            drafts.remove(file);
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(cleaner);
        } catch (IllegalStateException e) {
            return; // the JVM ends: the hook does it
        }
        clean();
    }

    private synchronized void clean() {
        for (Path draft : drafts.values()) {
            try {
                Files.deleteIfExists(draft);
            } catch (IOException e) {
                System.getLogger(Drafts.class.getName())
                        .log(System.Logger.Level.WARNING, "a draft is left behind: {0}", e.getMessage());
            }
        }
        drafts.clear();
    }
}
