package dev.byol.tf;

import dev.byol.api.Optimizer;
import dev.byol.api.method.LinearHeads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The linear evaluation of a frozen encoder: linear classifiers, trained by gradient descent on the features of augmented images, a batch
 * at a time, so that neither images nor features need fit into memory. Several heads, one for each learning rate of a sweep, share one
 * pass over the encoder; each has its own rule.
 *
 * <p>The encoder is a function of images, such as {@link FrozenEncoder#embed}, and cannot change here: its norms use their moving
 * statistics. (The code behind Fetterman and Albrecht (2020) left the encoder in training mode while it fitted the classifier: its norms
 * used the statistics of each batch, and their moving ones drifted although no weight moved. That is not done here.)
 *
 * <pre>{@code
 * LinearRecipe recipe = Recipes.linearDeepMind().build();
 * LinearEvaluation.Builder settings = LinearEvaluation.builder()
 *         .encoder(encoder::embed, encoder.features()).classes(1000).batch(recipe.batch());
 * recipe.heads().forEach(settings::head);
 * try (LinearEvaluation evaluation = settings.build()) {
 *     ... for each batch of each epoch: evaluation.step(images, labels);
 *     LinearEvaluation.Test heldOut = evaluation.test();
 *     ... for each batch that was held out: heldOut.add(images, labels);
 *     String best = LinearResult.best(heldOut.results()).head();
 *     ... the same with test images, of which only the result of the best head counts
 * }
 * }</pre>
 *
 * <p>Holds native memory and must be closed. Not thread-safe.
 */
public final class LinearEvaluation implements AutoCloseable {
    private final Function<byte[], float[][]> encoder;
    private final int features;
    private final LinearHeads method;
    private final Map<String, Optimizer> heads;
    private final long seed;
    private final Trainer trainer;

    private LinearEvaluation(Builder settings) {
        this.encoder = Builder.required("encoder", settings.encoder);
        this.features = settings.features;
        this.method = new LinearHeads(settings.classes, List.copyOf(settings.heads.keySet()));
        this.heads = Collections.unmodifiableMap(new LinkedHashMap<>(settings.heads));
        this.seed = settings.seed;
        List<Double> zeros = Collections.nCopies(features, 0.0);
        List<Double> ones = Collections.nCopies(features, 1.0);
        this.trainer = Trainer.builder()
                .method(method)
                .optimizer(eachByItsOwn(heads))
                .images(new ImageFormat(1, 1, features, zeros, ones))
                .batch(settings.batch)
                .seed(seed)
                .unguarded() // a head that diverges must not stop the others
                .build();
    }

    private static Optimizer eachByItsOwn(Map<String, Optimizer> heads) {
        return (parameter, gradient, update) -> {
            String head = head(parameter.path());
            Optimizer own = Builder.required("the head " + head, heads.get(head));
            return own.direction(
                    parameter, gradient, update.among(p -> head(p.path()).equals(head)));
        };
    }

    private static String head(String path) {
        return path.substring(0, path.indexOf('/'));
    }

    /** Settings of a new evaluation. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * One update of every head.
     *
     * @param images what the encoder takes, one batch
     * @param labels {@code [B]} of these images, each in [0, classes), or -1: such a row is left out
     * @return the mean cross entropy of each head over the labelled rows before this update, by name; 0 if no row is labelled, not
     *     finite for a head that has diverged
     * @throws IllegalArgumentException if there is another number of images than the batch's, a label is out of range, or a feature is
     *     not finite; the message names the row
     */
    public Map<String, Double> step(byte[] images, int... labels) {
        int batch = trainer.batch();
        if (labels.length != batch) {
            throw new IllegalArgumentException("a step needs a batch of " + batch + " labels, got " + labels.length);
        }
        float[] targets = method.targets(labels);
        float[] flat = flat(features(images, batch), 0, batch);
        trainer.feed(LinearHeads.LABELS, targets);
        StepReport report = trainer.stepNormalized(flat);
        Map<String, Double> losses = new LinkedHashMap<>();
        method.names().forEach(name -> losses.put(name, report.report("loss/" + name)));
        return losses;
    }

    /** Starts a test of the heads as they are; they must not be trained on before it is finished. */
    public Test test() {
        return new Test();
    }

    /** Completed updates. */
    public long steps() {
        return trainer.steps();
    }

    /** Saves the heads with what their rules remember, as {@link Trainer#save}. */
    public void save(Path file) throws IOException {
        trainer.save(file);
    }

    /** Takes up what {@link #save} left, as {@link Trainer#restore}. */
    public void restore(Path file) throws IOException {
        trainer.restore(file);
    }

    private float[][] features(byte[] images, int count) {
        float[][] rows = encoder.apply(images);
        if (rows.length != count) {
            throw new IllegalArgumentException("there are " + count + " labels for " + rows.length + " images");
        }
        for (int row = 0; row < count; row++) {
            if (rows[row].length != features) {
                throw new IllegalArgumentException(
                        "the encoder must make " + features + " features, got " + rows[row].length + " in row " + row);
            }
            for (int column = 0; column < features; column++) {
                if (!Float.isFinite(rows[row][column])) {
                    throw new IllegalArgumentException("features must be finite, got " + rows[row][column] + " in row "
                            + row + ", column " + column);
                }
            }
        }
        return rows;
    }

    /** Rows from an index on, as a whole batch; what is missing is 0. */
    private float[] flat(float[][] rows, int from, int to) {
        float[] flat = new float[trainer.batch() * features];
        for (int row = from; row < to; row++) {
            System.arraycopy(rows[row], 0, flat, (row - from) * features, features);
        }
        return flat;
    }

    /** Frees native memory; the encoder stays open. */
    @Override
    public void close() {
        trainer.close();
    }

    /** Labelled images, a batch at a time, and how the heads judge them. Not thread-safe. */
    public final class Test {
        private final List<LinearResult.Tally> tallies;
        private final long at = steps();
        private int unlabelled;

        private Test() {
            tallies = heads.entrySet().stream()
                    .map(head ->
                            new LinearResult.Tally(head.getKey(), String.valueOf(head.getValue()), method.classes()))
                    .toList();
        }

        /**
         * Judges images.
         *
         * @param images what the encoder takes, any number of them
         * @param labels one for each, in [0, classes), or -1: such a row is left out and counted
         * @throws IllegalArgumentException as {@link LinearEvaluation#step}, but for the number of images
         * @throws IllegalStateException if a head has moved since the test began
         */
        public void add(byte[] images, int... labels) {
            if (steps() != at) {
                throw new IllegalStateException(
                        "the test began after " + at + " steps and the heads have moved on to " + steps());
            }
            method.targets(labels);
            float[][] rows = features(images, labels.length);
            List<String> observed =
                    method.names().stream().map(name -> "logits/" + name).toList();
            for (int from = 0; from < rows.length; from += trainer.batch()) {
                int to = Math.min(from + trainer.batch(), rows.length);
                List<float[][]> logits = trainer.observe(observed, flat(rows, from, to));
                for (int head = 0; head < tallies.size(); head++) {
                    for (int row = from; row < to; row++) {
                        if (labels[row] >= 0) {
                            tallies.get(head).add(labels[row], logits.get(head)[row - from]);
                        }
                    }
                }
            }
            unlabelled += (int) Arrays.stream(labels).filter(label -> label < 0).count();
        }

        /**
         * One result for each head, in the order of the heads.
         *
         * @throws IllegalStateException if there was no labelled image
         */
        public List<LinearResult> results() {
            return tallies.stream()
                    .map(tally -> tally.result(at, seed, unlabelled))
                    .toList();
        }
    }

    /** Settings of an evaluation. Encoder, classes, batch and at least one head are required. Not thread-safe. */
    public static final class Builder {
        private @Nullable Function<byte[], float[][]> encoder;
        private int features;
        private int classes;
        private int batch;
        private long seed = 1;
        private final Map<String, Optimizer> heads = new LinkedHashMap<>();

        private Builder() {}

        /**
         * What is judged.
         *
         * @param encoder uint8 images to {@code [N][D]}, N at least 0
         * @param features D, at least 1
         */
        public Builder encoder(Function<byte[], float[][]> encoder, int features) {
            if (features < 1) {
                throw new IllegalArgumentException("features must be at least 1, got " + features);
            }
            this.encoder = encoder;
            this.features = features;
            return this;
        }

        /** Number of classes, at least 2. */
        public Builder classes(int classes) {
            this.classes = classes;
            return this;
        }

        /** Images in a step, at least 1. */
        public Builder batch(int batch) {
            this.batch = batch;
            return this;
        }

        /** Decides the start values; 1 by default. */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * Adds a classifier.
         *
         * @param name in results and checkpoints, such as the learning rate; without a slash
         * @param optimizer how it is updated
         * @throws IllegalArgumentException if the name is taken
         */
        public Builder head(String name, Optimizer optimizer) {
            if (heads.putIfAbsent(name, optimizer) != null) {
                throw new IllegalArgumentException("there is a head " + name + " already");
            }
            return this;
        }

        /**
         * Describes, compiles and initialises the heads.
         *
         * @throws IllegalStateException if the encoder was not set
         * @throws EngineException if TensorFlow cannot start
         * @throws IllegalArgumentException if a setting is out of range
         */
        public LinearEvaluation build() {
            required("encoder", encoder);
            return new LinearEvaluation(this);
        }

        private static <T> T required(String name, @Nullable T value) {
            if (value == null) {
                throw new IllegalStateException("a linear evaluation needs " + name);
            }
            return value;
        }
    }
}
