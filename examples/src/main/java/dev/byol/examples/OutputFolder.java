package dev.byol.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The folder that a run leaves its results in. */
record OutputFolder(Path path) {
    /**
     * A folder that can take the results, as far as can be known; nothing is made or changed yet.
     *
     * @throws BadInput if it cannot be written, or something else is in the place of a result
     */
    static OutputFolder open(Path path) {
        OutputFolder folder = new OutputFolder(path);
        try {
            OutputFile.requireWritable(path);
            for (Path file : List.of(folder.report(), folder.page(), folder.metrics(), folder.checkpoint())) {
                folder.require(!Files.isDirectory(file), file + " is a folder, expected a file or nothing");
            }
            for (Path directory : List.of(folder.encoder(), folder.untrained(), path.resolve("checkpoint"))) {
                folder.require(
                        !Files.exists(directory) || Files.isDirectory(directory),
                        directory + " is a file, expected a folder or nothing");
            }
            for (Path model : List.of(folder.encoder(), folder.untrained())) {
                folder.require(
                        isEmpty(model) || Files.exists(model.resolve("saved_model.pb")),
                        model + " has something else in it than an exported encoder");
            }
        } catch (IOException e) {
            throw new BadInput("--out " + path + " cannot be written to: " + e.getMessage());
        }
        return folder;
    }

    private void require(boolean condition, String message) {
        if (!condition) {
            throw new BadInput("--out " + path + " cannot be written to: " + message);
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return true;
        }
        try (Stream<Path> children = Files.list(directory)) {
            return children.findAny().isEmpty();
        }
    }

    /** Makes the folder and takes away the reports, numbers and events of an earlier run, which this one does not continue. */
    void begin() throws IOException {
        Files.createDirectories(path);
        for (Path file : List.of(report(), page(), metrics())) {
            Files.deleteIfExists(file);
        }
        List<Path> events;
        try (Stream<Path> children = Files.list(path)) {
            events = children.filter(
                            child -> child.getFileName().toString().matches("events\\.out\\.tfevents\\..*\\.byol"))
                    .toList();
        }
        for (Path file : events) {
            Files.delete(file);
        }
    }

    Path checkpoint() {
        return path.resolve("checkpoint").resolve("latest.safetensors");
    }

    Path encoder() {
        return path.resolve("encoder");
    }

    /** The same network before its training, for whoever wants to compare. */
    Path untrained() {
        return Encoders.untrained(encoder());
    }

    Path metrics() {
        return path.resolve("metrics.csv");
    }

    Path report() {
        return path.resolve("report.json");
    }

    Path page() {
        return path.resolve("report.html");
    }
}
