package dev.byol.tf;

import static dev.byol.optim.Filters.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.byol.api.Method;
import dev.byol.api.Optimizer;
import dev.byol.api.TargetUpdater;
import dev.byol.api.method.OnlineProbe;
import dev.byol.api.nn.Norm;
import dev.byol.optim.Lars;
import dev.byol.optim.Rules;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An online probe beside BYOL on a small ResNet: three classes, batches of four. */
class OnlineProbeRunTest {
    private static final Method BYOL = Tiny.byol(Norm.batch(), TargetUpdater.ema(step -> 0.9));
    private static final OnlineProbe PROBE = new OnlineProbe(BYOL, 3);
    private static final int[] LABELS = {2, -1, 0, 2};
    private static final Optimizer REST = Rules.chain(Rules.momentum(0.9), Rules.scaleByLearningRate(step -> 0.1));

    private static Optimizer split(Optimizer own) {
        return Rules.split(path("probe/**"), own, REST);
    }

    private static Trainer trainer(Method method, Optimizer optimizer) {
        return Tiny.resNet().method(method).optimizer(optimizer).build();
    }

    private static void sameButForTheProbe(Trainer probed, Trainer plain) {
        Map<String, float[]> values = probed.values();
        values.keySet().removeIf(name -> name.contains("/probe/"));
        Map<String, float[]> expected = plain.values();
        assertThat(values.keySet()).isEqualTo(expected.keySet());
        values.keySet().removeIf(name -> Arrays.equals(values.get(name), expected.get(name)));
        assertThat(values.keySet()).as("variables that differ").isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void method_learnsTheSameBits_withAndWithoutAProbe(Precision precision) {
        Trainer.Builder settings = Tiny.resNet().precision(precision).seed(3);
        try (Trainer plain = settings.method(BYOL).optimizer(REST).build();
                Trainer probed = settings.method(PROBE)
                        .optimizer(split(Tiny.descent(step -> 0.5)))
                        .build()) {
            probed.feed(OnlineProbe.LABELS, PROBE.targets(LABELS));
            float[] before = probed.values().get("online/probe/kernel");
            assertThat(Tiny.train(probed, 4)).isEqualTo(Tiny.train(plain, 4));
            sameButForTheProbe(probed, plain);
            assertThat(probed.values().get("online/probe/kernel")).isNotEqualTo(before);
        }
    }

    /** The terms of the norm are the same; TensorFlow may add them in another order. */
    @Test
    void ruleThatMeasuresAllGradients_doesNotSeeThoseOfTheProbe() {
        Optimizer clip = Rules.chain((p, g, u) -> g.dividedBy(u.globalNorm()), REST);
        Optimizer own = (p, g, u) -> g.times(1e6);
        try (Trainer plain = trainer(BYOL, clip);
                Trainer probed = trainer(PROBE, Rules.split(path("probe/**"), own, clip))) {
            probed.feed(OnlineProbe.LABELS, PROBE.targets(LABELS));
            assertThat(Tiny.train(probed, 2)).containsExactly(Tiny.train(plain, 2), within(1e-5));
        }
    }

    @Test
    void method_learnsTheSameBits_besideAProbeThatDiverges() {
        try (Trainer plain = trainer(BYOL, REST);
                Trainer probed = trainer(PROBE, split((p, g, u) -> g.times(1e30).times(1e30)))) {
            probed.feed(OnlineProbe.LABELS, PROBE.targets(LABELS));
            assertThat(Tiny.train(probed, 4)).isEqualTo(Tiny.train(plain, 4));
            assertThat(probed.values().get("online/probe/bias")).satisfies(bias -> {
                double sum = bias[0] + bias[1] + bias[2];
                assertThat(Double.isFinite(sum)).isFalse();
            });
            sameButForTheProbe(probed, plain);
            byte[] view = Tiny.images(probed, 1);
            StepReport report = probed.step(view, view);
            assertThat(report.report("probe_loss")).isNaN();
            assertThat(report.report("probe_accuracy")).isZero();
        }
    }

    @Test
    void oneRuleForAll_isAllowed_asInDeepMindsCode() {
        Optimizer lars = Lars.deepMind().learningRate(step -> 0.1).build();
        try (Trainer plain = trainer(BYOL, lars);
                Trainer probed = trainer(PROBE, lars)) {
            probed.feed(OnlineProbe.LABELS, PROBE.targets(LABELS));
            assertThat(Tiny.train(probed, 3)).isEqualTo(Tiny.train(plain, 3));
            sameButForTheProbe(probed, plain);
        }
    }

    @Test
    void probe_isSoftmaxRegression_onTheLabelledRows() {
        try (Trainer trainer = trainer(PROBE, split(Tiny.descent(step -> 0.5)))) {
            Map<String, float[]> start = trainer.values();
            Softmax expected = new Softmax(start.get("online/probe/kernel"), start.get("online/probe/bias"));
            int[][] labels = {LABELS, {-1, 1, -1, -1}, {0, 1, 2, 0}};
            for (int step = 0; step < labels.length; step++) {
                trainer.feed(OnlineProbe.LABELS, PROBE.targets(labels[step]));
                StepReport report =
                        trainer.step(Set.of("y0"), Tiny.images(trainer, step), Tiny.images(trainer, 50 + step));
                float[][] y = report.observed("y0");
                int hits = 0;
                int rows = 0;
                for (int i = 0; i < y.length; i++) {
                    if (labels[step][i] >= 0) {
                        rows++;
                        hits += expected.rank(labels[step][i], y[i]) == 1 ? 1 : 0;
                    }
                }
                assertThat(report.report("probe_labelled")).isEqualTo(rows);
                assertThat(report.report("probe_accuracy")).isCloseTo((double) hits / rows, within(1e-6));
                assertThat(report.report("probe_loss")).isCloseTo(expected.loss(y, labels[step]), within(1e-5));
                expected.descend(0.5, y, labels[step]);
                Map<String, float[]> found = trainer.values();
                assertThat(Array.doubles(found.get("online/probe/kernel")))
                        .containsExactly(expected.kernel(), within(1e-5));
                assertThat(Array.doubles(found.get("online/probe/bias")))
                        .containsExactly(expected.bias(), within(1e-5));
            }
        }
    }

    @Test
    void batchWithoutALabel_teachesNothing() {
        try (Trainer trainer = trainer(PROBE, split(Tiny.descent(step -> 0.5)))) {
            trainer.feed(OnlineProbe.LABELS, PROBE.targets(-1, -1, -1, -1));
            Map<String, float[]> before = trainer.values();
            StepReport report = trainer.step(Tiny.images(trainer, 1), Tiny.images(trainer, 2));
            assertThat(report.report("probe_labelled")).isZero();
            assertThat(report.report("probe_loss")).isZero();
            assertThat(report.report("probe_accuracy")).isZero();
            Map<String, float[]> after = trainer.values();
            for (String name : new String[] {"online/probe/kernel", "online/probe/bias"}) {
                assertThat(after.get(name)).as(name).isEqualTo(before.get(name));
            }
        }
    }

    @Test
    void step_withoutLabels_isRefused() {
        try (Trainer trainer = trainer(PROBE, REST)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> trainer.step(Tiny.images(trainer, 1), Tiny.images(trainer, 2)))
                    .withMessage("input probe/labels was never fed");
        }
    }

    @Test
    void export_isThatOfTheMethod(@TempDir Path folder) throws IOException {
        try (Trainer plain = trainer(BYOL, REST);
                Trainer probed = trainer(PROBE, split(Tiny.descent(step -> 0.5)))) {
            probed.feed(OnlineProbe.LABELS, PROBE.targets(LABELS));
            Tiny.train(probed, 2);
            Tiny.train(plain, 2);
            byte[] images = Tiny.images(plain, 9);
            assertThat(probed.embed(images)).isDeepEqualTo(plain.embed(images));
            plain.exportEncoder(folder.resolve("plain"));
            probed.exportEncoder(folder.resolve("probed"));
            try (FrozenEncoder expected = FrozenEncoder.loadTrusted(folder.resolve("plain"));
                    FrozenEncoder found = FrozenEncoder.loadTrusted(folder.resolve("probed"))) {
                assertThat(found.features()).isEqualTo(expected.features());
                assertThat(found.embed(images)).isDeepEqualTo(expected.embed(images));
            }
            assertThat(folder.resolve("probed/variables/variables.index"))
                    .binaryContent()
                    .asString()
                    .contains("encoder")
                    .doesNotContain("probe");
        }
    }

    @Test
    void checkpoints_holdTheProbe_andNameItWhereItIsMissing(@TempDir Path folder) throws IOException {
        Path without = folder.resolve("without");
        Path with = folder.resolve("with");
        Optimizer momentum = split(Rules.chain(Rules.momentum(0.9), Tiny.descent(step -> 0.1)));
        try (Trainer plain = trainer(BYOL, momentum);
                Trainer probed = trainer(PROBE, momentum);
                Trainer resumed = trainer(PROBE, momentum)) {
            probed.feed(OnlineProbe.LABELS, PROBE.targets(LABELS));
            resumed.feed(OnlineProbe.LABELS, PROBE.targets(LABELS));
            Tiny.train(probed, 2);
            probed.save(with);
            plain.save(without);
            assertThatIOException()
                    .isThrownBy(() -> resumed.restore(without))
                    .withMessageContainingAll(
                            without.toString(),
                            "online/probe/kernel",
                            "online/probe/bias",
                            "optimizer/momentum/probe/kernel");
            assertThatIOException()
                    .isThrownBy(() -> plain.restore(with))
                    .withMessageContainingAll(with.toString(), "online/probe/kernel", "online/probe/bias");
            resumed.restore(with);
            assertThat(Tiny.train(resumed, 2)).isEqualTo(Tiny.train(probed, 2));
            assertThat(resumed.digest()).isEqualTo(probed.digest());
        }
    }

    @Test
    void probe_learnsWhatTheFeaturesTell() {
        OnlineProbe probe = new OnlineProbe(new Tiny.Square(TargetUpdater.frozen()), 2);
        try (Trainer trainer = Trainer.builder()
                .method(probe)
                .optimizer(Rules.split(path("probe/**"), Tiny.descent(step -> 1), Tiny.descent(step -> 0)))
                .images(Tiny.PIXEL)
                .batch(4)
                .build()) {
            trainer.feed(OnlineProbe.LABELS, probe.targets(0, 0, 1, 1));
            float[] dark = {-2, -1, 1, 2};
            StepReport report = trainer.stepNormalized(dark, dark);
            for (int i = 0; i < 20; i++) {
                report = trainer.stepNormalized(dark, dark);
            }
            assertThat(report.report("probe_accuracy")).isEqualTo(1);
            assertThat(report.report("probe_loss")).isLessThan(0.1);
        }
    }
}
