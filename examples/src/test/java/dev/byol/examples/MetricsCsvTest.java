package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsCsvTest {
    private static final String HEADER =
            "step,epoch,loss,positive_cosine,negative_cosine,deviation,learning_rate,tau,effective_rank\n";

    @TempDir
    Path folder;

    @Test
    void text_noRows_isTheHeader() {
        assertThat(new MetricsCsv().text()).isEqualTo(HEADER);
    }

    @Test
    void write_numbersReadBackAsTheSameBits_inEveryLocale() throws IOException {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            MetricsCsv metrics = new MetricsCsv();
            metrics.add(new MetricsCsv.Row(0, 0, 1.1f, -0.25f, 1e-8f, 0.75f, 0.1, 1 / 3.0, OptionalDouble.of(7.25)));
            metrics.write(folder.resolve("metrics.csv"));
            assertThat(folder.resolve("metrics.csv"))
                    .hasContent(HEADER + "0,0,1.1,-0.25,1.0E-8,0.75,0.1,0.3333333333333333,7.25");
            metrics.add(new MetricsCsv.Row(1, 0, Float.NaN, 0, 0, 0, 0, 1, OptionalDouble.empty()));
            metrics.write(folder.resolve("metrics.csv"));
            assertThat(folder.resolve("metrics.csv"))
                    .hasContent(HEADER
                            + "0,0,1.1,-0.25,1.0E-8,0.75,0.1,0.3333333333333333,7.25\n1,0,NaN,0.0,0.0,0.0,0.0,1.0,");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void read_givesBackTheSameRows_upToAStep() throws IOException {
        Path file = folder.resolve("metrics.csv");
        MetricsCsv metrics = new MetricsCsv();
        metrics.add(new MetricsCsv.Row(0, 0, 1.1f, -0.25f, 1e-8f, 0.75f, 0.1, 1 / 3.0, OptionalDouble.of(1 / 7.0)));
        metrics.add(new MetricsCsv.Row(1, 0, -0f, 0, 0, 0, 0, 1, OptionalDouble.empty()));
        metrics.add(new MetricsCsv.Row(2, 1, 3, 0, 0, 0, 0, 1, OptionalDouble.empty()));
        metrics.write(file);
        assertThat(MetricsCsv.read(file, 3).rows()).isEqualTo(metrics.rows());
        assertThat(MetricsCsv.read(file, 2).rows()).isEqualTo(metrics.rows().subList(0, 2));
        assertThat(MetricsCsv.read(folder.resolve("absent"), 0).rows()).isEmpty();
        assertThatIOException()
                .isThrownBy(() -> MetricsCsv.read(file, 4))
                .withMessage(file + ", line 5: expected the numbers of step 3, found the end of the file");
        for (String row : List.of("1,0,0", "0,0,0,0,0,0,0,0,", "1,0,x,0,0,0,0,0,", "1,0,0,0,0,0,0,0,0,0", "")) {
            Files.write(file, List.of(HEADER.strip(), "0,0,0,0,0,0,0,0,", row));
            assertThatIOException()
                    .isThrownBy(() -> MetricsCsv.read(file, 2))
                    .withMessage(file + ", line 3: expected the numbers of step 1, found " + row);
        }
    }
}
