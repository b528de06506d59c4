package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.byol.api.Encoder;
import dev.byol.api.Initializer;
import dev.byol.api.Method;
import dev.byol.api.Network;
import dev.byol.api.Optimizer;
import dev.byol.api.Schedule;
import dev.byol.api.Shape;
import dev.byol.api.State;
import dev.byol.api.Step;
import dev.byol.api.TargetUpdater;
import dev.byol.api.Tensor;
import dev.byol.api.method.Cosines;
import dev.byol.api.nn.Linear;
import dev.byol.api.nn.Norm;
import dev.byol.optim.Rules;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
    private static final Encoder SCALED = Tiny::scaled;
    private static final Schedule NEVER = step -> 0;

    /** A loss on encodings of one view. */
    private record OneView(Encoder encoder, Function<Step, Tensor> how) implements Method {
        @Override
        public int views() {
            return 1;
        }

        @Override
        public Tensor loss(Step step) {
            return how.apply(step);
        }
    }

    private static Trainer.Builder pixel(Method method) {
        return Trainer.builder()
                .method(method)
                .optimizer(Tiny.descent(NEVER))
                .images(Tiny.PIXEL)
                .batch(1);
    }

    private static float parameter(Trainer trainer, String name) {
        return trainer.values().get(name)[0];
    }

    // Settings

    @Test
    void batch_mustBeAtLeastOne() {
        for (int batch : new int[] {0, -1}) {
            refused(() -> Trainer.builder().batch(batch), "batch must be at least 1, got " + batch);
        }
    }

    @Test
    void settings_areShown() {
        try (Trainer trainer = Tiny.resNet().batch(3).build()) {
            assertThat(trainer.batch()).isEqualTo(3);
            assertThat(trainer.format()).isEqualTo(ImageFormat.rgb(16));
            assertThat(trainer.steps()).isZero();
            assertThat(trainer.variables())
                    .containsEntry("online/encoder/conv1/kernel", Shape.of(3, 3, 3, 8))
                    .containsEntry("target/encoder/norm1/variance", Shape.of(8));
            trainer.values()
                    .forEach((name, values) -> assertThat(values)
                            .hasSize(trainer.variables().get(name).size()));
        }
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
    }

    // What a step takes

    @Test
    void step_refusesWrongViews() {
        ImageFormat format = new ImageFormat(1, 2, 3, List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));
        try (Trainer trainer = pixel(new Tiny.Square(TargetUpdater.frozen()))
                .images(format)
                .batch(2)
                .build()) {
            byte[] right = new byte[12];
            refused(() -> trainer.step(right), "the method takes 2 views, got 1");
            refused(() -> trainer.step(right, right, right), "the method takes 2 views, got 3");
            refused(() -> trainer.stepNormalized(), "the method takes 2 views, got 0");
            String needs = "view 1 needs 12 values for a batch of 2 images 1x2x3, got ";
            refused(() -> trainer.step(right, new byte[11]), needs + 11);
            refused(() -> trainer.step(right, new byte[13]), needs + 13);
            refused(() -> trainer.stepNormalized(new float[12], new float[0]), needs + 0);
            assertThat(trainer.steps()).isZero();
            assertThat(trainer.step(right, right).step()).isEqualTo(1);
        }
    }

    @Test
    void feed_isUsedUntilItIsSetAgain() {
        Method method = new OneView(
                SCALED,
                step -> SCALED.encode(step.online(), step.view(0))
                        .times(step.input("labels", Shape.of(2, 1)))
                        .sum());
        try (Trainer trainer = pixel(method).batch(2).build()) {
            float[] view = {1, 10};
            String before = trainer.digest();
            assertThatIllegalStateException()
                    .isThrownBy(() -> trainer.stepNormalized(view))
                    .withMessage("input labels was never fed");
            assertThat(trainer.steps()).isZero();
            assertThat(trainer.digest()).isEqualTo(before);
            refused(() -> trainer.feed("colours", new float[2]), "the method has no input colours; it has [labels]");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> trainer.feed("labels", new float[3]))
                    .withMessage("input labels of the shape [2, 1] needs 2 values, got 3");
            trainer.feed("labels", new float[] {2, 3});
            assertThat(trainer.stepNormalized(view).loss()).isEqualTo(32);
            assertThat(trainer.stepNormalized(view).loss()).isEqualTo(32);
            trainer.feed("labels", new float[] {0, -1});
            assertThat(trainer.stepNormalized(view).loss()).isEqualTo(-10);
        }
    }

    @Test
    void stepNormalized_equalsStepOnTheSameViews() {
        try (Trainer bytes = Tiny.resNet().build();
                Trainer floats = Tiny.resNet().build()) {
            byte[][] views = {Tiny.images(bytes, 1), Tiny.images(bytes, 2)};
            double loss = bytes.step(views).loss();
            double same = floats.stepNormalized(normalized(views[0]), normalized(views[1]))
                    .loss();
            assertThat(same).isCloseTo(loss, within(1e-5));
            Map<String, float[]> expected = bytes.values();
            floats.values().forEach((name, values) -> {
                for (int i = 0; i < values.length; i++) {
                    assertThat((double) values[i]).as(name).isCloseTo(expected.get(name)[i], within(1e-4));
                }
            });
        }
    }

    private static float[] normalized(byte[] pixels) {
        ImageFormat format = ImageFormat.rgb(16);
        float[] x = new float[pixels.length];
        for (int i = 0; i < x.length; i++) {
            double value = (pixels[i] & 0xff) / 255.0;
            x[i] = (float)
                    ((value - format.mean().get(i % 3)) / format.deviation().get(i % 3));
        }
        return x;
    }

    // The order within a step

    @Test
    void step_movesTheTargetToTheNewOnlineValues_alongBothSchedules() {
        List<Long> asked = new ArrayList<>();
        Schedule rate = step -> {
            asked.add(step);
            return step == 0 ? 0.25 : 0.125;
        };
        Schedule tau = step -> step == 0 ? 0.5 : 0.75;
        try (Trainer trainer = pixel(new Tiny.Square(TargetUpdater.ema(tau)))
                .optimizer(Tiny.descent(rate))
                .build()) {
            trainer.write(Map.of("online/encoder/w", new float[] {3}));
            float[] one = {1};
            float[] two = {2};
            // loss (w - 2 xi)^2 with w = 3, xi = 1: gradient 2, w = 3 - 0.25 · 2, xi = 0.5 · 1 + 0.5 · 2.5
            StepReport first = trainer.stepNormalized(one, two);
            assertThat(first.step()).isEqualTo(1);
            assertThat(first.loss()).isEqualTo(1);
            assertThat(parameter(trainer, "online/encoder/w")).isEqualTo(2.5f);
            assertThat(parameter(trainer, "target/encoder/w")).isEqualTo(1.75f);
            // gradient 2 (2.5 - 3.5) = -2, w = 2.5 + 0.125 · 2, xi = 0.75 · 1.75 + 0.25 · 2.75
            StepReport second = trainer.stepNormalized(one, two);
            assertThat(second.loss()).isEqualTo(1);
            assertThat(parameter(trainer, "online/encoder/w")).isEqualTo(2.75f);
            assertThat(parameter(trainer, "target/encoder/w")).isEqualTo(2);
            assertThat(trainer.steps()).isEqualTo(2);
            assertThat(asked).containsExactly(0L, 1L);
        }
    }

    @Test
    void step_withATargetThatIsCopied_copiesTheNewOnlineValues() {
        try (Trainer trainer = pixel(new Tiny.Square((target, online, update) -> online))
                .optimizer(Tiny.descent(step -> 0.25))
                .build()) {
            trainer.write(Map.of("online/encoder/w", new float[] {3}));
            float[] one = {1};
            // loss (w - xi)^2: gradient 2 (3 - 1), then none
            assertThat(trainer.stepNormalized(one, one).loss()).isEqualTo(4);
            assertThat(parameter(trainer, "target/encoder/w")).isEqualTo(2);
            assertThat(trainer.stepNormalized(one, one).loss()).isZero();
            assertThat(parameter(trainer, "online/encoder/w")).isEqualTo(2);
        }
    }

    @Test
    void momentum_isReadBeforeItIsWritten() {
        Optimizer momentum = Rules.chain(Rules.momentum(0.5), Rules.scaleByLearningRate(step -> 0.25));
        try (Trainer trainer = pixel(new Tiny.Square(TargetUpdater.frozen()))
                .optimizer(momentum)
                .build()) {
            trainer.write(Map.of("online/encoder/w", new float[] {3}));
            float[] one = {1};
            trainer.stepNormalized(one, one); // gradient 2 (3 - 1), buffer 4, w = 3 - 1
            assertThat(parameter(trainer, "optimizer/momentum/encoder/w")).isEqualTo(4);
            assertThat(parameter(trainer, "online/encoder/w")).isEqualTo(2);
            trainer.stepNormalized(one, one); // gradient 2, buffer 4, w = 2 - 1
            assertThat(parameter(trainer, "optimizer/momentum/encoder/w")).isEqualTo(4);
            assertThat(parameter(trainer, "online/encoder/w")).isEqualTo(1);
        }
    }

    /** The new values need nothing of the old ones, and are fed: the write must wait for the read, and own its memory. */
    @Test
    void state_isReadBeforeItIsWritten_andKeepsWhatWasFed() {
        Schedule rate = step -> 100 + step;
        Method method = new OneView(SCALED, step -> {
            State fed = step.online().state("fed", Shape.of(1), Initializer.zeros());
            State scheduled = step.online().state("scheduled", Shape.scalar(), Initializer.zeros());
            step.report("fed", fed.value().sum());
            step.report("scheduled", scheduled.value());
            fed.assign(step.input("next", Shape.of(1)));
            scheduled.assign(step.scheduled(rate));
            return SCALED.encode(step.online(), step.view(0)).mean();
        });
        try (Trainer trainer = pixel(method).build()) {
            for (int i = 0; i < 200; i++) {
                trainer.feed("next", new float[] {i + 1});
                StepReport report = trainer.stepNormalized(new float[] {1});
                assertThat(report.report("fed")).isEqualTo(i);
                assertThat(report.report("scheduled")).isEqualTo(i == 0 ? 0 : 99 + i);
                assertThat(parameter(trainer, "online/fed")).isEqualTo(i + 1);
                assertThat(parameter(trainer, "online/scheduled")).isEqualTo(100 + i);
            }
        }
    }

    @Test
    void target_startsAsACopy_andStaysWhereItIsFrozen() {
        try (Trainer trainer = Tiny.resNet()
                .method(Tiny.byol(Norm.batch(), TargetUpdater.frozen()))
                .build()) {
            Map<String, float[]> start = trainer.values();
            List<String> followers = start.keySet().stream()
                    .filter(name -> name.startsWith("target/"))
                    .toList();
            assertThat(followers).hasSizeGreaterThan(20);
            followers.forEach(name ->
                    assertThat(start.get(name)).as(name).isEqualTo(start.get(name.replace("target/", "online/"))));
            Tiny.train(trainer, 2);
            Map<String, float[]> end = trainer.values();
            followers.forEach(name -> {
                if (name.endsWith("/mean") || name.endsWith("/variance")) {
                    assertThat(end.get(name)).as(name).isNotEqualTo(start.get(name));
                } else {
                    assertThat(end.get(name)).as(name).isEqualTo(start.get(name));
                }
            });
            assertThat(end.get("online/encoder/conv1/kernel")).isNotEqualTo(start.get("online/encoder/conv1/kernel"));
        }
    }

    /** A linear layer without bias and its batch norm: a doubled kernel doubles the mean and quadruples the variance. */
    @Test
    void target_hasStatisticsOfItsOwn() {
        Network norm = Norm.batch();
        Encoder encoder = (branch, x) ->
                branch.apply("norm", norm, branch.apply("linear", new Linear(2, false), x.globalAveragePool()));
        record Both(Encoder encoder) implements Method {
            @Override
            public Tensor loss(Step step) {
                Tensor target = encoder.encode(step.target(TargetUpdater.frozen()), step.view(0));
                return encoder.encode(step.online(), step.view(1))
                        .times(target.stopGradient())
                        .mean();
            }
        }

        try (Trainer trainer = pixel(new Both(encoder)).batch(4).build()) {
            float[] kernel = trainer.values().get("online/encoder/linear/kernel");
            float[] doubled = {2 * kernel[0], 2 * kernel[1]};
            trainer.write(Map.of("target/encoder/linear/kernel", doubled));
            float[] view = {1, -2, 3, 5};
            trainer.stepNormalized(view, view);
            Map<String, float[]> values = trainer.values();
            for (int i = 0; i < 2; i++) {
                double mean = kernel[i] * 7 / 4.0;
                double variance = kernel[i] * kernel[i] * (39 - 49 / 4.0) / 3;
                assertClose(values.get("online/encoder/norm/mean")[i], 0.1 * mean);
                assertClose(values.get("target/encoder/norm/mean")[i], 0.2 * mean);
                assertClose(values.get("online/encoder/norm/variance")[i], 0.9 + 0.1 * variance);
                assertClose(values.get("target/encoder/norm/variance")[i], 0.9 + 0.4 * variance);
            }
        }
    }

    private static void assertClose(double found, double expected) {
        assertThat(found).isCloseTo(expected, within(1e-5 * Math.max(1, Math.abs(expected))));
    }

    @Test
    void reports_arriveByName() {
        Optimizer reporting = (parameter, gradient, update) -> {
            update.report("length", gradient.norm());
            return gradient.times(0);
        };
        Method method = new OneView(SCALED, step -> {
            Tensor y = SCALED.encode(step.online(), step.view(0));
            step.observe("y0", y);
            step.report("largest", y.maximum(7).mean());
            return y.mean();
        });
        try (Trainer trainer = pixel(method)
                .optimizer(reporting)
                .measure((observed, step) ->
                        step.report("double", observed.get("y0").times(2).sum()))
                .measure((observed, step) ->
                        step.report("negative", observed.get("y0").negate().sum()))
                .build()) {
            StepReport report = trainer.stepNormalized(new float[] {3});
            assertThat(report)
                    .isEqualTo(new StepReport(
                            1,
                            3,
                            Map.of(
                                    "largest", 7.0,
                                    "double", 6.0,
                                    "negative", -3.0,
                                    "length/encoder/w", 3.0,
                                    "gradient_norm", 3.0)));
            assertThat(report.report("double")).isEqualTo(6);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> report.report("triple"))
                    .withMessageContainingAll("nothing is reported under triple", "double", "length/encoder/w");
        }
    }

    @Test
    void cosines_ofEqualViewsWithEqualNetworks_areOne() {
        try (Trainer trainer = Tiny.resNet().measure(new Cosines()).build()) {
            byte[] view = Tiny.images(trainer, 1);
            StepReport report = trainer.step(view, view);
            assertThat(report.report("positive_cosine")).isCloseTo(1, within(1e-5));
            assertThat(report.report("negative_cosine")).isBetween(-1.0, 0.99);
        }
    }

    @Test
    void step_handsOutWhatIsObserved_asItWasBeforeTheUpdate() {
        Method method = new OneView(SCALED, step -> {
            Tensor y = SCALED.encode(step.online(), step.view(0));
            step.observe("y0", y);
            step.observe("double", y.times(2));
            step.observe("sum", y.sum());
            return y.mean();
        });
        ImageFormat format = new ImageFormat(1, 3, 1, List.of(0.0), List.of(1.0));
        Trainer.Builder settings = pixel(method)
                .optimizer(Tiny.descent(step -> 0.5))
                .images(format)
                .batch(2);
        byte[] view = {0, 51, (byte) 255, 102, 0, 0};
        try (Trainer trainer = settings.build();
                Trainer silent = settings.build()) {
            String before = trainer.digest();
            for (String unknown : List.of("z0", "Y0", "")) {
                refused(
                        () -> trainer.step(Set.of(unknown), view),
                        "the method shows no value " + unknown + "; it shows [y0, double, sum]");
            }
            refused(
                    () -> trainer.step(Set.of("sum"), view),
                    "the observed value sum must be [B, D], it has the shape []");
            assertThat(trainer.steps()).isZero();
            assertThat(trainer.digest()).isEqualTo(before);
            StepReport report = trainer.step(Set.of("double", "y0"), view);
            assertThat(report.observed()).containsOnlyKeys("y0", "double");
            assertThat(report.observed("y0")).hasDimensions(2, 3);
            assertThat(report.observed("y0")[0]).containsExactly(new float[] {0, 0.2f, 1}, within(1e-6f));
            assertThat(report.observed("double")[1]).containsExactly(new float[] {0.8f, 0, 0}, within(1e-6f));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> report.observed("sum"))
                    .withMessageStartingWith("nothing is observed under sum; there is [");
            assertThat(silent.step(view).observed()).isEmpty();
            assertThat(silent.digest()).isEqualTo(trainer.digest()).isNotEqualTo(before);
        }
    }

    // What does not fit

    @Test
    void write_ofOneWrongVariable_changesNone() {
        try (Trainer trainer = Tiny.resNet().build()) {
            String before = trainer.digest();
            float[] eight = {1, 2, 3, 4, 5, 6, 7, 8};
            Map<String, float[]> short7 = new LinkedHashMap<>();
            short7.put("online/encoder/norm1/scale", eight);
            short7.put("online/encoder/norm1/offset", new float[7]);
            refused(
                    () -> trainer.write(short7),
                    "variable online/encoder/norm1/offset has the shape [8] and was given 7 values");
            assertThatIllegalStateException()
                    .isThrownBy(() -> trainer.write(Map.of("online/w", eight)))
                    .withMessageStartingWith("there is no variable online/w; there is [online/encoder/");
            assertThat(trainer.digest()).isEqualTo(before);
            trainer.write(Map.of("online/encoder/norm1/scale", eight));
            assertThat(trainer.values().get("online/encoder/norm1/scale")).isEqualTo(eight);
        }
    }

    @Test
    void close_twiceIsHarmless_andUseAfterwardsIsRefused(@TempDir Path folder) {
        Trainer trainer = pixel(new Tiny.Square(TargetUpdater.frozen())).build();
        trainer.close();
        trainer.close();
        byte[] pixel = new byte[1];
        List<ThrowingCallable> uses = List.of(
                () -> trainer.step(pixel, pixel),
                () -> trainer.stepNormalized(new float[1], new float[1]),
                () -> trainer.feed("labels", new float[1]),
                () -> trainer.embed(pixel),
                trainer::values,
                trainer::digest,
                () -> trainer.write(Map.of()),
                () -> trainer.save(folder.resolve("checkpoint")),
                () -> trainer.restore(folder.resolve("checkpoint")),
                () -> trainer.exportEncoder(folder.resolve("encoder")));
        uses.forEach(use -> assertThatIllegalStateException().isThrownBy(use).withMessage("the trainer is closed"));
        assertThat(folder).isEmptyDirectory();
    }

    // Seeds and precision

    @Test
    void seed_decidesEverything() {
        try (Trainer one = Tiny.resNet().seed(5).build();
                Trainer same = Tiny.resNet().seed(5).build();
                Trainer other = Tiny.resNet().seed(6).build()) {
            assertThat(same.digest()).isEqualTo(one.digest()).matches("[0-9a-f]{64}");
            assertThat(other.digest()).isNotEqualTo(one.digest());
            assertThat(Tiny.train(same, 3)).isEqualTo(Tiny.train(one, 3));
            assertThat(same.digest()).isEqualTo(one.digest());
            assertThat(Tiny.train(other, 1)).isNotEqualTo(Tiny.train(one, 1));
        }
    }

    @Test
    void bfloat16_followsFloat32_andKeepsItsParametersInFloat32() {
        Trainer.Builder settings = Tiny.resNet()
                .batch(16)
                .optimizer(Tiny.descent(step -> 0.002)); // slow: differences must not grow by chaos
        try (Trainer full = settings.build();
                Trainer reduced = settings.precision(Precision.BFLOAT16).build()) {
            assertThat(reduced.digest()).isEqualTo(full.digest());
            double[] expected = Tiny.train(full, 20);
            double[] losses = Tiny.train(reduced, 20);
            for (int i = 0; i < losses.length; i++) {
                assertThat(losses[i]).as("step %d", i).isCloseTo(expected[i], within(0.02 * expected[i]));
            }
            assertThat(losses).isNotEqualTo(expected);
            assertThat(losses[0]).isCloseTo(expected[0], within(0.005 * expected[0]));
            // Zeros and ones are in both; what bfloat16 cannot hold is in every kernel and, after a step, in every
            // norm.
            reduced.values()
                    .forEach((name, values) ->
                            assertThat(lowBits(values)).as(name).isNotZero());
        }
    }

    private static int lowBits(float... values) {
        int bits = 0;
        for (float v : values) {
            bits |= Float.floatToIntBits(v) & 0xffff;
        }
        return bits;
    }

    // Embedding

    @Test
    void embed_ofAnyNumberOfImages() {
        Encoder encoder = (branch, x) -> branch.apply("linear", new Linear(5, true), x.globalAveragePool());
        Method method = new OneView(
                encoder, step -> encoder.encode(step.online(), step.view(0)).mean());
        ImageFormat format = ImageFormat.rgb(96);
        try (Trainer trainer = pixel(method).images(format).build()) {
            assertThat(trainer.embed(new byte[0])).isEmpty();
            byte[] image = Tiny.images(format.size(), 1);
            byte[] other = Tiny.images(format.size(), 2);
            float[][] alone = trainer.embed(image);
            assertThat(alone).hasDimensions(1, 5);
            byte[] many = new byte[130 * image.length]; // more than two parts of 64
            for (int i = 0; i < 130; i++) {
                System.arraycopy(i % 13 == 0 ? image : other, 0, many, i * image.length, image.length);
            }
            float[][] rows = trainer.embed(many);
            assertThat(rows).hasDimensions(130, 5);
            for (int i = 0; i < rows.length; i++) {
                assertThat(rows[i]).as("row %d", i).isEqualTo(rows[i % 13 == 0 ? 0 : 1]);
            }
            for (int i = 0; i < 5; i++) {
                assertClose(rows[0][i], alone[0][i]);
            }
            assertThat(rows[1]).isNotEqualTo(rows[0]);
            refused(
                    () -> trainer.embed(new byte[format.size() + 1]),
                    "images 96x96x3 need a multiple of 27648 values, got 27649");
        }
    }

    @Test
    void embed_usesMovingStatistics_andChangesNothing() {
        Network norm = Norm.batch();
        Encoder encoder = (branch, x) -> branch.apply("norm", norm, x.globalAveragePool());
        Method method = new OneView(
                encoder,
                step -> encoder.encode(step.online(), step.view(0)).square().mean());
        try (Trainer trainer = pixel(method).batch(2).build()) {
            trainer.write(Map.of(
                    "online/encoder/norm/mean", new float[] {0.5f}, "online/encoder/norm/variance", new float[] {4}));
            String before = trainer.digest();
            float[][] rows = trainer.embed(new byte[] {0, (byte) 255, (byte) 102});
            double deviation = Math.sqrt(4 + 1e-5);
            assertClose(rows[0][0], -0.5 / deviation);
            assertClose(rows[1][0], 0.5 / deviation);
            assertClose(rows[2][0], -0.1 / deviation);
            assertThat(trainer.digest()).isEqualTo(before);
            assertThat(trainer.steps()).isZero();
            trainer.step(new byte[] {0, (byte) 255});
            assertThat(trainer.embed(new byte[] {0})[0]).isNotEqualTo(rows[0]);
        }
    }

    @Test
    void views_areNormalisedByChannel() {
        ImageFormat format = new ImageFormat(1, 1, 2, List.of(0.2, 0.4), List.of(0.5, 0.25));
        Method method = new OneView(
                SCALED, step -> SCALED.encode(step.online(), step.view(0)).mean());
        try (Trainer trainer = pixel(method).images(format).build()) {
            float[] row = trainer.embed(new byte[] {51, (byte) 255})[0];
            assertClose(row[0], 0);
            assertClose(row[1], 2.4);
            assertThat(trainer.step(new byte[] {51, (byte) 255}).loss()).isCloseTo(1.2, within(1e-6));
        }
    }
}
