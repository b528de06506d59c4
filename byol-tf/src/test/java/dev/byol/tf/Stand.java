package dev.byol.tf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A folder that stands for the root of a machine, with files that a test writes into it. */
final class Stand {
    private final Path root;
    private final Map<String, String> properties = new LinkedHashMap<>();
    private final Map<String, String> variables = new LinkedHashMap<>();

    Stand(Path root) {
        this.root = root;
    }

    Stand file(String path, String... lines) {
        try {
            Path file = root.resolve(path.substring(1));
            Files.createDirectories(file.getParent());
            Files.writeString(file, String.join("\n", lines) + "\n");
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Stand property(String name, Object value) {
        properties.put(name, value.toString());
        return this;
    }

    Stand variable(String name, Object value) {
        variables.put(name, value.toString());
        return this;
    }

    Machine machine() {
        return new Machine(root, properties, variables, 2);
    }
}
