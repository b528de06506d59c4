package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
    @TempDir
    Path folder;

    @Test
    void write_replacesAndLeavesNothingBeside() throws IOException {
        Path file = folder.resolve("report.json");
        AtomicFiles.write(file, "one");
        AtomicFiles.write(file, "two \u2713");
        assertThat(file).hasContent("two \u2713");
        try (Stream<Path> list = Files.list(folder)) {
            assertThat(list).containsExactly(file);
        }
    }

    @Test
    void write_targetCannotBeReplaced_leavesNothingBeside() throws IOException {
        Path taken =
                Files.createDirectories(folder.resolve("report.json/child")).getParent();
        assertThatThrownBy(() -> AtomicFiles.write(taken, "text")).isInstanceOf(IOException.class);
        try (Stream<Path> list = Files.list(folder)) {
            assertThat(list).containsExactly(taken);
        }
    }

    @Test
    void write_noSuchFolder_throws() {
        assertThatThrownBy(() -> AtomicFiles.write(folder.resolve("none/report.json"), "text"))
                .isInstanceOf(NoSuchFileException.class);
    }
}
