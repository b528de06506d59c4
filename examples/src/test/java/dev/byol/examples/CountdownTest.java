package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CountdownTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long nanos;

    private StatusLine line(boolean terminal, int columns) {
        return new StatusLine(new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal, columns, () -> nanos);
    }

    @Test
    void done_saysRateAndTimeLeft_nowAndThenAndAtTheEnd() {
        try (Countdown countdown = new Countdown(line(false, 80), "embedded", 400)) {
            for (int i = 0; i < 40; i++) {
                nanos += 1_000_000_000L;
                countdown.done(10);
            }
        }
        String[] lines = bytes.toString(StandardCharsets.UTF_8).split("\\R");
        assertThat(lines).hasSize(5);
        assertThat(lines[0]).isEqualTo("embedded 10/400  [>                       ]  10 img/s  0:39 left");
        assertThat(lines[1]).startsWith("embedded 110/400  ").endsWith("10 img/s  0:29 left");
        assertThat(lines[4]).isEqualTo("embedded 400/400  [========================]  10 img/s  0:00 left");
    }

    @Test
    void done_terminal_rewritesOneLine_thatFits() {
        try (Countdown countdown = new Countdown(line(true, 20), "embedded", 2)) {
            nanos += 1_000_000_000L;
            countdown.done(1);
            nanos += 1_000_000_000L;
            countdown.done(1);
        }
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .isEqualTo("\r\u001b[2Kembedded 1/2  [====\r\u001b[2Kembedded 2/2  [====" + System.lineSeparator());
    }
}
