package dev.byol.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class MultinomialLossTest {
    private static final int ROWS = 300; // more than a block
    private static final int DIMENSION = 7;
    private static final int CLASSES = 4;

    private final Random random = new Random(5);
    private final MultinomialLoss loss = of(features(), CLASSES, 0.7);

    static MultinomialLoss of(Features x, int classes, double c) {
        return new MultinomialLoss(x.values(), x.dimension(), x.labels(), classes, c, false);
    }

    private Features features() {
        float[] x = new float[ROWS * DIMENSION];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return Features.of(
                x, DIMENSION, random.ints(ROWS, 0, CLASSES).map(i -> i).toArray());
    }

    private double[] point() {
        return random.doubles(loss.size(), -1, 1).toArray();
    }

    private double value(double[] point) {
        return loss.value(point, loss.logits(point));
    }

    @Test
    void value_atZero_isTheEntropyOfGuessing() {
        assertThat(value(new double[loss.size()])).isCloseTo(0.7 * ROWS * Math.log(CLASSES), within(1e-9));
    }

    @Test
    void value_ofAnInterceptShift_isUnchanged() {
        double[] point = point();
        double before = value(point);
        for (int k = 0; k < CLASSES; k++) {
            point[CLASSES * DIMENSION + k] += 3;
        }

        assertThat(value(point)).isCloseTo(before, within(1e-9));
    }

    @Test
    void gradient_equalsFiniteDifferences() {
        double[] point = point();
        double[] gradient = loss.gradient(point, loss.logits(point));
        double h = 1e-5;
        for (int j = 0; j < point.length; j++) {
            double[] up = point.clone();
            double[] down = point.clone();
            up[j] += h;
            down[j] -= h;
            assertThat(gradient[j]).as("entry %s", j).isCloseTo((value(up) - value(down)) / (2 * h), within(1e-6));
        }
    }

    @Test
    void line_equalsValueAndGradientThere() {
        double[] point = point();
        double[] direction = point();
        double step = 0.3;
        double[] there = new double[point.length];
        for (int j = 0; j < there.length; j++) {
            there[j] = point[j] + step * direction[j];
        }

        double[][] probabilities = new double[CLASSES][ROWS];
        Line.Point p = loss.line(point, loss.logits(point), direction, loss.logits(direction), probabilities)
                .at(step);

        assertThat(p.value()).isCloseTo(value(there), within(1e-9));
        assertThat(p.slope())
                .isCloseTo(CurvatureMemory.dot(loss.gradient(there, loss.logits(there)), direction), within(1e-9));
        assertThat(loss.gradientOf(there, probabilities))
                .containsExactly(loss.gradient(there, loss.logits(there)), within(1e-9));
    }

    @Test
    void softmax_ofHugeLogits_isFinite() {
        double[] z = {1e300, 0, -1e300};

        assertThat(MultinomialLoss.softmax(z)).isEqualTo(1e300);
        assertThat(z).containsExactly(1, 0, 0);
    }
}
