package dev.byol.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The folder that a run leaves its results in. */
record OutputFolder(Path path) {
    private static final Pattern DRAFT = Pattern.compile(
            "\\.(encoder|encoder-untrained|metrics\\.csv|report\\.json|report\\.html)[.-][0-9a-f-]{36}(\\.tmp)?");

    /**
     * A folder that can take the results, as far as can be known; nothing is made or changed yet.
     *
     * @throws BadInput if it cannot be written, or something else is in the place of a result
     */
    static OutputFolder open(Path path) {
        OutputFolder folder = new OutputFolder(path);
        try {
            OutputFile.requireWritable(path);
            for (Path file : List.of(folder.report(), folder.page(), folder.metrics())) {
                folder.require(!Files.isDirectory(file), file + " is a folder, expected a file or nothing");
            }
            for (Path directory : List.of(folder.encoder(), folder.untrained(), folder.checkpoints())) {
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

    /** Whether a run has come to its end here: its page is written last. */
    boolean isFinished() {
        return Files.exists(report()) && Files.exists(page());
    }

    /** Takes away what a run that was killed left half written. */
    void sweep() throws IOException {
        List<Path> drafts;
        try (Stream<Path> children = Files.list(path)) {
            drafts = children.filter(child ->
                            DRAFT.matcher(child.getFileName().toString()).matches())
                    .toList();
        }
        for (Path draft : drafts) {
            delete(draft);
        }
    }

    private static void delete(Path draft) throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(draft)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.delete(path);
        }
    }

    /** Makes the folder and takes away the reports, numbers and events of an earlier run, which this one does not continue. */
    void begin() throws IOException {
        Files.createDirectories(path);
        sweep();
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

    /** The folder of the checkpoints. */
    Path checkpoints() {
        return path.resolve("checkpoint");
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
