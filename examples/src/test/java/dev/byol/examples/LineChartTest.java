package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LineChartTest {
    @Test
    void extremes_keepsPeaksAndOrder_inAtMostAThousandPoints() {
        double[] values = IntStream.range(0, 100_003).mapToDouble(i -> i % 7).toArray();
        values[4_321] = 99;
        values[99_999] = -99;
        List<Integer> indices = LineChart.extremes(values);
        assertThat(indices).hasSizeLessThanOrEqualTo(1000).isSorted().contains(4_321, 99_999);
    }

    @Test
    void extremes_fewValues_allOfThem() {
        assertThat(LineChart.extremes(new double[] {3, 1, 2})).containsExactly(0, 1, 2);
        assertThat(LineChart.extremes(new double[0])).isEmpty();
    }

    @Test
    void smooth_isTheMeanOfAWindow_shorterAtTheEnds() {
        double[] line = IntStream.range(0, 200).mapToDouble(i -> i).toArray();
        double[] smooth = LineChart.smooth(line);
        assertThat(smooth[0]).isEqualTo(1.0);
        assertThat(smooth[100]).isEqualTo(100.0);
        assertThat(smooth[199]).isEqualTo(198.0);
        assertThat(LineChart.smooth(new double[] {5})).containsExactly(5);
    }

    @Test
    void ticks_areRound() {
        assertThat(LineChart.ticks(0, 1, 4)).containsExactly(0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0);
        assertThat(LineChart.ticks(0, 1859, 5)).containsExactly(0.0, 500.0, 1000.0, 1500.0);
        assertThat(LineChart.ticks(0.3, 0.9, 4)).hasSize(3).first().isEqualTo(0.4);
    }

    @Test
    void fitted_limitsAreTicks() {
        for (double high : new double[] {0.07, 0.99, 1, 3.62, 4.01, 817, 1e-6}) {
            for (double low : new double[] {-0.4, 0, high / 3, high * 0.999}) {
                LineChart chart = LineChart.fitted("x", false, List.of(curve(low, high)));
                List<Double> ticks = LineChart.ticks(chart.low(), chart.high(), 4);
                assertThat(chart.low()).isLessThanOrEqualTo(low + 1e-12);
                assertThat(chart.high()).isGreaterThanOrEqualTo(high - 1e-12);
                double room = 1e-6 * (chart.high() - chart.low());
                assertThat(ticks.get(0) - chart.low()).isLessThan(room);
                assertThat(chart.high() - ticks.get(ticks.size() - 1)).isLessThan(room);
                assertThat(ticks).hasSizeBetween(2, 8);
            }
        }
    }

    @Test
    void html_degenerateCurves_haveNumbersOnly() {
        for (LineChart.Curve curve : List.of(curve(), curve(2), curve(0, 0, 0), curve(Double.NaN, 1))) {
            assertThat(LineChart.fitted("x", true, List.of(curve)).html()).doesNotContain("NaN", "Infinity");
        }
    }

    private static LineChart.Curve curve(double... values) {
        return new LineChart.Curve("", "first", values, false);
    }
}
