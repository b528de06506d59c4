package dev.byol.examples;

import dev.byol.tf.FrozenEncoder;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option {@code --model} of the commands that take an exported encoder. */
final class ModelOption {
    @Option(
            names = "--model",
            required = true,
            paramLabel = "DIR",
            description =
                    "An exported encoder: the folder encoder/ of a run. It is a program: name only what you trust.")
    private Path model = Path.of("");

    Path path() {
        return model;
    }

    /** As {@link Encoders#load}. */
    FrozenEncoder load() throws IOException {
        return Encoders.load(model);
    }
}
