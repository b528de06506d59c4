package dev.byol.tf;

import dev.byol.api.Measure;
import dev.byol.api.Method;
import dev.byol.api.Optimizer;
import dev.byol.api.Shape;
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
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

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
    private final Program program;
    private final Embedder embedder;
    private final Map<String, String> provenance;
    private final List<TUint8> views = new ArrayList<>();
    private final Map<String, TFloat32> inputs = new LinkedHashMap<>();
    private long steps;
    private boolean closed;

    private Trainer(Builder settings, Method method) {
        this.method = method;
        this.format = settings.format();
        this.batch = settings.batch();
        this.provenance = settings.provenance();
        this.program = new Program(settings, method);
        this.embedder = new Embedder(program.session, format, program.images.fed(), program.representations);
        Shape shape = format.batch(batch);
        try {
            program.views.forEach(view -> views.add(TUint8.tensorOf(Tf.shape(shape))));
        } catch (RuntimeException | Error e) {
            close();
            throw e;
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
     * @throws ArithmeticException if the loss is not finite; the parameters are then those of the failed update
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
        requireViews(views.length);
        Session.Runner runner = open();
        requireObserved(observed);
        for (int i = 0; i < views.length; i++) {
            requireLength("view " + i, views[i].length, batch * format.size());
            Memory.copy(views[i], this.views.get(i));
            runner.feed(program.views.get(i).fed(), this.views.get(i));
        }
        return run(runner, List.copyOf(observed));
    }

    /**
     * One training step on views that are normalised already, as {@link #step}.
     *
     * @param views one array {@code [B, H, W, C]} for each of the method's views
     */
    public StepReport stepNormalized(float[]... views) {
        requireViews(views.length);
        Session.Runner runner = open();
        List<TFloat32> tensors = new ArrayList<>();
        try {
            for (int i = 0; i < views.length; i++) {
                requireLength("view " + i, views[i].length, batch * format.size());
                TFloat32 tensor = Memory.floats(format.batch(batch), views[i]);
                tensors.add(tensor);
                runner.feed(program.views.get(i).normalized(), tensor);
            }
            return run(runner, List.of());
        } finally {
            tensors.forEach(Tensor::close);
        }
    }

    /** What the method shows of a view that is normalised already, without a step: inputs that it does not depend on are not needed. */
    List<float[][]> observe(List<String> names, float[] view) {
        requireObserved(names);
        try (TFloat32 tensor = Memory.floats(format.batch(batch), view)) {
            Session.Runner runner = open().feed(program.views.get(0).normalized(), tensor);
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
        int size = Math.toIntExact(fed.shape().size());
        if (values.length != size) {
            throw new IllegalArgumentException("input " + input + " of the shape " + fed.shape() + " needs " + size
                    + " values, got " + values.length);
        }
        // A new tensor: a state may have taken over the memory of the last one.
        TFloat32 tensor = TFloat32.tensorOf(fed.shape());
        Memory.copy(values, tensor);
        TFloat32 last = inputs.put(input, tensor);
        if (last != null) {
            last.close();
        }
    }

    private StepReport run(Session.Runner runner, List<String> observed) {
        program.inputs.forEach((name, fed) -> {
            TFloat32 tensor = inputs.get(name);
            if (tensor == null) {
                throw new IllegalStateException("input " + name + " was never fed");
            }
            runner.feed(fed, tensor);
        });
        program.writes.forEach(runner::addTarget);
        float[] results;
        Map<String, float[][]> shown = new LinkedHashMap<>();
        List<TFloat32> scheduled = new ArrayList<>();
        try {
            program.schedules.forEach((schedule, fed) -> {
                TFloat32 tensor = TFloat32.scalarOf((float) schedule.at(steps));
                scheduled.add(tensor);
                runner.feed(fed, tensor);
            });
            runner.fetch(program.results);
            observed.forEach(name -> runner.fetch(program.observed.get(name)));
            try (Result result = runner.run()) {
                results = Memory.floats(result.get(0));
                for (int i = 0; i < observed.size(); i++) {
                    shown.put(observed.get(i), Memory.rows(result.get(1 + i)));
                }
            }
        } finally {
            scheduled.forEach(Tensor::close);
        }
        steps++;
        if (!Float.isFinite(results[0])) {
            throw new ArithmeticException("the loss of step " + steps + " is " + results[0]
                    + ": lower the learning rate, or check that biases and norms are excluded from adaptation");
        }
        Map<String, Double> reports = new LinkedHashMap<>();
        for (int i = 0; i < program.reports.size(); i++) {
            reports.put(program.reports.get(i), (double) results[i + 1]);
        }
        return new StepReport(steps, results[0], reports, shown);
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

    /** Completed updates. */
    public long steps() {
        return steps;
    }

    /** The images that the trainer takes. */
    public ImageFormat format() {
        return format;
    }

    /** The number of images in a step. */
    public int batch() {
        return batch;
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
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            new TreeMap<>(values()).forEach((name, values) -> {
                sha.update(name.getBytes(StandardCharsets.UTF_8));
                ByteBuffer bytes =
                        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(values);
                sha.update(bytes);
            });
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
     * Saves everything that decides the future: parameters, statistics, queues, slots, the inputs as they were last fed, and the step;
     * with checksums, and with what the run was made with. The file is synced to the disk and appears whole or not at all.
     *
     * @param notes what the caller wants to find again in {@link Checkpoint#notes()}: the place in the data, settings, a score
     * @throws IOException if the file cannot be written; one that is there stays as it was
     */
    public void save(Path file, Map<String, String> notes) throws IOException {
        Map<String, Shape> shapes = variables();
        Map<String, float[]> values = values();
        inputs.forEach((name, tensor) -> {
            shapes.put(Checkpoint.INPUT + name, Tf.shape(tensor.shape()));
            values.put(Checkpoint.INPUT + name, Memory.floats(tensor));
        });
        Safetensors.write(file, shapes, values, Checkpoint.header(provenance, steps, notes));
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
                expected.put(key, Tf.shape(input.shape()));
            }
        });
        content.requireShapes(expected, "this trainer");
        Map<String, float[]> values = new LinkedHashMap<>(content.values());
        values.keySet().removeAll(fed.keySet());
        program.variables.write(program.session, values);
        fed.keySet().forEach(key -> feed(key.substring(Checkpoint.INPUT.length()), value(content, key)));
        steps = checkpoint.step();
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
        return java.util.Objects.requireNonNull(content.values().get(name));
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
        EncoderExport.write(directory, method, format, values());
    }

    private Session.Runner open() {
        requireOpen();
        return program.session.runner();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the trainer is closed");
        }
    }

    private void requireViews(int found) {
        if (found != views.size()) {
            throw new IllegalArgumentException("the method takes " + views.size() + " views, got " + found);
        }
    }

    private void requireLength(String what, int found, int expected) {
        if (found != expected) {
            throw new IllegalArgumentException(what + " needs " + expected + " values for a batch of " + batch
                    + " images " + format.height() + "x" + format.width() + "x" + format.channels() + ", got " + found);
        }
    }

    /** Frees native memory. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            views.forEach(Tensor::close);
            inputs.values().forEach(Tensor::close);
            program.close();
        }
    }

    /** Settings of a trainer. Method, optimizer, images and batch are required. */
    public static final class Builder {
        private @Nullable Method method;
        private @Nullable Optimizer optimizer;
        private @Nullable ImageFormat format;
        private int batch;
        private Precision precision = Precision.FLOAT32;
        private long seed = 1;
        private final List<Measure> measures = new ArrayList<>();

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

        /** The number of images in a step, at least 1. */
        public Builder batch(int batch) {
            if (batch < 1) {
                throw new IllegalArgumentException("batch must be at least 1, got " + batch);
            }
            this.batch = batch;
            return this;
        }

        /** What convolutions compute in; float32 by default. */
        public Builder precision(Precision precision) {
            this.precision = precision;
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
         * @throws IllegalStateException if a required setting is missing, a parameter has no gradient, or there is no native
         *     TensorFlow library
         */
        public Trainer build() {
            Natives.require();
            format();
            optimizer();
            if (batch == 0) {
                throw new IllegalStateException("a trainer needs batch");
            }
            return new Trainer(this, required("method", method));
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

        Precision precision() {
            return precision;
        }

        long seed() {
            return seed;
        }

        List<Measure> measures() {
            return measures;
        }

        Map<String, String> provenance() {
            Map<String, String> provenance = new LinkedHashMap<>();
            provenance.put("method", required("method", method).toString());
            provenance.put("optimizer", optimizer().toString());
            provenance.put("images", format().toString());
            provenance.put("batch", Integer.toString(batch));
            provenance.put("precision", precision.toString());
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
