package dev.byol.tf;

import static dev.byol.optim.Filters.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.byol.api.Encoder;
import dev.byol.api.Method;
import dev.byol.api.Optimizer;
import dev.byol.api.Shape;
import dev.byol.api.Step;
import dev.byol.api.TargetUpdater;
import dev.byol.api.Tensor;
import dev.byol.api.method.Byol;
import dev.byol.api.method.Cosines;
import dev.byol.api.method.MoCo;
import dev.byol.api.method.OnlineProbe;
import dev.byol.api.nn.Linear;
import dev.byol.api.nn.Mlp;
import dev.byol.api.nn.Norm;
import dev.byol.api.nn.ResNet;
import dev.byol.optim.AdamW;
import dev.byol.optim.Lars;
import dev.byol.optim.Rules;
import dev.byol.optim.Sgd;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MicroBatchTest {
    private static final TargetUpdater TAU = TargetUpdater.ema(step -> 0.9 + 0.01 * step);
    private static final Encoder POOLED =
            (branch, x) -> branch.apply("linear", new Linear(6, true), x.globalAveragePool());
    private static final Byol NORM_FREE =
            new Byol(POOLED, new Mlp(1, 8, 4, Norm.layer()), new Mlp(1, 8, 4, Norm.none()), TAU);

    private static Trainer.Builder settings(Method method) {
        return Trainer.builder()
                .method(method)
                .optimizer(Sgd.builder().learningRate(step -> 0.05).build())
                .images(ImageFormat.rgb(16))
                .batch(8);
    }

    private static Trainer.Builder pixels(Method method, int batch) {
        return Trainer.builder()
                .method(method)
                .optimizer(Tiny.descent(step -> 0.5))
                .images(Tiny.PIXEL)
                .batch(batch);
    }

    private static void assertClose(Trainer found, Trainer expected) {
        Map<String, float[]> values = found.values();
        assertThat(values.keySet()).isEqualTo(expected.values().keySet());
        expected.values()
                .forEach((name, value) -> assertThat(values.get(name)).as(name).containsExactly(value, within(1e-5f)));
    }

    private static void assertClose(StepReport found, StepReport expected) {
        assertThat(found.step()).isEqualTo(expected.step());
        assertThat(found.loss()).isCloseTo(expected.loss(), within(1e-5));
        assertThat(found.reports().keySet()).isEqualTo(expected.reports().keySet());
        expected.reports()
                .forEach((name, value) -> assertThat(found.report(name))
                        .as(name)
                        .isCloseTo(value, within(1e-5 * Math.max(1, Math.abs(value)))));
    }

    private static List<StepReport> train(Trainer trainer, int steps) {
        List<StepReport> reports = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            long seed = 2 * trainer.steps();
            reports.add(trainer.step(Tiny.images(trainer, seed), Tiny.images(trainer, seed + 1)));
        }
        return reports;
    }

    // As one batch

    static Stream<Optimizer> rules() {
        return Stream.of(
                Sgd.builder().learningRate(step -> 0.05 / (1 + step)).build(),
                Rules.chain(
                        Rules.clipByGlobalNorm(0.05),
                        Sgd.builder().learningRate(step -> 0.5).build()),
                Lars.deepMind().learningRate(step -> 0.2).build());
    }

    @Test
    void resNet_withoutNorms_learnsAsInOneBatch() {
        Byol byol = new Byol(
                ResNet.resNet10Tiny().withStem(ResNet.Stem.SMALL).withNorm(Norm.none()),
                new Mlp(1, 16, 8, Norm.layer()),
                new Mlp(1, 16, 8, Norm.none()),
                TAU);
        try (Trainer whole = settings(byol).build();
                Trainer parts = settings(byol).microBatch(4).build()) {
            List<StepReport> expected = train(whole, 3);
            List<StepReport> found = train(parts, 3);
            for (int i = 0; i < expected.size(); i++) {
                assertClose(found.get(i), expected.get(i));
            }
            assertClose(parts, whole);
        }
    }

    @ParameterizedTest
    @MethodSource("rules")
    void normFreeNetworks_learnAsInOneBatch(Optimizer rule) {
        try (Trainer whole = settings(NORM_FREE).optimizer(rule).build();
                Trainer parts =
                        settings(NORM_FREE).optimizer(rule).microBatch(2).build()) {
            List<StepReport> expected = train(whole, 5);
            List<StepReport> found = train(parts, 5);
            for (int i = 0; i < expected.size(); i++) {
                assertClose(found.get(i), expected.get(i));
            }
            assertClose(parts, whole);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8})
    void anyDivisor_learnsAsOneBatch(int microBatch) {
        AdamW adam = AdamW.builder().learningRate(step -> 0.01).epsilon(1e-3).build();
        try (Trainer whole = settings(NORM_FREE).optimizer(adam).build();
                Trainer parts = settings(NORM_FREE)
                        .optimizer(adam)
                        .microBatch(microBatch)
                        .build()) {
            assertThat(parts.batch()).isEqualTo(8);
            assertThat(parts.microBatch()).isEqualTo(microBatch);
            List<StepReport> expected = train(whole, 4);
            List<StepReport> found = train(parts, 4);
            for (int i = 0; i < expected.size(); i++) {
                assertClose(found.get(i), expected.get(i));
            }
            assertClose(parts, whole);
            if (microBatch == 8) {
                assertThat(parts.digest()).isEqualTo(whole.digest());
            }
        }
    }

    @Test
    void updateTargetAndSchedules_moveOnceAStep() {
        try (Trainer trainer = pixels(new Tiny.Square(TargetUpdater.ema(step -> step == 0 ? 0.75 : 0.5)), 4)
                .microBatch(1)
                .optimizer(Tiny.descent(step -> step == 0 ? 0.5 : 0))
                .build()) {
            float[] x = {1, 2, 3, 4};
            float[] nothing = new float[4];
            // the mean of 2 w x^2 is 15: w = 1 - 0.5 · 15
            assertThat(trainer.stepNormalized(x, nothing).loss()).isEqualTo(7.5);
            assertThat(trainer.values().get("online/encoder/w")[0]).isEqualTo(-6.5f);
            assertThat(trainer.values().get("target/encoder/w")[0]).isEqualTo(0.75f + 0.25f * -6.5f);
            assertThat(trainer.steps()).isEqualTo(1);
            trainer.stepNormalized(x, nothing);
            assertThat(trainer.values().get("online/encoder/w")[0]).isEqualTo(-6.5f);
            assertThat(trainer.values().get("target/encoder/w")[0]).isEqualTo(0.5f * -0.875f + 0.5f * -6.5f);
        }
    }

    @Test
    void ownReportsOfRules_areThoseOfTheWholeGradient() {
        Optimizer reporting = (parameter, gradient, update) -> {
            update.report("largest", gradient.mean());
            return gradient.times(update.scheduled(step -> 0));
        };
        try (Trainer trainer = pixels(new Tiny.Square(TargetUpdater.frozen()), 4)
                .microBatch(2)
                .optimizer(reporting)
                .build()) {
            StepReport report = trainer.stepNormalized(new float[] {1, 2, 3, 4}, new float[4]);
            assertThat(report.report("largest/encoder/w")).isEqualTo(15);
            assertThat(report.report(StepReport.GRADIENT_NORM)).isEqualTo(15);
        }
    }

    @Test
    void observedValues_haveTheRowsOfTheBatch_inOrder() {
        try (Trainer trainer = pixels(new Tiny.Square(TargetUpdater.frozen()), 6)
                .microBatch(2)
                .optimizer(Tiny.descent(step -> 0))
                .build()) {
            byte[] view = {0, 51, 102, (byte) 153, (byte) 204, (byte) 255};
            float[][] rows = trainer.step(Set.of("y0"), view, view).observed("y0");
            assertThat(rows).hasDimensions(6, 1);
            for (int i = 0; i < 6; i++) {
                assertThat(rows[i][0]).isCloseTo(i / 5f, within(1e-6f));
            }
        }
    }

    @Test
    void bits_areTheSameEachTime() {
        Trainer.Builder settings = settings(NORM_FREE).microBatch(4);
        try (Trainer one = settings.build();
                Trainer same = settings.build()) {
            assertThat(train(one, 3)).isEqualTo(train(same, 3));
            assertThat(one.digest()).isEqualTo(same.digest());
        }
    }

    // What belongs to a part

    @Test
    void movingStatistics_advanceWithEachPart() {
        Encoder norm = (branch, x) -> branch.apply("norm", Norm.batch(), x.globalAveragePool());
        Method method = new Tiny.OneView(norm, (step, y) -> y.square().mean());
        float[] batch = {1, 3, 10, 20};
        try (Trainer parts = pixels(method, 4).microBatch(2).build();
                Trainer small = pixels(method, 2).build()) {
            parts.stepNormalized(batch);
            small.stepNormalized(new float[] {1, 3});
            small.stepNormalized(new float[] {10, 20});
            for (String name : List.of("online/encoder/norm/mean", "online/encoder/norm/variance")) {
                assertThat(parts.values().get(name))
                        .as(name)
                        .isEqualTo(small.values().get(name));
            }
        }
    }

    private static MoCo contrastive(int queue) {
        return MoCo.builder()
                .encoder(POOLED)
                .projector(new Mlp(1, 8, 4, Norm.none()))
                .updater(TAU)
                .queue(queue)
                .build();
    }

    @Test
    void queue_holdsTheKeysOfTheWholeBatch_theLastPartsFirst() {
        try (Trainer whole = settings(contrastive(12)).build();
                Trainer parts = settings(contrastive(12)).microBatch(4).build()) {
            train(whole, 1);
            train(parts, 1);
            float[] one = whole.values().get("target/queue");
            float[] two = parts.values().get("target/queue");
            int half = 4 * 4;
            float[] expected = new float[one.length];
            System.arraycopy(one, half, expected, 0, half);
            System.arraycopy(one, 0, expected, half, half);
            System.arraycopy(one, 2 * half, expected, 2 * half, half);
            assertThat(two).containsExactly(expected, within(1e-5f));
        }
    }

    @Test
    void inputs_withARowForEachImage_areCut_othersAreNot() {
        Method method = Tiny.OneView.scaled((step, y) -> {
            Tensor weight = step.input("weight", Shape.of(y.shape().dimension(0), 1));
            step.report("weights", weight.mean());
            return y.times(weight).times(step.input("scale", Shape.of(1, 1))).mean();
        });
        try (Trainer trainer = pixels(method, 4).microBatch(2).build()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> trainer.feed("weight", new float[2]))
                    .withMessage("input weight of the shape [4, 1] needs 4 values, got 2");
            trainer.feed("weight", new float[] {1, 10, 100, 1000});
            trainer.feed("scale", new float[] {2});
            StepReport report = trainer.stepNormalized(new float[] {1, 2, 3, 4});
            assertThat(report.loss()).isEqualTo(2 * (1 + 20 + 300 + 4000) / 4.0);
            assertThat(report.report("weights")).isEqualTo(1111 / 4.0);
        }
    }

    @Test
    void onlineProbe_learnsAsInOneBatch_whereAllAreLabelled() {
        OnlineProbe probe =
                new OnlineProbe(new Byol(POOLED, new Mlp(1, 8, 4, Norm.none()), new Mlp(1, 8, 4, Norm.none()), TAU), 3);
        Optimizer sgd = Sgd.builder().learningRate(step -> 0.1).build();
        Optimizer split = Rules.split(path("probe/**"), Tiny.descent(step -> 0.5), sgd);
        try (Trainer whole = settings(probe).optimizer(split).build();
                Trainer parts = settings(probe).optimizer(split).microBatch(2).build()) {
            for (Trainer trainer : List.of(whole, parts)) {
                trainer.feed(OnlineProbe.LABELS, probe.targets(0, 1, 2, 0, 1, 2, 0, 1));
            }
            assertThat(train(parts, 3).get(2).report("probe_loss"))
                    .isCloseTo(train(whole, 3).get(2).report("probe_loss"), within(1e-5));
            assertClose(parts, whole);
        }
    }

    // What is refused

    /** The off-diagonal of the cross-correlation of two views. */
    private static final Method CROSS_CORRELATION = new Method() {
        @Override
        public Encoder encoder() {
            return POOLED;
        }

        @Override
        public Tensor loss(Step step) {
            Tensor a = POOLED.encode(step.online(), step.view(0));
            Tensor b = POOLED.encode(step.online(), step.view(1));
            return a.transpose(1, 0).matmul(b).square().mean();
        }
    };

    @Test
    void lossesThatCompareImages_areRefused() {
        for (Method method : List.of(contrastive(0), CROSS_CORRELATION)) {
            settings(method).build().close();
            settings(method).microBatch(8).build().close();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> settings(method).microBatch(4).build())
                    .withMessageStartingWith(
                            "the loss compares the images of a batch with one another, by a product of")
                    .withMessageContainingAll("micro-batches of 4 are not a batch of 8", "queue");
        }
    }

    @Test
    void measuresMayCompareImages() {
        try (Trainer trainer =
                settings(NORM_FREE).microBatch(4).measure(new Cosines()).build()) {
            assertThat(train(trainer, 1).get(0).report("negative_cosine")).isBetween(-1.0, 1.0);
        }
    }

    @Test
    void microBatch_mustDivideTheBatch() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Trainer.builder().microBatch(0))
                .withMessage("microBatch must be at least 1, got 0");
        for (int wrong : new int[] {3, 16}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> settings(NORM_FREE).microBatch(wrong).build())
                    .withMessage("microBatch must divide the batch of 8, got " + wrong);
        }
    }

    // Failures and checkpoints

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 7})
    void imageThatIsNotFinite_isNamedByItsPlaceInTheBatch_andNothingMoves(int image) {
        Trainer.Builder settings = settings(contrastive(12)).microBatch(2);
        try (Trainer trainer = settings.build();
                Trainer healthy = settings.build()) {
            float[] good = Tiny.normalized(trainer, 1);
            float[] bad = good.clone();
            bad[image * trainer.format().size() + 1] = Float.NaN;
            String before = trainer.digest();
            assertThatThrownBy(() -> trainer.stepNormalized(bad, good))
                    .isInstanceOf(NonFiniteException.class)
                    .hasMessageContaining("view 0, image " + image);
            assertThat(trainer.digest()).isEqualTo(before);
            assertThat(trainer.stepNormalized(good, good)).isEqualTo(healthy.stepNormalized(good, good));
            assertThat(trainer.digest()).isEqualTo(healthy.digest());
        }
    }

    @Test
    void gradientThatIsNotFinite_inAnEarlyPart_isFound() {
        Method method = Tiny.OneView.scaled((step, y) -> y.square().sqrt().mean());
        try (Trainer trainer = pixels(method, 4)
                .microBatch(1)
                .onNonFinite(NonFinitePolicy.SKIP)
                .build()) {
            StepReport report = trainer.stepNormalized(new float[] {1, 0, 1, 1});
            assertThat(report.skipped().orElseThrow().operation()).contains("the gradient of SQRT [1, 1]");
            assertThat(report.loss()).isEqualTo(0.5); // of the two parts that were computed
            assertThat(trainer.values().get("online/encoder/w")).containsExactly(1);
            assertThat(trainer.stepNormalized(new float[] {1, 1, 1, 1}).skipped())
                    .isEmpty();
            assertThat(trainer.values().get("online/encoder/w")).containsExactly(0.5f);
        }
    }

    @Test
    void checkpoint_holdsTheSame_andResumesToTheSameBits(@TempDir Path folder) throws IOException {
        OnlineProbe probe = new OnlineProbe(NORM_FREE, 3);
        Trainer.Builder settings = settings(probe);
        try (Trainer whole = settings.build();
                Trainer parts = settings.microBatch(2).build();
                Trainer resumed = settings.microBatch(2).build()) {
            assertThat(parts.variables()).isEqualTo(whole.variables());
            parts.feed(OnlineProbe.LABELS, probe.targets(0, 1, 2, 0, 1, 2, 0, 1));
            train(parts, 2);
            Path file = folder.resolve("checkpoint");
            parts.save(file);
            assertThat(Checkpoint.read(file).provenance())
                    .containsEntry("batch", "8")
                    .containsEntry("micro-batch", "2");
            resumed.restore(file);
            assertThat(train(resumed, 2)).isEqualTo(train(parts, 2));
            assertThat(resumed.digest()).isEqualTo(parts.digest());
            whole.restore(file);
            assertThat(whole.steps()).isEqualTo(2);
        }
    }
}
