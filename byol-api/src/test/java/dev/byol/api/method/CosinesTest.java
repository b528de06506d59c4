package dev.byol.api.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.byol.api.Shape;
import dev.byol.api.TargetUpdater;
import dev.byol.api.graph.Node;
import dev.byol.api.graph.Op;
import dev.byol.api.graph.StepGraph;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CosinesTest {
    @Test
    void cosines_ofBothMethods_areReported_withoutGradient() {
        Byol byol = new Byol(Recording.ENCODER, Recording.PROJECTOR, Recording.PREDICTOR, TargetUpdater.frozen());
        SimSiam simSiam = new SimSiam(Recording.ENCODER, Recording.PROJECTOR, Recording.PREDICTOR);
        for (Recording recording : List.of(Recording.of(byol, new Cosines()), Recording.of(simSiam, new Cosines()))) {
            Map<String, Node> reports = recording.graph().reports();
            assertThat(reports).containsOnlyKeys("positive_cosine", "negative_cosine");
            assertThat(reports.values()).allSatisfy(report -> {
                assertThat(report.shape()).isEqualTo(Shape.scalar());
                assertThat(StepGraph.reach(report)).isEmpty();
            });
        }
    }

    @Test
    void cosines_needNoNetworkAgain() {
        Byol byol = new Byol(Recording.ENCODER, Recording.PROJECTOR, Recording.PREDICTOR, TargetUpdater.frozen());
        assertThat(convolutions(Recording.of(byol, new Cosines()))).isEqualTo(convolutions(Recording.of(byol)));
    }

    private static long convolutions(Recording recording) {
        return recording.graph().nodes().stream()
                .filter(node -> node.op() instanceof Op.Conv2d)
                .count();
    }

    @Test
    void cosines_ofAMethodThatShowsNoProjections_areRefused() {
        StepGraph graph = StepGraph.training(List.of());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Cosines().measure(Map.of("y0", graph.external(Shape.of(2, 3), "y")), graph))
                .withMessage("cosines need the observed values z0 and z'1, or z0 and z1, found [y0]");
    }

    @Test
    void pair_ofABatchOfOne_dividesByOne() {
        StepGraph graph = StepGraph.training(List.of());
        Node z = graph.external(Shape.of(1, 3), "z");
        Cosines.Pair pair = Cosines.Pair.of(z, z);
        assertThat(pair.positive().shape()).isEqualTo(Shape.scalar());
        assertThat(((Node) pair.negative()).input(1).op()).isEqualTo(new Op.Constant(1));
    }

    @Test
    void pair_ofABatch_dividesByItsNumberOfPairs() {
        StepGraph graph = StepGraph.training(List.of());
        Node z = graph.external(Shape.of(5, 3), "z");
        assertThat(((Node) Cosines.Pair.of(z, z).negative()).input(1).op()).isEqualTo(new Op.Constant(20));
        assertThat(((Node) Cosines.Pair.of(z, z).positive()).input(1).op()).isEqualTo(new Op.Constant(5));
        assertThat(graph.nodes()).noneMatch(node -> node.shape().equals(Shape.of(5, 5)));
    }
}
