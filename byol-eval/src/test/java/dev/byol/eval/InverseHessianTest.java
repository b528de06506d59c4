package dev.byol.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class InverseHessianTest {
    private static final int ROWS = 400;
    private static final int DIMENSION = 6;
    private static final int CLASSES = 3;

    @Test
    void times_theHessianTimesAVector_isTheVector() {
        Random random = new Random(4);
        float[] x = new float[ROWS * DIMENSION];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) (random.nextGaussian() * Math.pow(10, i % DIMENSION - 3) + 1);
        }
        Features features =
                Features.of(x, DIMENSION, random.ints(ROWS, 0, CLASSES).toArray());
        MultinomialLoss loss = MultinomialLossTest.of(features, CLASSES, 0.3);
        InverseHessian inverse = new InverseHessian(x, DIMENSION, CLASSES, 0.3);
        double[] v = random.doubles(loss.size(), -1, 1).toArray();
        sumToZeroOverClasses(v);

        double h = 1e-5;
        double[] up = gradient(loss, v, h);
        double[] down = gradient(loss, v, -h);
        double[] hessianTimesV = new double[v.length];
        for (int j = 0; j < v.length; j++) {
            hessianTimesV[j] = (up[j] - down[j]) / (2 * h);
        }

        assertThat(inverse.times(hessianTimesV)).containsExactly(v, within(1e-4));
    }

    @Test
    void invert_closedForm() {
        double[][] a = {{4, 2}, {2, 3}};

        InverseHessian.invert(a);

        assertThat(a[0]).containsExactly(new double[] {3 / 8.0, -2 / 8.0}, within(1e-15));
        assertThat(a[1]).containsExactly(new double[] {-2 / 8.0, 4 / 8.0}, within(1e-15));
    }

    private static double[] gradient(MultinomialLoss loss, double[] direction, double step) {
        double[] point = new double[direction.length];
        for (int j = 0; j < point.length; j++) {
            point[j] = step * direction[j];
        }
        return loss.gradient(point, loss.logits(point));
    }

    private static void sumToZeroOverClasses(double[] v) {
        for (int j = 0; j <= DIMENSION; j++) {
            double mean = 0;
            for (int k = 0; k < CLASSES; k++) {
                mean += v[at(j, k)] / CLASSES;
            }
            for (int k = 0; k < CLASSES; k++) {
                v[at(j, k)] -= mean;
            }
        }
    }

    private static int at(int column, int label) {
        return column < DIMENSION ? label * DIMENSION + column : CLASSES * DIMENSION + label;
    }
}
