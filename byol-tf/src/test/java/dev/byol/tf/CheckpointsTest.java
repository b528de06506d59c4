package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.byol.api.TargetUpdater;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder of checkpoints, and what may happen to it. */
class CheckpointsTest {
    @TempDir
    Path temp;

    private Path folder;
    private Trainer trainer;
    private long now;

    @BeforeEach
    void begin() {
        folder = temp.resolve("checkpoint");
        trainer = Trainer.builder()
                .method(new Tiny.Square(TargetUpdater.frozen()))
                .optimizer(Tiny.descent(step -> 0.1))
                .images(Tiny.PIXEL)
                .batch(1)
                .build();
    }

    @AfterEach
    void end() {
        trainer.close();
    }

    private void step() {
        trainer.step(new byte[1], new byte[1]);
    }

    private Checkpoints.Builder settings() {
        return Checkpoints.in(folder).clock(() -> now);
    }

    private static List<String> names(Checkpoints checkpoints) throws IOException {
        return checkpoints.files().stream()
                .map(file -> file.getFileName().toString())
                .toList();
    }

    private static Path saved(Checkpoints.Outcome outcome) {
        assertThat(outcome).isInstanceOf(Checkpoints.Saved.class);
        return ((Checkpoints.Saved) outcome).file();
    }

    private static Checkpoints.Failed failed(Checkpoints.Outcome outcome) {
        assertThat(outcome).isInstanceOf(Checkpoints.Failed.class);
        return (Checkpoints.Failed) outcome;
    }

    @Test
    void newest_areKept_andNothingElseIsTouched() throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("mine.safetensors"), "precious");
        Files.writeString(folder.resolve(".000001-step-5.safetensors-123e4567-e89b-12d3-a456-426614174000"), "half");
        try (Checkpoints checkpoints = settings().keep(2).open()) {
            assertThat(checkpoints.newest()).isEmpty();
            for (int i = 0; i < 4; i++) {
                step();
                assertThat(saved(checkpoints.save(trainer, Map.of("i", "" + i))))
                        .isNotEmptyFile();
            }
            assertThat(names(checkpoints)).containsExactly("000004-step-4.safetensors", "000003-step-3.safetensors");
            assertThat(checkpoints.newestStep()).hasValue(4);
            Checkpoints.Found found = checkpoints.newest().orElseThrow();
            assertThat(found.damaged()).isEmpty();
            assertThat(found.checkpoint().step()).isEqualTo(4);
            assertThat(found.checkpoint().notes()).isEqualTo(Map.of("i", "3"));
            trainer.restore(found.checkpoint());
        }
        assertThat(files())
                .containsExactlyInAnyOrder(
                        "lock", "mine.safetensors", "000003-step-3.safetensors", "000004-step-4.safetensors");
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void best_areKept_alsoByTheNextProcess() throws IOException {
        double[] scores = {0.5, 0.9, 0.9, 0.2, Double.NEGATIVE_INFINITY};
        for (double score : scores) {
            try (Checkpoints checkpoints = settings().keep(1).keepBest(1).open()) {
                step();
                saved(checkpoints.save(trainer, Map.of(), score));
            }
        }
        try (Checkpoints checkpoints = settings().keep(1).keepBest(1).open()) {
            assertThat(names(checkpoints)).containsExactly("000005-step-5.safetensors", "000003-step-3.safetensors");
            assertThat(checkpoints.best().orElseThrow().checkpoint().step()).isEqualTo(3);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> checkpoints.save(trainer, Map.of(), Double.NaN))
                    .withMessage("a score must be a number, got NaN");
            saved(checkpoints.save(trainer, Map.of()));
            assertThat(names(checkpoints)).containsExactly("000006-step-5.safetensors", "000003-step-3.safetensors");
        }
        try (Checkpoints checkpoints = settings().keep(2).open()) {
            saved(checkpoints.save(trainer, Map.of()));
            assertThat(checkpoints.best()).isEmpty();
        }
    }

    @Test
    void clear_deletesCheckpoints_andNothingElse() throws IOException {
        try (Checkpoints checkpoints = settings().everySteps(2).open()) {
            step();
            saved(checkpoints.save(trainer, Map.of()));
            Files.writeString(folder.resolve("mine.safetensors"), "precious");
            checkpoints.clear();
            assertThat(checkpoints.newest()).isEmpty();
            assertThat(checkpoints.newestStep()).isEmpty();
            assertThat(files()).containsExactlyInAnyOrder("lock", "mine.safetensors");
            assertThat(checkpoints.isDue(2)).isTrue();
        }
    }

    /** Its future was another one: what it saves now is newer, whatever the step. */
    @Test
    void run_thatWentBack_savesOn() throws IOException {
        try (Checkpoints checkpoints = settings().keep(2).open()) {
            saved(checkpoints.save(trainer, Map.of()));
            Checkpoint start = checkpoints.newest().orElseThrow().checkpoint();
            step();
            step();
            saved(checkpoints.save(trainer, Map.of()));
            trainer.restore(start);
            step();
            saved(checkpoints.save(trainer, Map.of()));
            assertThat(names(checkpoints)).containsExactly("000003-step-1.safetensors", "000002-step-2.safetensors");
            assertThat(checkpoints.newest().orElseThrow().checkpoint().step()).isEqualTo(1);
        }
    }

    @Test
    void due_byStepsOrTime_whicheverComesFirst() throws IOException {
        try (Checkpoints checkpoints =
                settings().everySteps(2).every(Duration.ofSeconds(10)).open()) {
            assertThat(checkpoints.isDue(1)).isFalse();
            assertThat(checkpoints.isDue(2)).isTrue();
            now += 9_999_999_999L;
            assertThat(checkpoints.isDue(1)).isFalse();
            now++;
            assertThat(checkpoints.isDue(0)).isTrue();
            step();
            saved(checkpoints.save(trainer, Map.of()));
            assertThat(checkpoints.isDue(2)).isFalse();
            assertThat(checkpoints.isDue(3)).isTrue();
        }
        try (Checkpoints checkpoints = settings().everySteps(2).open()) {
            trainer.restore(checkpoints.newest().orElseThrow().checkpoint());
            assertThat(checkpoints.isDue(2))
                    .as("counted from the one that was taken up")
                    .isFalse();
        }
        try (Checkpoints checkpoints = settings().open()) {
            now += Duration.ofDays(1000).toNanos();
            assertThat(checkpoints.isDue(1_000_000)).isFalse();
        }
    }

    @Test
    void settings_outOfRange_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings().keep(0))
                .withMessageContaining("got 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings().keepBest(-1))
                .withMessageContaining("got -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings().everySteps(0))
                .withMessageContaining("got 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings().every(Duration.ZERO))
                .withMessageContaining("got PT0S");
    }

    @Test
    void damagedOnes_areNamed_andTheNextOlderGoodOneIsTaken() throws IOException {
        try (Checkpoints checkpoints = settings().keep(9).open()) {
            for (int i = 0; i < 3; i++) {
                saved(checkpoints.save(trainer, Map.of()));
                step();
            }
            List<Path> files = checkpoints.files();
            byte[] bytes = Files.readAllBytes(files.get(0));
            bytes[bytes.length - 1] ^= 4;
            Files.write(files.get(0), bytes);
            Files.write(files.get(1), Arrays.copyOf(Files.readAllBytes(files.get(1)), 100));
            Checkpoints.Found found = checkpoints.newest().orElseThrow();
            assertThat(found.checkpoint().file()).isEqualTo(files.get(2));
            assertThat(found.damaged()).hasSize(2);
            assertThat(found.damaged().get(0))
                    .contains(files.get(0).toString(), "the checksum is wrong of target/encoder/w");
            assertThat(found.damaged().get(1)).contains(files.get(1).toString(), "cannot hold a header");
            Files.write(files.get(2), new byte[0]);
            assertThatIOException()
                    .isThrownBy(checkpoints::newest)
                    .withMessageStartingWith(folder + " holds no good checkpoint: ")
                    .withMessageContainingAll(
                            files.get(0).toString(),
                            files.get(1).toString(),
                            files.get(2).toString());
        }
    }

    /** Every length is a truncation that something can leave behind. */
    @Test
    void newest_truncatedAnywhere_isPassedOver() throws IOException {
        try (Checkpoints checkpoints = settings().open()) {
            Path old = saved(checkpoints.save(trainer, Map.of()));
            Path file = saved(checkpoints.save(trainer, Map.of()));
            byte[] bytes = Files.readAllBytes(file);
            for (int length = 0; length < bytes.length; length++) {
                Files.write(file, Arrays.copyOf(bytes, length));
                Checkpoints.Found found = checkpoints.newest().orElseThrow();
                assertThat(found.checkpoint().file()).isEqualTo(old);
                assertThat(found.damaged()).hasSize(1);
            }
            Files.write(file, bytes);
            assertThat(checkpoints.newest().orElseThrow().checkpoint().file()).isEqualTo(file);
        }
    }

    @Test
    void secondTrainer_isRefusedByName() throws IOException {
        try (Checkpoints checkpoints = settings().open()) {
            assertThatIOException()
                    .isThrownBy(() -> settings().open())
                    .withMessageContainingAll(
                            folder.toString(),
                            "in use by process " + ProcessHandle.current().pid());
            saved(checkpoints.save(trainer, Map.of()));
        }
        settings().open().close();
    }

    /** A real disk of 256 KiB, where one may be mounted; elsewhere {@link #folderThatTakesNothing_isSaid_andTriedAgain} stands for it. */
    @Test
    void fullDisk_isSaid_keepsTheOld_andIsTriedAgain() throws IOException, InterruptedException {
        Files.createDirectories(folder);
        assumeTrue(
                Commands.run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder.toString()),
                "no disk can be mounted");
        try {
            try (Checkpoints checkpoints = settings().everySteps(1000).open()) {
                Path old = saved(checkpoints.save(trainer, Map.of()));
                Path ballast = folder.resolve("ballast");
                fill(ballast);
                step();
                Checkpoints.Failed failed = failed(checkpoints.save(trainer, Map.of()));
                assertThat(failed.toString())
                        .contains(failed.file().toString(), "No space left on device", "it is tried again");
                assertThat(files())
                        .containsExactlyInAnyOrder(
                                "lock", "ballast", old.getFileName().toString());
                assertThat(checkpoints.newest().orElseThrow().checkpoint().file())
                        .isEqualTo(old);
                assertThat(checkpoints.isDue(2)).isFalse();
                now += Duration.ofMinutes(1).toNanos();
                assertThat(checkpoints.isDue(2)).isTrue();
                Files.delete(ballast);
                assertThat(saved(checkpoints.save(trainer, Map.of()))).hasFileName("000002-step-1.safetensors");
                assertThat(checkpoints.isDue(2)).isFalse();
            }
        } finally {
            assertThat(Commands.run("umount", folder.toString())).isTrue();
        }
    }

    private static void fill(Path ballast) throws IOException {
        try (var out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(1);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    /** A disk that can only be read comes over the folder, where one may be mounted: modes of files mean nothing to root. */
    @Test
    void readOnlyFolder_isSaid_andTriedAgain() throws IOException, InterruptedException {
        try (Checkpoints checkpoints = settings().open()) {
            Path old = saved(checkpoints.save(trainer, Map.of()));
            assumeTrue(
                    Commands.run("mount", "-t", "tmpfs", "-o", "ro", "tmpfs", folder.toString()),
                    "no disk can be mounted");
            try {
                assertThat(failed(checkpoints.save(trainer, Map.of())).toString())
                        .contains("Read-only file system", "it is tried again");
            } finally {
                assertThat(Commands.run("umount", folder.toString())).isTrue();
            }
            saved(checkpoints.save(trainer, Map.of()));
            assertThat(checkpoints.files()).contains(old).hasSize(2);
        }
    }

    /** A file in the folder's place takes nothing from anybody, from root neither. */
    @Test
    void folderThatTakesNothing_isSaid_andTriedAgain() throws IOException {
        try (Checkpoints checkpoints = settings().open()) {
            Path old = saved(checkpoints.save(trainer, Map.of()));
            Path aside = Files.move(folder, temp.resolve("aside"));
            Files.writeString(folder, "in the way");
            for (int i = 0; i < 2; i++) {
                assertThat(failed(checkpoints.save(trainer, Map.of())).toString())
                        .contains(folder.toString(), "could not be saved", "it is tried again");
                assertThat(folder).hasContent("in the way");
            }
            Files.delete(folder);
            Files.move(aside, folder);
            saved(checkpoints.save(trainer, Map.of()));
            assertThat(checkpoints.files()).contains(old).hasSize(2);
            assertThatIOException().isThrownBy(() -> settings().open()).withMessageContaining("in use");
        }
        settings().open().close();
    }

    @Test
    void folderThatVanished_isMadeAndLockedAnew() throws IOException {
        try (Checkpoints checkpoints = settings().open()) {
            saved(checkpoints.save(trainer, Map.of()));
            Directories.delete(folder);
            Checkpoints.Outcome outcome = checkpoints.save(trainer, Map.of());
            assertThat(saved(outcome)).isNotEmptyFile();
            assertThat(outcome.toString()).contains("its folder had vanished and is made anew");
            assertThat(checkpoints.save(trainer, Map.of()).toString()).doesNotContain("vanished");
            assertThatIOException().isThrownBy(() -> settings().open()).withMessageContaining("in use");
        }
    }
}
