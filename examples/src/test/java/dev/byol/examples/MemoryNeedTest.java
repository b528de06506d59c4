package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.byol.api.TargetUpdater;
import dev.byol.api.method.Byol;
import dev.byol.api.nn.Mlp;
import dev.byol.api.nn.Norm;
import dev.byol.api.nn.ResNet;
import dev.byol.optim.Schedules;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryNeedTest {
    private static final double GIB = 1L << 30;

    private static Byol byol(ResNet encoder, int hidden) {
        Mlp mlp = new Mlp(2, hidden, 16, Norm.batch());
        return new Byol(encoder, mlp, mlp, TargetUpdater.ema(Schedules.constant(0.99)));
    }

    @Test
    void activations_countConvolutionsAndNormsOfBothBranchesAndViews() {
        ResNet one = new ResNet(List.of(1), ResNet.Block.BASIC, 4, ResNet.Stem.SMALL, Norm.batch());
        MemoryNeed need = MemoryNeed.of(byol(one, 8), 2, 6);
        double convolutions = 3 * 2 * 6 * 6 * 4; // stem and two in the block
        double networks = 4 * 2 * convolutions; // outputs of convolution and norm, two views of two branches
        double perceptrons = 4 * 2 * 8 + 2 * 2 * 8; // norms of four projections and two predictions
        assertThat(need.activations()).isEqualTo(Float.BYTES * (networks + perceptrons));
        double encoder = 27 * 4 + 2 * 36 * 4 + 3 * 2 * 4;
        double projector = 4 * 8 + 8 + 2 * 8 + 8 * 16 + 16;
        double predictor = 16 * 8 + 8 + 2 * 8 + 8 * 16 + 16;
        assertThat(need.parameters()).isLessThanOrEqualTo(Float.BYTES * (encoder + projector + predictor));
        assertThat(need.variables()).isBetween(2.5 * need.parameters(), 3 * need.parameters());
    }

    @Test
    void check_onlyTheMemoryOfTheMachineRefuses() {
        Byol byol = byol(ResNet.resNet50(), 64);
        MemoryNeed.check(byol, 32, 96, 64 * GIB, GIB);
        assertThatThrownBy(() -> MemoryNeed.check(byol, 32, 96, 2 * GIB, GIB))
                .isInstanceOf(BadInput.class)
                .hasMessageContainingAll("--crop 96 with --batch 32 needs about", "outside the Java heap", "1024 MiB");
    }

    @Test
    void check_heapIsNotLeftForTheStep() {
        Byol byol = byol(ResNet.resNet50(), 64);
        MemoryNeed.check(byol, 32, 96, 8 * GIB, GIB);
        assertThatThrownBy(() -> MemoryNeed.check(byol, 32, 96, 8 * GIB, 7 * GIB))
                .isInstanceOf(BadInput.class);
    }

    @Test
    void check_parametersThatTheHeapDoesNotHold() {
        assertThatThrownBy(() -> MemoryNeed.check(byol(ResNet.resNet50(), 64), 2, 32, 64 * GIB, GIB / 8))
                .isInstanceOf(BadInput.class)
                .hasMessageContainingAll("Java heap to be saved", "128 MiB");
    }
}
