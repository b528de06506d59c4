package dev.byol.tf;

import dev.byol.api.Measure;
import dev.byol.api.Method;
import dev.byol.api.Optimizer;
import dev.byol.api.Shape;
import dev.byol.tf.view.SourceBatch;
import dev.byol.tf.view.ViewRecipe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.types.TFloat32;

/**
 * Trains a method: a whole step, from uint8 views to the moved target, is one run of one graph.
 *
 * <p>On the CPU the same seed and the same views give the same bits. A trainer holds native memory and must be closed;
 * closing twice is harmless. Not thread-safe.
 *
 * <pre>{@code
 * try (Trainer trainer = Trainer.builder()
 *         .method(new Byol(encoder, projector, predictor, TargetUpdater.ema(tau)))
 *         .optimizer(sgd)
 *         .images(ImageFormat.rgb(96))
 *         .batch(64)
 *         .build()) {
 *     StepReport report = trainer.step(view0, view1);
 *     float[][] y = trainer.embed(images);
 * }
 * }</pre>
 */
public final class Trainer implements AutoCloseable {
    private final Method method;
    private final ImageFormat format;
    private final int batch;
    final Program program;
    private final Embedder embedder;
    private final ChosenDevice device;
    private final Map<String, String> provenance;
    private final Feeding feeding;
    private final int microBatch;
    private final NonFinitePolicy policy;
    private final Map<String, List<TFloat32>> inputs = new LinkedHashMap<>();
    private long steps;
    private long skipped;
    private boolean closed;

    private Trainer(Builder settings, ChosenDevice device, Method method) {
        this.device = device;
        this.method = method;
        this.format = settings.format();
        this.batch = settings.batch();
        this.microBatch = settings.microBatch();
        this.policy = settings.policy;
        this.provenance = settings.provenance(device);
        try {
            this.program = new Program(settings, device, method);
        } catch (RuntimeException | OutOfMemoryError e) {
            throw translated(e);
        }
        this.embedder = new Embedder(program.session, format, program.images.fed(), program.representations);
        try {
            this.feeding = new Feeding(program, format, batch, microBatch);
        } catch (RuntimeException | OutOfMemoryError e) {
            program.close();
            throw translated(e);
        }
    }

    /** Settings of a new trainer. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * One training step.
     *
     * @param views uint8 images, one array {@code [B, H, W, C]} for each of the method's views
     * @throws IllegalArgumentException if the number of views or the length of one is wrong
     * @throws IllegalStateException if an input was never {@linkplain #feed fed}
     * @throws NonFiniteException if the loss, a gradient or a new parameter is not finite and the policy is to stop; nothing is updated
     * @throws OutOfNativeMemoryException if the step does not fit; nothing is updated
     */
    public StepReport step(byte[]... views) {
        return step(Set.of(), views);
    }

    /**
     * One training step that also hands out what the method {@linkplain dev.byol.api.Step#observe shows}, as it was before the update:
     * {@code z0} for the projections of view 0. It costs no more than a copy of it.
     *
     * @param observed names; each value must be {@code [B, D]}
     * @param views as in {@link #step(byte[][])}
     * @throws IllegalArgumentException if the method shows no such value, or one of another rank; and as {@link #step(byte[][])}
     */
    public StepReport step(Set<String> observed, byte[]... views) {
        requireOpen();
        StepRun.Views fed = feeding.of(views);
        requireObserved(observed);
        return run(List.copyOf(observed), fed);
    }

    /**
     * One training step, as {@link #step(byte[][])} and with the same bits, of which TensorFlow says what it spent its time on. To know that
     * costs time: only this step pays for it.
     *
     * @param views as in {@link #step(byte[][])}, which throws the same
     */
    public StepProfile profile(byte[]... views) {
        requireOpen();
        StepTrace trace = new StepTrace(device);
        StepReport report = run(List.of(), feeding.of(views), trace::run);
        return new StepProfile(report, trace.operations());
    }

    /**
     * Sends the views of a later step ahead. To a GPU they are copied while the step before runs. On a CPU there is nothing to gain, and the
     * step copies them, as it does where it has micro-batches, or makes its views itself.
     *
     * <pre>{@code
     * Prefetched now = trainer.prefetch(first.view(0), first.view(1));
     * Prefetched next = trainer.prefetch(second.view(0), second.view(1)); // on its way while the step on the first runs
     * trainer.step(Set.of(), now);
     * }</pre>
     *
     * @param views as in {@link #step(byte[][])}; not to be changed until the step on them is over
     * @throws IllegalArgumentException if the number of views or the length of one is wrong
     */
    public Prefetched prefetch(byte[]... views) {
        requireOpen();
        return feeding.ahead(views);
    }

    /**
     * Sends images ahead, as {@link #prefetch(byte[][])}, of which the graph makes the views.
     *
     * @param images as in {@link #step(Set, SourceBatch)}; not to be changed until the step on them is over
     * @throws IllegalArgumentException if there are not as many images as in a batch
     * @throws IllegalStateException if the trainer has no recipes
     */
    public Prefetched prefetch(SourceBatch images) {
        requireOpen();
        return feeding.ahead(images);
    }

    /**
     * One training step on what was sent ahead: the same as on the same views, or images, as they are.
     *
     * @param observed as in {@link #step(Set, byte[][])}
     * @param views which are used up
     * @throws IllegalArgumentException if another trainer was to have them, or as {@link #step(Set, byte[][])}
     * @throws IllegalStateException if they were used or closed before, could not be sent, or an input was never {@linkplain #feed fed}
     * @throws NonFiniteException as {@link #step(byte[][])}
     * @throws OutOfNativeMemoryException as {@link #step(byte[][])}
     */
    public StepReport step(Set<String> observed, Prefetched views) {
        requireOpen();
        requireObserved(observed);
        requireInputs();
        return run(List.copyOf(observed), views.use(program));
    }

    /**
     * One training step on images, of which the graph makes the views by the {@linkplain Builder#views recipes}.
     *
     * @param observed as in {@link #step(Set, byte[][])}
     * @param images and what was drawn for each of them
     * @throws IllegalArgumentException if there are not as many images as in a batch, or the draws are not those of the recipes
     * @throws IllegalStateException if the trainer has no recipes, or an input was never {@linkplain #feed fed}
     * @throws NonFiniteException as {@link #step(byte[][])}
     * @throws OutOfNativeMemoryException as {@link #step(byte[][])}
     */
    public StepReport step(Set<String> observed, SourceBatch images) {
        requireOpen();
        StepRun.Views fed = feeding.of(images);
        requireObserved(observed);
        return run(List.copyOf(observed), fed);
    }

    /**
     * One training step on views that are normalised already, as {@link #step}.
     *
     * @param views one array {@code [B, H, W, C]} for each of the method's views
     */
    public StepReport stepNormalized(float[]... views) {
        requireOpen();
        return run(List.of(), feeding.ofNormalized(views));
    }

    /** What the method shows of a view that is normalised already, without a step: inputs that it does not depend on are not needed. */
    List<float[][]> observe(List<String> names, float[] view) {
        requireObserved(names);
        try (TFloat32 tensor = Memory.floats(format.batch(batch), view)) {
            requireOpen();
            Session.Runner runner =
                    program.session.runner().feed(program.views.get(0).normalized(), tensor);
            names.forEach(name -> runner.fetch(program.observed.get(name)));
            try (Result result = runner.run()) {
                return names.stream()
                        .map(name -> Memory.rows(result.get(names.indexOf(name))))
                        .toList();
            }
        }
    }

    private void requireObserved(Collection<String> names) {
        for (String name : names) {
            Operand<TFloat32> value = program.observed.get(name);
            if (value == null) {
                throw new IllegalArgumentException(
                        "the method shows no value " + name + "; it shows " + program.observed.keySet());
            }
            if (value.shape().numDimensions() != 2) {
                throw new IllegalArgumentException(
                        "the observed value " + name + " must be [B, D], it has the shape " + value.shape());
            }
        }
    }

    /**
     * Sets the value of an input of the method, row-major; it is fed with every step until it is set again.
     *
     * @throws IllegalArgumentException if the loss uses no such input, or the length is wrong
     */
    public void feed(String input, float[] values) {
        requireOpen();
        Operand<TFloat32> fed = program.inputs.get(input);
        if (fed == null) {
            throw new IllegalArgumentException(
                    "the method has no input " + input + "; it has " + program.inputs.keySet());
        }
        Shape whole = inputShape(fed);
        if (values.length != whole.size()) {
            throw new IllegalArgumentException("input " + input + " of the shape " + whole + " needs " + whole.size()
                    + " values, got " + values.length);
        }
        // New tensors: a state may have taken over the memory of the last ones.
        Shape shape = Tf.shape(fed.shape());
        List<TFloat32> parts = new ArrayList<>();
        for (int from = 0; from < values.length; from += shape.size()) {
            parts.add(Memory.floats(shape, values, from));
        }
        List<TFloat32> last = inputs.put(input, List.copyOf(parts));
        if (last != null) {
            last.forEach(Tensor::close);
        }
    }

    /** Of an input for the whole batch. */
    private Shape inputShape(Operand<TFloat32> fed) {
        Shape shape = Tf.shape(fed.shape());
        return Accumulation.isOfRows(shape, microBatch) ? shape.with(0, batch) : shape;
    }

    private StepReport run(List<String> observed, StepRun.Views views) {
        return run(observed, views, Session.Runner::run);
    }

    private StepReport run(List<String> observed, StepRun.Views views, Function<Session.Runner, Result> how) {
        requireInputs();
        StepReport report;
        try (StepRun run = new StepRun(program, steps, batch / microBatch, microBatch, observed, how)) {
            report = run.run(views, inputs);
        } catch (RuntimeException | OutOfMemoryError e) {
            throw translated(e);
        }
        if (report.skipped().isPresent()) {
            if (policy == NonFinitePolicy.STOP) {
                throw new NonFiniteException(report.skipped().get());
            }
            skipped++;
        }
        steps++;
        return report;
    }

    private void requireInputs() {
        for (String name : program.inputs.keySet()) {
            if (!inputs.containsKey(name)) {
                throw new IllegalStateException("input " + name + " was never fed");
            }
        }
    }

    private RuntimeException translated(Throwable failure) {
        String side = "the side of the images, now " + format.height() + "x" + format.width();
        return OutOfNativeMemoryException.translated(
                failure,
                "step " + (steps + 1) + " on " + microBatch + " images at a time",
                batch == microBatch
                        ? "batch, now " + batch + ", set microBatch to a part of it, or lower " + side
                        : "microBatch, now " + microBatch + " of a batch of " + batch + ", or " + side);
    }

    /**
     * The online encoder's representations, with its moving statistics and in float32.
     *
     * @param images uint8 {@code [N, H, W, C]}, N at least 0
     * @return {@code [N][D]}
     */
    public float[][] embed(byte[] images) {
        requireOpen();
        return embedder.embed(images);
    }

    /** Steps done: updates, and those that were {@linkplain #skipped skipped}. */
    public long steps() {
        return steps;
    }

    /** Steps of these that updated nothing, since a number was not finite; 0 unless the policy is to skip them. */
    public long skipped() {
        return skipped;
    }

    /** What it runs on. */
    public ChosenDevice device() {
        return device;
    }

    /** The images that the trainer takes. */
    public ImageFormat format() {
        return format;
    }

    /** The number of images in a step. */
    public int batch() {
        return batch;
    }

    /** The number of images that are computed at a time: the batch, or a part of it. */
    public int microBatch() {
        return microBatch;
    }

    /** Names and shapes of all variables: parameters, statistics and slots. */
    public Map<String, Shape> variables() {
        return program.variables.shapes();
    }

    /** The values of all variables by name, row-major. */
    public Map<String, float[]> values() {
        requireOpen();
        return program.variables.read(program.session, variables().keySet());
    }

    /**
     * Sets variables, all at once.
     *
     * @throws IllegalStateException if there is no such variable
     * @throws IllegalArgumentException if the number of values is wrong
     */
    public void write(Map<String, float[]> values) {
        requireOpen();
        program.variables.write(program.session, values);
    }

    /** A SHA-256 digest of all variables, in hexadecimal: equal digests mean equal bits. */
    public String digest() {
        requireOpen();
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (String name : new TreeSet<>(variables().keySet())) { // one at a time: a copy of all is large
                float[] values = Objects.requireNonNull(
                        program.variables.read(program.session, List.of(name)).get(name));
                sha.update(name.getBytes(StandardCharsets.UTF_8));
                ByteBuffer bytes =
                        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(values);
                sha.update(bytes);
            }
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }

    /** As {@link #save(Path, Map)}, without notes. */
    public void save(Path file) throws IOException {
        save(file, Map.of());
    }

    /**
     * Saves everything that decides the future: parameters, statistics, queues, slots, the inputs as they were last fed, and the steps;
     * with checksums, and with what the run was made with. The file is synced to the disk and appears whole or not at all.
     *
     * @param notes what the caller wants to find again in {@link Checkpoint#notes()}: the place in the data, settings, a score
     * @throws IOException if the file cannot be written; one that is there stays as it was
     */
    public void save(Path file, Map<String, String> notes) throws IOException {
        Map<String, Shape> shapes = variables();
        Map<String, float[]> values = values();
        inputs.forEach((name, parts) -> {
            Shape shape = inputShape(Objects.requireNonNull(program.inputs.get(name)));
            shapes.put(Checkpoint.INPUT + name, shape);
            values.put(Checkpoint.INPUT + name, Memory.joined(parts, shape.size()));
        });
        Safetensors.write(file, shapes, values, Checkpoint.header(provenance, steps, skipped, notes));
    }

    /**
     * As {@link #restore(Checkpoint)} of what is in a file.
     *
     * @throws IOException if {@link Checkpoint#read} or {@link #restore(Checkpoint)} says so
     */
    public void restore(Path file) throws IOException {
        requireOpen();
        restore(Checkpoint.read(file));
    }

    /**
     * Takes up what {@link #save} left. Nothing is changed if it does not fit.
     *
     * @throws IOException if variables or inputs are missing, left over or of another shape: the message names each
     */
    public void restore(Checkpoint checkpoint) throws IOException {
        requireOpen();
        Safetensors.Content content = checkpoint.content();
        Map<String, Shape> expected = variables();
        Map<String, Shape> fed = content.part(Checkpoint.INPUT).shapes();
        program.inputs.forEach((name, input) -> { // one that was never fed is not there
            String key = Checkpoint.INPUT + name;
            if (fed.containsKey(key)) {
                expected.put(key, inputShape(input));
            }
        });
        content.requireShapes(expected, "this trainer");
        Map<String, float[]> values = new LinkedHashMap<>(content.values());
        values.keySet().removeAll(fed.keySet());
        program.variables.write(program.session, values);
        fed.keySet().forEach(key -> feed(key.substring(Checkpoint.INPUT.length()), value(content, key)));
        steps = checkpoint.step();
        skipped = checkpoint.skipped();
    }

    /**
     * Takes the encoder alone out of a checkpoint of any method and optimizer, to train it further: parameters and statistics of the
     * online branch, and those of the target branch become equal to them. All else, the step too, stays. Nothing is changed if
     * it does not fit.
     *
     * @throws IOException if {@link Checkpoint#read} says so, or variables of the encoder are missing, left over or of another shape: the
     *     message names each
     */
    public void restoreEncoder(Path file) throws IOException {
        requireOpen();
        Safetensors.Content content = Checkpoint.read(file).content().part(Checkpoint.ENCODER);
        Map<String, Shape> expected = variables();
        expected.keySet().removeIf(name -> !name.startsWith(Checkpoint.ENCODER));
        content.requireShapes(expected, "this trainer's encoder");
        Map<String, float[]> values = new LinkedHashMap<>(content.values());
        content.values().forEach((name, floats) -> {
            String target = "target" + name.substring(name.indexOf('/'));
            if (program.variables.shapes().containsKey(target)) {
                values.put(target, floats);
            }
        });
        program.variables.write(program.session, values);
    }

    private static float[] value(Safetensors.Content content, String name) {
        return Objects.requireNonNull(content.values().get(name));
    }

    /**
     * Exports the online encoder as a SavedModel: signature {@code serving_default}, uint8 {@code images [N, H, W, C]} in,
     * float32 {@code representations [N, D]} out, with the normalisation inside and moving statistics.
     *
     * @param directory made whole; a model that is there is replaced
     * @throws IOException if it cannot be written, or the folder holds things and no {@code saved_model.pb}
     */
    public void exportEncoder(Path directory) throws IOException {
        requireOpen();
        List<String> names = variables().keySet().stream()
                .filter(name -> name.startsWith(Checkpoint.ENCODER))
                .toList();
        EncoderExport.write(directory, method, format, program.variables.read(program.session, names));
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the trainer is closed");
        }
    }

    /** Frees native memory. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            feeding.close();
            inputs.values().forEach(tensors -> tensors.forEach(Tensor::close));
            program.close();
        }
    }

    /** Settings of a trainer. Method, optimizer, images and batch are required. */
    public static final class Builder {
        private @Nullable Method method;
        private @Nullable Optimizer optimizer;
        private @Nullable ImageFormat format;
        private int batch;
        private int microBatch;
        private NonFinitePolicy policy = NonFinitePolicy.STOP;
        private boolean guarded = true;
        private Precision precision = Precision.FLOAT32;
        private @Nullable DeviceChoice device;
        private long seed = 1;
        private final List<Measure> measures = new ArrayList<>();
        private List<ViewRecipe> recipes = List.of();

        private Builder() {}

        /** What is trained. */
        public Builder method(Method method) {
            this.method = method;
            return this;
        }

        /** How the online parameters are updated. */
        public Builder optimizer(Optimizer optimizer) {
            this.optimizer = optimizer;
            return this;
        }

        /** The images of the views. */
        public Builder images(ImageFormat format) {
            this.format = format;
            return this;
        }

        /**
         * Makes the views in the graph, on its device, out of images and what was drawn for them: {@link Trainer#step(Set, SourceBatch)}. Views
         * that are made elsewhere can still be given.
         *
         * @param recipes for each view of the method; none, which is the default: views are given
         */
        public Builder views(List<ViewRecipe> recipes) {
            this.recipes = List.copyOf(recipes);
            return this;
        }

        /** The number of images in a step, at least 1. */
        public Builder batch(int batch) {
            if (batch < 1) {
                throw new IllegalArgumentException("batch must be at least 1, got " + batch);
            }
            this.batch = batch;
            return this;
        }

        /**
         * The number of images that are computed at a time, for batches that do not fit into memory; the whole batch by default. The
         * gradients of the parts are averaged, and the update, the target and all schedules move once a step. Networks without batch
         * normalisation learn the same as in one batch, up to rounding.
         *
         * <p>What belongs to a part and not to the batch: the statistics that batch normalisation uses, and whatever else compares
         * images. Moving statistics and queues advance with each part, as with so many smaller batches; in a step that fails, with none.
         * An input whose first axis is as long as a part has one row for each image and is fed for the whole batch; others are the
         * same for all parts. Losses and reports must be means over images for the means over parts to be theirs: an online probe's
         * are, where all images have labels.
         *
         * @param microBatch a divisor of the batch, at least 1
         */
        public Builder microBatch(int microBatch) {
            if (microBatch < 1) {
                throw new IllegalArgumentException("microBatch must be at least 1, got " + microBatch);
            }
            this.microBatch = microBatch;
            return this;
        }

        /** What is done with a step whose numbers are not finite; {@link NonFinitePolicy#STOP} by default. */
        public Builder onNonFinite(NonFinitePolicy policy) {
            this.policy = policy;
            return this;
        }

        /** Updates whatever the numbers are: for parts that may diverge, each for itself. */
        Builder unguarded() {
            guarded = false;
            return this;
        }

        /** What convolutions compute in; float32 by default. */
        public Builder precision(Precision precision) {
            this.precision = precision;
            return this;
        }

        /** What it runs on; the {@linkplain DeviceChoice#standard standard device} by default. */
        public Builder device(DeviceChoice device) {
            this.device = device;
            return this;
        }

        /** Decides the start values; 1 by default. */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /** Adds a measure whose reports come with every step. */
        public Builder measure(Measure measure) {
            measures.add(measure);
            return this;
        }

        /**
         * Describes, compiles and initialises the step.
         *
         * @throws IllegalStateException if a required setting is missing or a parameter has no gradient
         * @throws EngineException if TensorFlow cannot start, or not on this device
         * @throws IllegalArgumentException if the recipes of views do not suit the method or the images, {@code microBatch} does not divide the
         *     batch, or the loss compares the images of a batch
         *     with one another by a product of two matrices (in-batch negatives, cross-correlation), which micro-batches cannot
         * @throws OutOfNativeMemoryException if the network does not fit
         */
        public Trainer build() {
            return build((device == null ? DeviceChoice.standard() : device).settle());
        }

        /** On a device that is there, or is said to be. */
        Trainer build(ChosenDevice device) {
            format();
            optimizer();
            if (batch == 0) {
                throw new IllegalStateException("a trainer needs batch");
            }
            if (batch % microBatch() != 0) {
                throw new IllegalArgumentException(
                        "microBatch must divide the batch of " + batch + ", got " + microBatch);
            }
            if (!recipes.isEmpty()) {
                SourceViews.require(
                        recipes, format(), required("method", method).views());
            }
            return new Trainer(this, device, required("method", method));
        }

        List<ViewRecipe> recipes() {
            return recipes;
        }

        Optimizer optimizer() {
            return required("optimizer", optimizer);
        }

        ImageFormat format() {
            return required("images", format);
        }

        int batch() {
            return batch;
        }

        int microBatch() {
            return microBatch == 0 ? batch : microBatch;
        }

        boolean guarded() {
            return guarded;
        }

        Precision precision() {
            return precision;
        }

        long seed() {
            return seed;
        }

        List<Measure> measures() {
            return measures;
        }

        Map<String, String> provenance(ChosenDevice device) {
            Map<String, String> provenance = new LinkedHashMap<>();
            provenance.put("method", required("method", method).toString());
            provenance.put("optimizer", optimizer().toString());
            provenance.put("images", format().toString());
            provenance.put("batch", Integer.toString(batch));
            provenance.put("micro-batch", Integer.toString(microBatch()));
            provenance.put("precision", precision.toString());
            provenance.put("device", device.toString());
            provenance.put("seed", Long.toString(seed));
            provenance.putAll(Versions.all());
            return provenance;
        }

        private static <T> T required(String name, @Nullable T value) {
            if (value == null) {
                throw new IllegalStateException("a trainer needs " + name);
            }
            return value;
        }
    }
}
