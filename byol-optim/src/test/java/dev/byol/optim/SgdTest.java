package dev.byol.optim;

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

class SgdTest {
    private static final Offset<Double> CLOSE = within(1e-14);
    private static final double[] GRADIENTS = {1, -0.5, 0, 2, 0.25};

    /** PyTorch's documented algorithm, written out. */
    private static double[] torch(Schedule rate, double momentum, double decay, boolean nesterov) {
        double[] trajectory = new double[GRADIENTS.length];
        double w = 2;
        double buffer = 0;
        for (int k = 0; k < GRADIENTS.length; k++) {
            double g = GRADIENTS[k] + decay * w;
            buffer = momentum * buffer + g;
            w -= rate.at(k) * (nesterov ? g + momentum * buffer : buffer);
            trajectory[k] = w;
        }
        return trajectory;
    }

    private static double[] ours(Sgd sgd) {
        Rehearsal rehearsal =
                new Rehearsal().parameter("layer/kernel", Role.KERNEL, 2).by(sgd);
        double[] trajectory = new double[GRADIENTS.length];
        for (int k = 0; k < GRADIENTS.length; k++) {
            trajectory[k] = rehearsal.step(GRADIENTS[k])[0];
        }
        return trajectory;
    }

    @Test
    void sgd_withMomentumAndDecay_asPyTorch() {
        Sgd sgd = Sgd.builder()
                .learningRate(constant(0.1))
                .momentum(0.9)
                .weightDecay(0.05)
                .build();
        assertThat(ours(sgd)).containsExactly(torch(constant(0.1), 0.9, 0.05, false), CLOSE);
    }

    @Test
    void sgd_withNesterov_asPyTorch() {
        Schedule rate = Schedules.warmupCosine(0.1, 2, 5);
        Sgd sgd = Sgd.builder()
                .learningRate(rate)
                .momentum(0.9)
                .weightDecay(0.05)
                .nesterov(true)
                .build();
        assertThat(ours(sgd)).containsExactly(torch(rate, 0.9, 0.05, true), CLOSE);
    }

    @Test
    void sgd_withChangingRate_keepsItOutOfTheBuffer() {
        Schedule rate = Schedules.multiStep(0.1, 0.1, 2);
        Sgd sgd = Sgd.builder().learningRate(rate).momentum(0.9).weightDecay(0).build();
        assertThat(ours(sgd)).containsExactly(torch(rate, 0.9, 0, false), CLOSE);
    }

    @Test
    void sgd_plain_hasNoSlot() {
        Sgd sgd = Sgd.builder()
                .learningRate(constant(0.1))
                .momentum(0)
                .weightDecay(0)
                .build();
        assertThat(ours(sgd)).containsExactly(torch(constant(0.1), 0, 0, false), CLOSE);
        assertThat(new Rehearsal()
                        .parameter("layer/kernel", Role.KERNEL, 1)
                        .by(sgd)
                        .slots())
                .isEmpty();
    }

    @Test
    void sgd_byDefault_decaysKernelsOnly() {
        Rehearsal rehearsal = new Rehearsal()
                .parameter("a/kernel", Role.KERNEL, 1)
                .parameter("a/bias", Role.BIAS, 1)
                .parameter("b/scale", Role.NORM_SCALE, 1)
                .parameter("b/offset", Role.NORM_OFFSET, 1)
                .by(Sgd.builder().learningRate(constant(1)).weightDecay(0.25).build());
        double[] zero = {0};
        rehearsal.step(Map.of("a/kernel", zero, "a/bias", zero, "b/scale", zero, "b/offset", zero));
        assertThat(rehearsal.value("a/kernel")).containsExactly(0.75);
        for (String path : new String[] {"a/bias", "b/scale", "b/offset"}) {
            assertThat(rehearsal.value(path)).as(path).containsExactly(1);
        }
        assertThat(rehearsal.slots())
                .containsExactly(
                        "optimizer/momentum/a/kernel",
                        "optimizer/momentum/a/bias",
                        "optimizer/momentum/b/scale",
                        "optimizer/momentum/b/offset");
    }

    @Test
    void builder_settings_arePrinted() {
        assertThat(Sgd.builder().learningRate(constant(0.5)).build())
                .isEqualTo(Sgd.builder()
                        .learningRate(constant(0.5))
                        .nesterov(false)
                        .build())
                .hasToString("Sgd[learningRate=Constant[value=0.5], momentum=0.9, weightDecay=1.0E-4, nesterov=false,"
                        + " decayed=only(KERNEL)]");
    }

    @Test
    void builder_refusesWhatIsMissingOrOutOfRange() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Sgd.builder().build())
                .withMessage("learningRate must be set");
        Sgd.Builder builder = Sgd.builder().learningRate(constant(0.1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.momentum(1.2).build())
                .withMessage("momentum must be in [0, 1), got 1.2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.momentum(0).nesterov(true).build())
                .withMessage("nesterov needs a momentum above 0, got 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.momentum(0.9).weightDecay(-1).build())
                .withMessage("weight decay must be finite and at least 0, got -1.0");
    }
}
