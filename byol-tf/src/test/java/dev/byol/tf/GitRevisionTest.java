package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitRevisionTest {
    private static final String ONE = "1".repeat(40);
    private static final String TWO = "2".repeat(40);

    @TempDir
    Path temp;

    private Path inside;

    @BeforeEach
    void repository() throws IOException {
        inside = Files.createDirectories(temp.resolve("a/b"));
        write(".git/HEAD", "ref: refs/heads/main\n");
    }

    private void write(String file, String text) throws IOException {
        Path path = temp.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    @Test
    void branch_isFollowed_looseBeforePacked() throws IOException {
        assertThat(GitRevision.of(inside)).isEmpty();
        write(".git/packed-refs", "# pack-refs\n" + ONE + " refs/heads/main\n" + TWO + " refs/heads/main2\n");
        assertThat(GitRevision.of(inside)).contains(ONE);
        write(".git/refs/heads/main", TWO + "\n");
        assertThat(GitRevision.of(inside)).contains(TWO);
    }

    @Test
    void detachedHead_isTheCommit() throws IOException {
        write(".git/HEAD", ONE + "\n");
        assertThat(GitRevision.of(temp)).contains(ONE);
    }

    @Test
    void worktree_hasItsOwnHead_andSharesBranches() throws IOException {
        write(".git/refs/heads/other", TWO);
        write(".git/worktrees/w/HEAD", "ref: refs/heads/other");
        write(".git/worktrees/w/commondir", "../..\n");
        write("a/.git", "gitdir: " + temp.resolve(".git/worktrees/w") + "\n");
        assertThat(GitRevision.of(inside)).contains(TWO);
    }

    @Test
    void whatCannotBeRead_isNone() throws IOException {
        write(".git/HEAD", "ref: refs/heads/\u0000");
        assertThat(GitRevision.of(inside)).isEmpty();
        write("a/.git", "nonsense");
        assertThat(GitRevision.of(inside)).isEmpty();
    }
}
