package dev.byol.api.method;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.api.Parameter.Role;
import dev.byol.api.Schedule;
import dev.byol.api.Shape;
import dev.byol.api.TargetUpdater;
import dev.byol.api.graph.Node;
import dev.byol.api.graph.Op;
import dev.byol.api.graph.ParameterNode;
import dev.byol.api.graph.StateNode;
import dev.byol.api.graph.StepGraph;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ByolTest {
    private static final Schedule TAU = step -> 0.99;

    private final Recording byol =
            Recording.of(new Byol(Recording.ENCODER, Recording.PROJECTOR, Recording.PREDICTOR, TargetUpdater.ema(TAU)));
    private final StepGraph graph = byol.graph();

    @Test
    void online_hasEncoderProjectorAndPredictor() {
        assertThat(byol.below("online/encoder/")).hasSize(36);
        assertThat(byol.below("online/projector/"))
                .containsExactly(
                        "linear0/kernel",
                        "linear0/bias",
                        "norm0/scale",
                        "norm0/offset",
                        "linear1/kernel",
                        "linear1/bias");
        assertThat(byol.below("online/predictor/")).isEqualTo(byol.below("online/projector/"));
        assertThat(graph.trained()).hasSize(48);
    }

    @Test
    void target_hasTwinsOfEncoderAndProjector_andNoPredictor() {
        assertThat(byol.below("target/encoder/")).isEqualTo(byol.below("online/encoder/"));
        assertThat(byol.below("target/projector/")).isEqualTo(byol.below("online/projector/"));
        assertThat(byol.below("target/predictor/")).isEmpty();
        assertThat(graph.parameters()).hasSize(48 + 42);
        Map<String, ParameterNode> online = new LinkedHashMap<>();
        graph.trained().forEach(p -> online.put(p.path(), p));
        assertThat(graph.parameters())
                .filteredOn(p -> p.name().startsWith("target/"))
                .allSatisfy(xi -> {
                    ParameterNode theta = online.get(xi.path());
                    assertThat(xi.shape()).isEqualTo(theta.shape());
                    assertThat(xi.role()).isEqualTo(theta.role());
                    assertThat(xi.initializer()).isEqualTo(theta.initializer());
                });
    }

    @Test
    void roles_areTheNetworks() {
        assertThat(graph.trained()).filteredOn(p -> p.role() == Role.KERNEL).hasSize(12 + 2 + 2);
        assertThat(graph.trained()).filteredOn(p -> p.role() == Role.BIAS).hasSize(2 + 2);
        assertThat(graph.trained()).filteredOn(p -> p.role() == Role.NORM_SCALE).hasSize(12 + 1 + 1);
        assertThat(graph.trained())
                .filteredOn(p -> p.role() == Role.NORM_OFFSET)
                .hasSize(12 + 1 + 1);
    }

    @Test
    void gradient_reachesEveryOnlineParameter_andNoTarget() {
        assertThat(StepGraph.reach(byol.loss())).containsExactlyInAnyOrderElementsOf(graph.trained());
    }

    @Test
    void networks_runOnceAView() {
        assertThat(graph.nodes())
                .filteredOn(node -> node.op() instanceof Op.Conv2d)
                .hasSize(12 * 2 * 2);
        assertThat(graph.nodes())
                .filteredOn(node -> node.op() == Op.Plain.MATMUL)
                .hasSize(2 * 2 * 3);
    }

    @Test
    void statistics_areEachBranchsOwn_andAdvanceOnceAView() {
        for (String network : new String[] {
            "online/encoder/norm1", "target/encoder/norm1", "online/projector/norm0", "target/projector/norm0"
        }) {
            assertThat(byol.advances(network + "/mean")).as(network).containsExactly(0, 1);
            assertThat(byol.advances(network + "/variance")).as(network).containsExactly(0, 1);
        }
        assertThat(byol.advances("online/predictor/norm0/mean")).containsExactly(0, 1);
        assertThat(graph.states()).hasSize(2 * (12 + 1 + 1) + 2 * (12 + 1));
    }

    @Test
    void networks_areCalledTargetFirst() {
        List<String> order = graph.states().stream().map(StateNode::name).toList();
        assertThat(order.indexOf("target/projector/norm0/mean")).isLessThan(order.indexOf("online/encoder/norm1/mean"));
        assertThat(graph.nodes())
                .filteredOn(node -> node.op() instanceof Op.Conv2d)
                .extracting(node -> ((ParameterNode) node.input(1)).name())
                .filteredOn(name -> name.endsWith("encoder/conv1/kernel"))
                .containsExactly(
                        "target/encoder/conv1/kernel",
                        "target/encoder/conv1/kernel",
                        "online/encoder/conv1/kernel",
                        "online/encoder/conv1/kernel");
    }

    @Test
    void observed_areThePapersLetters() {
        assertThat(graph.observed()).containsOnlyKeys("y0", "z0", "q0", "z'0", "y1", "z1", "q1", "z'1");
        assertThat(graph.observed().get("y0").shape()).isEqualTo(Shape.of(Recording.BATCH, 64));
        assertThat(graph.observed().get("z'1").shape()).isEqualTo(Shape.of(Recording.BATCH, 8));
    }

    @Test
    void update_movesOnlineAndThenTarget_andKeepsStatisticsApart() {
        Map<ParameterNode, Node> gradients = new LinkedHashMap<>();
        graph.trained().forEach(p -> gradients.put(p, graph.external(p.shape(), "gradient")));
        graph.update((parameter, gradient, update) -> gradient, gradients);
        assertThat(graph.next().keySet()).containsExactlyInAnyOrderElementsOf(graph.parameters());
        assertThat(graph.schedules()).containsOnlyKeys(TAU);
        graph.next().forEach((parameter, next) -> {
            if (parameter.name().startsWith("target/")) {
                // tau · target + (1 - tau) · online, new
                assertThat(next.op()).isEqualTo(Op.Pointwise.PLUS);
                assertThat(next.input(0).inputs()).containsExactly(parameter, (Node) graph.scheduled(TAU));
                assertThat(next.input(1).input(0)).isSameAs(graph.next().get(leader(parameter)));
                Node rest = next.input(1).input(1);
                assertThat(rest.op()).isEqualTo(Op.Pointwise.PLUS);
                assertThat(rest.input(0).op()).isEqualTo(Op.Pointwise.NEGATE);
                assertThat(rest.input(0).input(0)).isSameAs(graph.scheduled(TAU));
                assertThat(rest.input(1).op()).isEqualTo(new Op.Constant(1));
            }
        });
    }

    private ParameterNode leader(ParameterNode follower) {
        return graph.trained().stream()
                .filter(p -> p.path().equals(follower.path()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void frozenTarget_staysOutOfTheUpdate() {
        Recording random = Recording.of(
                new Byol(Recording.ENCODER, Recording.PROJECTOR, Recording.PREDICTOR, TargetUpdater.frozen()));
        Map<ParameterNode, Node> gradients = new LinkedHashMap<>();
        random.graph().trained().forEach(p -> gradients.put(p, random.graph().external(p.shape(), "gradient")));
        random.graph().update((parameter, gradient, update) -> gradient, gradients);
        assertThat(random.graph().next()).containsOnlyKeys(gradients.keySet());
    }

    @Test
    void loss_comparesEachPredictionWithTheOtherViewsTarget() {
        Node loss = byol.loss();
        assertThat(loss.op()).isEqualTo(Op.Pointwise.PLUS);
        compares(loss.input(0), "q0", "z'1");
        compares(loss.input(1), "q1", "z'0");
    }

    /** The mean over the batch of the sum of the squared difference of two normalised values. */
    private void compares(Node regression, String q, String zTarget) {
        assertThat(regression.op()).isEqualTo(new Op.Reduce(true, List.of(0, 1), false));
        Node rows = regression.input(0);
        assertThat(rows.op()).isEqualTo(new Op.Reduce(false, List.of(1), true));
        assertThat(rows.input(0).op()).isEqualTo(Op.Pointwise.SQUARE);
        Node difference = rows.input(0).input(0);
        assertThat(difference.op()).isEqualTo(Op.Pointwise.MINUS);
        assertThat(difference.input(0).input(0)).isSameAs(observed(q));
        assertThat(difference.input(1).input(0)).isSameAs(observed(zTarget));
    }

    private Node observed(String name) {
        return ((Node) graph.observed().get(name)).input(0);
    }

    @Test
    void encoder_embedsWithoutAssigning() {
        StepGraph pass = StepGraph.inference(Shape.of(Shape.UNKNOWN, 32, 32, 3));
        assertThat(pass.embed(Recording.ENCODER).shape()).isEqualTo(Shape.of(Shape.UNKNOWN, 64));
        assertThat(pass.parameters())
                .extracting(ParameterNode::name)
                .containsExactlyElementsOf(byol.below("online/encoder/").stream()
                        .map(path -> "online/encoder/" + path)
                        .toList());
        assertThat(pass.states()).hasSize(24).allMatch(state -> state.next().isEmpty());
    }
}
