package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
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
}
