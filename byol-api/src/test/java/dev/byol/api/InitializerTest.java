package dev.byol.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.DoubleSummaryStatistics;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InitializerTest {
    private static final int MANY = 100_000;

    @Test
    void zeros_ones_fillEveryShape() {
        assertThat(Initializer.zeros().draw(Shape.of(2, 3), 1)).containsExactly(0, 0, 0, 0, 0, 0);
        assertThat(Initializer.ones().draw(Shape.scalar(), 1)).containsExactly(1);
        assertThat(Initializer.ones().draw(Shape.of(0, 3), 1)).isEmpty();
    }

    @Test
    void normal_hasItsMoments() {
        double[] x = doubles(Initializer.normal(0.5).draw(Shape.of(MANY), 7));
        double mean = moment(x, 0, 1);
        double variance = moment(x, mean, 2);
        assertThat(mean).isCloseTo(0, within(4 * 0.5 / Math.sqrt(MANY)));
        assertThat(variance).isCloseTo(0.25, within(4 * 0.25 * Math.sqrt(2.0 / MANY)));
        assertThat(moment(x, mean, 3) / Math.pow(variance, 1.5)).isCloseTo(0, within(4 * Math.sqrt(6.0 / MANY)));
        assertThat(moment(x, mean, 4) / (variance * variance)).isCloseTo(3, within(4 * Math.sqrt(24.0 / MANY)));
    }

    @Test
    void uniform_hasItsMomentsAndBound() {
        float[] draw = Initializer.uniform(0.25).draw(Shape.of(MANY), 7);
        double[] x = doubles(draw);
        double deviation = 0.25 / Math.sqrt(3);
        assertThat(moment(x, 0, 1)).isCloseTo(0, within(4 * deviation / Math.sqrt(MANY)));
        assertThat(moment(x, 0, 2)).isCloseTo(deviation * deviation, within(4 * 0.0625 * Math.sqrt(4.0 / 45 / MANY)));
        DoubleSummaryStatistics range = DoubleStream.of(x).summaryStatistics();
        assertThat(range.getMax()).isBetween(0.249, 0.25);
        assertThat(range.getMin()).isBetween(-0.25, -0.249);
    }

    @Test
    void directions_haveLengthOne_andAreThoseOfTheNormalDraw() {
        float[] rows = Initializer.directions().draw(Shape.of(500, 4), 3);
        float[] normal = Initializer.normal(1).draw(Shape.of(500, 4), 3);
        for (int row = 0; row < rows.length; row += 4) {
            double squares = 0;
            for (int i = row; i < row + 4; i++) {
                squares += (double) rows[i] * rows[i];
                assertThat((double) rows[i] / rows[row])
                        .isCloseTo((double) normal[i] / normal[row], withinPercentage(0.001));
            }
            assertThat(squares).isCloseTo(1, within(1e-6));
        }
        assertThat(Initializer.directions().draw(Shape.of(3, 1), 3)).containsOnly(1, -1);
    }

    /** The values of another implementation of the generator and of the polar method. */
    @Test
    void draws_ofASeed_areTheSameOnEveryMachine() {
        assertThat(Initializer.normal(0.5).draw(Shape.of(5), 42))
                .containsExactly(0.24647532f, -0.34700283f, -0.6405387f, -0.4507786f, -0.300939f);
        assertThat(Initializer.uniform(0.25).draw(Shape.of(5), 42))
                .containsExactly(0.12078244f, -0.17004481f, -0.11069944f, -0.07790464f, -0.23098491f);
    }

    @Test
    void draws_ofOneSeed_areEqual_whateverTheShape() {
        for (Initializer initializer : new Initializer[] {Initializer.normal(1), Initializer.uniform(1)}) {
            assertThat(initializer.draw(Shape.of(4, 5), 3)).containsExactly(initializer.draw(Shape.of(20), 3));
        }
    }

    @Test
    void draws_ofDifferentSeeds_areUncorrelated() {
        for (Initializer initializer : new Initializer[] {Initializer.normal(1), Initializer.uniform(Math.sqrt(3))}) {
            double[] a = doubles(initializer.draw(Shape.of(MANY), 0));
            for (long seed : new long[] {1, 2, -1, 1L << 40}) {
                double[] b = doubles(initializer.draw(Shape.of(MANY), seed));
                for (int shift : new int[] {0, 1, 2}) {
                    double correlation = IntStream.range(0, MANY - shift)
                                    .mapToDouble(i -> a[i + shift] * b[i])
                                    .sum()
                            / MANY;
                    assertThat(correlation)
                            .as("seed %s, shift %s", seed, shift)
                            .isCloseTo(0, within(5 / Math.sqrt(MANY)));
                }
            }
        }
    }

    @Test
    void initializers_areValues_andRefuseNegatives() {
        assertThat(Initializer.normal(0.5)).isEqualTo(Initializer.normal(0.5)).isNotEqualTo(Initializer.uniform(0.5));
        assertThat(Initializer.normal(0).draw(Shape.of(3), 1)).containsOnly(0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Initializer.normal(-1))
                .withMessage("deviation must be at least 0, got -1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Initializer.uniform(Double.NaN))
                .withMessage("bound must be at least 0, got NaN");
    }

    private static double[] doubles(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    private static double moment(double[] x, double mean, int order) {
        return IntStream.range(0, x.length)
                .mapToDouble(i -> Math.pow(x[i] - mean, order))
                .average()
                .orElseThrow();
    }
}
