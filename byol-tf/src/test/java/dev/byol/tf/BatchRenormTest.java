package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.byol.api.BatchRenorm;
import dev.byol.api.BatchRenorm.Limit;
import dev.byol.api.Branch;
import dev.byol.api.Initializer;
import dev.byol.api.Parameter.Role;
import dev.byol.api.Shape;
import dev.byol.api.Tensor;
import dev.byol.api.graph.StateNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Batch renormalisation on the engine: values against its formula in double precision, gradients against central differences. */
class BatchRenormTest {
    private static final double STEP = 1e-5;

    /** Inputs and moving statistics of one layer. */
    private record Layer(
            BatchRenorm settings, Array x, Array scale, Array offset, Array mean, Array deviation, double batches) {
        static Layer of(BatchRenorm settings, double batches, double spread, int... shape) {
            int channels = shape[shape.length - 1];
            return new Layer(
                    settings,
                    Array.distinct(1, shape).map(x -> (x + 2) * spread),
                    Array.distinct(2, channels).map(x -> x + 1),
                    Array.distinct(3, channels),
                    Array.distinct(4, channels).map(m -> m + 1.5),
                    Array.distinct(5, channels).map(s -> Math.abs(s) + 0.5),
                    batches);
        }

        Layer withX(Array x) {
            return new Layer(settings, x, scale, offset, mean, deviation, batches);
        }

        Array batchDeviation() {
            int count = x.values.length / mean.values.length;
            return x.channelVariance().map(v -> Math.sqrt(v * (count - 1) / count) + settings.epsilon());
        }

        Array r() {
            double most = limit(settings.rMax());
            return batchDeviation().zip(deviation, (b, s) -> Math.min(most, Math.max(1 / most, b / s)));
        }

        Array d() {
            double most = limit(settings.dMax());
            return x.channelMean().minus(mean).dividedBy(deviation).map(d -> Math.min(most, Math.max(-most, d)));
        }

        private double limit(Limit l) {
            double progress = Math.min(1, Math.max(0, (batches - l.from()) / (l.to() - l.from())));
            return l.first() + (l.last() - l.first()) * progress;
        }

        /** With the corrections given: no gradient flows through them. */
        Array y(Array r, Array d) {
            return x.minus(x.channelMean())
                    .dividedBy(batchDeviation())
                    .times(r)
                    .plus(d)
                    .times(scale)
                    .plus(offset);
        }
    }

    @TestFactory
    Stream<DynamicTest> training_normalisesAndCorrects() {
        BatchRenorm open = new BatchRenorm(0.25, 1e-3, new Limit(1, 9, 2, 4), new Limit(0, 9, 0, 2));
        return Stream.of(
                        Layer.of(BatchRenorm.DEFAULT, 0, 1, 6, 3),
                        Layer.of(BatchRenorm.DEFAULT, 12_000, 1, 6, 3),
                        Layer.of(BatchRenorm.DEFAULT, 50_000, 1, 2, 3, 4, 2),
                        Layer.of(open, 3, 1, 6, 3),
                        Layer.of(open, 10, 1, 2, 3, 4, 2),
                        Layer.of(open, 10, 1.0 / 1024, 6, 2), // collapsed: epsilon is as large as the deviation
                        Layer.of(open, 10, 1, 1, 3), // one row has no deviation
                        Layer.of(open, 10, 1, 1, 1, 1, 2))
                .map(layer -> DynamicTest.dynamicTest(
                        layer.settings() + " after " + layer.batches() + " of " + layer.x().shape,
                        () -> training(layer)));
    }

    private static void training(Layer layer) {
        Array r = layer.r();
        Array d = layer.d();
        Array weights = Array.distinct(7, layer.x().shape.dimensions()).map(w -> w / 4);
        try (Harness harness = Harness.training()) {
            Branch online = harness.step.online();
            Tensor x = online.parameter("x", layer.x().shape, Role.KERNEL, Initializer.zeros());
            Tensor y = online.batchRenorm(x, layer.settings());
            Tensor scalar = y.times(harness.step.input("weights", y.shape())).sum();
            Map<String, Tensor> outputs = new LinkedHashMap<>();
            outputs.put("y", y);
            outputs.put("dx", harness.gradient(scalar, x));
            harness.step.trained().forEach(p -> outputs.put("d" + p.path(), harness.gradient(scalar, p)));
            for (StateNode state : harness.step.states()) {
                outputs.put(state.path(), state.next().orElseThrow());
            }
            Map<String, float[]> found = set(harness, layer)
                    .set("online/x", layer.x().floats())
                    .run(outputs, Map.of("weights", weights.floats()));
            assertClose("y", found.get("y"), layer.y(r, d));
            assertClose("dx", found.get("dx"), differences(layer, r, d, weights));
            Array normalized = layer.x().minus(layer.x().channelMean()).dividedBy(layer.batchDeviation());
            assertClose(
                    "dscale",
                    found.get("dscale"),
                    sums(normalized.times(r).plus(d).times(weights)));
            assertClose("doffset", found.get("doffset"), sums(weights));
            double m = layer.settings().momentum();
            assertClose(
                    "mean", found.get("mean"), layer.mean().zip(layer.x().channelMean(), (a, b) -> a + m * (b - a)));
            assertClose(
                    "deviation",
                    found.get("deviation"),
                    layer.deviation().zip(layer.batchDeviation(), (a, b) -> a + m * (b - a)));
            assertThat(found.get("batches")).containsExactly((float) layer.batches() + 1);
        }
    }

    private static Array sums(Array x) {
        Array mean = x.channelMean();
        return mean.map(v -> v * x.values.length / mean.values.length);
    }

    private static Array differences(Layer layer, Array r, Array d, Array weights) {
        double[] gradient = new double[layer.x().values.length];
        if (layer.x().values.length == layer.mean().values.length) {
            return Array.of(layer.x().shape, gradient); // the root of a variance of 0 has none
        }
        for (int i = 0; i < gradient.length; i++) {
            for (int sign : new int[] {1, -1}) {
                double[] values = layer.x().values.clone();
                double step = STEP * layer.batchDeviation().values[i % layer.mean().values.length];
                values[i] += sign * step;
                Array y = layer.withX(Array.of(layer.x().shape, values)).y(r, d);
                gradient[i] += sign * y.times(weights).sum() / (2 * step);
            }
        }
        return Array.of(layer.x().shape, gradient);
    }

    @Test
    void inference_usesTheMovingStatistics() {
        Layer layer = Layer.of(BatchRenorm.DEFAULT, 7, 1, 4, 2, 2, 3);
        try (Harness harness = Harness.inference(Shape.of(Shape.UNKNOWN, 2, 2, 3))) {
            Tensor y = harness.step.online().batchRenorm(harness.step.view(0), layer.settings());
            float[] found = set(harness, layer)
                    .run(Map.of("y", y), Map.of("view0", layer.x().floats()))
                    .get("y");
            Array expected = layer.x()
                    .minus(layer.mean())
                    .dividedBy(layer.deviation())
                    .times(layer.scale())
                    .plus(layer.offset());
            assertClose("y", found, expected);
        }
    }

    private static Harness set(Harness harness, Layer layer) {
        return harness.set("online/scale", layer.scale().floats())
                .set("online/offset", layer.offset().floats())
                .set("online/mean", layer.mean().floats())
                .set("online/deviation", layer.deviation().floats())
                .set("online/batches", new float[] {(float) layer.batches()});
    }

    private static void assertClose(String what, float[] found, Array expected) {
        assertThat(found).as(what).hasSameSizeAs(expected.values);
        double largest = 1;
        for (double e : expected.values) {
            largest = Math.max(largest, Math.abs(e));
        }
        for (int i = 0; i < found.length; i++) {
            assertThat((double) found[i]).as("%s at %d", what, i).isCloseTo(expected.values[i], within(2e-5 * largest));
        }
    }
}
