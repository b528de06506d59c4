package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private long nanos = 1_000;

    @Test
    void line_saysEverything() {
        assertThat(Progress.line(new Progress.Status(3, 15, 60, 120, 1.23456, 0.614, -0.232, 411.6, 83.2), 200))
                .isEqualTo("epoch 3/15  step 60/120  [===========>            ]  loss 1.235  pos 0.61  neg -0.23"
                        + "  412 img/s  1:23 left");
    }

    @Test
    void line_fitsTheTerminal() {
        Progress.Status status = new Progress.Status(3, 15, 60, 990, 1.23456, 0.614, -0.232, 411.6, 83.2);
        assertThat(Progress.line(status, 100))
                .hasSize(100)
                .startsWith("epoch 3/15  step 60/990  [> ")
                .endsWith("]  loss 1.235  pos 0.61  neg -0.23  412 img/s  1:23 left");
        assertThat(Progress.line(status, 79))
                .hasSizeLessThanOrEqualTo(79)
                .startsWith("epoch 3/15 step 60/990 [")
                .endsWith("] loss 1.235 pos 0.61 neg -0.23 412 img/s 1:23 left");
        assertThat(Progress.line(status, 74))
                .isEqualTo("epoch 3/15 step 60/990 loss 1.235 pos 0.61 neg -0.23 412 img/s 1:23 left");
        assertThat(Progress.line(status, 20)).isEqualTo("epoch 3/15 step 60/9");
    }

    @Test
    void line_rateNotKnown_saysSo() {
        assertThat(Progress.line(new Progress.Status(1, 1, 1, 2, 4, 0, 0, Double.NaN, Double.NaN), 200))
                .endsWith("- img/s  -:-- left");
    }

    @Test
    void bar_ends() {
        assertThat(Progress.bar(0, 24)).isEqualTo("[" + " ".repeat(24) + "]");
        assertThat(Progress.bar(1, 24)).isEqualTo("[" + "=".repeat(24) + "]");
        assertThat(Progress.bar(0.999, 24)).isEqualTo("[" + "=".repeat(24) + "]");
    }

    @Test
    void duration_everySize() {
        assertThat(Progress.duration(0)).isEqualTo("0:00");
        assertThat(Progress.duration(59.6)).isEqualTo("1:00");
        assertThat(Progress.duration(3723)).isEqualTo("1:02:03");
        assertThat(Progress.duration(Double.POSITIVE_INFINITY)).isEqualTo("-:--");
    }

    @Test
    void step_notATerminal_aLineEveryTenSecondsAndAtTheEndOfAnEpoch() {
        try (Progress progress = new Progress(line(false, 80), 2, 20, 8)) {
            run(progress, 40, 1_000_000_000L);
        }
        String[] lines = text().split("\\R");
        assertThat(lines).hasSize(5);
        assertThat(lines[0]).startsWith("epoch 1/2  step 1/40 ");
        assertThat(lines[1]).startsWith("epoch 1/2  step 11/40 ").endsWith("8 img/s  0:29 left");
        assertThat(lines[2]).startsWith("epoch 1/2  step 20/40 ");
        assertThat(lines[3]).startsWith("epoch 2/2  step 30/40 ");
        assertThat(lines[4]).startsWith("epoch 2/2  step 40/40 ").endsWith("0:00 left");
        assertThat(text()).doesNotContain("\r\u001b", "\u001b");
    }

    @Test
    void step_terminal_rewritesOneLine_atMostTenTimesASecond() {
        try (Progress progress = new Progress(line(true, 120), 1, 100, 8)) {
            run(progress, 100, 10_000_000L);
        }
        assertThat(text()).startsWith("\r\u001b[2Kepoch 1/1  step 1/100").endsWith("left" + System.lineSeparator());
        assertThat(text().split("\r")).hasSizeBetween(10, 13);
    }

    @Test
    void close_nothingPrinted_printsNothing() {
        new Progress(line(true, 80), 1, 1, 1).close();
        assertThat(text()).isEmpty();
    }

    private StatusLine line(boolean terminal, int columns) {
        return new StatusLine(out, terminal, columns, () -> nanos);
    }

    private void run(Progress progress, int steps, long nanosEach) {
        for (int step = 0; step < steps; step++) {
            progress.step(new MetricsCsv.Row(step, step / 20, 2, 0.5f, 0.1f, 0.8f, 0.1, 0.99, OptionalDouble.empty()));
            nanos += nanosEach;
        }
    }

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
