package dev.byol.api.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.byol.api.Encoder;
import dev.byol.api.Initializer;
import dev.byol.api.Method;
import dev.byol.api.Optimizer;
import dev.byol.api.Parameter;
import dev.byol.api.Parameter.Role;
import dev.byol.api.Schedule;
import dev.byol.api.Shape;
import dev.byol.api.State;
import dev.byol.api.Step;
import dev.byol.api.TargetUpdater;
import dev.byol.api.Tensor;
import dev.byol.api.Update;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class StepGraphTest {
    private static final Schedule RATE = step -> 0.5;

    private final StepGraph graph = StepGraph.training(List.of(Shape.of(4, 3), Shape.of(4, 3)));

    private static Parameter online(StepGraph graph, String path, int... dimensions) {
        return graph.online().parameter(path, Shape.of(dimensions), Role.KERNEL, Initializer.zeros());
    }

    private static Parameter target(StepGraph graph, TargetUpdater updater, String path, int... dimensions) {
        return graph.target(updater).parameter(path, Shape.of(dimensions), Role.KERNEL, Initializer.zeros());
    }

    private static Map<ParameterNode, Node> gradients(StepGraph graph) {
        Map<ParameterNode, Node> gradients = new LinkedHashMap<>();
        graph.trained().forEach(p -> gradients.put(p, graph.external(p.shape(), "gradient of " + p)));
        return gradients;
    }

    /** Everything that a value is computed from, itself included. */
    private static Set<Node> behind(Node value) {
        Set<Node> all = new HashSet<>();
        if (all.add(value)) {
            value.inputs().forEach(input -> all.addAll(behind(input)));
        }
        return all;
    }

    private static Method method(Function<Step, Tensor> loss) {
        return new Method() {
            @Override
            public Encoder encoder() {
                return (branch, x) -> x;
            }

            @Override
            public Tensor loss(Step step) {
                return loss.apply(step);
            }
        };
    }

    @Test
    void view_isOfTheBatch() {
        assertThat(graph.view(1).shape()).isEqualTo(Shape.of(4, 3));
        assertThat(graph.view(1)).isSameAs(graph.view(1)).isNotSameAs(graph.view(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> graph.view(2))
                .withMessage("there is no view 2; the step has 2");
        assertThatIllegalArgumentException().isThrownBy(() -> graph.view(-1));
    }

    @Test
    void record_needsAScalarLoss() {
        assertThat(graph.record(method(step -> step.view(0).mean()), List.of()).shape())
                .isEqualTo(Shape.scalar());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> graph.record(method(step -> step.view(0).mean(1)), List.of()))
                .withMessage("the loss must be a scalar, got the shape [4, 1]");
    }

    @Test
    void measures_seeWhatIsObserved_withoutGradient() {
        Parameter w = online(graph, "w", 3);
        graph.record(
                method(step -> {
                    Tensor y = step.view(0).times(w);
                    step.observe("y0", y);
                    return y.mean();
                }),
                List.of((observed, step) ->
                        step.report("mean", observed.get("y0").mean())));
        assertThat(graph.observed()).containsOnlyKeys("y0");
        assertThat(graph.reports()).containsOnlyKeys("mean");
        assertThat(StepGraph.reach(graph.reports().get("mean"))).isEmpty();
    }

    @Test
    void report_isAScalar_madeOnce() {
        graph.report("a", graph.view(0).mean());
        assertThatIllegalStateException()
                .isThrownBy(() -> graph.report("a", graph.view(0).mean()))
                .withMessage("report a was made twice");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> graph.report("b", graph.view(0)))
                .withMessage("report b must be a scalar, got the shape [4, 3]");
        graph.observe("y0", graph.view(0));
        assertThatIllegalStateException()
                .isThrownBy(() -> graph.observe("y0", graph.view(0)))
                .withMessage("value y0 was observed twice");
    }

    @Test
    void input_isMadeOnce() {
        Tensor labels = graph.input("labels", Shape.of(4));
        assertThat(graph.input("labels", Shape.of(4))).isSameAs(labels);
        assertThat(graph.inputs()).containsOnlyKeys("labels");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> graph.input("labels", Shape.of(5)))
                .withMessage("input labels has the shape [4] and was asked for as [5]");
    }

    @Test
    void scheduled_isOneScalarForEqualSchedules() {
        assertThat(graph.scheduled(RATE)).isSameAs(graph.scheduled(RATE));
        assertThat(graph.scheduled(RATE).shape()).isEqualTo(Shape.scalar());
        assertThat(graph.scheduled(step -> 1)).isNotSameAs(graph.scheduled(RATE));
        assertThat(graph.schedules()).hasSize(2);
    }

    @Test
    void target_followsByOneRule() {
        TargetUpdater ema = TargetUpdater.ema(RATE);
        assertThat(graph.target(ema)).isSameAs(graph.target(TargetUpdater.ema(RATE)));
        assertThatIllegalStateException()
                .isThrownBy(() -> graph.target(TargetUpdater.frozen()))
                .withMessageContaining("the target already follows by " + ema);
    }

    @Test
    void parameters_ofTheBranches_areTwins() {
        Parameter theta = online(graph, "w", 3);
        Parameter xi = target(graph, TargetUpdater.frozen(), "w", 3);
        assertThat(theta.path()).isEqualTo(xi.path()).isEqualTo("w");
        assertThat(theta).isNotSameAs(xi);
        assertThat(graph.parameters()).extracting(ParameterNode::name).containsExactly("online/w", "target/w");
        assertThat(graph.trained()).containsExactly((ParameterNode) theta);
    }

    @Test
    void reach_stopsAtStoppedGradients_andConditions() {
        Parameter a = online(graph, "a", 3);
        Parameter b = online(graph, "b", 3);
        Parameter c = online(graph, "c", 3);
        Tensor value = a.wherePositive(b, c.stopGradient()).plus(c.stopGradient());
        assertThat(StepGraph.reach((Node) value)).containsExactly((ParameterNode) b);
        assertThat(StepGraph.reach((Node) value.plus(a.square().sum())))
                .containsExactlyInAnyOrder((ParameterNode) a, (ParameterNode) b);
        assertThat(StepGraph.reach((Node) value.stopGradient())).isEmpty();
    }

    @Test
    void update_subtractsTheDirection() {
        Parameter w = online(graph, "w", 3);
        Map<ParameterNode, Node> gradients = gradients(graph);
        graph.update((parameter, gradient, update) -> gradient.times(2), gradients);
        Node next = graph.next().get((ParameterNode) w);
        assertThat(next.op()).isEqualTo(Op.Pointwise.MINUS);
        assertThat(next.input(0)).isSameAs(w);
        assertThat(behind(next.input(1))).contains(gradients.get((ParameterNode) w));
    }

    @Test
    void update_needsADirectionOfTheParametersShape() {
        online(graph, "w", 3);
        assertThatIllegalStateException()
                .isThrownBy(() -> graph.update((parameter, gradient, update) -> gradient.sum(), gradients(graph)))
                .withMessage("the direction for online/w [3] has the shape []");
    }

    @Test
    void update_letsTheTargetFollowTheNewOnlineValue() {
        ParameterNode theta = (ParameterNode) online(graph, "w", 3);
        ParameterNode xi = (ParameterNode) target(graph, TargetUpdater.ema(RATE), "w", 3);
        graph.update((parameter, gradient, update) -> gradient, gradients(graph));
        assertThat(graph.next()).containsOnlyKeys(theta, xi);
        assertThat(behind(graph.next().get(xi))).contains(xi, graph.next().get(theta), (Node) graph.scheduled(RATE));
    }

    @Test
    void update_beforeTheOptimizer_letsTheTargetFollowTheOldOnlineValue() {
        ParameterNode theta = (ParameterNode) online(graph, "w", 3);
        TargetUpdater first = TargetUpdater.ema(RATE).beforeOptimizer();
        ParameterNode xi = (ParameterNode) target(graph, first, "w", 3);
        graph.update((parameter, gradient, update) -> gradient, gradients(graph));
        assertThat(graph.next()).containsOnlyKeys(theta, xi);
        assertThat(behind(graph.next().get(xi)))
                .contains(xi, theta, (Node) graph.scheduled(RATE))
                .doesNotContain(graph.next().get(theta));
        assertThat(first).isEqualTo(TargetUpdater.ema(RATE).beforeOptimizer()).isNotEqualTo(TargetUpdater.ema(RATE));
        assertThat(first.toString()).startsWith("BeforeOptimizer[rule=Ema[tau=");
    }

    @Test
    void update_ofAFrozenTarget_changesNothing() {
        ParameterNode theta = (ParameterNode) online(graph, "w", 3);
        target(graph, TargetUpdater.frozen(), "w", 3);
        graph.update((parameter, gradient, update) -> gradient, gradients(graph));
        assertThat(graph.next()).containsOnlyKeys(theta);
    }

    @Test
    void update_ofATargetParameterThatOnlineLacks_namesIt() {
        online(graph, "w", 3);
        target(graph, TargetUpdater.ema(RATE), "v", 3);
        assertThatIllegalStateException()
                .isThrownBy(() -> graph.update((parameter, gradient, update) -> gradient, gradients(graph)))
                .withMessage("target parameter target/v [3] has no online parameter to follow");
    }

    @Test
    void update_ofATargetParameterOfAnotherShape_namesBothShapes() {
        online(graph, "w", 3);
        target(graph, TargetUpdater.ema(RATE), "w", 4);
        assertThatIllegalStateException()
                .isThrownBy(() -> graph.update((parameter, gradient, update) -> gradient, gradients(graph)))
                .withMessage("target parameter target/w [4] has no online parameter to follow;"
                        + " the online one has the shape [3]");
    }

    @Test
    void slots_areNamedByPartAndParameter() {
        online(graph, "encoder/conv1/kernel", 3);
        graph.update(
                (parameter, gradient, update) -> {
                    State momentum = update.slot("momentum");
                    momentum.assign(momentum.value().plus(gradient));
                    State inner = update.child("inner").slot("momentum");
                    update.child("inner").report("norm", gradient.norm());
                    return momentum.value().plus(inner.value());
                },
                gradients(graph));
        assertThat(graph.states())
                .extracting(StateNode::name)
                .containsExactly(
                        "optimizer/momentum/encoder/conv1/kernel", "optimizer/inner/momentum/encoder/conv1/kernel");
        assertThat(graph.states()).extracting(StateNode::shape).containsOnly(Shape.of(3));
        assertThat(graph.states()).extracting(StateNode::initializer).containsOnly(Initializer.zeros());
        assertThat(graph.reports()).containsOnlyKeys("inner/norm/encoder/conv1/kernel");
    }

    @Test
    void slots_ofOneNameForOneParameter_areRefused() {
        online(graph, "w", 3);
        Optimizer twice = (parameter, gradient, update) ->
                update.slot("momentum").value().plus(update.slot("momentum").value());
        assertThatIllegalStateException()
                .isThrownBy(() -> graph.update(twice, gradients(graph)))
                .withMessage("slot momentum of w is taken: give each part of a chain that remembers a name of its own");
    }

    @Test
    void globalNorm_isDescribedOnce_andOverAllGradients() {
        online(graph, "a", 3);
        online(graph, "b", 2, 2);
        Set<Tensor> norms = new HashSet<>();
        Map<ParameterNode, Node> gradients = gradients(graph);
        graph.update(
                (parameter, gradient, update) -> {
                    norms.add(update.globalNorm());
                    return gradient.dividedBy(update.globalNorm());
                },
                gradients);
        assertThat(norms).hasSize(1);
        Node norm = (Node) norms.iterator().next();
        assertThat(norm.shape()).isEqualTo(Shape.scalar());
        assertThat(behind(norm)).containsAll(gradients.values());
        assertThat(graph.nodes())
                .filteredOn(node -> node.op() == Op.Pointwise.SQRT)
                .containsExactly(norm);
    }

    @Test
    void globalNorm_amongSome_isOverTheirGradientsAlone_andDescribedOnce() {
        Parameter a = online(graph, "a", 3);
        Parameter b = online(graph, "b", 2, 2);
        Parameter c = online(graph, "c", 1);
        Map<ParameterNode, Node> gradients = gradients(graph);
        Set<Tensor> norms = new HashSet<>();
        graph.update(
                (parameter, gradient, update) -> {
                    Update some = update.among(p -> p != c).among(p -> p != b || parameter == b);
                    norms.add(some.globalNorm());
                    return gradient;
                },
                gradients);
        assertThat(norms).hasSize(2);
        assertThat(norms)
                .anySatisfy(norm -> assertThat(behind((Node) norm))
                        .contains(gradients.get(a))
                        .doesNotContain(gradients.get(b), gradients.get(c)))
                .anySatisfy(norm -> assertThat(behind((Node) norm))
                        .contains(gradients.get(a), gradients.get(b))
                        .doesNotContain(gradients.get(c)));
    }

    @Test
    void gradientNorm_isTheOneThatRulesGet() {
        online(graph, "a", 3);
        Parameter b = online(graph, "b", 2, 2);
        Map<ParameterNode, Node> gradients = gradients(graph);
        assertThatIllegalStateException().isThrownBy(() -> graph.gradientNorm(p -> true));
        Set<Tensor> norms = new HashSet<>();
        graph.update(
                (parameter, gradient, update) -> {
                    norms.add(update.globalNorm());
                    return gradient;
                },
                gradients);
        assertThat(norms).containsExactly(graph.gradientNorm(p -> true));
        assertThat(behind(graph.gradientNorm(p -> p != b))).doesNotContain(gradients.get(b));
    }

    @Test
    void lossBesideTheMethods_isRecorded_andMustBeAScalar() {
        Tensor loss = graph.view(0).mean();
        graph.alongside(loss);
        assertThat(graph.alongside()).containsExactly((Node) loss);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> graph.alongside(graph.view(0)))
                .withMessage("the loss must be a scalar, got the shape "
                        + graph.view(0).shape());
    }

    @Test
    void globalNorm_thatNobodyAsksFor_isNotDescribed() {
        online(graph, "a", 3);
        graph.update((parameter, gradient, update) -> gradient, gradients(graph));
        assertThat(graph.nodes()).noneMatch(node -> node.op() == Op.Pointwise.SQRT);
    }

    @Test
    void nodes_comeAfterTheirInputs() {
        Parameter w = online(graph, "w", 3, 2);
        graph.view(0).matmul(w).relu().mean();
        Set<Node> seen = new HashSet<>();
        for (Node node : graph.nodes()) {
            assertThat(seen).containsAll(node.inputs());
            seen.add(node);
        }
    }
}
