package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.byol.api.Shape;
import dev.byol.api.TargetUpdater;
import dev.byol.api.Tensor;
import dev.byol.api.method.Contrast;
import dev.byol.api.method.Cosines;
import dev.byol.api.method.MoCo;
import dev.byol.api.nn.Mlp;
import dev.byol.api.nn.Norm;
import dev.byol.api.nn.ResNet;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The queue over steps of training, and the words of contrast in numbers. */
class MoCoTest {
    private static final int WIDTH = 8;

    private static Trainer trainer(int queue) {
        ResNet encoder = new ResNet(List.of(1), ResNet.Block.BASIC, 8, ResNet.Stem.SMALL, Norm.batch());
        Mlp mlp = new Mlp(2, 16, WIDTH, Norm.none());
        return Tiny.resNet()
                .method(MoCo.builder()
                        .encoder(encoder)
                        .projector(mlp)
                        .predictor(mlp)
                        .updater(TargetUpdater.ema(step -> 0.9).beforeOptimizer())
                        .queue(queue)
                        .symmetric(true)
                        .build())
                .measure(new Cosines())
                .build();
    }

    @Test
    void queue_movesByABatchAStep_newestFirst() {
        try (Trainer trainer = trainer(10)) {
            float[] start = queue(trainer);
            Tiny.train(trainer, 1);
            float[] first = queue(trainer);
            Tiny.train(trainer, 1);
            float[] second = queue(trainer);
            int batch = trainer.batch() * WIDTH;
            assertThat(Arrays.copyOfRange(first, batch, first.length))
                    .containsExactly(Arrays.copyOf(start, start.length - batch));
            assertThat(Arrays.copyOfRange(second, batch, second.length))
                    .containsExactly(Arrays.copyOf(first, first.length - batch));
            assertThat(Arrays.copyOf(second, batch)).isNotEqualTo(Arrays.copyOf(first, batch));
            for (int row = 0; row < second.length; row += WIDTH) {
                double squares = 0;
                for (int i = row; i < row + WIDTH; i++) {
                    squares += (double) second[i] * second[i];
                }
                assertThat(squares).isCloseTo(1, within(1e-5));
            }
        }
    }

    private static float[] queue(Trainer trainer) {
        return trainer.values().get("target/queue");
    }

    @Test
    void training_learnsAndReportsCosines() {
        for (int queue : new int[] {0, 32}) {
            try (Trainer trainer = trainer(queue)) {
                byte[] images = Tiny.images(trainer, 1);
                double first = trainer.step(images, images).loss();
                StepReport last = trainer.step(images, images);
                for (int i = 0; i < 20; i++) {
                    last = trainer.step(images, images);
                }
                assertThat(last.loss()).as("queue %d", queue).isLessThan(first);
                assertThat(last.reports()).containsOnlyKeys("positive_cosine", "negative_cosine", "gradient_norm");
                assertThat(last.reports().get("positive_cosine"))
                        .isGreaterThan(last.reports().get("negative_cosine"));
            }
        }
    }

    @Test
    void offDiagonal_keepsTheOrder() {
        try (Harness harness = Harness.training(Shape.of(3, 3))) {
            Tensor others = Contrast.offDiagonal(harness.step.view(0));
            float[] found = harness.run(Map.of("y", others), Map.of("view0", new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8}))
                    .get("y");
            assertThat(found).containsExactly(1, 2, 3, 5, 6, 7);
        }
    }

    /** Equal cosines: InfoNCE is log(1 + M), and alpha takes the place of M. */
    @Test
    void contrasts_ofEqualCosines() {
        try (Harness harness = Harness.training(Shape.of(2, 1), Shape.of(2, 3))) {
            Tensor p = harness.step.view(0);
            Tensor n = harness.step.view(1);
            Map<String, float[]> found = harness.run(
                    Map.of(
                            "ce", Contrast.crossEntropy(0.2).loss(p, n),
                            "eqco", Contrast.eqCo(0.2, 99).loss(p, n),
                            "ip", Contrast.innerProduct().loss(p, n),
                            "bce", Contrast.binaryCrossEntropy(0.001).loss(p, n)),
                    Map.of("view0", new float[] {0.5f, 0.5f}, "view1", new float[] {.5f, .5f, .5f, .5f, .5f, .5f}));
            assertThat((double) found.get("ce")[0]).isCloseTo(Math.log(4), within(1e-6));
            assertThat((double) found.get("eqco")[0]).isCloseTo(Math.log(100), within(1e-5));
            assertThat((double) found.get("ip")[0]).isCloseTo(0.5 + 3 * 1.5, within(1e-6));
            assertThat((double) found.get("bce")[0]).isCloseTo(3 * 500, within(1e-3)); // no overflow
        }
    }
}
