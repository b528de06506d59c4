package dev.byol.tf;

import dev.byol.api.Method;
import dev.byol.api.Shape;
import dev.byol.api.graph.Node;
import dev.byol.api.graph.Op;
import dev.byol.api.graph.ParameterNode;
import dev.byol.api.graph.StepGraph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.Tensor;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/** Writes an encoder as a SavedModel: a graph of its own, with variables that TensorFlow's saver knows. */
final class EncoderExport {
    static final String IMAGES = "images";
    static final String REPRESENTATIONS = "representations";

    /** A model names no device: whoever loads it chooses. */
    private static final ChosenDevice CPU = ChosenDevice.cpu("it only writes a model");

    private final Ops tf;
    private final Map<String, float[]> values;
    private final Map<String, Variable<TFloat32>> variables = new HashMap<>();
    private final Program.Images images;

    private EncoderExport(Ops tf, ImageFormat format, Map<String, float[]> values) {
        this.tf = tf;
        this.values = values;
        this.images = Program.images(tf, format, format.batch(Shape.UNKNOWN));
    }

    static void write(Path directory, Method method, ImageFormat format, Map<String, float[]> values)
            throws IOException {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new IOException(directory + " is no folder and is not replaced by one");
        }
        if (Files.isDirectory(directory)
                && Directories.isFilled(directory)
                && !Files.isRegularFile(directory.resolve("saved_model.pb"))) {
            throw new IOException(directory + " holds other things than a model and is not replaced by one: "
                    + "expected an empty folder or one with saved_model.pb");
        }
        Files.createDirectories(directory.toAbsolutePath().getParent());
        Path beside = Files.createDirectory(Directories.beside(directory));
        try {
            export(beside, method, format, values);
            Directories.replace(beside, directory);
        } finally {
            Directories.delete(beside);
        }
    }

    private static void export(Path directory, Method method, ImageFormat format, Map<String, float[]> values)
            throws IOException {
        try (Graph graph = new Graph()) {
            EncoderExport export = new EncoderExport(Ops.create(graph), format, values);
            Operand<TFloat32> y = export.representations(method, format);
            try (Session session = new Session(graph, CPU.config())) {
                export.assign(session);
                SavedModelBundle.exporter(directory.toString())
                        .withSession(session)
                        .withSignature(Signature.builder(Signature.DEFAULT_KEY)
                                .input(IMAGES, export.images.fed())
                                .output(REPRESENTATIONS, y)
                                .build())
                        .export();
            }
        }
    }

    private Operand<TFloat32> representations(Method method, ImageFormat format) {
        StepGraph inference = StepGraph.inference(format.batch(Shape.UNKNOWN));
        Lowering lowering = new Lowering(tf, inference, this::leaf, Precision.FLOAT32, CPU);
        return tf.identity(lowering.float32(Program.embed(inference, method)));
    }

    private Operand<TFloat32> leaf(Node node) {
        if (node.op() instanceof Op.View) {
            return images.normalized();
        } else if (node instanceof ParameterNode parameter) {
            return variable(parameter.name(), parameter.shape());
        } else if (node.op() instanceof Op.ReadState read) {
            return variable(read.state().name(), node.shape());
        }
        throw new IllegalStateException("an encoder cannot use " + node);
    }

    private Operand<TFloat32> variable(String name, Shape shape) {
        return variables.computeIfAbsent(
                name, key -> tf.withName(operation(key)).variable(Tf.shape(shape), TFloat32.class));
    }

    /** A variable's name as TensorFlow takes it: {@code online.encoder.conv1.kernel}. */
    private static String operation(String variable) {
        return variable.replace('/', '.').replaceAll("[^A-Za-z0-9_.-]", "_");
    }

    /** Sets the values; the nodes that do it stay in the graph, in a scope of their own. */
    private void assign(Session session) {
        if (variables.isEmpty()) {
            return;
        }
        List<Tensor> tensors = new ArrayList<>();
        try {
            Ops start = tf.withSubScope("start");
            Session.Runner runner = session.runner();
            variables.forEach((name, variable) -> {
                float[] floats = java.util.Objects.requireNonNull(values.get(name));
                Placeholder<TFloat32> fed = start.placeholder(TFloat32.class);
                TFloat32 tensor = TFloat32.tensorOf(variable.shape());
                tensors.add(tensor);
                Memory.copy(floats, tensor);
                runner.feed(fed, tensor).addTarget(start.assign(variable, fed));
            });
            runner.run().close();
        } finally {
            tensors.forEach(Tensor::close);
        }
    }
}
