package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
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
                Path file = forged(trainer, Map.of("format", "byol-java checkpoint 2", "step", step));
                assertThatIOException()
                        .isThrownBy(() -> trainer.restore(file))
                        .withMessageContainingAll(file.toString(), "needs a number as step", step);
            }
            Path negative = forged(trainer, Map.of("format", "byol-java checkpoint 2", "step", "-1"));
            assertThatIOException()
                    .isThrownBy(() -> trainer.restore(negative))
                    .withMessageContainingAll(negative.toString(), "step must be at least 0, got -1");
            Path more = forged(trainer, Map.of("format", "byol-java checkpoint 2", "step", "1", "skipped", "2"));
            assertThatIOException()
                    .isThrownBy(() -> trainer.restore(more))
                    .withMessageContainingAll(more.toString(), "of 1 steps 2 cannot have been skipped");
            Path silent = forged(trainer, Map.of("format", "byol-java checkpoint 2", "step", "1"));
            assertThat(Checkpoint.read(silent).skipped()).isZero();
            Path newer = forged(trainer, Map.of("format", "byol-java checkpoint 3", "step", "1"));
            assertThatIOException()
                    .isThrownBy(() -> trainer.restore(newer))
                    .withMessageContainingAll(newer.toString(), "version 3, from a newer library", "versions 1 to 2");
            for (String format : List.of("none", "byol-java checkpoint 0", "byol-java checkpoint 2b", "another")) {
                Path other = forged(trainer, Map.of("format", format, "step", "1"));
                assertThatIOException()
                        .isThrownBy(() -> trainer.restore(other))
                        .withMessageContainingAll(other.toString(), "is no checkpoint of this library", format);
            }
            assertThat(trainer.digest()).isEqualTo(before);
            assertThat(trainer.steps()).isZero();
        }
    }

    private Path forged(Trainer trainer, Map<String, String> metadata) throws IOException {
        Path file = folder.resolve("forged");
        Map<String, float[]> values = Map.of("online/encoder/w", new float[] {5, 6});
        Safetensors.write(file, trainer.variables(), values, metadata);
        return file;
    }

    /** As the first version of the library wrote it: no checksum, no inputs. */
    @Test
    void restore_ofVersion1_reads() throws IOException {
        String header = "{\"__metadata__\":{\"format\":\"byol-java checkpoint 1\",\"step\":\"4\"},"
                + "\"online/encoder/w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
        ByteBuffer bytes = ByteBuffer.allocate(8 + header.length() + 8).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(header.length()).put(header.getBytes(StandardCharsets.US_ASCII));
        Path file =
                Files.write(folder.resolve("old"), bytes.putFloat(5).putFloat(6).array());
        try (Trainer trainer = small(Map.of("w", Shape.of(2)), false)) {
            trainer.restore(file);
            assertThat(trainer.values().get("online/encoder/w")).containsExactly(5, 6);
            assertThat(trainer.steps()).isEqualTo(4);
        }
    }

    @Test
    void notes_comeBack_besideTheProvenance() throws IOException {
        Path file = folder.resolve("a.checkpoint");
        try (Trainer trainer = small(Map.of("w", Shape.of(2)), false)) {
            trainer.save(file, Map.of("step", "mine", "epoch", "3 \"quoted\""));
            Checkpoint checkpoint = Checkpoint.read(file);
            assertThat(checkpoint.step()).isZero();
            assertThat(checkpoint.notes()).isEqualTo(Map.of("step", "mine", "epoch", "3 \"quoted\""));
            assertThat(checkpoint.provenance())
                    .containsKeys("format", "method", "optimizer", "images", "batch", "precision", "seed")
                    .containsKeys("byol", "tensorflow", "native", "java", "os")
                    .doesNotContainKeys("step", "sha256", "sha256_tensors");
            assertThat(checkpoint.shapes()).isEqualTo(trainer.variables());
        }
    }

    /** What is fed once and used in every step decides the future, too. */
    @Test
    void inputs_thatWereFed_comeBack() throws IOException {
        record Weighted(Encoder encoder) implements Method {
            @Override
            public Tensor loss(Step step) {
                Tensor y = encoder.encode(step.online(), step.view(0));
                return y.times(step.input("weights", Shape.of(2, 1))).mean();
            }
        }
        Encoder encoder = (branch, x) ->
                x.globalAveragePool().plus(branch.parameter("w", Shape.of(1), Role.KERNEL, Initializer.ones()));
        Trainer.Builder settings = Trainer.builder()
                .method(new Weighted(encoder))
                .optimizer(Tiny.descent(step -> 0.1))
                .images(Tiny.PIXEL)
                .batch(2);
        Path fresh = folder.resolve("fresh");
        Path file = folder.resolve("fed");
        byte[] view = {10, 20};
        try (Trainer trainer = settings.build();
                Trainer resumed = settings.build()) {
            trainer.save(fresh);
            trainer.feed("weights", new float[] {1, 3});
            trainer.step(view, view);
            trainer.save(file);
            assertThat(Checkpoint.read(file).shapes()).containsEntry("input/weights", Shape.of(2, 1));
            resumed.restore(fresh);
            assertThatIllegalStateException().isThrownBy(() -> resumed.step(view, view));
            resumed.restore(file);
            assertThat(resumed.step(view, view).loss())
                    .isEqualTo(trainer.step(view, view).loss());
            assertThat(resumed.digest()).isEqualTo(trainer.digest());
            try (Trainer other = small(Map.of("w", Shape.of(1)), false)) {
                assertThatIOException()
                        .isThrownBy(() -> other.restore(file))
                        .withMessageContaining("left over input/weights [2, 1]");
            }
        }
    }

    @Test
    void restoreEncoder_takesTheEncoderAlone_intoBothBranches() throws IOException {
        Path file = folder.resolve("a.checkpoint");
        try (Trainer trained = everything().build();
                Trainer tuned = Tiny.resNet()
                        .method(Tiny.byol(Norm.batch(), TargetUpdater.frozen()))
                        .optimizer(Tiny.descent(step -> 0.1))
                        .seed(9)
                        .build();
                Trainer other = small(Map.of("w", Shape.of(2)), false)) {
            Tiny.train(trained, STEPS);
            trained.save(file);
            Map<String, float[]> before = tuned.values();
            tuned.restoreEncoder(file);
            Map<String, float[]> expected = trained.values();
            tuned.values().forEach((name, values) -> {
                boolean encoder = name.startsWith("online/encoder/") || name.startsWith("target/encoder/");
                String source = name.replace("target/", "online/");
                assertThat(values).as(name).isEqualTo(encoder ? expected.get(source) : before.get(name));
            });
            assertThat(tuned.steps()).isZero();

            String digest = other.digest();
            assertThatIOException()
                    .isThrownBy(() -> other.restoreEncoder(file))
                    .withMessageContainingAll(
                            "does not fit this trainer's encoder",
                            "missing online/encoder/w [2]",
                            "left over online/encoder/conv1/kernel")
                    .withMessageNotContaining("projector");
            assertThat(other.digest()).isEqualTo(digest);
        }
    }

    @Test
    void exportEncoder_ofACheckpoint_isThatOfItsTrainer() throws IOException {
        Path file = folder.resolve("a.checkpoint");
        try (Trainer trained = everything().build()) {
            Tiny.train(trained, STEPS);
            trained.save(file);
            Encoder encoder = Tiny.byol(Norm.batch(), TargetUpdater.frozen()).encoder();
            Path exported = folder.resolve("encoder");
            Checkpoint.read(file).exportEncoder(encoder, trained.format(), exported);
            byte[] images = new byte[3 * trained.format().size()];
            Arrays.fill(images, (byte) 77);
            try (FrozenEncoder frozen = FrozenEncoder.loadTrusted(exported)) {
                assertThat(frozen.embed(images)).isDeepEqualTo(trained.embed(images));
            }
            Encoder another = (branch, x) ->
                    x.globalAveragePool().plus(branch.parameter("w", Shape.of(3), Role.KERNEL, Initializer.ones()));
            assertThatIOException()
                    .isThrownBy(() ->
                            Checkpoint.read(file).exportEncoder(another, trained.format(), folder.resolve("another")))
                    .withMessageContainingAll("missing online/encoder/w [3]", "left over online/encoder/conv1/kernel");
            assertThat(folder.resolve("another")).doesNotExist();
        }
    }

    /** 1,000 positions over the whole file, seeded. */
    @Test
    void restore_ofAFileWithAFlippedBit_refusesAndChangesNothing() throws IOException {
        Path file = folder.resolve("a.checkpoint");
        try (Trainer trainer = small(Map.of("a", Shape.of(500), "b", Shape.of(20, 30)), true)) {
            trainer.save(file);
            String digest = trainer.digest();
            byte[] bytes = Files.readAllBytes(file);
            long header =
                    8 + ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
            Random random = new Random(6);
            for (int i = 0; i < 1000; i++) {
                int at = i < 8 ? i : random.nextInt(bytes.length); // the length of the header is never missed
                int bit = 1 << random.nextInt(8);
                bytes[at] ^= (byte) bit;
                Files.write(file, bytes);
                assertThatIOException()
                        .as("byte %d, bit %d", at, bit)
                        .isThrownBy(() -> trainer.restore(file))
                        .withMessageStartingWith(file.toString())
                        .withMessageContaining(at < 8 ? "" : at < header ? "header" : "the checksum is wrong of ");
                bytes[at] ^= (byte) bit;
            }
            assertThat(trainer.digest()).isEqualTo(digest);
            Files.write(file, bytes);
            trainer.restore(file);
        }
    }
}
