package dev.byol.tf;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Files and folders that appear whole. */
final class Directories {
    private Directories() {}

    /** A path beside another one that nothing has yet, hidden; what is made there has the usual permissions. */
    static Path beside(Path path) {
        return path.toAbsolutePath().resolveSibling("." + path.getFileName() + "-" + UUID.randomUUID());
    }

    /** Flushes a folder's entries to the disk, so that a file that was moved there is there after a loss of power too. */
    static void sync(Path directory) throws IOException {
        if (File.separatorChar == '\\') {
            return; // Windows opens no folder
        }
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Whether a folder holds anything. */
    static boolean isFilled(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.findAny().isPresent();
        }
    }

    /** Moves a finished folder to where it belongs; one that is there gives way, or stays where that fails. */
    static void replace(Path finished, Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.move(finished, directory, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        Path old = beside(directory);
        Files.move(directory, old, StandardCopyOption.ATOMIC_MOVE);
        try {
            Files.move(finished, directory, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.move(old, directory, StandardCopyOption.ATOMIC_MOVE);
            throw e;
        }
        delete(old);
    }

    /** Deletes a folder and all that is in it, if it exists. */
    static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(directory)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.delete(path);
        }
    }
}
