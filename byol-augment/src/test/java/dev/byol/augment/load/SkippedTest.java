package dev.byol.augment.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SkippedTest {
    @Test
    void message_hasTheNameOnce() {
        assertThat(Skipped.message("a/b.jpg", "a/b.jpg: truncated"))
                .isEqualTo("skipping an image that cannot be read: a/b.jpg: truncated");
        assertThat(Skipped.message("a/b.jpg", "truncated"))
                .isEqualTo("skipping an image that cannot be read: a/b.jpg: truncated");
    }
}
