package dev.byol.optim;

import static dev.byol.optim.Filters.all;
import static dev.byol.optim.Schedules.constant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.byol.api.Optimizer;
import dev.byol.api.Parameter.Role;
import dev.byol.api.Schedule;
import java.util.Map;
import java.util.function.Supplier;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Adam, AdamW and LAMB beside their algorithms, written out on vectors. */
class AdamTest {
    private static final Offset<Double> CLOSE = within(1e-13);
    private static final Schedule RATE = Schedules.multiStep(0.1, 0.5, 2);
    private static final double[][] GRADIENTS = {{1, -0.5}, {0, 2}, {0, 0}, {1e-3, 30}, {-4, 0.25}};

    /** The three algorithms: they differ in where weights decay, and in whether the length of the update is that of the weights. */
    private static final class Reference {
        private final double[] w = {2, -1};
        private final double[] m = new double[2];
        private final double[] v = new double[2];
        private final double decay;
        private final boolean inGradient;
        private final boolean layerwise;

        Reference(double decay, boolean inGradient, boolean layerwise) {
            this.decay = decay;
            this.inGradient = inGradient;
            this.layerwise = layerwise;
        }

        double[] step(int k) {
            double[] u = new double[2];
            for (int i = 0; i < 2; i++) {
                double g = GRADIENTS[k][i] + (inGradient ? decay * w[i] : 0);
                m[i] = 0.8 * m[i] + 0.2 * g;
                v[i] = 0.99 * v[i] + 0.01 * g * g;
                double mHat = m[i] / (1 - Math.pow(0.8, k + 1));
                double vHat = v[i] / (1 - Math.pow(0.99, k + 1));
                u[i] = mHat / (Math.sqrt(vHat) + 1e-6) + (inGradient ? 0 : decay * w[i]);
            }
            double q = layerwise ? Math.hypot(w[0], w[1]) / Math.hypot(u[0], u[1]) : 1;
            for (int i = 0; i < 2; i++) {
                w[i] -= RATE.at(k) * q * u[i];
            }
            return w.clone();
        }
    }

    private static void compare(Optimizer rule, Reference reference) {
        Rehearsal ours = kernel(2, -1).by(rule);
        for (int k = 0; k < GRADIENTS.length; k++) {
            assertThat(ours.step(GRADIENTS[k])).as("step %s", k).containsExactly(reference.step(k), CLOSE);
        }
        assertThat(ours.slots())
                .containsExactly("optimizer/first_moment/layer/kernel", "optimizer/second_moment/layer/kernel");
    }

    private static <B extends RuleBuilder.WithMoments<B>> B settings(B builder) {
        return builder.learningRate(RATE).beta1(0.8).beta2(0.99).epsilon(1e-6).weightDecay(0.3);
    }

    @Test
    void adam_ofSeveralSteps_decaysInTheGradient() {
        compare(settings(Adam.builder()).build(), new Reference(0.3, true, false));
    }

    @Test
    void adamW_ofSeveralSteps_decaysBesideIt() {
        compare(settings(AdamW.builder()).build(), new Reference(0.3, false, false));
    }

    @Test
    void lamb_ofSeveralSteps_movesByAShareOfTheWeights() {
        compare(settings(Lamb.builder()).build(), new Reference(0.3, false, true));
    }

    @Test
    void adam_firstStep_isTheRateInTheSignOfTheGradient() {
        Adam adam = Adam.builder().learningRate(constant(0.1)).build();
        assertThat(kernel(0, 0, 0).by(adam).step(1e-3, -50, 7))
                .containsExactly(new double[] {-0.1, 0.1, -0.1}, within(1e-5));
    }

    @Test
    void adam_withoutGradient_staysWhereItIs() {
        assertThat(kernel(3)
                        .by(Adam.builder().learningRate(constant(0.1)).build())
                        .step(0))
                .containsExactly(3);
    }

    @Test
    void adam_withoutBetas_isTheSign() {
        Adam adam = Adam.builder().learningRate(constant(0.5)).beta1(0).beta2(0).build();
        Rehearsal rehearsal = kernel(0).by(adam);
        assertThat(rehearsal.step(3)).containsExactly(new double[] {-0.5}, within(1e-8));
        assertThat(rehearsal.step(-8)).containsExactly(new double[] {0}, within(1e-8));
    }

    @Test
    void adamW_decay_isInProportionToTheRate() {
        AdamW adamW =
                AdamW.builder().learningRate(constant(0.1)).weightDecay(0.5).build();
        assertThat(kernel(4).by(adamW).step(0)).containsExactly(new double[] {4 * (1 - 0.05)}, CLOSE);
    }

    @Test
    void lamb_firstStep_hasTheLengthOfTheRate() {
        Lamb lamb = Lamb.builder().learningRate(constant(0.1)).weightDecay(0).build();
        double[] moved = kernel(3, 4).by(lamb).step(1e-2, 20);
        assertThat(Math.hypot(moved[0] - 3, moved[1] - 4)).isCloseTo(0.5, within(1e-13));
    }

    @Test
    void lamb_ofZeroWeightsOrNoUpdate_isAdamW() {
        Lamb lamb = Lamb.builder().learningRate(constant(0.1)).weightDecay(0.5).build();
        AdamW adamW = AdamW.builder()
                .learningRate(constant(0.1))
                .weightDecay(0.5)
                .epsilon(1e-6)
                .build();
        assertThat(kernel(0, 0).by(lamb).step(1, -2))
                .containsExactly(kernel(0, 0).by(adamW).step(1, -2));
        assertThat(kernel(0, 0).by(lamb).step(0, 0)).containsExactly(0, 0);
    }

    @Test
    void rules_byDefault_leaveBiasesAlone() {
        Schedule rate = constant(0.1);
        Optimizer[] rules = {
            Adam.builder().learningRate(rate).weightDecay(0.5).build(),
            AdamW.builder().learningRate(rate).weightDecay(0.5).build(),
            Lamb.builder().learningRate(rate).weightDecay(0.5).build()
        };
        for (Optimizer rule : rules) {
            Rehearsal rehearsal = new Rehearsal()
                    .parameter("a/kernel", Role.KERNEL, 4)
                    .parameter("a/bias", Role.BIAS, 4)
                    .by(rule);
            rehearsal.step(Map.of("a/kernel", new double[] {0}, "a/bias", new double[] {0}));
            assertThat(rehearsal.value("a/kernel")[0]).as("%s", rule).isLessThan(4);
            assertThat(rehearsal.value("a/bias")).as("%s", rule).containsExactly(4);
        }
    }

    @Test
    void lamb_ofAll_adaptsBiases() {
        Lamb lamb = Lamb.builder()
                .learningRate(constant(0.1))
                .weightDecay(0)
                .adapted(all())
                .build();
        assertThat(new Rehearsal().parameter("a/bias", Role.BIAS, 4).by(lamb).step(1))
                .containsExactly(new double[] {3.6}, CLOSE);
    }

    @Test
    void builders_begin_asTheirSources() {
        Schedule rate = constant(0.5);
        assertThat(Adam.builder().learningRate(rate).build())
                .hasToString("Adam[learningRate=Constant[value=0.5], beta1=0.9, beta2=0.999, epsilon=1.0E-8,"
                        + " weightDecay=0.0, decayed=only(KERNEL)]");
        assertThat(AdamW.builder().learningRate(rate).build())
                .hasToString("AdamW[learningRate=Constant[value=0.5], beta1=0.9, beta2=0.999, epsilon=1.0E-8,"
                        + " weightDecay=0.01, decayed=only(KERNEL)]");
        assertThat(Lamb.builder().learningRate(rate).build())
                .hasToString("Lamb[learningRate=Constant[value=0.5], beta1=0.9, beta2=0.999, epsilon=1.0E-6,"
                        + " weightDecay=0.01, decayed=only(KERNEL), adapted=only(KERNEL)]");
    }

    @Test
    void builders_refuseWhatIsMissingOrOutOfRange() {
        assertThatIllegalStateException()
                .isThrownBy(() -> AdamW.builder().build())
                .withMessage("learningRate must be set");
        refused(Adam.builder().learningRate(RATE).beta1(1)::build, "beta1 must be in [0, 1), got 1.0");
        refused(AdamW.builder().learningRate(RATE).beta2(-0.1)::build, "beta2 must be in [0, 1), got -0.1");
        refused(Lamb.builder().learningRate(RATE).epsilon(0)::build, "epsilon must be finite and above 0, got 0.0");
        refused(
                Lamb.builder().learningRate(RATE).weightDecay(Double.NaN)::build,
                "weight decay must be finite and at least 0, got NaN");
    }

    private static void refused(Supplier<?> build, String message) {
        assertThatIllegalArgumentException().isThrownBy(build::get).withMessage(message);
    }

    private static Rehearsal kernel(double... start) {
        return new Rehearsal().parameter("layer/kernel", Role.KERNEL, start);
    }
}
