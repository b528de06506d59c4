package dev.byol.api.graph;

import dev.byol.api.Branch;
import dev.byol.api.Encoder;
import dev.byol.api.Initializer;
import dev.byol.api.Measure;
import dev.byol.api.Method;
import dev.byol.api.Optimizer;
import dev.byol.api.Schedule;
import dev.byol.api.Shape;
import dev.byol.api.Step;
import dev.byol.api.TargetUpdater;
import dev.byol.api.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A recorded step. A test of a method makes one, records the method and looks at shapes, paths and the
 * {@linkplain #reach reach} of the gradient; an engine also records the update and runs the whole.
 *
 * <p>The order of an engine: {@link #record}, gradients of its own, {@link #update}, then run. Not thread-safe.
 */
public final class StepGraph implements Step {
    private static final String ONLINE = "online";
    private static final String TARGET = "target";

    /** How an engine hands out its own values. */
    @FunctionalInterface
    public interface Engine {
        /** The engine's value of this type behind a node. */
        <E> E unwrap(Node node, Class<E> type);
    }

    private final boolean trains;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Node> views = new ArrayList<>();
    private final Map<String, ParameterNode> parameters = new LinkedHashMap<>();
    private final Map<String, StateNode> states = new LinkedHashMap<>();
    private final Map<String, Node> inputs = new LinkedHashMap<>();
    private final Map<Schedule, Node> schedules = new LinkedHashMap<>();
    private final List<Node> alongside = new ArrayList<>();
    private final Map<String, Node> reports = new LinkedHashMap<>();
    private final Map<String, Tensor> observed = new LinkedHashMap<>();
    private final Map<ParameterNode, Node> next = new LinkedHashMap<>();
    private final Branch online = new RecordedBranch(this, ONLINE);
    private final Branch target = new RecordedBranch(this, TARGET);
    private @Nullable TargetUpdater updater;
    private @Nullable Engine engine;
    private @Nullable GlobalNorm norm;

    private StepGraph(boolean trains, List<Shape> views) {
        this.trains = trains;
        for (Shape view : views) {
            this.views.add(new Node(this, new Op.View(this.views.size()), view));
        }
    }

    /** A step that trains on views of the given shapes. */
    public static StepGraph training(List<Shape> views) {
        return new StepGraph(true, views);
    }

    /** A pass that embeds images of the given shape: networks use their moving statistics, and no state may be assigned. */
    public static StepGraph inference(Shape images) {
        return new StepGraph(false, List.of(images));
    }

    /** Lets {@link Tensor#unwrap} reach the engine that runs this step. */
    public void attach(Engine engine) {
        this.engine = engine;
    }

    /**
     * Records a method's loss and what the measures read from it.
     *
     * @throws IllegalArgumentException if the loss is not a scalar
     */
    public Node record(Method method, List<Measure> measures) {
        Node loss = Node.node(method.loss(this));
        requireScalar(loss);
        Map<String, Tensor> shown = Collections.unmodifiableMap(new LinkedHashMap<>(observed));
        measures.forEach(measure -> measure.measure(shown, this));
        return loss;
    }

    private static void requireScalar(Tensor loss) {
        if (loss.shape().rank() != 0) {
            throw new IllegalArgumentException("the loss must be a scalar, got the shape " + loss.shape());
        }
    }

    /** Records what an encoder makes of the images of an {@linkplain #inference inference} pass: {@code [B, D]}. */
    public Node embed(Encoder encoder) {
        return Node.node(encoder.encode(online(), view(0)));
    }

    /**
     * Records the update: the new value of every online parameter, and of every target parameter from the online ones, new
     * or old as the {@linkplain TargetUpdater#followsUpdated updater} says.
     *
     * @param gradients the gradient of each online parameter
     * @throws IllegalStateException if a target parameter has no online one of the same path and shape
     */
    public void update(Optimizer optimizer, Map<ParameterNode, Node> gradients) {
        GlobalNorm all = new GlobalNorm(gradients);
        norm = all;
        gradients.forEach((parameter, gradient) -> {
            Tensor direction = optimizer.direction(
                    parameter, gradient, new RecordedUpdate(this, "optimizer", "", parameter, all, new HashSet<>()));
            if (!direction.shape().equals(parameter.shape())) {
                throw new IllegalStateException(
                        "the direction for " + parameter + " has the shape " + direction.shape());
            }
            next.put(parameter, Node.node(parameter.minus(direction)));
        });
        TargetUpdater rule = updater;
        if (rule == null) {
            return;
        }
        for (ParameterNode follower : parameters(TARGET)) {
            ParameterNode leader = parameters.get(ONLINE + "/" + follower.path());
            if (leader == null || !leader.shape().equals(follower.shape())) {
                throw new IllegalStateException("target parameter " + follower + " has no online parameter to follow"
                        + (leader == null ? "" : "; the online one has the shape " + leader.shape()));
            }
            Tensor value = rule.next(
                    follower,
                    rule.followsUpdated() ? next.getOrDefault(leader, leader) : leader,
                    new RecordedUpdate(this, "updater", "", follower, all, new HashSet<>()));
            if (value != follower) {
                next.put(follower, Node.node(value));
            }
        }
    }

    /**
     * The Euclidean norm of the gradients of some parameters together, a scalar: for one set of parameters the same node, and the one
     * that rules get which ask for it.
     *
     * @throws IllegalStateException if the update is not recorded yet, or there is no such parameter
     */
    public Node gradientNorm(Predicate<? super ParameterNode> chosen) {
        return Node.node(Optional.ofNullable(norm)
                .orElseThrow(() -> new IllegalStateException("gradients are known once the update is recorded"))
                .among(chosen)
                .get());
    }

    @Override
    public Tensor view(int index) {
        if (index < 0 || index >= views.size()) {
            throw new IllegalArgumentException("there is no view " + index + "; the step has " + views.size());
        }
        return views.get(index);
    }

    @Override
    public Branch online() {
        return online;
    }

    @Override
    public Branch target(TargetUpdater updater) {
        if (this.updater != null && !this.updater.equals(updater)) {
            throw new IllegalStateException(
                    "the target already follows by " + this.updater + " and was asked for with " + updater);
        }
        this.updater = updater;
        return target;
    }

    @Override
    public Tensor input(String name, Shape shape) {
        Node known = inputs.get(name);
        if (known != null && !known.shape().equals(shape)) {
            throw new IllegalArgumentException(
                    "input " + name + " has the shape " + known.shape() + " and was asked for as " + shape);
        }
        return inputs.computeIfAbsent(name, key -> new Node(this, new Op.Input(key), shape));
    }

    @Override
    public Tensor scheduled(Schedule schedule) {
        return schedules.computeIfAbsent(schedule, key -> new Node(this, new Op.Scheduled(key), Shape.scalar()));
    }

    @Override
    public void alongside(Tensor loss) {
        requireScalar(loss);
        alongside.add(Node.node(loss));
    }

    @Override
    public void report(String name, Tensor scalar) {
        if (scalar.shape().rank() != 0) {
            throw new IllegalArgumentException("report " + name + " must be a scalar, got the shape " + scalar.shape());
        }
        if (reports.putIfAbsent(name, Node.node(scalar.stopGradient())) != null) {
            throw new IllegalStateException("report " + name + " was made twice");
        }
    }

    @Override
    public void observe(String name, Tensor value) {
        if (observed.putIfAbsent(name, value.stopGradient()) != null) {
            throw new IllegalStateException("value " + name + " was observed twice");
        }
    }

    /** A value of the engine's own, of a known shape. */
    public Node external(Shape shape, Object value) {
        return new Node(this, new Op.External(value), shape);
    }

    /** Whether the step trains. */
    public boolean trains() {
        return trains;
    }

    /** All nodes so far, inputs before what is computed from them. */
    public List<Node> nodes() {
        return Collections.unmodifiableList(nodes);
    }

    /** The views, in order. */
    public List<Node> views() {
        return Collections.unmodifiableList(views);
    }

    /** All parameters, in the order of their first use. */
    public Collection<ParameterNode> parameters() {
        return Collections.unmodifiableCollection(parameters.values());
    }

    /** The online parameters: those that are trained. */
    public List<ParameterNode> trained() {
        return parameters(ONLINE);
    }

    /** All states, in the order of their first use; the optimizer's slots among them once the update is recorded. */
    public Collection<StateNode> states() {
        return Collections.unmodifiableCollection(states.values());
    }

    /** Inputs by name. */
    public Map<String, Node> inputs() {
        return Collections.unmodifiableMap(inputs);
    }

    /** Every schedule that is used, with the scalar that stands for it. */
    public Map<Schedule, Node> schedules() {
        return Collections.unmodifiableMap(schedules);
    }

    /** The losses that are minimised beside the method's. */
    public List<Node> alongside() {
        return Collections.unmodifiableList(alongside);
    }

    /** Reported scalars by name. */
    public Map<String, Node> reports() {
        return Collections.unmodifiableMap(reports);
    }

    @Override
    public Map<String, Tensor> observed() {
        return Collections.unmodifiableMap(observed);
    }

    /** The value after the step of every parameter that changes. */
    public Map<ParameterNode, Node> next() {
        return Collections.unmodifiableMap(next);
    }

    /** The parameters that the gradient of a value reaches. What lies behind an {@link Op.External} is not seen. */
    public static Set<ParameterNode> reach(Node value) {
        Set<ParameterNode> reached = new java.util.LinkedHashSet<>();
        Set<Node> seen = new HashSet<>();
        List<Node> open = new ArrayList<>(List.of(value));
        while (!open.isEmpty()) {
            Node node = open.remove(open.size() - 1);
            if (node.op() == Op.Plain.STOP_GRADIENT || !seen.add(node)) {
                continue;
            }
            if (node instanceof ParameterNode parameter) {
                reached.add(parameter);
            }
            boolean chooses = node.op() == Op.Pointwise.WHERE_POSITIVE; // no gradient flows to the condition
            open.addAll(chooses ? node.inputs().subList(1, 3) : node.inputs());
        }
        return reached;
    }

    void add(Node node) {
        nodes.add(node);
    }

    ParameterNode parameter(
            String branch, String path, Shape shape, dev.byol.api.Parameter.Role role, Initializer initializer) {
        ParameterNode known = parameters.get(branch + "/" + path);
        if (known == null) {
            if (!shape.isKnown()) {
                throw new IllegalArgumentException(
                        "parameter " + branch + "/" + path + " needs a known shape, got " + shape);
            }
            if (states.containsKey(branch + "/" + path)) {
                throw new IllegalArgumentException(
                        branch + "/" + path + " is a state already and was asked for as a parameter");
            }
            known = new ParameterNode(this, branch, path, shape, role, initializer);
            parameters.put(known.name(), known);
        } else if (!known.shape().equals(shape) || known.role() != role) {
            throw new IllegalArgumentException(
                    "parameter " + known + " (" + known.role() + ") was asked for as " + shape + " (" + role + ")");
        }
        return known;
    }

    StateNode state(String owner, String path, Shape shape, Initializer initializer) {
        StateNode known = states.get(owner + "/" + path);
        if (known == null) {
            if (parameters.containsKey(owner + "/" + path)) {
                throw new IllegalArgumentException(
                        owner + "/" + path + " is a parameter already and was asked for as a state");
            }
            known = new StateNode(this, owner, path, shape, initializer);
            states.put(known.name(), known);
        } else if (!known.shape().equals(shape)) {
            throw new IllegalArgumentException("state " + known + " was asked for as " + shape);
        }
        return known;
    }

    <E> E unwrap(Node node, Class<E> type) {
        return Optional.ofNullable(engine)
                .orElseThrow(() -> new IllegalStateException(
                        "this step is described without an engine: there is no " + type.getName() + " behind " + node))
                .unwrap(node, type);
    }

    private List<ParameterNode> parameters(String branch) {
        return parameters.values().stream()
                .filter(p -> p.name().startsWith(branch + "/"))
                .toList();
    }

    /** The norm of the gradients of some parameters, described once and only if a rule asks for it. */
    static final class GlobalNorm {
        private final Map<ParameterNode, Node> gradients;
        private final Map<Set<ParameterNode>, GlobalNorm> parts;
        private @Nullable Tensor norm;

        GlobalNorm(Map<ParameterNode, Node> gradients) {
            this(gradients, new HashMap<>());
        }

        private GlobalNorm(Map<ParameterNode, Node> gradients, Map<Set<ParameterNode>, GlobalNorm> parts) {
            this.gradients = gradients;
            this.parts = parts;
        }

        /** Of those that are chosen: the same object for the same parameters. */
        GlobalNorm among(Predicate<? super ParameterNode> chosen) {
            Map<ParameterNode, Node> some = new LinkedHashMap<>(gradients);
            some.keySet().removeIf(chosen.negate());
            if (some.size() == gradients.size()) {
                return this;
            }
            return parts.computeIfAbsent(Set.copyOf(some.keySet()), key -> new GlobalNorm(some, parts));
        }

        Tensor get() {
            Tensor known = norm;
            if (known == null) {
                known = gradients.values().stream()
                        .map(g -> g.square().sum())
                        .reduce(Tensor::plus)
                        .orElseThrow(() -> new IllegalStateException("there are no gradients"))
                        .sqrt();
                norm = known;
            }
            return known;
        }
    }
}
