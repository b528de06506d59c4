package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.byol.api.Optimizer;
import dev.byol.optim.LinearRecipe;
import dev.byol.optim.Recipes;
import dev.byol.optim.Rules;
import dev.byol.optim.Sgd;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Classifiers on an encoder of two bytes an image: its features are these and their product, from -1 to 1. */
class LinearEvaluationTest {
    private static final int CLASSES = 3;
    private static final Function<byte[], float[][]> ENCODER = LinearEvaluationTest::features;

    private static float[][] features(byte... images) {
        float[][] rows = new float[images.length / 2][];
        for (int i = 0; i < rows.length; i++) {
            float a = images[2 * i] / 128f;
            float b = images[2 * i + 1] / 128f;
            rows[i] = new float[] {a, b, a * b};
        }
        return rows;
    }

    private static LinearEvaluation.Builder settings() {
        return LinearEvaluation.builder().encoder(ENCODER, 3).classes(CLASSES).batch(4);
    }

    /** Which of three sectors an image lies in; every fifth has no label. */
    private static int[] labels(byte... images) {
        int[] labels = new int[images.length / 2];
        for (int i = 0; i < labels.length; i++) {
            int a = images[2 * i];
            int b = images[2 * i + 1];
            labels[i] = i % 5 == 4 ? -1 : a > Math.abs(b) ? 0 : b > 0 ? 1 : 2;
        }
        return labels;
    }

    private static Softmax start(LinearEvaluation evaluation, Path folder, String head) throws IOException {
        Path file = folder.resolve("start");
        evaluation.save(file);
        Map<String, float[]> values = Safetensors.read(file).values();
        return new Softmax(values.get("online/" + head + "/kernel"), values.get("online/" + head + "/bias"));
    }

    @Test
    void heads_areSoftmaxRegressions_eachByItsOwnRule(@TempDir Path folder) throws IOException {
        Optimizer clipped = Rules.chain((p, g, u) -> g.dividedBy(u.globalNorm().plus(1)), Tiny.descent(step -> 0.5));
        try (LinearEvaluation both = settings()
                        .head("slow", Tiny.descent(step -> 0.1))
                        .head("fast", Tiny.descent(step -> 2))
                        .head("clipped", clipped)
                        .build();
                LinearEvaluation alone = settings().head("clipped", clipped).build()) {
            Softmax slow = start(both, folder, "slow");
            Softmax fast = start(both, folder, "fast");
            for (int step = 0; step < 5; step++) {
                byte[] images = Tiny.images(8, step);
                int[] labels = labels(images);
                labels[step % 4] = -1;
                Map<String, Double> losses = both.step(images, labels);
                assertThat(losses.keySet()).containsExactly("slow", "fast", "clipped");
                assertThat(losses.get("slow")).isCloseTo(slow.loss(features(images), labels), within(1e-5));
                assertThat(losses.get("fast")).isCloseTo(fast.loss(features(images), labels), within(1e-5));
                assertThat(alone.step(images, labels)).containsEntry("clipped", losses.get("clipped"));
                slow.descend(0.1, features(images), labels);
                fast.descend(2, features(images), labels);
            }
            assertThat(both.steps()).isEqualTo(5);
            byte[] images = Tiny.images(2 * 11, 77); // two batches of four and three more
            int[] labels = labels(images);
            LinearEvaluation.Test test = both.test();
            test.add(images, labels);
            test.add(new byte[0]);
            List<LinearResult> results = test.results();
            assertThat(results).extracting(LinearResult::head).containsExactly("slow", "fast", "clipped");
            check(results.get(0), slow, images, labels);
            check(results.get(1), fast, images, labels);
        }
    }

    private static void check(LinearResult result, Softmax expected, byte[] images, int... labels) {
        float[][] x = features(images);
        assertThat(result.loss()).isCloseTo(expected.loss(x, labels), within(1e-5));
        assertThat(result.unlabelled()).isEqualTo(2);
        assertThat(result.rows()).hasSize(9);
        assertThat(result.classes()).isEqualTo(CLASSES);
        assertThat(result.steps()).isEqualTo(5);
        assertThat(result.seed()).isOne();
        int place = 0;
        int hits = 0;
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] >= 0) {
                LinearResult.Row row = result.rows().get(place++);
                assertThat(row.label()).isEqualTo(labels[i]);
                assertThat(row.rank()).isEqualTo(expected.rank(labels[i], x[i]));
                assertThat(expected.rank(row.predicted(), x[i])).isOne();
                hits += row.rank() == 1 ? 1 : 0;
            }
        }
        assertThat(result.top1()).isEqualTo(hits / 9.0);
        assertThat(result.top5()).isOne();
    }

    @Test
    void test_doesNotDependOnHowItIsCut() {
        try (LinearEvaluation evaluation =
                settings().head("a", Tiny.descent(step -> 0.5)).build()) {
            byte[] images = Tiny.images(2 * 9, 5);
            int[] labels = labels(images);
            LinearEvaluation.Test whole = evaluation.test();
            whole.add(images, labels);
            LinearEvaluation.Test parts = evaluation.test();
            for (int i = 0; i < 9; i++) {
                parts.add(new byte[] {images[2 * i], images[2 * i + 1]}, labels[i]);
            }
            assertThat(parts.results().get(0).rows())
                    .isEqualTo(whole.results().get(0).rows());
            assertThat(parts.results().get(0).loss())
                    .isCloseTo(whole.results().get(0).loss(), within(1e-6));
            evaluation.step(Tiny.images(8, 1), 0, 1, 2, -1);
            assertThatIllegalStateException()
                    .isThrownBy(() -> whole.add(images, labels))
                    .withMessage("the test began after 0 steps and the heads have moved on to 1");
        }
    }

    @Test
    void headThatDiverges_leavesTheOthersAlone() {
        try (LinearEvaluation both = settings()
                        .head("wild", (p, g, u) -> g.times(1e30).times(1e30))
                        .head("tame", Tiny.descent(step -> 0.5))
                        .build();
                LinearEvaluation alone =
                        settings().head("tame", Tiny.descent(step -> 0.5)).build()) {
            double wild = 0;
            for (int step = 0; step < 4; step++) {
                byte[] images = Tiny.images(8, step);
                Map<String, Double> losses = both.step(images, labels(images));
                assertThat(losses.get("tame"))
                        .isEqualTo(alone.step(images, labels(images)).get("tame"));
                wild = losses.get("wild");
            }
            assertThat(Double.isFinite(wild)).isFalse();
            LinearEvaluation.Test test = both.test();
            test.add(Tiny.images(8, 9), 0, 1, 2, 0);
            List<LinearResult> results = test.results();
            assertThat(results.get(0).top1()).isZero();
            assertThat(results.get(0).loss()).isNaN();
            assertThat(results.get(1).loss()).isFinite();
        }
    }

    @Test
    void recipes_learnTheSectors() {
        LinearRecipe recipe = Recipes.linearDeepMind()
                .images(256)
                .batch(32)
                .epochs(30)
                .rates(8, 0.001)
                .extrapolated()
                .build();
        LinearEvaluation.Builder settings = settings().batch(recipe.batch());
        recipe.heads().forEach(settings::head);
        try (LinearEvaluation evaluation = settings.build()) {
            for (int epoch = 0; epoch < recipe.epochs(); epoch++) {
                for (int batch = 0; batch < recipe.stepsPerEpoch(); batch++) {
                    byte[] images = Tiny.images(64, batch);
                    evaluation.step(images, labels(images));
                }
            }
            LinearEvaluation.Test test = evaluation.test();
            byte[] images = Tiny.images(2 * 500, 1000);
            test.add(images, labels(images));
            LinearResult best = LinearResult.best(test.results());
            assertThat(best.head()).isEqualTo("8.0");
            assertThat(best.top1()).isGreaterThan(0.93);
            assertThat(best.optimizer()).contains("Sgd[", "nesterov=true");
            assertThat(best.unlabelled()).isEqualTo(100);
            assertThat(test.results().get(1).top1()).isLessThan(best.top1());
        }
    }

    @Test
    void checkpoint_goesOnExactly(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("heads");
        Sgd sgd = Sgd.builder().learningRate(step -> 1.0 / (1 + step)).build();
        byte[] images = Tiny.images(8, 1);
        try (LinearEvaluation one = settings().head("a", sgd).build();
                LinearEvaluation other = settings().head("a", sgd).seed(8).build();
                LinearEvaluation renamed = settings().head("b", sgd).build()) {
            one.step(images, labels(images));
            one.save(file);
            other.restore(file);
            assertThat(other.steps()).isOne();
            for (int i = 0; i < 3; i++) {
                assertThat(other.step(images, labels(images))).isEqualTo(one.step(images, labels(images)));
            }
            assertThatIOException()
                    .isThrownBy(() -> renamed.restore(file))
                    .withMessageContainingAll("online/b/kernel", "online/a/kernel");
        }
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
    }

    @Test
    void input_thatDoesNotFit_isRefused_andChangesNothing() {
        Function<byte[], float[][]> broken = images -> {
            float[][] rows = features(images);
            if (rows.length > 2 && images[0] == 1) {
                rows[2][1] = Float.NaN;
            } else if (rows.length > 2 && images[0] == 2) {
                rows[1] = new float[2];
            }
            return rows;
        };
        try (LinearEvaluation evaluation =
                settings().encoder(broken, 3).head("a", Tiny.descent(step -> 1)).build()) {
            byte[] images = new byte[8];
            byte[] nan = {1, 0, 0, 0, 0, 0, 0, 0};
            byte[] narrow = {2, 0, 0, 0, 0, 0, 0, 0};
            LinearEvaluation.Test test = evaluation.test();
            refused(() -> evaluation.step(images, 0, 1, 2), "a step needs a batch of 4 labels, got 3");
            refused(() -> evaluation.step(new byte[6], 0, 1, 2, 0), "there are 4 labels for 3 images");
            refused(() -> test.add(images, 0, 1), "there are 2 labels for 4 images");
            String label = "the label of row 3 must be in [0, 3), or -1 for none, got 3";
            refused(() -> evaluation.step(images, 0, 1, 2, 3), label);
            refused(() -> test.add(images, 0, 1, 2, 3), label);
            refused(() -> evaluation.step(nan, 0, 1, 2, 0), "features must be finite, got NaN in row 2, column 1");
            refused(() -> test.add(narrow, 0, 1, 2, 0), "the encoder must make 3 features, got 2 in row 1");
            test.add(images, -1, -1, -1, -1);
            assertThatIllegalStateException()
                    .isThrownBy(test::results)
                    .withMessage("no labelled image was tested: found 4 images without a label");
            assertThat(evaluation.steps()).isZero();
            assertThat(evaluation.step(images, -1, -1, -1, -1)).isEqualTo(Map.of("a", 0.0));
        }
    }

    @Test
    void settings_thatAreMissingOrOutOfRange_areRefused() {
        Optimizer rule = Tiny.descent(step -> 1);
        assertThatIllegalStateException()
                .isThrownBy(() -> LinearEvaluation.builder()
                        .classes(2)
                        .batch(1)
                        .head("a", rule)
                        .build())
                .withMessage("a linear evaluation needs encoder");
        refused(() -> settings().encoder(ENCODER, 0), "features must be at least 1, got 0");
        refused(() -> settings().head("a", rule).head("a", rule), "there is a head a already");
        refused(() -> settings().head("a", rule).classes(1).build(), "classes must be at least 2, got 1");
        refused(() -> settings().head("a", rule).batch(0).build(), "batch must be at least 1, got 0");
        refused(() -> settings().build(), "heads need at least one name and different ones, got []");
    }
}
