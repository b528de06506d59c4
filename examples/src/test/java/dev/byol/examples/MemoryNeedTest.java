package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.byol.api.TargetUpdater;
import dev.byol.api.method.Byol;
import dev.byol.api.nn.Mlp;
import dev.byol.api.nn.Norm;
import dev.byol.api.nn.ResNet;
import dev.byol.optim.Schedules;
import dev.byol.tf.Precision;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryNeedTest {
    private static final double GIB = 1L << 30;

    private static Byol byol(ResNet encoder, int hidden) {
        Mlp mlp = new Mlp(2, hidden, 16, Norm.batch());
        return new Byol(encoder, mlp, mlp, TargetUpdater.ema(Schedules.constant(0.99)));
    }

    private static MemoryNeed need(Byol byol, Precision precision, int batch, int microBatch, double memory) {
        return MemoryNeed.checked(
                byol, precision, batch, microBatch, 96, new MemoryNeed.Limits(memory, 4 * GIB, 16 * GIB));
    }

    @Test
    void activations_areConvolutionsThatTheGradientComesBackTo() {
        ResNet one = new ResNet(List.of(1), ResNet.Block.BASIC, 4, ResNet.Stem.SMALL, Norm.batch());
        MemoryNeed need = MemoryNeed.of(byol(one, 8), Precision.FLOAT32, 2, 2, 6);
        double convolutions = 3 * 2 * 6 * 6 * 4; // stem and two in the block
        assertThat(need.activations()).isEqualTo(Float.BYTES * 2 * convolutions); // two views of one branch
        double encoder = 27 * 4 + 2 * 36 * 4 + 3 * 2 * 4;
        double projector = 4 * 8 + 8 + 2 * 8 + 8 * 16 + 16;
        double predictor = 16 * 8 + 8 + 2 * 8 + 8 * 16 + 16;
        assertThat(need.parameters()).isLessThanOrEqualTo(Float.BYTES * (encoder + projector + predictor));
        assertThat(need.variables()).isBetween(2.5 * need.parameters(), 3 * need.parameters());
        assertThat(need.tiled()).isEqualTo(Float.BYTES * (27 * 4 + 2 * 36 * 4));
        assertThat(need.products()).isEqualTo(Float.BYTES * 2 * (4 * 8 + 8 * 16 + 16 * 8 + 8 * 16)); // one a view
        assertThat(need.carried()).isZero();
    }

    @Test
    void precisionAndMicroBatches_decideTheActivations() {
        ResNet one = new ResNet(List.of(1), ResNet.Block.BASIC, 4, ResNet.Stem.SMALL, Norm.group());
        MemoryNeed whole = MemoryNeed.of(byol(one, 8), Precision.FLOAT32, 4, 4, 6);
        MemoryNeed reduced = MemoryNeed.of(byol(one, 8), Precision.BFLOAT16, 4, 4, 6);
        MemoryNeed parts = MemoryNeed.of(byol(one, 8), Precision.FLOAT32, 4, 2, 6);
        assertThat(reduced.activations()).isEqualTo(whole.activations() / 2);
        assertThat(reduced.tiled()).isZero();
        assertThat(reduced.squares()).isEqualTo(whole.squares()).isGreaterThanOrEqualTo(whole.activations());
        assertThat(parts.activations()).isEqualTo(whole.activations() / 2);
        assertThat(parts.carried()).isEqualTo(whole.parameters());
    }

    @Test
    void checked_onlyTheMemoryOfTheMachineRefuses() {
        Byol byol = byol(ResNet.resNet50(), 64);
        assertThat(need(byol, Precision.FLOAT32, 32, 32, 64 * GIB).peak()).isBetween(2 * GIB, 8 * GIB);
        assertThatThrownBy(() -> need(byol, Precision.FLOAT32, 32, 32, 2 * GIB))
                .isInstanceOf(BadInput.class)
                .hasMessageContainingAll(
                        "--crop 96 with --batch 32 needs about", "this machine has 2048 MiB", "lower --micro-batch");
        need(byol, Precision.FLOAT32, 32, 4, 3.5 * GIB);
        assertThatThrownBy(() -> need(byol, Precision.FLOAT32, 32, 32, 3.5 * GIB))
                .isInstanceOf(BadInput.class);
    }

    @Test
    void peak_hasTheHeapThatTheJvmStartsWith_orWhatLivesInIt() {
        MemoryNeed need = MemoryNeed.of(byol(ResNet.resNet10Tiny(), 64), Precision.FLOAT32, 8, 8, 32);
        assertThat(Math.round(need.peak(8 * GIB) - need.peak(4 * GIB))).isEqualTo(4L << 30);
        assertThat(need.peak(1)).isEqualTo(need.peak(2)).isGreaterThan(need.engine() + 2 * need.heap());
    }

    @Test
    void checked_parametersThatTheHeapDoesNotHold() {
        assertThatThrownBy(() -> within(new MemoryNeed.Limits(64 * GIB, GIB / 8, GIB / 2)))
                .isInstanceOf(BadInput.class)
                .hasMessageContainingAll("Java heap to be saved", "128 MiB");
    }

    @Test
    void checked_whatJavaCppDoesNotLetTheProcessHave() {
        assertThatThrownBy(() -> within(new MemoryNeed.Limits(64 * GIB, GIB / 2, 1.5 * GIB)))
                .isInstanceOf(BadInput.class)
                .hasMessageContainingAll("JavaCPP", "1536 MiB", "BYOL_JAVA_OPTIONS=-Xmx");
        assertThat(within(new MemoryNeed.Limits(64 * GIB, GIB / 2, 4 * GIB)).peak())
                .isLessThan(4 * GIB);
    }

    private static MemoryNeed within(MemoryNeed.Limits limits) {
        return MemoryNeed.checked(byol(ResNet.resNet50(), 64), Precision.FLOAT32, 2, 2, 32, limits);
    }
}
