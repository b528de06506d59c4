package dev.byol.api.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.byol.api.Initializer;
import dev.byol.api.Parameter.Role;
import dev.byol.api.Shape;
import dev.byol.api.Tensor;
import dev.byol.api.graph.Node;
import dev.byol.api.graph.Op;
import dev.byol.api.graph.ParameterNode;
import dev.byol.api.graph.StateNode;
import dev.byol.api.graph.StepGraph;
import java.util.List;
import org.junit.jupiter.api.Test;

class MlpTest {
    private final StepGraph graph = StepGraph.training(List.of(Shape.of(4, 6)));

    private Node project(Mlp mlp) {
        return (Node) mlp.project(graph.online(), graph.view(0));
    }

    @Test
    void noLayers_areTheIdentity() {
        assertThat(project(new Mlp(0, 5, 2, Norm.batch()))).isSameAs(graph.view(0));
        assertThat(graph.parameters()).isEmpty();
    }

    @Test
    void oneLayer_isLinear() {
        assertThat(project(new Mlp(1, 5, 2, Norm.batch())).shape()).isEqualTo(Shape.of(4, 2));
        assertThat(graph.parameters())
                .extracting(ParameterNode::toString)
                .containsExactly("online/projector/linear0/kernel [6, 2]", "online/projector/linear0/bias [2]");
        assertThat(graph.states()).isEmpty();
    }

    @Test
    void twoLayers_haveANormAndAReluBetween() {
        Node z = project(new Mlp(2, 5, 2, Norm.batch()));
        assertThat(z.shape()).isEqualTo(Shape.of(4, 2));
        assertThat(graph.parameters())
                .extracting(ParameterNode::toString)
                .containsExactly(
                        "online/projector/linear0/kernel [6, 5]",
                        "online/projector/linear0/bias [5]",
                        "online/projector/norm0/scale [5]",
                        "online/projector/norm0/offset [5]",
                        "online/projector/linear1/kernel [5, 2]",
                        "online/projector/linear1/bias [2]");
        assertThat(graph.parameters())
                .extracting(ParameterNode::role)
                .containsExactly(Role.KERNEL, Role.BIAS, Role.NORM_SCALE, Role.NORM_OFFSET, Role.KERNEL, Role.BIAS);
        Node hidden = z.input(0).input(0);
        assertThat(hidden.op()).isEqualTo(Op.Pointwise.RELU);
        assertThat(hidden.input(0).op()).isInstanceOf(Op.BatchNormalize.class);
    }

    @Test
    void threeLayers_normaliseHiddenLayersOnly() {
        Node z = project(new Mlp(3, 5, 2, Norm.batch()));
        assertThat(z.op()).isEqualTo(Op.Pointwise.PLUS);
        assertThat(graph.parameters())
                .extracting(ParameterNode::path)
                .filteredOn(path -> path.endsWith("kernel") || path.endsWith("scale"))
                .containsExactly(
                        "projector/linear0/kernel",
                        "projector/norm0/scale",
                        "projector/linear1/kernel",
                        "projector/norm1/scale",
                        "projector/linear2/kernel");
    }

    @Test
    void norms_layerAndNone_keepNoState() {
        project(new Mlp(2, 5, 2, Norm.layer()));
        assertThat(graph.parameters()).hasSize(6);
        assertThat(graph.states()).isEmpty();
        Tensor q = new Mlp(2, 5, 2, Norm.none()).predict(graph.online(), graph.view(0));
        assertThat(q.shape()).isEqualTo(Shape.of(4, 2));
        assertThat(graph.parameters()).hasSize(10);
    }

    @Test
    void weightStandardization_isOfHiddenLayersOnly() {
        Node z = project(new Mlp(3, 5, 2, Norm.group()).withWeightStandardization());
        List<Node> kernels = graph.nodes().stream()
                .filter(node -> node.op() == Op.Plain.MATMUL)
                .map(node -> node.input(1))
                .toList();
        assertThat(kernels).hasSize(3);
        assertThat(kernels.get(0)).isNotInstanceOf(ParameterNode.class);
        assertThat(kernels.get(1)).isNotInstanceOf(ParameterNode.class);
        assertThat(((ParameterNode) kernels.get(2)).path()).isEqualTo("projector/linear2/kernel");
        assertThat(StepGraph.reach(z)).containsExactlyInAnyOrderElementsOf(graph.trained());
    }

    @Test
    void settings_areKeptApart() {
        Mlp mlp = new Mlp(2, 5, 2, Norm.batch());
        assertThat(mlp.weightStandardization()).isFalse();
        assertThat(mlp.withWeightStandardization().withNorm(Norm.renorm()))
                .isEqualTo(new Mlp(2, 5, 2, Norm.renorm(), true));
    }

    @Test
    void renorm_hasItsState() {
        Node z = project(new Mlp(2, 5, 2, Norm.renorm()));
        assertThat(graph.states())
                .extracting(StateNode::toString)
                .containsExactly(
                        "online/projector/norm0/mean [5]",
                        "online/projector/norm0/deviation [5]",
                        "online/projector/norm0/batches []");
        assertThat(graph.states()).allMatch(state -> state.next().isPresent());
        assertThat(StepGraph.reach(z)).containsExactlyInAnyOrderElementsOf(graph.trained());
    }

    @Test
    void linear_startsUniformly_byFanIn() {
        project(new Mlp(1, 5, 2, Norm.batch()));
        assertThat(graph.parameters())
                .extracting(ParameterNode::initializer)
                .containsOnly(Initializer.uniform(1 / Math.sqrt(6)));
    }

    @Test
    void linear_withoutBias_hasAKernelAlone() {
        assertThat(graph.online()
                        .apply("linear", new Linear(2, false), graph.view(0))
                        .shape())
                .isEqualTo(Shape.of(4, 2));
        assertThat(graph.parameters()).extracting(ParameterNode::path).containsExactly("linear/kernel");
    }

    @Test
    void settings_outOfRange_areNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Mlp(-1, 5, 2, Norm.batch()))
                .withMessage("layers must be at least 0, got -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Mlp(2, 0, 2, Norm.batch()))
                .withMessage("hidden and output widths must be at least 1, got 0 and 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Linear(0, true))
                .withMessage("output must be at least 1, got 0");
    }
}
