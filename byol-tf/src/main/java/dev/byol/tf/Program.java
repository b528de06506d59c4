package dev.byol.tf;

import dev.byol.api.Initializer;
import dev.byol.api.Method;
import dev.byol.api.Schedule;
import dev.byol.api.Shape;
import dev.byol.api.graph.Node;
import dev.byol.api.graph.Op;
import dev.byol.api.graph.ParameterNode;
import dev.byol.api.graph.StateNode;
import dev.byol.api.graph.StepGraph;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.RewriterConfig;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/**
 * One graph for everything that training needs, and its session.
 *
 * <p>The order within a step: every variable is read once; forward; gradients; directions; new parameters; the target from
 * the new online values; states. Each variable is written once and after its own read, since what is written depends on it.
 */
final class Program implements AutoCloseable {
    /** Images as they are fed, and normalised as networks take them; floats may be fed in the place of the latter. */
    record Images(Placeholder<TUint8> fed, Operand<TFloat32> normalized) {}

    final Graph graph = new Graph();
    final Session session;
    final Variables variables;
    final List<Images> views = new ArrayList<>();
    final Map<String, Placeholder<TFloat32>> inputs = new LinkedHashMap<>();
    final Map<Schedule, Placeholder<TFloat32>> schedules = new LinkedHashMap<>();
    final List<String> reports = new ArrayList<>();
    /** The loss and the reports, in order: {@code [1 + reports]}. */
    final Operand<TFloat32> results;

    /** What the method shows of itself, by name. */
    final Map<String, Operand<TFloat32>> observed = new LinkedHashMap<>();

    final List<org.tensorflow.op.Op> writes = new ArrayList<>();
    final Images images;
    final Operand<TFloat32> representations;
    private final StepGraph step;

    Program(Trainer.Builder settings, Method method) {
        try {
            Ops tf = Ops.create(graph);
            variables = new Variables(tf);
            Shape batch = settings.format().batch(settings.batch());
            step = StepGraph.training(Collections.nCopies(method.views(), batch));
            for (int i = 0; i < method.views(); i++) {
                views.add(images(tf, settings.format(), batch));
            }
            Lowering lowering = new Lowering(tf, step, node -> leaf(tf, node), settings.precision());
            Node loss = step.record(method, settings.measures());
            step.update(settings.optimizer(), Gradients.of(graph, tf, step, lowering.float32(loss), lowering));
            step.next()
                    .forEach((parameter, value) ->
                            writes.add(variables.assign(parameter.name(), parameter.shape(), lowering.float32(value))));
            for (StateNode state : step.states()) {
                state.next()
                        .ifPresent(value ->
                                writes.add(variables.assign(state.name(), state.shape(), lowering.float32(value))));
            }
            List<Operand<TFloat32>> scalars = new ArrayList<>(List.of(lowering.float32(loss)));
            step.reports().forEach((name, value) -> {
                reports.add(name);
                scalars.add(lowering.float32(value));
            });
            results = tf.stack(scalars);
            step.observed().forEach((name, value) -> observed.put(name, tf.identity(lowering.float32((Node) value))));

            Shape any = settings.format().batch(Shape.UNKNOWN);
            images = images(tf, settings.format(), any);
            StepGraph inference = StepGraph.inference(any);
            Lowering forward = new Lowering(tf, inference, node -> trainedLeaf(tf, node), Precision.FLOAT32);
            representations = tf.identity(forward.float32(embed(inference, method)));
            session = started(settings.seed());
        } catch (RuntimeException | Error e) {
            graph.close();
            throw e;
        }
    }

    /** A session with the start values. */
    private Session started(long seed) {
        Session session = new Session(graph, config());
        try {
            variables.write(session, initialValues(seed));
            return session;
        } catch (RuntimeException | Error e) {
            session.close();
            throw e;
        }
    }

    /** What an encoder makes of images, with its shape checked. */
    static Node embed(StepGraph inference, Method method) {
        Node representation = inference.embed(method.encoder());
        if (representation.shape().rank() != 2) {
            throw new IllegalArgumentException(
                    "an encoder must make representations [B, D], got the shape " + representation.shape());
        }
        return representation;
    }

    static Images images(Ops tf, ImageFormat format, Shape shape) {
        Placeholder<TUint8> fed = tf.placeholder(TUint8.class, Placeholder.shape(Tf.shape(shape)));
        Operand<TFloat32> x = tf.dtypes.cast(fed, TFloat32.class);
        return new Images(
                fed,
                tf.math.mul(
                        tf.math.sub(x, tf.constant(floats(format.mean(), 255))),
                        tf.constant(floats(
                                format.deviation().stream().map(d -> 1 / d).toList(), 1 / 255.0))));
    }

    private static float[] floats(List<Double> values, double factor) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) (values.get(i) * factor);
        }
        return floats;
    }

    private Operand<TFloat32> leaf(Ops tf, Node node) {
        if (node instanceof ParameterNode parameter) {
            return variables.read(parameter.name(), parameter.shape());
        } else if (node.op() instanceof Op.ReadState read) {
            return variables.read(read.state().name(), node.shape());
        } else if (node.op() instanceof Op.View view) {
            return views.get(view.index()).normalized();
        } else if (node.op() instanceof Op.Input input) {
            Placeholder<TFloat32> fed = tf.placeholder(TFloat32.class, Placeholder.shape(Tf.shape(node.shape())));
            inputs.put(input.name(), fed);
            return fed;
        } else if (node.op() instanceof Op.Scheduled scheduled) {
            Placeholder<TFloat32> fed =
                    tf.placeholder(TFloat32.class, Placeholder.shape(org.tensorflow.ndarray.Shape.scalar()));
            schedules.put(scheduled.schedule(), fed);
            return fed;
        }
        throw new IllegalStateException("no value for " + node);
    }

    private Operand<TFloat32> trainedLeaf(Ops tf, Node node) {
        if (node.op() instanceof Op.View) {
            return images.normalized();
        }
        String name = node instanceof ParameterNode parameter
                ? parameter.name()
                : node.op() instanceof Op.ReadState read ? read.state().name() : "";
        if (!name.isEmpty() && !variables.shapes().containsKey(name)) {
            throw new IllegalStateException(
                    "the encoder has the variable " + name
                            + ", which the loss never used: it must apply the encoder with Encoder.encode on the online branch");
        }
        return leaf(tf, node);
    }

    private Map<String, float[]> initialValues(long seed) {
        Map<String, float[]> values = new LinkedHashMap<>();
        step.parameters().forEach(p -> values.put(p.name(), draw(p.initializer(), p.shape(), seed, p.path())));
        step.states().forEach(s -> values.put(s.name(), draw(s.initializer(), s.shape(), seed, s.path())));
        values.keySet().retainAll(variables.shapes().keySet());
        return values;
    }

    /** The path within the branch decides, so that the target starts as a copy of the online network. */
    private static float[] draw(Initializer initializer, Shape shape, long seed, String path) {
        long hash = seed;
        for (int i = 0; i < path.length(); i++) {
            hash = (hash ^ path.charAt(i)) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        return initializer.draw(shape, hash);
    }

    /**
     * Memory optimisation turns sums of gradients into unordered additions in place: without it the same step gives the
     * same bits.
     */
    static ConfigProto config() {
        return ConfigProto.newBuilder()
                .setGraphOptions(GraphOptions.newBuilder()
                        .setRewriteOptions(RewriterConfig.newBuilder()
                                .setMemoryOptimization(RewriterConfig.MemOptType.NO_MEM_OPT)))
                .build();
    }

    @Override
    public void close() {
        session.close();
        graph.close();
    }
}
