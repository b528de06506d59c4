package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Training JVMs that are killed: each goes on where the last one was killed, and in the end nothing tells the run from one that was left
 * alone. A handful of kills here; {@code mvn test -Pkill -pl examples -am} does a hundred.
 */
class KillTest {
    private static final int KILLS = Integer.getInteger("byol.kills", 3);
    private static final int STEPS_PER_KILL = 8;
    private static final int STEPS_PER_EPOCH = 5;

    @TempDir
    private Path temp;

    private String data;

    /** When a JVM is killed. */
    private enum Moment {
        /** At any moment of its start: before its classes are loaded, while it reads the checkpoint, in the first steps. */
        STARTING,
        /** At any moment of its training. */
        TRAINING,
        /** While a checkpoint is half written. */
        SAVING
    }

    @BeforeEach
    void make() throws IOException {
        data = "folder:" + Pngs.folder(temp.resolve("pictures"), 40, 20);
    }

    private String[] begin(Path out, int epochs) {
        return Cli.tinyPretrain(
                        data,
                        "--out",
                        out.toString(),
                        "--epochs",
                        "" + epochs,
                        "--threads",
                        "1",
                        "--checkpoint-steps",
                        "1")
                .toArray(String[]::new);
    }

    private static String digest(Path out) throws IOException {
        Map<String, Object> report = JSON.std.mapFrom(Files.readString(out.resolve("report.json")));
        return String.valueOf(((Map<?, ?>) report.get("config")).get("digest"));
    }

    /** The last checkpoint's number, which grows with each; 0 if there is none. */
    private static int saved(Path out) throws IOException {
        return names(out)
                .filter(name -> name.matches("\\d+-step-.*"))
                .mapToInt(name -> Integer.parseInt(name.substring(0, name.indexOf('-'))))
                .max()
                .orElse(0);
    }

    private static boolean isSaving(Path out) throws IOException {
        return names(out).anyMatch(name -> name.startsWith("."));
    }

    private static Stream<String> names(Path out) throws IOException {
        Path folder = out.resolve("checkpoint");
        if (!Files.isDirectory(folder)) {
            return Stream.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList().stream();
        }
    }

    @Test
    void killedRun_isTheOneThatWasNot() throws IOException, InterruptedException {
        int epochs = (KILLS * STEPS_PER_KILL + STEPS_PER_EPOCH - 1) / STEPS_PER_EPOCH;
        Path whole = temp.resolve("whole");
        Cli cli = Cli.run(begin(whole, epochs));
        assertThat(cli.code()).as(cli.err()).isZero();

        Path out = temp.resolve("killed");
        Random random = new Random(6);
        Map<Moment, Integer> kills = new TreeMap<>();
        int halfWritten = 0;
        int killed = 0;
        while (killed < KILLS) {
            Process process = start(out, epochs).start();
            Moment moment = Moment.values()[random.nextInt(Moment.values().length)];
            await(process, out, moment, random);
            process.destroyForcibly().waitFor(); // SIGKILL
            assertThat(process.exitValue()).as("killed, or ended well").isIn(128 + 9, 0);
            if (process.exitValue() != 0) {
                killed++;
                kills.merge(moment, 1, Integer::sum);
                halfWritten += isSaving(out) ? 1 : 0;
            } else if (killed < KILLS) { // it came to its end first: another one, of the same bits
                assertSame(out, whole);
                Files.move(out, temp.resolve("finished-" + killed + "-" + random.nextInt(1_000_000)));
            }
        }
        Process last = start(out, epochs).start();
        assertThat(last.waitFor()).isZero();
        assertSame(out, whole);
        System.getLogger(KillTest.class.getName())
                .log(
                        System.Logger.Level.INFO,
                        "{0} kills {1}, {2} of them left a half-written checkpoint; {3} steps, digest {4}",
                        killed,
                        kills,
                        halfWritten,
                        epochs * STEPS_PER_EPOCH,
                        digest(out));
    }

    /** A run that was killed before its first checkpoint begins anew. */
    private ProcessBuilder start(Path out, int epochs) throws IOException {
        return (saved(out) > 0
                        ? Jvm.of(Main.class, "pretrain", "--resume", out.toString())
                        : Jvm.of(Main.class, begin(out, epochs)))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    }

    private static void await(Process process, Path out, Moment moment, Random random)
            throws IOException, InterruptedException {
        if (moment == Moment.STARTING) {
            process.waitFor(random.nextInt(3000), TimeUnit.MILLISECONDS);
            return;
        }
        int first = saved(out);
        int steps = 1 + random.nextInt(2 * STEPS_PER_KILL - 3);
        while (process.isAlive() && saved(out) < first + steps) {
            LockSupport.parkNanos(200_000);
        }
        if (moment == Moment.TRAINING) {
            process.waitFor(random.nextInt(30), TimeUnit.MILLISECONDS);
            return;
        }
        while (process.isAlive() && !isSaving(out)) {
            LockSupport.parkNanos(200_000);
        }
    }

    private static void assertSame(Path out, Path whole) throws IOException {
        assertThat(digest(out)).isEqualTo(digest(whole));
        assertThat(out.resolve("metrics.csv")).hasSameBinaryContentAs(whole.resolve("metrics.csv"));
        assertThat(isSaving(out)).as("nothing half-written is left").isFalse();
    }

    @Test
    void sigterm_finishesTheStep_saves_andSaysHowToGoOn() throws IOException, InterruptedException {
        int epochs = 20;
        Path whole = temp.resolve("whole");
        assertThat(Cli.run(begin(whole, epochs)).code()).isZero();
        Path out = temp.resolve("ended");
        Path said = temp.resolve("said.txt");
        Process process = Jvm.of(Main.class, begin(out, epochs))
                .redirectOutput(said.toFile())
                .start();
        while (process.isAlive() && saved(out) < 4) {
            LockSupport.parkNanos(200_000);
        }
        Jvm.signal(process, "TERM");
        assertThat(process.waitFor()).isZero();
        assertThat(said)
                .content()
                .contains("SIGTERM: the step is finished and saved")
                .containsPattern("stopped after step \\d+ of 100, all of it is saved in .*checkpoint: go on with"
                        + " ./byol pretrain --resume ");
        assertThat(out.resolve("report.html")).doesNotExist();
        List<String> lines = Files.readAllLines(out.resolve("metrics.csv"));
        assertThat(Files.readAllLines(whole.resolve("metrics.csv"))).startsWith(lines.toArray(String[]::new));
        assertThat(Cli.run("pretrain", "--resume", out.toString()).code()).isZero();
        assertSame(out, whole);
    }
}
