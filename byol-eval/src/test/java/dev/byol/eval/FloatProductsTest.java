package dev.byol.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FloatProductsTest {
    private static final int CLASSES = 3;

    /** More rows than a block, and no whole number of blocks; enough numbers to be worthwhile. */
    private static Features rows() {
        Random random = new Random(1);
        int rows = 2900;
        int d = 241;
        float[] values = new float[rows * d];
        int[] labels = new int[rows];
        for (int i = 0; i < values.length; i++) {
            labels[i / d] = i / d % CLASSES;
            values[i] = (float) (random.nextGaussian() + (i % d == labels[i / d] ? 0.8 : 0));
        }
        return Features.of(values, d, labels);
    }

    @Test
    void lossAndGradient_areThoseInDouble_butForRounding() {
        Features x = rows();
        MultinomialLoss exact = MultinomialLossTest.of(x, CLASSES, 0.5);
        MultinomialLoss single =
                exact.by(FloatProducts.of(x.values(), x.dimension(), CLASSES).orElseThrow());
        double[] point = new Random(2).doubles(exact.size(), -0.1, 0.1).toArray();
        double[][] logits = exact.logits(point);
        double[][] rounded = single.logits(point);
        for (int k = 0; k < CLASSES; k++) {
            assertThat(rounded[k]).containsExactly(logits[k], within(1e-5)).isNotEqualTo(logits[k]);
        }
        assertThat(single.gradient(point, logits)).containsExactly(exact.gradient(point, logits), within(1e-3));
    }

    @Test
    void of_fewNumbers_isNothing() {
        assertThat(FloatProducts.of(new float[1000], 10, 10)).isEmpty();
    }

    /** The way in single precision ends at the solution of double precision. */
    @Test
    void minimise_fromSingle_endsAtTheSolutionInDouble() {
        Features x = rows();
        MultinomialLoss exact = MultinomialLossTest.of(x, CLASSES, 1);
        Lbfgs plain = new Lbfgs(exact, Optional.empty());
        plain.minimise(1e-7, 1000);
        Lbfgs mixed = new Lbfgs(exact, FloatProducts.of(x.values(), x.dimension(), CLASSES));
        mixed.minimise(1e-7, 1000);

        assertThat(mixed.largestGradient()).isLessThanOrEqualTo(1e-7);
        assertThat(mixed.value()).isCloseTo(plain.value(), within(1e-9 * plain.value()));
        double[] at = mixed.point().clone();
        assertThat(exact.gradient(at, exact.logits(at))).containsExactly(new double[at.length], within(2e-7));
    }

    /** Features far from zero cancel in single precision: the rest of the way is gone in double. */
    @Test
    void minimise_featuresWithALargeOffset_converges() {
        Features x = rows();
        float[] far = x.values().clone();
        for (int i = 0; i < far.length; i++) {
            far[i] += 1000;
        }
        Features shifted = Features.of(far, x.dimension(), x.labels());
        LogisticModel model = LogisticRegression.builder()
                .standardise(false)
                .tolerance(1e-2)
                .build()
                .fit(shifted);
        assertThat(model.converged()).isTrue();
        assertThat(model.predict(shifted).accuracy(shifted)).isGreaterThan(0.6);
    }
}
