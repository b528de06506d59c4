package dev.byol.examples;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Another JVM with the classes of this one. */
final class Jvm {
    private Jvm() {}

    /** Its standard error goes to that of this process. */
    static ProcessBuilder of(Class<?> main, String... arguments) {
        String classes = Stream.of("java.class.path", "jdk.module.path")
                .map(name -> System.getProperty(name, ""))
                .filter(path -> !path.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
        Path tests = Path.of("target", "test-classes").toAbsolutePath();
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> command = new ArrayList<>(List.of(
                java.toString(), "-XX:TieredStopAtLevel=1", "-Xmx512m", "-cp", tests + File.pathSeparator + classes));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("TF_CPP_MIN_LOG_LEVEL", "2");
        return builder;
    }

    /** Sends a signal, such as {@code INT}. */
    static void signal(Process process, String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }
}
