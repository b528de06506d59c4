package dev.byol.api.method;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.api.Shape;
import dev.byol.api.TargetUpdater;
import dev.byol.api.graph.Node;
import dev.byol.api.graph.Op;
import dev.byol.api.graph.ParameterNode;
import dev.byol.api.graph.StepGraph;
import org.junit.jupiter.api.Test;

class SimSiamTest {
    private final Recording simSiam =
            Recording.of(new SimSiam(Recording.ENCODER, Recording.PROJECTOR, Recording.PREDICTOR));
    private final StepGraph graph = simSiam.graph();

    @Test
    void parameters_areOnlineOnly() {
        assertThat(graph.parameters()).hasSize(48).containsExactlyElementsOf(graph.trained());
        assertThat(simSiam.below("target/")).isEmpty();
    }

    @Test
    void gradient_reachesEveryParameter() {
        assertThat(StepGraph.reach(simSiam.loss())).containsExactlyInAnyOrderElementsOf(graph.trained());
        assertThat(simSiam.loss().shape()).isEqualTo(Shape.scalar());
    }

    @Test
    void loss_comparesEachPredictionWithTheOtherViewsStoppedProjection() {
        Node halves = simSiam.loss();
        assertThat(halves.op()).isEqualTo(Op.Pointwise.DIVIDED_BY);
        assertThat(halves.input(1).op()).isEqualTo(new Op.Constant(2));
        compares(halves.input(0).input(0), "q0", "z1");
        compares(halves.input(0).input(1), "q1", "z0");
    }

    /** Minus the mean over the batch of the sum of the product of two normalised values. */
    private void compares(Node negativeCosine, String q, String z) {
        assertThat(negativeCosine.op()).isEqualTo(Op.Pointwise.NEGATE);
        Node product = negativeCosine.input(0).input(0).input(0);
        assertThat(product.op()).isEqualTo(Op.Pointwise.TIMES);
        assertThat(product.input(0).input(0)).isSameAs(observed(q));
        Node stopped = product.input(1).input(0);
        assertThat(stopped.op()).isEqualTo(Op.Plain.STOP_GRADIENT);
        assertThat(stopped.input(0)).isSameAs(observed(z));
    }

    private Node observed(String name) {
        return ((Node) graph.observed().get(name)).input(0);
    }

    @Test
    void networks_runOnceAView() {
        assertThat(graph.nodes())
                .filteredOn(node -> node.op() instanceof Op.Conv2d)
                .hasSize(12 * 2);
        assertThat(graph.nodes())
                .filteredOn(node -> node.op() == Op.Plain.MATMUL)
                .hasSize(2 * 2 * 2);
        for (String network : new String[] {"encoder/norm1", "projector/norm0", "predictor/norm0"}) {
            assertThat(simSiam.advances("online/" + network + "/mean"))
                    .as(network)
                    .containsExactly(0, 1);
        }
        assertThat(graph.states()).hasSize(2 * (12 + 1 + 1));
    }

    @Test
    void observed_areThePapersLetters() {
        assertThat(graph.observed()).containsOnlyKeys("y0", "z0", "q0", "z'0", "y1", "z1", "q1", "z'1");
    }

    @Test
    void roles_inBothMethods_areTheSame() {
        Recording byol = Recording.of(
                new Byol(Recording.ENCODER, Recording.PROJECTOR, Recording.PREDICTOR, TargetUpdater.frozen()));
        assertThat(graph.trained())
                .extracting(ParameterNode::toString)
                .containsExactlyInAnyOrderElementsOf(byol.graph().trained().stream()
                        .map(ParameterNode::toString)
                        .toList());
    }
}
