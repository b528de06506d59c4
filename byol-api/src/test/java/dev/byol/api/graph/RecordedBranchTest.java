package dev.byol.api.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.byol.api.BatchNorm;
import dev.byol.api.Branch;
import dev.byol.api.Initializer;
import dev.byol.api.Network;
import dev.byol.api.Parameter;
import dev.byol.api.Parameter.Role;
import dev.byol.api.Shape;
import dev.byol.api.State;
import dev.byol.api.TargetUpdater;
import dev.byol.api.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordedBranchTest {
    /** Counts how often it is described. */
    private static final class Counting implements Network {
        private int calls;

        @Override
        public Tensor apply(Branch branch, Tensor x) {
            calls++;
            return x.times(branch.parameter("scale", Shape.of(3), Role.NORM_SCALE, Initializer.ones()));
        }
    }

    private final StepGraph graph = StepGraph.training(List.of(Shape.of(4, 3), Shape.of(4, 3)));
    private final Branch online = graph.online();

    @Test
    void parameter_ofAPath_isOne() {
        Parameter w = online.child("a").child("b").parameter("w", Shape.of(3), Role.KERNEL, Initializer.ones());
        assertThat(w.path()).isEqualTo("a/b/w");
        assertThat(w.role()).isEqualTo(Role.KERNEL);
        assertThat(((ParameterNode) w).initializer()).isEqualTo(Initializer.ones());
        assertThat(online.child("a").child("b").parameter("w", Shape.of(3), Role.KERNEL, Initializer.ones()))
                .isSameAs(w);
        assertThat(online.child("a/b").parameter("w", Shape.of(3), Role.KERNEL, Initializer.ones()))
                .isSameAs(w);
    }

    @Test
    void parameter_ofAnotherShapeOrRole_isRefused() {
        online.parameter("w", Shape.of(3), Role.KERNEL, Initializer.ones());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> online.parameter("w", Shape.of(4), Role.KERNEL, Initializer.ones()))
                .withMessage("parameter online/w [3] (KERNEL) was asked for as [4] (KERNEL)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> online.parameter("w", Shape.of(3), Role.BIAS, Initializer.ones()))
                .withMessage("parameter online/w [3] (KERNEL) was asked for as [3] (BIAS)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> online.parameter("v", Shape.of(-1), Role.BIAS, Initializer.ones()))
                .withMessage("parameter online/v needs a known shape, got [-1]");
    }

    @Test
    void state_ofAPath_isOne_ofOneShape() {
        State queue = online.state("queue", Shape.of(8, 3), Initializer.zeros());
        assertThat(online.state("queue", Shape.of(8, 3), Initializer.zeros())).isSameAs(queue);
        assertThat(queue.path()).isEqualTo("queue");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> online.state("queue", Shape.of(9, 3), Initializer.zeros()))
                .withMessage("state online/queue [8, 3] was asked for as [9, 3]");
    }

    @Test
    void parameterAndState_ofOnePath_areRefused() {
        online.parameter("w", Shape.of(3), Role.KERNEL, Initializer.ones());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> online.state("w", Shape.of(3), Initializer.zeros()))
                .withMessage("online/w is a parameter already and was asked for as a state");
        online.state("queue", Shape.of(3), Initializer.zeros());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> online.parameter("queue", Shape.of(3), Role.KERNEL, Initializer.ones()))
                .withMessage("online/queue is a state already and was asked for as a parameter");
    }

    @Test
    void state_hasTheLatestValue_andIsWrittenOnce() {
        StateNode count = (StateNode) online.state("count", Shape.scalar(), Initializer.zeros());
        Tensor before = count.value();
        assertThat(count.next()).isEmpty();
        count.assign(count.value().plus(1));
        Tensor first = count.value();
        count.assign(count.value().plus(1));
        assertThat(((Node) count.value()).inputs()).contains((Node) first);
        assertThat(((Node) first).inputs()).contains((Node) before);
        assertThat(count.next()).contains((Node) count.value());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> count.assign(graph.view(0)))
                .withMessage("state online/count has shape [] and was assigned [4, 3]");
    }

    @Test
    void names_thatAreEmpty_areRefused() {
        for (String name : new String[] {"", "/a", "a/", "a//b"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> online.child(name))
                    .withMessage("a name in a path must not be empty, got \"" + name + "\"");
        }
    }

    @Test
    void apply_ofOneNetworkAndInput_isDescribedOnce() {
        Counting network = new Counting();
        Tensor y = online.apply("net", network, graph.view(0));
        assertThat(online.apply("net", network, graph.view(0))).isSameAs(y);
        assertThat(network.calls).isEqualTo(1);
        assertThat(graph.parameters()).extracting(ParameterNode::name).containsExactly("online/net/scale");
    }

    @Test
    void apply_onAnotherInput_sharesParameters() {
        Counting network = new Counting();
        Tensor y0 = online.apply("net", network, graph.view(0));
        Tensor y1 = online.apply("net", network, graph.view(1));
        assertThat(y1).isNotSameAs(y0);
        assertThat(network.calls).isEqualTo(2);
        assertThat(graph.parameters()).hasSize(1);
    }

    @Test
    void apply_underAnotherNameOrBranch_hasParametersOfItsOwn() {
        Counting network = new Counting();
        online.apply("a", network, graph.view(0));
        online.apply("b", network, graph.view(0));
        graph.target(TargetUpdater.frozen()).apply("a", network, graph.view(0));
        assertThat(network.calls).isEqualTo(3);
        assertThat(graph.parameters())
                .extracting(ParameterNode::name)
                .containsExactly("online/a/scale", "online/b/scale", "target/a/scale");
    }

    @Test
    void batchNorm_inTraining_advancesItsStatistics() {
        Node y = (Node) online.child("norm").batchNorm(graph.view(0), new BatchNorm(0.2, 1e-3));
        assertThat(y.op()).isEqualTo(new Op.BatchNormalize(1e-3));
        assertThat(y.shape()).isEqualTo(Shape.of(4, 3));
        assertThat(graph.parameters())
                .extracting(ParameterNode::role)
                .containsExactly(Role.NORM_SCALE, Role.NORM_OFFSET);
        assertThat(y.inputs()).hasSize(3).containsAll(graph.parameters());
        assertThat(graph.states())
                .extracting(StateNode::name)
                .containsExactly("online/norm/mean", "online/norm/variance");
        assertThat(graph.states())
                .extracting(StateNode::initializer)
                .containsExactly(Initializer.zeros(), Initializer.ones());
        assertThat(graph.states()).allMatch(state -> state.next().isPresent());
        assertThat(graph.nodes())
                .filteredOn(node -> node.op() instanceof Op.Constant)
                .extracting(Node::op)
                .containsExactly(
                        new Op.Constant(0.8), new Op.Constant(0.2), new Op.Constant(0.8), new Op.Constant(0.2));
    }

    @Test
    void batchNorm_onTwoViews_isTwoBatches_oneAfterTheOther() {
        Branch norm = online.child("norm");
        Node y0 = (Node) norm.batchNorm(graph.view(0), BatchNorm.DEFAULT);
        StateNode mean = graph.states().iterator().next();
        Node afterFirst = mean.next().orElseThrow();
        Node y1 = (Node) norm.batchNorm(graph.view(1), BatchNorm.DEFAULT);
        assertThat(y1.input(0)).isNotSameAs(y0.input(0));
        Node afterSecond = mean.next().orElseThrow();
        assertThat(afterSecond.input(0).input(0)).isSameAs(afterFirst);
        assertThat(afterFirst.input(0).input(0).op()).isEqualTo(new Op.ReadState(mean));
        assertThat(afterSecond.input(1).input(0).input(0)).isSameAs(y1);
    }

    @Test
    void batchNorm_inAPassThatEmbeds_usesItsStatisticsAndKeepsThem() {
        StepGraph pass = StepGraph.inference(Shape.of(Shape.UNKNOWN, 3));
        Branch norm = pass.online().child("norm");
        Node y = (Node) norm.batchNorm(pass.view(0), BatchNorm.DEFAULT);
        assertThat(norm.training()).isFalse();
        assertThat(y.op()).isEqualTo(new Op.Normalize(1e-5));
        assertThat(y.inputs()).hasSize(5);
        assertThat(y.input(3).op()).isInstanceOf(Op.ReadState.class);
        assertThat(y.shape()).isEqualTo(Shape.of(Shape.UNKNOWN, 3));
        assertThat(pass.states()).hasSize(2).allMatch(state -> state.next().isEmpty());
    }

    @Test
    void assign_inAPassThatEmbeds_isRefused() {
        StepGraph pass = StepGraph.inference(Shape.of(Shape.UNKNOWN, 3));
        State count = pass.online().state("count", Shape.scalar(), Initializer.zeros());
        assertThatIllegalStateException()
                .isThrownBy(() -> count.assign(count.value().plus(1)))
                .withMessage("state online/count was assigned in a pass that does not train");
    }
}
