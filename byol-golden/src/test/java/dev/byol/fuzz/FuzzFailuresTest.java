package dev.byol.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An attack finds what is wrong with a reader. */
class FuzzFailuresTest {
    private static final byte[] GOOD = {'h', 0, 0, 0, 7, '1', '2', '3', 1, 2, 3, 4};
    private static final String READER = "a-wrong-one";

    private static Fuzz fuzz() {
        return Fuzz.of(READER, Map.of("good", GOOD)).named("x.bin").inputs(300).taking(1 << 20);
    }

    /** What a good reader does; of a header of one byte. */
    private static void read(byte[] content, Runnable pastHeader) throws IOException {
        if (content.length == 0 || content[0] != 'h') {
            throw new IOException("x.bin: found no h");
        }
        pastHeader.run();
        if (content.length < GOOD.length) {
            throw new IOException("x.bin: found " + content.length + " bytes, expected " + GOOD.length);
        }
    }

    private static boolean isDamaged(byte[] content) {
        return !Arrays.equals(content, GOOD);
    }

    @AfterEach
    void clean() throws IOException {
        Path kept = Fuzz.kept(READER, GOOD);
        try (Stream<Path> files = Files.list(kept.getParent())) {
            for (Path file : files.filter(f -> f.getFileName().toString().startsWith(READER))
                    .toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void goodReader_passes_andIsGivenTheSameInputsEveryTime() throws InterruptedException {
        List<ByteBuffer> first = new ArrayList<>();
        fuzz().run((content, pastHeader) -> {
            first.add(ByteBuffer.wrap(content));
            read(content, pastHeader);
        });
        List<ByteBuffer> second = new ArrayList<>();
        fuzz().run((content, pastHeader) -> {
            second.add(ByteBuffer.wrap(content));
            read(content, pastHeader);
        });
        assertThat(first).hasSizeGreaterThan(300);
        assertThat(first).isEqualTo(second);
        assertThat(first.stream().distinct().count()).isGreaterThan(200);
    }

    @Test
    void undocumentedException_isFound_withTheInputThatShowsIt() {
        assertThatThrownBy(() -> fuzz().run((content, pastHeader) -> {
                    read(content, pastHeader);
                    if (content[4] != 7) {
                        throw new IllegalStateException("wrong");
                    }
                }))
                .isInstanceOf(AssertionError.class)
                .satisfies(e -> assertThat(e.getSuppressed()[0])
                        .hasMessageContaining("IllegalStateException: wrong")
                        .hasMessageContaining(Path.of("target/fuzz", READER).toString()));
    }

    @Test
    void refusalWithoutTheName_isFound() {
        assertThatThrownBy(() -> fuzz().run((content, pastHeader) -> {
                    read(content, pastHeader);
                    if (content[4] != 7) {
                        throw new IOException("wrong");
                    }
                }))
                .isInstanceOf(AssertionError.class)
                .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessageContaining("IOException: wrong"));
    }

    @Test
    void memoryThatIsClaimedByTheFile_isFound_inTheHeapAndOutside() {
        for (boolean isDirect : new boolean[] {false, true}) {
            assertThatThrownBy(() -> fuzz().run((content, pastHeader) -> {
                        read(content, pastHeader);
                        if (isDamaged(content)) {
                            ByteBuffer claimed =
                                    isDirect ? ByteBuffer.allocateDirect(4 << 20) : ByteBuffer.allocate(4 << 20);
                            assertThat(claimed.capacity()).isPositive();
                        }
                    }))
                    .isInstanceOf(AssertionError.class)
                    .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessageContaining("bytes were taken for"));
        }
    }

    @Test
    void hang_isFound() {
        assertThatThrownBy(() -> fuzz().longest(Duration.ofMillis(200)).run((content, pastHeader) -> {
                    read(content, pastHeader);
                    if (isDamaged(content)) {
                        Thread.sleep(Duration.ofMinutes(1).toMillis());
                    }
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("reads for more than PT0.2S");
    }

    @Test
    void readerThatRefusesAllDamage_isNotTakenForTried() {
        assertThatThrownBy(() -> fuzz().run((content, pastHeader) -> {
                    if (isDamaged(content)) {
                        throw new IOException("x.bin: found damage");
                    }
                    pastHeader.run();
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("expected at least 10 % past the header");
    }
}
