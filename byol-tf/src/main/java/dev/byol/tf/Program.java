package dev.byol.tf;

import dev.byol.api.Initializer;
import dev.byol.api.Method;
import dev.byol.api.Schedule;
import dev.byol.api.Shape;
import dev.byol.api.Tensor;
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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
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
    record Images(Operand<TUint8> fed, Operand<TFloat32> normalized) {}

    final Graph graph = new Graph();
    final Session session;
    final Variables variables;
    final List<Images> views = new ArrayList<>();
    /** How images get to the device ahead of their step; empty where that gains nothing. */
    final Optional<Uploads> uploads;

    /** What makes the views in the graph; empty where they are fed. */
    final Optional<SourceViews> sources;

    final Map<String, Placeholder<TFloat32>> inputs = new LinkedHashMap<>();
    final Map<Schedule, Placeholder<TFloat32>> schedules = new LinkedHashMap<>();
    /** What is reported: first what every micro-batch reports, then what the update does. */
    final List<String> reports;

    /** How many of the reports are those of every micro-batch. */
    final int measured;

    /** The loss and the reports, in order: {@code [1 + reports]}. */
    final Operand<TFloat32> results;

    /** The loss, the norm of the gradients and that of the new parameters, which must be finite; empty without a guard. */
    final Optional<Operand<TFloat32>> guarded;

    /** What the method shows of itself, by name. */
    final Map<String, Operand<TFloat32>> observed = new LinkedHashMap<>();

    final List<org.tensorflow.op.Op> writes = new ArrayList<>();
    /** How micro-batches hand on what they have; empty where a step is one batch. */
    final Optional<Accumulation> accumulation;

    /** What every micro-batch but the last one fetches: loss, its reports, and the norm of the gradients so far. */
    final Operand<TFloat32> partial;

    final Images images;
    final Operand<TFloat32> representations;
    private final Ops tf;
    private final StepGraph step;
    private final Lowering lowering;
    private final Diagnosis.Subject subject;
    private @Nullable List<StateNode> moving;
    private @Nullable Diagnosis diagnosis;

    Program(Trainer.Builder settings, ChosenDevice device, Method method) {
        try {
            tf = device.place(Ops.create(graph));
            variables = new Variables(tf);
            int parts = settings.batch() / settings.microBatch();
            accumulation = parts > 1 ? Optional.of(new Accumulation(tf)) : Optional.empty();
            Shape batch = settings.format().batch(settings.microBatch());
            step = StepGraph.training(Collections.nCopies(method.views(), batch));
            boolean made = !settings.recipes().isEmpty();
            uploads = device.gpu().isPresent() && parts == 1
                    ? Optional.of(new Uploads(tf, made ? 1 : method.views()))
                    : Optional.empty();
            sources = made ? Optional.of(new SourceViews(tf, settings.recipes(), uploads)) : Optional.empty();
            for (int i = 0; i < method.views(); i++) {
                int index = i;
                views.add(sources.map(all -> normalized(tf, settings.format(), all.view(tf, index, batch)))
                        .or(() -> uploads.map(ahead -> uploaded(ahead.value(index), settings.format(), batch)))
                        .orElseGet(() -> images(tf, settings.format(), batch)));
            }
            lowering = new Lowering(tf, step, node -> leaf(tf, node), settings.precision(), device);
            Node loss = step.record(method, settings.measures());
            if (parts > 1) {
                Accumulation.requireApart(loss, settings.microBatch(), settings.batch());
            }
            measured = step.reports().size();
            List<StateNode> ofNetworks = List.copyOf(step.states());
            moving = ofNetworks;
            Gradients.Found found = Gradients.of(graph, tf, step, lowering.float32(loss), lowering);
            Map<ParameterNode, Node> gradients = new LinkedHashMap<>();
            found.all().forEach((parameter, gradient) -> gradients.put(parameter, mean(parameter, gradient, parts)));
            step.update(settings.optimizer(), gradients);
            Map<ParameterNode, Node> ofLoss = new LinkedHashMap<>(gradients);
            ofLoss.keySet().retainAll(found.ofLoss());
            subject = new Diagnosis.Subject(step, loss, ofLoss);
            List<Node> checked = settings.guarded() ? checked(loss, found.ofLoss()) : List.of();
            if (device.gpu().isPresent()) {
                lowering.join(updated(checked), losses(loss));
            }
            guarded = checked.isEmpty() ? Optional.empty() : Optional.of(tf.stack(lowered(checked)));
            describeWrites(
                    guarded.map(scalars -> Guard.of(tf, scalars)).stream().toList());
            accumulation.ifPresent(carrying -> ofNetworks.forEach(state ->
                    carrying.handOn("state/" + state.name(), state.shape(), lowering.float32((Node) state.value()))));

            reports = List.copyOf(step.reports().keySet());
            List<Operand<TFloat32>> scalars = new ArrayList<>(List.of(lowering.float32(loss)));
            step.reports().values().forEach(value -> scalars.add(lowering.float32(value)));
            results = tf.stack(scalars);
            List<Operand<TFloat32>> early = new ArrayList<>(scalars.subList(0, 1 + measured));
            if (settings.guarded()) {
                early.add(scalars.get(scalars.size() - 1));
            }
            partial = tf.stack(early);
            step.observed().forEach((name, value) -> observed.put(name, tf.identity(lowering.float32((Node) value))));

            Shape any = settings.format().batch(Shape.UNKNOWN);
            images = images(tf, settings.format(), any);
            StepGraph inference = StepGraph.inference(any);
            Lowering forward = new Lowering(tf, inference, node -> trainedLeaf(tf, node), Precision.FLOAT32, device);
            representations = tf.identity(forward.float32(embed(inference, method)));
            session = started(device, settings.seed());
        } catch (RuntimeException | Error e) {
            graph.close();
            throw e;
        }
    }

    /** The mean over the micro-batches up to this one, of {@code parts}: the gradient of the batch in the last one. */
    private Node mean(ParameterNode parameter, Node gradient, int parts) {
        if (accumulation.isEmpty()) {
            return gradient;
        }
        String name = "gradient/" + parameter.name();
        Operand<TFloat32> before = accumulation.get().before(name, parameter.shape(), tf.constant(0f));
        Operand<TFloat32> sum = tf.math.add(lowering.float32(gradient), before);
        accumulation.get().handOn(name, parameter.shape(), sum);
        return step.external(parameter.shape(), tf.math.mul(sum, tf.constant(1f / parts)));
    }

    /** Of the parameters that the loss reaches: a loss beside the method's may diverge without the rest. */
    private List<Node> checked(Node loss, Set<ParameterNode> parameters) {
        Node gradients = step.gradientNorm(parameters::contains);
        step.report(StepReport.GRADIENT_NORM, gradients);
        Node next = (Node) parameters.stream()
                .map(parameter ->
                        step.next().getOrDefault(parameter, parameter).square().sum())
                .reduce(Tensor::plus)
                .orElseThrow()
                .sqrt();
        return List.of(loss, gradients, next);
    }

    /** What the step is for beside the loss: new parameters and states, and what is {@code checked}. */
    private List<Node> updated(List<Node> checked) {
        List<Node> updated = new ArrayList<>(checked);
        updated.addAll(step.next().values());
        step.states().forEach(state -> state.next().ifPresent(value -> updated.add(value)));
        return updated;
    }

    private List<Node> losses(Node loss) {
        List<Node> losses = new ArrayList<>(step.alongside());
        losses.add(loss);
        return losses;
    }

    private List<Operand<TFloat32>> lowered(List<Node> nodes) {
        return nodes.stream().map(lowering::float32).toList();
    }

    private void describeWrites(List<org.tensorflow.op.Op> after) {
        step.next()
                .forEach((parameter, value) -> writes.add(
                        variables.assign(parameter.name(), parameter.shape(), lowering.float32(value), after)));
        for (StateNode state : step.states()) {
            state.next()
                    .ifPresent(value ->
                            writes.add(variables.assign(state.name(), state.shape(), lowering.float32(value), after)));
        }
    }

    /** What says where a value that is not finite comes from; described when it is first needed. */
    Diagnosis diagnosis() {
        Diagnosis known = diagnosis;
        if (known == null) {
            known = new Diagnosis(graph, tf, lowering, subject);
            diagnosis = known;
        }
        return known;
    }

    /** A session with the start values. */
    private Session started(ChosenDevice device, long seed) {
        Session session = new Session(graph, device.config());
        try {
            variables.write(session, initialValues(seed));
            accumulation.ifPresent(carrying -> carrying.start(session));
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
        return normalized(tf, format, tf.placeholder(TUint8.class, Placeholder.shape(Tf.shape(shape))));
    }

    private Images uploaded(Operand<TUint8> bytes, ImageFormat format, Shape shape) {
        return new Images(
                bytes,
                normalized(tf, format, tf.ensureShape(bytes, Tf.shape(shape))).normalized());
    }

    /** By rows: a constant for each of the few channels is spread over the pixels at a quarter of the speed. */
    private static Images normalized(Ops tf, ImageFormat format, Operand<TUint8> fed) {
        Shape shape = format.batch(Shape.UNKNOWN);
        int width = shape.dimension(2);
        List<Double> factors = format.deviation().stream().map(d -> 1 / d).toList();
        Operand<TFloat32> rows = tf.reshape(
                tf.dtypes.cast(fed, TFloat32.class), tf.constant(new int[] {-1, width * shape.dimension(3)}));
        Operand<TFloat32> x = tf.math.mul(
                tf.math.sub(rows, tf.constant(row(format.mean(), 255, width))),
                tf.constant(row(factors, 1 / 255.0, width)));
        return new Images(fed, tf.reshape(x, tf.constant(shape.dimensions())));
    }

    private static float[] row(List<Double> values, double factor, int width) {
        float[] row = new float[width * values.size()];
        for (int i = 0; i < row.length; i++) {
            row[i] = (float) (values.get(i % values.size()) * factor);
        }
        return row;
    }

    private Operand<TFloat32> leaf(Ops tf, Node node) {
        if (node instanceof ParameterNode parameter) {
            return variables.read(parameter.name(), parameter.shape());
        } else if (node.op() instanceof Op.ReadState read) {
            return state(read.state());
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

    /** Before the step, or for a network's state before the micro-batch. */
    private Operand<TFloat32> state(StateNode state) {
        Operand<TFloat32> read = variables.read(state.name(), state.shape());
        boolean isSlot = moving != null && !moving.contains(state);
        return accumulation.isEmpty() || isSlot
                ? read
                : accumulation.get().before("state/" + state.name(), state.shape(), read);
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
        return node.op() instanceof Op.ReadState read
                ? variables.read(read.state().name(), node.shape())
                : leaf(tf, node);
    }

    /** What decides the values that a variable starts with: a target's are those of its online network. */
    private record Start(Initializer initializer, Shape shape, String path) {
        float[] draw(long seed) {
            long hash = seed;
            for (int i = 0; i < path.length(); i++) {
                hash = (hash ^ path.charAt(i)) * 0x9E3779B97F4A7C15L;
                hash ^= hash >>> 29;
            }
            return initializer.draw(shape, hash);
        }
    }

    private Map<String, float[]> initialValues(long seed) {
        Map<String, Start> starts = new LinkedHashMap<>();
        step.parameters().forEach(p -> starts.put(p.name(), new Start(p.initializer(), p.shape(), p.path())));
        step.states().forEach(s -> starts.put(s.name(), new Start(s.initializer(), s.shape(), s.path())));
        starts.keySet().retainAll(variables.shapes().keySet());
        Map<Start, float[]> drawn = starts.values().parallelStream()
                .distinct()
                .collect(Collectors.toConcurrentMap(start -> start, start -> start.draw(seed)));
        Map<String, float[]> values = new LinkedHashMap<>();
        starts.forEach((name, start) -> values.put(name, Objects.requireNonNull(drawn.get(start))));
        return values;
    }

    @Override
    public void close() {
        uploads.ifPresent(Uploads::close);
        session.close();
        graph.close();
    }
}
