package dev.byol.augment.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class ProblemTest {
    @Test
    void description_hasTheNameOnce() {
        assertThat(Problem.describe("a/b.jpg", new IOException("a/b.jpg: truncated")))
                .isEqualTo("a/b.jpg: truncated");
        assertThat(Problem.describe("a/b.jpg", new IOException("truncated"))).isEqualTo("a/b.jpg: truncated");
    }

    @Test
    void description_withoutAMessage_saysTheClass() {
        assertThat(Problem.describe("a/b.jpg", new EOFException())).isEqualTo("a/b.jpg: java.io.EOFException");
        assertThat(Problem.describe("a/b.jpg", new NoSuchFileException("a/b.jpg")))
                .isEqualTo("java.nio.file.NoSuchFileException: a/b.jpg");
    }
}
