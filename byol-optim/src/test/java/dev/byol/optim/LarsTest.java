package dev.byol.optim;

import static dev.byol.optim.Filters.all;
import static dev.byol.optim.Schedules.constant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.byol.api.Parameter.Role;
import dev.byol.api.Schedule;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class LarsTest {
    private static final Offset<Double> CLOSE = within(1e-14);

    /** The algorithm on vectors, written out. */
    private static final class Reference {
        private final double[] w;
        private final double[] buffer;

        Reference(double... start) {
            w = start.clone();
            buffer = new double[start.length];
        }

        double[] step(double rate, double momentum, double decay, double coefficient, double... gradient) {
            double weight = 0;
            double length = 0;
            double[] u = new double[w.length];
            for (int i = 0; i < w.length; i++) {
                u[i] = gradient[i] + decay * w[i];
                weight += w[i] * w[i];
                length += u[i] * u[i];
            }
            double q = weight > 0 && length > 0 ? coefficient * Math.sqrt(weight) / Math.sqrt(length) : 1;
            for (int i = 0; i < w.length; i++) {
                buffer[i] = momentum * buffer[i] + q * u[i];
                w[i] -= rate * buffer[i];
            }
            return w.clone();
        }
    }

    @Test
    void lars_ofSeveralSteps_asDeepMind() {
        Schedule rate = Schedules.warmupCosine(3, 1, 6);
        Lars lars = Lars.builder()
                .learningRate(rate)
                .momentum(0.9)
                .weightDecay(0.1)
                .trustCoefficient(0.02)
                .build();
        Rehearsal ours =
                new Rehearsal().parameter("layer/kernel", Role.KERNEL, 1, -2, 2).by(lars);
        Reference reference = new Reference(1, -2, 2);
        double[][] gradients = {{3, 4, 12}, {-1, 0, 0.5}, {0, 0, 0}, {1e-3, 2e-3, -1e-3}, {1, 1, 1}};
        for (int k = 0; k < gradients.length; k++) {
            assertThat(ours.step(gradients[k]))
                    .as("step %s", k)
                    .containsExactly(reference.step(rate.at(k), 0.9, 0.1, 0.02, gradients[k]), CLOSE);
        }
    }

    @Test
    void lars_onZeroWeights_startsAsSgd_thenAdapts() {
        Lars lars = Lars.builder().learningRate(constant(0.5)).weightDecay(0.1).build();
        Rehearsal ours =
                new Rehearsal().parameter("layer/kernel", Role.KERNEL, 0, 0).by(lars);
        Reference reference = new Reference(0, 0);
        assertThat(ours.step(3, 4)).containsExactly(-1.5, -2);
        reference.step(0.5, 0.9, 0.1, 1e-3, 3, 4);
        assertThat(ours.step(1, 0)).containsExactly(reference.step(0.5, 0.9, 0.1, 1e-3, 1, 0), CLOSE);
    }

    @Test
    void lars_withoutGradient_keepsMovingByMomentum() {
        Lars lars = Lars.builder()
                .learningRate(constant(1))
                .weightDecay(0)
                .momentum(0.5)
                .trustCoefficient(0.1)
                .build();
        Rehearsal ours =
                new Rehearsal().parameter("layer/kernel", Role.KERNEL, 4).by(lars);
        assertThat(ours.step(7)).containsExactly(new double[] {3.6}, CLOSE); // 0.1 · 4
        assertThat(ours.step(0)).containsExactly(new double[] {3.4}, CLOSE);
        assertThat(ours.step(0)).containsExactly(new double[] {3.3}, CLOSE);
    }

    @Test
    void lars_isBlindToTheScaleOfAKernelsGradient() {
        Lars lars = Lars.builder().learningRate(constant(1)).weightDecay(0).build();
        double[] small = new Rehearsal()
                .parameter("layer/kernel", Role.KERNEL, 1, 2)
                .by(lars)
                .step(1e-6, 3e-6);
        double[] large = new Rehearsal()
                .parameter("layer/kernel", Role.KERNEL, 1, 2)
                .by(lars)
                .step(1e6, 3e6);
        assertThat(small).containsExactly(large, CLOSE);
    }

    @Test
    void lars_byDefault_treatsBiasesAndNormsAsPlainMomentum() {
        Rehearsal rehearsal = new Rehearsal()
                .parameter("a/bias", Role.BIAS, 2)
                .parameter("b/scale", Role.NORM_SCALE, 2)
                .parameter("b/offset", Role.NORM_OFFSET, 2)
                .by(Lars.builder()
                        .learningRate(constant(0.1))
                        .momentum(0.5)
                        .weightDecay(0.3)
                        .build());
        double[] one = {1};
        for (int i = 0; i < 2; i++) {
            rehearsal.step(Map.of("a/bias", one, "b/scale", one, "b/offset", one));
        }
        for (String path : new String[] {"a/bias", "b/scale", "b/offset"}) {
            assertThat(rehearsal.value(path)).as(path).containsExactly(new double[] {2 - 0.1 - 0.15}, CLOSE);
        }
    }

    @Test
    void lars_ofAllParameters_adaptsThemToo() {
        Lars lars = Lars.builder()
                .learningRate(constant(1))
                .weightDecay(0.5)
                .trustCoefficient(0.1)
                .decayed(all())
                .adapted(all())
                .build();
        Rehearsal rehearsal = new Rehearsal().parameter("a/bias", Role.BIAS, 2).by(lars);
        assertThat(rehearsal.step(1)).containsExactly(new double[] {1.8}, CLOSE);
    }

    @Test
    void lars_withFiltersOfTheirOwn_decaysAndAdaptsIndependently() {
        Lars lars = Lars.builder()
                .learningRate(constant(1))
                .momentum(0)
                .weightDecay(0.5)
                .trustCoefficient(0.1)
                .decayed(Filters.only(Role.BIAS))
                .build();
        Rehearsal rehearsal = new Rehearsal()
                .parameter("a/kernel", Role.KERNEL, 2)
                .parameter("a/bias", Role.BIAS, 2)
                .by(lars);
        rehearsal.step(Map.of("a/kernel", new double[] {0}, "a/bias", new double[] {0}));
        assertThat(rehearsal.value("a/kernel")).containsExactly(2);
        assertThat(rehearsal.value("a/bias")).containsExactly(1);
        assertThat(rehearsal.slots()).isEmpty();
    }

    @Test
    void builder_defaults_areDeepMinds() {
        assertThat(Lars.builder().learningRate(constant(0.5)).build())
                .hasToString("Lars[learningRate=Constant[value=0.5], momentum=0.9, weightDecay=1.5E-6,"
                        + " trustCoefficient=0.001, decayed=only(KERNEL), adapted=only(KERNEL)]");
    }

    @Test
    void builder_refusesWhatIsMissingOrOutOfRange() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Lars.builder().build())
                .withMessage("learningRate must be set");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Lars.builder()
                        .learningRate(constant(1))
                        .trustCoefficient(-1)
                        .build())
                .withMessage("trust coefficient must be finite and above 0, got -1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Lars.builder().learningRate(constant(1)).momentum(1).build())
                .withMessage("momentum must be in [0, 1), got 1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Lars.builder()
                        .learningRate(constant(1))
                        .weightDecay(Double.POSITIVE_INFINITY)
                        .build())
                .withMessage("weight decay must be finite and at least 0, got Infinity");
    }
}
