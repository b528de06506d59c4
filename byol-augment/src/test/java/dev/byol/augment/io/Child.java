package dev.byol.augment.io;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Runs a test's class as a program in a Java of its own. */
final class Child {
    private Child() {}

    /**
     * Runs the program to its end.
     *
     * @param options of Java
     * @return the lines that it prints, in UTF-8
     * @throws IllegalStateException if it fails
     */
    static List<String> run(Class<?> main, Map<String, String> environment, List<String> options, Path argument)
            throws IOException, InterruptedException, URISyntaxException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", root(ImageFolder.class) + File.pathSeparator + root(main)));
        command.addAll(List.of(main.getName(), argument.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            List<String> lines = out.lines().toList();
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + " has failed after " + lines);
            }
            return lines;
        } finally {
            process.destroyForcibly();
        }
    }

    /** The folder that a class has been read from, though it is patched into a module. */
    private static Path root(Class<?> type) throws URISyntaxException {
        String file = type.getName().replace('.', '/') + ".class";
        URI uri = type.getResource("/" + file).toURI();
        Path path = Path.of(uri);
        return Stream.iterate(path, Path::getParent)
                .skip(file.split("/").length)
                .findFirst()
                .orElseThrow();
    }
}
