package dev.byol.examples;

import dev.byol.tf.ChosenDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The engine's tests against golden numbers, run on a device by a JVM of its own, since TensorFlow reads whether it may round factors
 * (TF32) when it starts. They are found where they are on the class path, together with JUnit's console: {@code gpu-check pack} of the
 * examples puts them there.
 */
final class GoldenTests {
    private static final String RUNNER = "org.junit.platform.console.ConsoleLauncher";
    private static final String PACKAGE = "dev.byol.tf";
    private static final Pattern COUNT =
            Pattern.compile("\\[\\s*(\\d+) tests (found|successful|failed|skipped)\\s*\\]");
    private static final int LINES = 40;

    private final ChosenDevice device;
    private final Path out;

    /** @param out where what the tests said goes */
    GoldenTests(ChosenDevice device, Path out) {
        this.device = device;
        this.out = out;
    }

    /** Runs them, and says how many there are and how many fail. */
    boolean run(Map<String, Object> found) throws IOException, InterruptedException {
        try {
            Class.forName(RUNNER, false, GoldenTests.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IOException(
                    "the tests are not on the class path; examples/gpu-check pack makes a folder with them", e);
        }
        Files.createDirectories(out);
        Path log = out.resolve("goldens.txt");
        ProcessBuilder builder = new ProcessBuilder(command());
        builder.environment().put("NVIDIA_TF32_OVERRIDE", "0");
        builder.environment().putIfAbsent("TF_CPP_MIN_LOG_LEVEL", "2");
        int code = builder.redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        return read(code, Files.readString(log), found);
    }

    /** What JUnit's console said in the end; no test at all is a failure, too. */
    static boolean read(int code, String said, Map<String, Object> found) {
        Matcher count = COUNT.matcher(said);
        long passed = 0;
        while (count.find()) {
            long tests = Long.parseLong(count.group(1));
            found.put(count.group(2), tests);
            passed = count.group(2).equals("successful") ? tests : passed;
        }
        boolean ok = code == 0 && passed > 0;
        if (!ok) {
            List<String> lines = said.lines().toList();
            found.put("exitCode", code);
            found.put("said", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
        }
        return ok;
    }

    private List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add("-Dbyol.device=" + device.toString().toLowerCase(Locale.ROOT));
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith("org.bytedeco.javacpp.") || name.startsWith("cuda."))
                .map(name -> "-D" + name + "=" + System.getProperty(name))
                .forEach(command::add);
        command.addAll(List.of(RUNNER, "execute", "--disable-banner", "--details=summary"));
        command.addAll(List.of("--select-package", PACKAGE, "--include-classname", ".*GoldenTest"));
        return command;
    }
}
