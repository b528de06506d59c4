package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts in JVMs of their own, since a process starts TensorFlow once. */
class EngineTest {
    @TempDir
    Path temp;

    /** Starts twice and says how that ended. */
    static final class Start {
        private Start() {}

        public static void main(String... args) {
            for (int i = 0; i < 2; i++) {
                try {
                    Engine.start();
                    System.out.println("started");
                } catch (EngineException e) {
                    System.out.println(e.getMessage());
                }
            }
        }
    }

    private static boolean isNative(String path) {
        return path.matches(".*tensorflow-core-native-[\\d.]+-[a-z].*\\.jar");
    }

    private static List<String> classPath() {
        return Stream.of("java.class.path", "jdk.module.path")
                .flatMap(name -> Stream.of(System.getProperty(name, "").split(File.pathSeparator)))
                .filter(path -> !path.isEmpty())
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** What both attempts say. */
    private String start(List<String> classPath, String... options) throws IOException, InterruptedException {
        String said = said(temp.resolve("out"), classPath, List.of(options), Map.of(), Start.class)
                .strip();
        int half = said.length() / 2;
        assertThat(said.substring(0, half))
                .as("the second attempt")
                .isEqualTo(said.substring(half).strip());
        return said.substring(0, half);
    }

    /** What a main class says in a JVM of its own, with this one's classes. */
    static String said(Path out, Map<String, String> variables, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        return said(out, classPath(), List.of(), variables, main, arguments);
    }

    private static String said(
            Path out,
            List<String> classPath,
            List<String> options,
            Map<String, String> variables,
            Class<?> main,
            String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1"));
        command.addAll(options);
        List<String> classes = new ArrayList<>(classPath);
        classes.add(Path.of("target", "test-classes").toAbsolutePath().toString());
        command.addAll(List.of("-cp", String.join(File.pathSeparator, classes), main.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
        builder.environment().put("TF_CPP_MIN_LOG_LEVEL", "2");
        builder.environment().putAll(variables);
        assertThat(builder.start().waitFor()).as(Files.readString(out)).isZero();
        return Files.readString(out);
    }

    @Test
    void noNativeLibrary_saysWhatToAdd() throws IOException, InterruptedException {
        List<String> classPath = classPath();
        assertThat(classPath.removeIf(EngineTest::isNative)).isTrue();
        String platform =
                Natives.on(Machine.here(), getClass().getClassLoader()).platform();
        assertThat(start(classPath))
                .startsWith("TensorFlow cannot start: no native library for " + platform)
                .contains("Add org.tensorflow:tensorflow-core-native:1.1.0 with the classifier " + platform);
    }

    @Test
    void twoNativeLibraries_areNamed() throws IOException, InterruptedException {
        assumeLinux();
        List<String> classPath = classPath();
        Path second = temp.resolve("second/org/tensorflow/internal/c_api/linux-x86_64-gpu/libjnitensorflow.so");
        Files.createDirectories(second.getParent());
        Files.createFile(second);
        classPath.add(temp.resolve("second").toString());
        assertThat(start(classPath))
                .startsWith("TensorFlow cannot start: more than one native library")
                .contains(second.toString(), "remove the other");
    }

    /** A real disk of a MiB, where one may be mounted. */
    @Test
    void noSpaceToUnpack_saysHowMuchIsNeeded() throws IOException, InterruptedException {
        assumeLinux();
        Path cache = mounted("size=1m");
        try {
            assertThat(start(classPath(), "-D" + NativeCache.PROPERTY + "=" + cache))
                    .startsWith("TensorFlow cannot start:")
                    .contains(
                            "cache: " + cache,
                            "MiB are to be unpacked. Make room, or name another folder with -D" + NativeCache.PROPERTY,
                            "native: the library does not load");
        } finally {
            assertThat(Commands.run("umount", cache.toString())).isTrue();
        }
    }

    /** A real disk that nothing may be loaded from, where one may be mounted; it has room for the smallest of the libraries only. */
    @Test
    void noExecutePermission_saysWhatToDo() throws IOException, InterruptedException {
        assumeLinux();
        Path cache = mounted("size=60m,noexec");
        try {
            assertThat(start(classPath(), "-D" + NativeCache.PROPERTY + "=" + cache))
                    .startsWith("TensorFlow cannot start:")
                    .contains("cache: " + cache, "noexec", "Remount it with exec, or name another folder");
        } finally {
            assertThat(Commands.run("umount", cache.toString())).isTrue();
        }
    }

    private Path mounted(String options) throws IOException, InterruptedException {
        Path cache = Files.createDirectories(temp.resolve("cache"));
        assumeTrue(
                Commands.run("mount", "-t", "tmpfs", "-o", options, "tmpfs", cache.toString()),
                "no disk can be mounted");
        return cache;
    }

    private static void assumeLinux() {
        assumeTrue(
                Natives.on(Machine.here(), EngineTest.class.getClassLoader())
                        .platform()
                        .equals("linux-x86_64"),
                "not on Linux x86-64");
    }
}
