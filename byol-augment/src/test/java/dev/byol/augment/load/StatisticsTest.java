package dev.byol.augment.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StatisticsTest {
    @Test
    void rates_areOfTheWholeTime() {
        Statistics statistics = new Statistics(6400, 100, 1, 3.2, 0.8);
        assertThat(statistics.imagesPerSecond()).isEqualTo(2000);
        assertThat(statistics.waitFraction()).isEqualTo(0.25);
        assertThat(statistics)
                .hasToString("6400 images in 3.20 s, 2000.0 a second; waited 0.80 s (25 %); 1 could not be read");
    }

    @Test
    void rates_ofNothing_areZero() {
        assertThat(Statistics.NONE.imagesPerSecond()).isZero();
        assertThat(Statistics.NONE.waitFraction()).isZero();
        assertThat(Statistics.NONE)
                .hasToString("0 images in 0.00 s, 0.0 a second; waited 0.00 s (0 %); 0 could not be read");
    }

    @Test
    void sum_addsEveryPart() {
        assertThat(new Statistics(1, 2, 3, 4, 5).plus(new Statistics(10, 20, 30, 40, 50)))
                .isEqualTo(new Statistics(11, 22, 33, 44, 55));
    }

    @Test
    void values_thatCannotBe_refused() {
        assertThatThrownBy(() -> new Statistics(-1, 0, 0, 0, 0))
                .hasMessage("images must be finite and not negative, got -1");
        assertThatThrownBy(() -> new Statistics(0, -1, 0, 0, 0)).hasMessageStartingWith("batches must be");
        assertThatThrownBy(() -> new Statistics(0, 0, -1, 0, 0)).hasMessageStartingWith("skipped must be");
        assertThatThrownBy(() -> new Statistics(0, 0, 0, Double.NaN, 0))
                .hasMessage("seconds must be finite and not negative, got NaN");
        assertThatThrownBy(() -> new Statistics(0, 0, 0, 0, Double.POSITIVE_INFINITY))
                .hasMessage("waitSeconds must be finite and not negative, got Infinity");
    }
}
