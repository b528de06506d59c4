package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.byol.tf.FolderLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.Event;

/**
 * A run that goes on equals one that was never interrupted. What a killed run leaves is made from a whole one: its report is taken away,
 * and its newer checkpoints. {@link KillTest} kills real ones.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResumeTest {
    private Path temp;
    private Path whole;
    private String data;

    @BeforeAll
    void run(@TempDir Path folder) throws IOException {
        temp = folder;
        data = "stl10:" + new ShapesData(16, 40, 30, 20, 1).in(temp.resolve("cache"), line -> {}) + "?size=16";
        whole = temp.resolve("whole");
        Cli cli = pretrain("--out", whole.toString(), "--checkpoint-steps", "3", "--keep", "99");
        assertThat(cli.code()).as(cli.err()).isZero();
        assertThat(steps(whole)).containsExactly(0, 3, 6, 9, 10);
    }

    private Cli pretrain(String... more) {
        return pretrain(2, more);
    }

    private Cli pretrain(int epochs, String... more) {
        List<String> arguments = Cli.tinyPretrain(data, "--epochs", "" + epochs); // of five steps
        arguments.addAll(List.of(more));
        return Cli.run(arguments);
    }

    private static List<Path> checkpoints(Path out) throws IOException {
        try (Stream<Path> files = Files.list(out.resolve("checkpoint"))) {
            return files.filter(file -> file.toString().endsWith(".safetensors"))
                    .sorted()
                    .toList();
        }
    }

    private static int step(Path checkpoint) {
        return Integer.parseInt(checkpoint.getFileName().toString().replaceAll(".*-step-|\\.safetensors", ""));
    }

    private static List<Integer> steps(Path out) throws IOException {
        return checkpoints(out).stream().map(ResumeTest::step).toList();
    }

    /** The whole run as if it had been killed at its end, with the last checkpoint after a step. */
    private Path killed(String name, int step) throws IOException {
        Path out = temp.resolve(name);
        copy(whole, out);
        Files.delete(out.resolve("report.json"));
        Files.delete(out.resolve("report.html"));
        for (Path checkpoint : checkpoints(out)) {
            if (step(checkpoint) > step) {
                Files.delete(checkpoint);
            }
        }
        return out;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private Cli resume(Path out, String... more) {
        List<String> arguments = new ArrayList<>(List.of("pretrain", "--resume", out.toString()));
        arguments.addAll(List.of(more));
        return Cli.run(arguments.toArray(String[]::new));
    }

    private void assertAsIfUninterrupted(Path out) throws IOException {
        assertThat(out.resolve("metrics.csv")).hasSameBinaryContentAs(whole.resolve("metrics.csv"));
        assertThat(report(out)).isEqualTo(report(whole));
        assertThat(events(out)).isEqualTo(events(whole));
        assertThat(out.resolve("encoder/saved_model.pb")).isNotEmptyFile();
        assertThat(out.resolve("encoder-untrained/saved_model.pb")).isNotEmptyFile();
        assertThat(out.resolve("report.html")).isNotEmptyFile();
        try (Stream<Path> files = Files.list(out)) {
            assertThat(files).noneMatch(file -> file.getFileName().toString().startsWith("."));
        }
    }

    /** All of it, the digest of the variables too, but what the clock says and what may change. */
    private static Map<String, Object> report(Path out) throws IOException {
        Map<String, Object> report = new HashMap<>(JSON.std.mapFrom(Files.readString(out.resolve("report.json"))));
        ((Map<?, ?>) report.get("config")).remove("loader threads");
        assertThat(report.keySet()).contains("imagesPerSecond", "secondsTotal");
        assertThat(((Map<?, ?>) report.get("config")).get("digest")).asString().hasSize(64);
        report.keySet().removeAll(List.of("imagesPerSecond", "secondsTotal"));
        return report;
    }

    /** Step and scalars of each event of the one event file. */
    private static List<String> events(Path out) throws IOException {
        List<Path> files;
        try (Stream<Path> children = Files.list(out)) {
            files = children.filter(file -> file.getFileName().toString().startsWith("events."))
                    .toList();
        }
        assertThat(files).hasSize(1);
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(files.get(0))).order(ByteOrder.LITTLE_ENDIAN);
        List<String> events = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte[] data = new byte[Math.toIntExact(bytes.getLong())];
            bytes.position(bytes.position() + 4);
            bytes.get(data).position(bytes.position() + 4);
            Event event = Event.parseFrom(data);
            events.add(event.getStep() + " " + event.getFileVersion() + event.getSummary());
        }
        assertThat(events).hasSize(1 + 10);
        return events;
    }

    @Test
    void run_goesOnAsIfUninterrupted_fromItsStart_theMiddleOfAnEpoch_andItsLastStep() throws IOException {
        for (int step : new int[] {0, 3, 6, 10}) {
            Path out = killed("killed-" + step, step);
            if (step == 0) {
                Files.delete(out.resolve("metrics.csv")); // not written yet
                delete(out.resolve("encoder-untrained"));
            } else {
                delete(out.resolve("encoder"));
                Files.createDirectories(out.resolve(".encoder-123e4567-e89b-12d3-a456-426614174000/variables"));
                Files.writeString(out.resolve(".metrics.csv.123e4567-e89b-12d3-a456-426614174000.tmp"), "half");
            }
            Cli cli = resume(out, "--threads", "1");
            assertThat(cli.code()).as(cli.err()).isZero();
            assertThat(cli.out()).contains("goes on after step " + step + " of 10", "report ");
            assertAsIfUninterrupted(out);
        }
    }

    @Test
    void eventFile_thatIsDamagedBehindTheCheckpoint_isCutThere() throws IOException {
        Path out = killed("torn", 6);
        try (Stream<Path> files = Files.list(out)) {
            Path events = files.filter(file -> file.getFileName().toString().startsWith("events."))
                    .findFirst()
                    .orElseThrow();
            byte[] bytes = Files.readAllBytes(events);
            Files.write(events, java.util.Arrays.copyOf(bytes, bytes.length - 7));
        }
        assertThat(resume(out).code()).isZero();
        assertAsIfUninterrupted(out);
    }

    @Test
    void damagedCheckpoint_isNamed_andTheNextOlderOneIsTaken() throws IOException {
        Path out = killed("damaged", 9);
        Path newest = checkpoints(out).get(3);
        byte[] bytes = Files.readAllBytes(newest);
        bytes[bytes.length / 2] ^= 16;
        Files.write(newest, bytes);
        Cli cli = resume(out);
        assertThat(cli.code()).as(cli.err()).isZero();
        assertThat(cli.out())
                .contains("passed over: " + newest, "the checksum is wrong of ", "goes on after step 6 of 10");
        assertAsIfUninterrupted(out);
    }

    @Test
    void finishedRun_saysSo_andIsLeftAlone() throws IOException {
        Path out = temp.resolve("finished");
        copy(whole, out);
        Cli cli = resume(out);
        assertThat(cli.code()).isZero();
        assertThat(cli.out()).contains("the run in " + out + " is finished after step 10: report " + out);
        assertAsIfUninterrupted(out);
        assertThat(steps(out)).isEqualTo(steps(whole));
    }

    private static void assertRefused(Cli cli, String... words) {
        assertThat(cli.code()).as(cli.out()).isEqualTo(2);
        assertThat(cli.err()).contains(words).doesNotContain("\tat ");
    }

    @Test
    void fixedSettings_givenOtherwise_areRefusedByName_andGivenAgainAreTaken() throws IOException {
        Path out = killed("changed", 9);
        assertRefused(
                resume(out, "--epochs", "3", "--learning-rate", "0.1", "--mlp", "16,4", "--seed", "1"),
                checkpoints(out).get(3).toString(),
                "--epochs is 2, given 3",
                "--learning-rate is 0.2, given 0.1",
                "--mlp is 16,8, given 16,4");
        assertThat(resume(out, "--epochs", "3").err()).doesNotContain("--seed", "--batch");
        Cli cli = resume(out, "--batch", "8", "--learning-rate", "0.20", "--keep", "1", "--encoder", "RESNET10");
        assertThat(cli.code()).as(cli.err()).isZero();
        assertAsIfUninterrupted(out);
        assertThat(steps(out)).containsExactly(10);
    }

    @Test
    void otherData_areRefused_movedOnesAreNot() throws IOException {
        Path out = killed("data", 9);
        String others = "stl10:" + new ShapesData(16, 40, 30, 20, 2).in(temp.resolve("cache"), line -> {}) + "?size=16";
        assertRefused(
                resume(out, "--data", others), "not the data that the run began with", "data fingerprint", others);
        Path moved = temp.resolve("moved");
        copy(Path.of(data.substring("stl10:".length(), data.indexOf('?'))), moved);
        Cli cli = resume(out, "--data", "stl10:" + moved + "?size=16");
        assertThat(cli.code()).as(cli.err()).isZero();
        assertThat(out.resolve("metrics.csv")).hasSameBinaryContentAs(whole.resolve("metrics.csv"));
    }

    @Test
    void metrics_thatLackSteps_areNamed() throws IOException {
        Path out = killed("lacking", 9);
        List<String> lines = new ArrayList<>(Files.readAllLines(out.resolve("metrics.csv")));
        lines.remove(5);
        Files.write(out.resolve("metrics.csv"), lines);
        assertRefused(resume(out), "metrics.csv, line 6: expected the numbers of step 4, found 5,");
    }

    @Test
    void unfinishedRun_isNotOverwrittenUnasked() throws IOException {
        Path out = killed("unfinished", 6);
        assertRefused(pretrain("--out", out.toString()), "holds an unfinished run", "--resume " + out, "--overwrite");
        assertThat(steps(out)).containsExactly(0, 3, 6);
        Cli cli = pretrain("--out", out.toString(), "--overwrite");
        assertThat(cli.code()).as(cli.err()).isZero();
        assertAsIfUninterrupted(out);
        assertThat(steps(out)).as("none of the earlier run").containsExactly(0, 10);
    }

    @Test
    void secondRun_inAFolderInUse_isRefusedByName() throws IOException {
        Path out = killed("used", 6);
        try (FolderLock lock = FolderLock.take(out.resolve("checkpoint"))) {
            assertThat(lock).isNotNull();
            String process = "in use by process " + ProcessHandle.current().pid();
            assertRefused(resume(out), out.resolve("checkpoint").toString(), process);
            assertRefused(pretrain("--out", out.toString(), "--overwrite"), out.toString(), process);
        }
        assertThat(steps(out)).containsExactly(0, 3, 6);
    }

    /** The run saves after every step; once it has begun, its folder is deleted under it. */
    @Test
    void deletedFolder_isMadeAnew_andTheRunComesToItsEnd() throws IOException, InterruptedException {
        Path out = temp.resolve("deleted");
        Thread deleter = new Thread(() -> {
            try {
                while (!Files.isDirectory(out.resolve("checkpoint"))
                        || steps(out).size() < 3) {
                    Thread.sleep(1);
                }
                Files.move(out, temp.resolve("aside"));
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        deleter.start();
        Cli cli = pretrain(40, "--out", out.toString(), "--checkpoint-steps", "1");
        deleter.join();
        assertThat(cli.code()).as(cli.err()).isZero();
        assertThat(cli.out()).contains("its folder had vanished and is made anew");
        assertThat(Files.readAllLines(out.resolve("metrics.csv"))).hasSize(1 + 200);
        assertThat(report(out)).containsEntry("steps", 200);
        assertThat(steps(out)).contains(200);
        String variables = "encoder-untrained/variables/variables.data-00000-of-00001";
        assertThat(out.resolve(variables))
                .hasSameBinaryContentAs(temp.resolve("aside").resolve(variables));
    }

    @Test
    void whatIsNoRun_isASentence() throws IOException {
        assertRefused(resume(temp.resolve("absent")), "--resume ", "absent holds no run");
        Path empty = Files.createDirectories(temp.resolve("empty/checkpoint")).getParent();
        assertRefused(resume(empty), "--resume " + empty + " holds no checkpoint yet");
        assertRefused(resume(empty, "--out", "x"), "leave --out and --overwrite away");
        assertRefused(resume(empty, "--keep", "0"), "--keep must be at least 1, got 0");
        assertRefused(pretrain("--checkpoint-steps", "-1"), "--checkpoint-steps must be at least 0, got -1");
        assertRefused(pretrain("--checkpoint-minutes", "NaN"), "--checkpoint-minutes must be in [0, 1000000], got NaN");
    }
}
