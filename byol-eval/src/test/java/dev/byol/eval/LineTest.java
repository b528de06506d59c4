package dev.byol.eval;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineTest {
    @ParameterizedTest
    @ValueSource(doubles = {1e-9, 1e-3, 1, 1e3, 1e9})
    void search_satisfiesStrongWolfe_whateverTheFirstStep(double first) {
        Line line =
                t -> new Line.Point(t, Math.sqrt(1 + (t - 5) * (t - 5)), (t - 5) / Math.sqrt(1 + (t - 5) * (t - 5)));
        Line.Point start = line.at(0);

        Line.Point found = line.search(start, first).orElseThrow();

        assertThat(found.value()).isLessThanOrEqualTo(start.value() + 1e-4 * found.step() * start.slope());
        assertThat(Math.abs(found.slope())).isLessThanOrEqualTo(0.9 * Math.abs(start.slope()));
    }

    @Test
    void search_asymmetricValley_staysOnThisSide() {
        // falls by 1e-3 with slope -1, then rises with slope 0.5: flat enough at once, but no descent
        Line line = t -> t <= 1e-3 ? new Line.Point(t, -t, -1) : new Line.Point(t, -1e-3 + 0.5 * (t - 1e-3), 0.5);

        assertThat(line.search(line.at(0), 1).orElseThrow().value()).isNegative();
    }

    @Test
    void search_notFinite_goesBack() {
        Line line = t ->
                t > 2 ? new Line.Point(t, Double.NaN, Double.NaN) : new Line.Point(t, (t - 1) * (t - 1), 2 * (t - 1));

        assertThat(line.search(line.at(0), 100).orElseThrow().step()).isBetween(0.05, 2.0);
    }

    @Test
    void search_withoutMinimum_findsNothing() {
        Line line = t -> new Line.Point(t, -t, -1);

        assertThat(line.search(line.at(0), 1)).isEmpty();
    }

    @Test
    void search_withoutDescent_findsNothing() {
        Line line = t -> new Line.Point(t, 1 + t, t == 0 ? -1 : 1);

        assertThat(line.search(line.at(0), 1)).isEmpty();
    }
}
