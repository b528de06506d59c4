package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.byol.api.TargetUpdater;
import dev.byol.api.method.Byol;
import dev.byol.api.nn.Mlp;
import dev.byol.api.nn.Norm;
import dev.byol.api.nn.ResNet;
import dev.byol.optim.Schedules;
import dev.byol.optim.Sgd;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.NodeDef;

/** The step on a GPU; where there is none, what can be said without. */
class GpuTest {
    private static final int BATCH = 8;
    private static final ImageFormat FORMAT = ImageFormat.rgb(32);

    private static Trainer.Builder settings() {
        return Trainer.builder()
                .optimizer(Sgd.builder()
                        .learningRate(Schedules.constant(0.05))
                        .momentum(0.9)
                        .build())
                .images(FORMAT)
                .batch(BATCH);
    }

    private static Byol byol() {
        Mlp mlp = new Mlp(2, 32, 16, Norm.batch());
        return new Byol(ResNet.resNet10Tiny(), mlp, mlp, TargetUpdater.ema(Schedules.constant(0.99)));
    }

    private static byte[] noise(int seed) {
        byte[] bytes = new byte[BATCH * FORMAT.size()];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static double[] losses(Trainer trainer, int steps) {
        double[] losses = new double[steps];
        for (int i = 0; i < steps; i++) {
            losses[i] = trainer.step(noise(i), noise(100 + i)).loss();
        }
        return losses;
    }

    /** The whole graph, forward to export; without a GPU TensorFlow puts it on the CPU in the end, where the numbers are the same. */
    @Test
    void step_placedOnAGpu_isTheSame() {
        assumeTrue(DeviceChoice.AUTO.settle().gpu().isEmpty(), "there is a GPU");
        Trainer.Builder settings = settings().method(byol());
        ChosenDevice gpu = ChosenDevice.gpu(0, "for a test");
        try (Trainer placed = settings.build(gpu);
                Trainer plain = settings.build(ChosenDevice.cpu("for a test"))) {
            assertThat(placed.device()).hasToString("gpu:0");
            assertThat(losses(placed, 1)).containsExactly(losses(plain, 1));
            assertThat(placed.digest()).isEqualTo(plain.digest());
            assertThat(placed.embed(noise(1))).isDeepEqualTo(plain.embed(noise(1)));
        }
        try (Program program = new Program(settings, gpu, byol())) {
            assertThat(program.graph.toGraphDef().getNodeList())
                    // TensorFlow's own gradients name no device, and follow those of their values.
                    .filteredOn(node -> !node.getName().startsWith("gradients"))
                    .filteredOn(node -> node.getOp().matches("Conv2D|MatMul|VarHandleOp|AssignVariableOp|Placeholder"))
                    .hasSizeGreaterThan(100)
                    .extracting(NodeDef::getDevice)
                    .containsOnly("/device:GPU:0");
        }
    }

    /** TF32 rounds factors to 10 bits. */
    @Test
    @Tag("gpu")
    void step_onAGpu_isThatOfTheCpu() {
        ChosenDevice gpu = DeviceChoice.AUTO.settle();
        assumeTrue(gpu.gpu().isPresent(), "no GPU: " + gpu.why());
        Trainer.Builder settings = settings().method(byol());
        try (Trainer there = settings.build(gpu);
                Trainer here = settings.build(ChosenDevice.cpu("to compare with"))) {
            double[] expected = losses(here, 5);
            double[] found = losses(there, 5);
            for (int i = 0; i < expected.length; i++) {
                assertThat(found[i]).isCloseTo(expected[i], within(0.02));
            }
        }
    }
}
