package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DraftsTest {
    @TempDir
    Path folder;

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void commit_replacesAll() throws IOException {
        Files.writeString(folder.resolve("a"), "old");
        try (Drafts drafts = new Drafts()) {
            Files.writeString(drafts.of(folder.resolve("a")), "new a");
            Files.writeString(drafts.of(folder.resolve("b")), "new b");
            assertThat(drafts.of(folder.resolve("a"))).hasContent("new a");
            assertThat(folder.resolve("a")).hasContent("old");
            drafts.commit();
        }
        assertThat(files()).containsExactly("a", "b");
        assertThat(folder.resolve("a")).hasContent("new a");
        assertThat(folder.resolve("b")).hasContent("new b");
    }

    @Test
    void close_withoutCommit_leavesNothing() throws IOException {
        Files.writeString(folder.resolve("a"), "old");
        try (Drafts drafts = new Drafts()) {
            Files.writeString(drafts.of(folder.resolve("a")), "half");
            drafts.of(folder.resolve("never written"));
        }
        assertThat(files()).containsExactly("a");
        assertThat(folder.resolve("a")).hasContent("old");
    }
}
