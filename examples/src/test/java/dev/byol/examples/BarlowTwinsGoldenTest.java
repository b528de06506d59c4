package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.byol.api.Branch;
import dev.byol.api.Encoder;
import dev.byol.api.Initializer;
import dev.byol.api.Parameter;
import dev.byol.api.Shape;
import dev.byol.api.Tensor;
import dev.byol.golden.Golden;
import dev.byol.golden.GoldenCase;
import dev.byol.golden.GoldenTensor;
import dev.byol.optim.Schedules;
import dev.byol.optim.Sgd;
import dev.byol.tf.ImageFormat;
import dev.byol.tf.Trainer;
import java.util.Collections;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The loss of the README's method, and its gradient, against PyTorch's double precision. */
class BarlowTwinsGoldenTest {
    private static final double RATE = 1000;

    /** One factor for each number of a batch, so that one step shows the whole gradient. */
    private record Scale(Shape shape) implements Encoder {
        @Override
        public Tensor apply(Branch branch, Tensor x) {
            Tensor rows = x.reshape(Shape.of(x.shape().dimension(0), shape.dimension(1)));
            return rows.times(branch.parameter("scale", shape, Parameter.Role.NORM_SCALE, Initializer.ones()));
        }
    }

    @Test
    void loss_asPyTorch() {
        Golden golden = Golden.open("losses");
        GoldenCase c = golden.cases().stream()
                .filter(each -> each.string("name").equals("barlow_twins"))
                .findFirst()
                .orElseGet(() -> Assumptions.abort("no case barlow_twins"));
        String first = c.strings("inputs").get(0);
        String second = c.strings("inputs").get(1);
        GoldenTensor z0 = golden.tensor("in." + first);
        GoldenTensor z1 = golden.tensor("in." + second);
        int n = z0.dimension(0);
        int d = z0.dimension(1);
        try (Trainer trainer = Trainer.builder()
                .method(new CustomMethod.BarlowTwins(new Scale(Shape.of(n, d)), (branch, y) -> y, c.number("lam")))
                .optimizer(Sgd.builder()
                        .learningRate(Schedules.constant(RATE))
                        .momentum(0)
                        .build())
                .images(new ImageFormat(1, 1, d, Collections.nCopies(d, 0.0), Collections.nCopies(d, 1.0)))
                .batch(n)
                .build()) {
            double loss = trainer.stepNormalized(z0.floats(), z1.floats()).loss();
            assertThat(loss).isCloseTo(c.number("loss"), within(1e-5 * Math.abs(c.number("loss"))));
            float[] moved = trainer.values().entrySet().stream()
                    .filter(e -> e.getKey().startsWith("online/") && e.getKey().endsWith("/scale"))
                    .findFirst()
                    .orElseThrow()
                    .getValue();
            float[] g0 = golden.tensor("barlow_twins.d" + first).floats();
            float[] g1 = golden.tensor("barlow_twins.d" + second).floats();
            double largest = Stream.of(g0, g1)
                    .flatMapToDouble(BarlowTwinsGoldenTest::absolute)
                    .max()
                    .orElseThrow();
            float[] x0 = z0.floats();
            float[] x1 = z1.floats();
            for (int i = 0; i < moved.length; i++) {
                double a = x0[i];
                double b = x1[i];
                double expected = 1 - RATE * (g0[i] * a + g1[i] * b);
                double tolerance = RATE * 1e-5 * largest * (Math.abs(a) + Math.abs(b)) + 1e-6 * Math.abs(expected);
                assertThat((double) moved[i]).as("scale %d", i).isCloseTo(expected, within(tolerance));
            }
        }
    }

    private static DoubleStream absolute(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> Math.abs(values[i]));
    }
}
