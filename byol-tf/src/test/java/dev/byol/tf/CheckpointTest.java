package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.byol.api.Encoder;
import dev.byol.api.Initializer;
import dev.byol.api.Method;
import dev.byol.api.Optimizer;
import dev.byol.api.Parameter.Role;
import dev.byol.api.Shape;
import dev.byol.api.Step;
import dev.byol.api.TargetUpdater;
import dev.byol.api.Tensor;
import dev.byol.api.nn.Norm;
import dev.byol.optim.Rules;
import dev.byol.optim.Schedules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trainer saved and taken up again. */
class CheckpointTest {
    private static final int STEPS = 3;

    @TempDir
    Path folder;

    /** All that can be forgotten: a momentum, a rate and a tau that move, statistics of both branches. */
    private static Trainer.Builder everything() {
        return Tiny.resNet()
                .method(Tiny.byol(Norm.batch(), TargetUpdater.ema(Schedules.tau(0.9, 2 * STEPS))))
                .optimizer(Rules.chain(
                        Rules.momentum(0.9), Rules.scaleByLearningRate(Schedules.warmupCosine(0.1, 2, 2 * STEPS))));
    }

    @Test
    void stepsAfterARestore_areThoseWithoutIt() throws IOException {
        Path file = folder.resolve("made/with/parents/a.checkpoint");
        double[] whole;
        String digest;
        try (Trainer trainer = everything().build()) {
            whole = Tiny.train(trainer, 2 * STEPS);
            digest = trainer.digest();
        }
        double[] first;
        try (Trainer trainer = everything().build()) {
            first = Tiny.train(trainer, STEPS);
            trainer.save(file);
        }
        try (Trainer trainer = everything().seed(77).build()) {
            trainer.restore(file);
            assertThat(trainer.steps()).isEqualTo(STEPS);
            double[] second = Tiny.train(trainer, STEPS);
            for (int i = 0; i < STEPS; i++) {
                assertThat(first[i]).isEqualTo(whole[i]);
                assertThat(second[i]).isEqualTo(whole[STEPS + i]);
            }
            assertThat(trainer.digest()).isEqualTo(digest);
        }
    }

    @Test
    void save_says_whatItWasMadeWith() throws IOException {
        Path file = folder.resolve("a.checkpoint");
        try (Trainer trainer = everything().seed(5).batch(2).build()) {
            Tiny.train(trainer, 1);
            trainer.save(file);
            Safetensors.Content content = Safetensors.read(file);
            assertThat(content.metadata())
                    .containsEntry("step", "1")
                    .containsEntry("seed", "5")
                    .containsEntry("batch", "2")
                    .containsEntry("precision", "FLOAT32")
                    .containsKeys("format", "method", "optimizer", "images", "byol", "tensorflow", "java");
            assertThat(content.metadata().get("method")).contains("Byol");
            assertThat(content.shapes()).isEqualTo(trainer.variables());
            trainer.values()
                    .forEach((name, values) ->
                            assertThat(content.values().get(name)).as(name).isEqualTo(values));
            assertThat(content.values()).containsKey("optimizer/momentum/encoder/conv1/kernel");
        }
        assertThat(folder).isDirectoryNotContaining(path -> !path.equals(file));
    }

    @Test
    void save_replacesWhatIsThere() throws IOException {
        Path file = folder.resolve("a.checkpoint");
        try (Trainer trainer = small(Map.of("w", Shape.of(2)), false)) {
            trainer.save(file);
            trainer.write(Map.of("online/encoder/w", new float[] {5, 6}));
            trainer.save(file);
            trainer.write(Map.of("online/encoder/w", new float[] {7, 8}));
            trainer.restore(file);
            assertThat(trainer.values().get("online/encoder/w")).containsExactly(5, 6);
        }
        assertThat(folder).isDirectoryNotContaining(path -> !path.equals(file));
    }

    /** Each parameter adds its sum to the mean of the image. */
    private static Trainer small(Map<String, Shape> parameters, boolean momentum) {
        Encoder encoder = (branch, x) -> {
            Tensor y = x.globalAveragePool();
            for (Map.Entry<String, Shape> p : new TreeMap<>(parameters).entrySet()) {
                y = y.plus(branch.parameter(p.getKey(), p.getValue(), Role.KERNEL, Initializer.ones())
                        .sum());
            }
            return y;
        };
        record Mean(Encoder encoder) implements Method {
            @Override
            public Tensor loss(Step step) {
                return encoder.encode(step.online(), step.view(0)).mean();
            }
        }

        Optimizer optimizer = momentum ? Rules.momentum(0.5) : Rules.chain();
        return Trainer.builder()
                .method(new Mean(encoder))
                .optimizer(optimizer)
                .images(Tiny.PIXEL)
                .batch(1)
                .build();
    }

    @Test
    void restore_namesAllThatDoesNotFit_andChangesNothing() throws IOException {
        Path file = folder.resolve("a.checkpoint");
        try (Trainer saved = small(Map.of("a", Shape.of(2), "b", Shape.of(3), "c", Shape.of(1, 4)), true);
                Trainer other = small(Map.of("a", Shape.of(2), "c", Shape.of(4, 1), "d", Shape.of(5)), false)) {
            saved.write(Map.of("online/encoder/a", new float[] {8, 9}));
            saved.step(new byte[1], new byte[1]);
            saved.save(file);
            String before = other.digest();
            assertThatIOException()
                    .isThrownBy(() -> other.restore(file))
                    .withMessageStartingWith(file + " does not fit this trainer: ")
                    .withMessageContainingAll(
                            "missing online/encoder/d [5]",
                            "online/encoder/c is [1, 4], expected [4, 1]",
                            "left over online/encoder/b [3]",
                            "left over optimizer/momentum/encoder/a [2]",
                            "left over optimizer/momentum/encoder/b [3]",
                            "left over optimizer/momentum/encoder/c [1, 4]")
                    .withMessageNotContaining("online/encoder/a");
            assertThat(other.digest()).isEqualTo(before);
            assertThat(other.steps()).isZero();
        }
    }

    @Test
    void restore_ofWhatIsNoCheckpoint_changesNothing() throws IOException {
        try (Trainer trainer = small(Map.of("w", Shape.of(2)), false)) {
            String before = trainer.digest();
            Path absent = folder.resolve("absent");
            assertThatIOException()
                    .isThrownBy(() -> trainer.restore(absent))
                    .withMessage(absent + " does not exist or is no file");
            assertThatIOException().isThrownBy(() -> trainer.restore(folder)).withMessageContaining("is no file");
            Path whole = folder.resolve("whole");
            trainer.save(whole);
            Path part = folder.resolve("part");
            byte[] bytes = Files.readAllBytes(whole);
            Files.write(part, Arrays.copyOf(bytes, bytes.length - 1));
            assertThatIOException()
                    .isThrownBy(() -> trainer.restore(part))
                    .withMessageStartingWith(part + " is truncated");
            for (String step : new String[] {"", "three", "1.5"}) {
                Map<String, String> metadata = new LinkedHashMap<>(Map.of("step", step));
                Path file = folder.resolve("step" + step);
                Map<String, float[]> other = Map.of("online/encoder/w", new float[] {5, 6});
                Safetensors.write(file, trainer.variables(), other, metadata);
                assertThatIOException()
                        .isThrownBy(() -> trainer.restore(file))
                        .withMessageContainingAll(file.toString(), "needs a number as step", step);
            }
            Path negative = folder.resolve("negative");
            Map<String, float[]> other = Map.of("online/encoder/w", new float[] {5, 6});
            Safetensors.write(negative, trainer.variables(), other, Map.of("step", "-1"));
            assertThatIOException()
                    .isThrownBy(() -> trainer.restore(negative))
                    .withMessageContainingAll(negative.toString(), "step must be at least 0, got -1");
            assertThat(trainer.digest()).isEqualTo(before);
            assertThat(trainer.steps()).isZero();
        }
    }
}
