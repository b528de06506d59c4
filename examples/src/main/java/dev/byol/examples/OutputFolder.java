package dev.byol.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder that a run leaves its results in; that it can be written to is known before anything starts. */
record OutputFolder(Path path) {
    static OutputFolder open(Path path) {
        try {
            Files.createDirectories(path);
            Files.delete(Files.createTempFile(path, ".writable", ""));
        } catch (IOException e) {
            throw new BadInput("--out " + path + " cannot be written to: " + e);
        }
        return new OutputFolder(path);
    }

    Path checkpoint() {
        return path.resolve("checkpoint").resolve("latest.safetensors");
    }

    Path encoder() {
        return path.resolve("encoder");
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
