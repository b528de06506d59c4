package dev.byol.tf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders that appear whole. */
final class Directories {
    private Directories() {}

    /** Moves a finished folder to where it belongs; one that is there gives way first. */
    static void replace(Path finished, Path directory) throws IOException {
        if (Files.exists(directory)) {
            Path old = Files.createTempDirectory(directory.toAbsolutePath().getParent(), ".old");
            Files.move(directory, old, StandardCopyOption.ATOMIC_MOVE);
            Files.move(finished, directory, StandardCopyOption.ATOMIC_MOVE);
            delete(old);
        } else {
            Files.move(finished, directory, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static void delete(Path directory) throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(directory)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.delete(path);
        }
    }
}
