package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.byol.api.Branch;
import dev.byol.api.Initializer;
import dev.byol.api.Parameter.Role;
import dev.byol.api.Shape;
import dev.byol.api.TargetUpdater;
import dev.byol.api.Tensor;
import dev.byol.api.method.Byol;
import dev.byol.api.nn.Mlp;
import dev.byol.api.nn.Norm;
import dev.byol.api.nn.ResNet;
import dev.byol.api.nn.WeightStandardization;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every norm and weight standardisation, in the encoder and both perceptrons, through whole steps of training. */
class NormsTest {
    private static final int STEPS = 3;

    @TestFactory
    Stream<DynamicTest> training_inBothPrecisions() {
        return Stream.of(Norm.batch(), Norm.renorm(), Norm.group(), Norm.layer(), Norm.none())
                .map(norm -> DynamicTest.dynamicTest(norm.toString(), () -> {
                    double[] full = train(norm, Precision.FLOAT32);
                    double[] reduced = train(norm, Precision.BFLOAT16);
                    assertThat(Arrays.stream(full).boxed())
                            .hasSize(STEPS)
                            .allSatisfy(loss -> assertThat(loss).isBetween(0.0, 8.0));
                    assertThat(Arrays.stream(reduced).boxed())
                            .hasSize(STEPS)
                            .allSatisfy(loss -> assertThat(loss).isBetween(0.0, 8.0));
                    assertThat(reduced[0]).isCloseTo(full[0], within(0.2));
                    assertThat(full[0]).isNotEqualTo(full[1]).isNotEqualTo(full[2]);
                }));
    }

    private static double[] train(Norm norm, Precision precision) {
        ResNet encoder = new ResNet(List.of(1, 1), ResNet.Block.BASIC, 8, ResNet.Stem.SMALL, norm, true);
        Mlp mlp = new Mlp(2, 32, 16, norm).withWeightStandardization();
        try (Trainer trainer = Tiny.resNet()
                .method(new Byol(encoder, mlp, mlp, TargetUpdater.ema(step -> 0.9)))
                .precision(precision)
                .build()) {
            double[] losses = Tiny.train(trainer, STEPS);
            float[][] y = trainer.embed(Tiny.images(trainer, 5));
            assertThat(y).hasDimensions(trainer.batch(), encoder.features());
            assertThat(y[0]).doesNotContain(Float.NaN);
            return losses;
        }
    }

    /** The first step at r = 1 and d = 0 differs from batch normalisation by where epsilon stands alone. */
    @Test
    void renorm_beginsAsBatchNormalisation() {
        double batch = train(Norm.batch(), Precision.FLOAT32)[0];
        assertThat(train(Norm.renorm(), Precision.FLOAT32)[0]).isCloseTo(batch, within(0.02));
    }

    @Test
    void weightStandardization_ofEqualWeights_isZeroAndHasAFiniteGradient() {
        try (Harness harness = Harness.training()) {
            Branch online = harness.step.online();
            Tensor kernel = online.parameter("kernel", Shape.of(3, 2), Role.KERNEL, Initializer.ones());
            Tensor y = WeightStandardization.DEFAULT.standardize(online, kernel);
            Tensor weights = harness.step.input("weights", Shape.of(3, 2));
            Tensor dk = harness.gradient(y.times(weights).sum(), kernel);
            Map<String, float[]> found =
                    harness.run(Map.of("y", y, "dk", dk), Map.of("weights", new float[] {1, 0, 0, 0, 0, 0}));
            assertThat(found.get("y")).containsOnly(0);
            // (g - mean g) / epsilon
            assertThat(found.get("dk")[0]).isCloseTo(2e5f / 3, within(1f));
            assertThat(found.get("dk")[2]).isCloseTo(-1e5f / 3, within(1f));
            assertThat(found.get("dk")[1]).isZero();
        }
    }

    @Test
    void weightStandardization_givesUnitDeviation() {
        try (Harness harness = Harness.training()) {
            Branch online = harness.step.online();
            Tensor kernel = online.parameter("kernel", Shape.of(3, 3, 4, 2), Role.KERNEL, Initializer.normal(0.1));
            float[] y = harness.run(Map.of("y", WeightStandardization.DEFAULT.standardize(online, kernel)), Map.of())
                    .get("y");
            for (int out : List.of(0, 1)) {
                double[] row = new double[y.length / 2];
                Arrays.setAll(row, i -> y[2 * i + out]);
                double mean = Arrays.stream(row).average().orElseThrow();
                double squares = Arrays.stream(row).map(v -> v * v).sum();
                assertThat(mean).isCloseTo(0, within(1e-5));
                assertThat(squares / (row.length - 1)).isCloseTo(1, within(1e-3));
            }
        }
    }
}
