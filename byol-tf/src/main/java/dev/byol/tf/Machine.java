package dev.byol.tf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The system as its files, Java's properties and environment variables show it.
 *
 * @param root stands for {@code /}
 */
record Machine(Path root, Map<String, String> properties, Map<String, String> variables, int processors) {
    static Machine here() {
        Map<String, String> properties = System.getProperties().stringPropertyNames().stream()
                .collect(Collectors.toMap(name -> name, name -> System.getProperty(name, "")));
        return new Machine(
                Path.of("/"), properties, System.getenv(), Runtime.getRuntime().availableProcessors());
    }

    /** Where an absolute path is. */
    Path at(String path) {
        return root.resolve(path.substring(1));
    }

    /** All of a file; empty where there is none that can be read. */
    String text(String path) {
        try {
            return Files.readString(at(path), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    List<String> lines(String path) {
        return text(path).lines().toList();
    }

    /** What stands behind a key and a colon or a space; of the first such line that has something there. */
    Optional<String> value(String path, String key) {
        return lines(path).stream()
                .filter(line -> line.matches("\\Q" + key + "\\E\\s*[: ].*"))
                .map(line ->
                        line.substring(key.length()).replaceFirst("^\\s*:?", "").strip())
                .filter(value -> !value.isEmpty())
                .findFirst();
    }

    /** What is in a folder, sorted; nothing where there is none. */
    List<Path> list(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    String property(String name) {
        return properties.getOrDefault(name, "");
    }

    String variable(String name) {
        return variables.getOrDefault(name, "");
    }
}
