package dev.byol.examples;

import picocli.CommandLine.Option;

/** How the commands that embed images read them. */
final class ReadingOptions {
    @Option(names = "--batch", paramLabel = "N", description = "Images that are read at a time (${DEFAULT-VALUE}).")
    private int batch = 128;

    @Option(names = "--threads", paramLabel = "N", description = "Threads that read images (${DEFAULT-VALUE}).")
    private int threads = Device.loaderThreads();

    void validate() {
        BadInput.require(batch >= 1, "--batch must be at least 1, got " + batch);
        BadInput.require(threads >= 1, "--threads must be at least 1, got " + threads);
    }

    int batch() {
        return batch;
    }

    int threads() {
        return threads;
    }
}
