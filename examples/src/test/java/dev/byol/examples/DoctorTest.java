package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.tf.Environment.Finding;
import dev.byol.tf.Environment.Verdict;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Help.Ansi;

class DoctorTest {
    @TempDir
    Path temp;

    @Test
    void thisMachine_isReady() {
        Cli cli = Cli.run("doctor", "--out", temp.resolve("out").toString());
        assertThat(cli.code()).as(cli.out() + cli.err()).isZero();
        assertThat(cli.out())
                .contains("java ", "TensorFlow 2.18", "oneDNN ", "gpu ", temp.toString())
                .endsWith("Ready to train: ./byol pretrain\n");
        assertThat(cli.out()
                        .lines()
                        .filter(line -> line.matches("\\S.{9}(ok   |note |FAULT)  .*"))
                        .count())
                .isGreaterThan(10);
    }

    @Test
    void folderThatCannotBeWritten_isAFault() throws IOException {
        Path file = Files.createFile(temp.resolve("file"));
        Cli cli = Cli.run("doctor", "--out", file.resolve("out").toString());
        assertThat(cli.code()).isEqualTo(1);
        assertThat(cli.out())
                .contains("disk      FAULT  " + file, "→ Name another one with --out", "Not ready to train");
    }

    @Test
    void lines_areAlignedAndWrapped() {
        List<Finding> findings = List.of(
                new Finding(Verdict.OK, "cpu", "fast", ""),
                new Finding(Verdict.NOTE, "memory", "one two three four", "Buy some more of it"));
        assertThat(Doctor.lines(findings, 26, Ansi.OFF))
                .containsExactly(
                        "cpu     ok     fast",
                        "memory  note   one two",
                        "               three four",
                        "               → Buy some",
                        "                 more of",
                        "                 it");
        assertThat(Doctor.lines(findings, 80, Ansi.ON).get(0)).matches("cpu     \u001b\\[32mok\u001b\\[.*m     fast");
    }

    @Test
    void lines_narrowerThanAWord_keepIt() {
        List<Finding> findings = List.of(new Finding(Verdict.FAULT, "cache", "/a/long/path", ""));
        assertThat(Doctor.lines(findings, 10, Ansi.OFF)).containsExactly("cache  FAULT  /a/long/path");
    }

    @Test
    void archives_countWhatIsThere() throws IOException {
        Path cache = Files.createDirectories(temp.resolve("cache"));
        Files.write(cache.resolve("a.tar"), new byte[3 << 20]);
        assertThat(Doctor.archives(cache))
                .isEqualTo(new Finding(Verdict.OK, "archives", cache + ", 3 MiB of unpacked images", ""));
        assertThat(Doctor.archives(cache.resolve("a.tar/below")).remedy()).contains("XDG_CACHE_HOME");
        assertThat(Doctor.archives(temp.resolve("none")).fact()).contains("0 MiB");
    }

    /** Both what the doctor says and how a command ends, in JVMs without the library. */
    @Test
    void withoutNativeLibrary_doctorAndCommandsSayTheSame() throws IOException, InterruptedException {
        Path out = temp.resolve("said");
        assertThat(withoutNatives(out, "doctor")).isEqualTo(1);
        String fact = "no native library for linux-x86_64";
        assertThat(Files.readString(out)).contains("native    FAULT  " + fact, "tensorflow-core-native:1.1.0");
        assertThat(withoutNatives(out, "benchmark", "--steps", "1")).isEqualTo(Main.BAD_INPUT);
        assertThat(Files.readString(out))
                .startsWith("byol: TensorFlow cannot start: " + fact)
                .contains("Add org.tensorflow:tensorflow-core-native:1.1.0")
                .doesNotContain("\tat ");
    }

    private static int withoutNatives(Path out, String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = Jvm.of(Main.class, arguments);
        List<String> command = new ArrayList<>(builder.command());
        int classPath = command.indexOf("-cp") + 1;
        command.set(
                classPath,
                Stream.of(command.get(classPath).split(File.pathSeparator))
                        .filter(path -> !path.matches(".*tensorflow-core-native-[\\d.]+-[a-z].*\\.jar"))
                        .collect(Collectors.joining(File.pathSeparator)));
        return builder.command(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start()
                .waitFor();
    }
}
