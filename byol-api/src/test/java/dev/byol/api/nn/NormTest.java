package dev.byol.api.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.byol.api.BatchNorm;
import dev.byol.api.BatchRenorm;
import dev.byol.api.Parameter.Role;
import dev.byol.api.Shape;
import dev.byol.api.graph.Op;
import dev.byol.api.graph.ParameterNode;
import dev.byol.api.graph.StepGraph;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class NormTest {
    static List<Norm> norms() {
        return List.of(Norm.batch(), Norm.renorm(), Norm.group(), Norm.layer(), Norm.none());
    }

    @ParameterizedTest
    @MethodSource("norms")
    void norm_keepsTheShape_ofImagesAndRows(Norm norm) {
        for (Shape shape :
                List.of(Shape.of(2, 5, 6, 8), Shape.of(1, 1, 1, 64), Shape.of(3, 12), Shape.of(-1, 4, 4, 8))) {
            StepGraph graph = shape.isKnown() ? StepGraph.training(List.of(shape)) : StepGraph.inference(shape);
            assertThat(graph.online().apply("norm", norm, graph.view(0)).shape())
                    .isEqualTo(shape);
            if (!norm.equals(Norm.none())) {
                assertThat(graph.parameters())
                        .extracting(ParameterNode::shape)
                        .containsExactly(Shape.of(shape.dimension(-1)), Shape.of(shape.dimension(-1)));
                assertThat(graph.parameters())
                        .extracting(ParameterNode::role)
                        .containsExactly(Role.NORM_SCALE, Role.NORM_OFFSET);
            }
        }
    }

    @Test
    void group_takesStatisticsOfEachImageAndGroup() {
        StepGraph graph = StepGraph.training(List.of(Shape.of(2, 5, 6, 8)));
        graph.online().apply("norm", new Norm.Group(4, 1e-5), graph.view(0));
        assertThat(graph.nodes())
                .filteredOn(node -> node.op() instanceof Op.Reduce)
                .extracting(node -> node.input(0).shape() + " -> " + node.shape())
                .containsExactly(
                        "[2, 30, 8] -> [2, 1, 8]", // over the pixels, then over the channels of a group: the mean
                        "[2, 4, 2] -> [2, 4, 1]",
                        "[2, 30, 8] -> [2, 1, 8]", // and the variance
                        "[2, 4, 2] -> [2, 4, 1]");
    }

    @Test
    void layer_takesStatisticsOfTheChannels() {
        StepGraph graph = StepGraph.training(List.of(Shape.of(2, 8)));
        graph.online().apply("norm", Norm.layer(), graph.view(0));
        assertThat(graph.nodes())
                .filteredOn(node -> node.op() instanceof Op.Reduce)
                .hasSize(2)
                .allSatisfy(node -> assertThat(node.shape()).isEqualTo(Shape.of(2, 1)));
    }

    @ParameterizedTest
    @CsvSource({"64, 32", "32, 32", "512, 32", "8, 2", "16, 4", "48, 12", "4, 1", "3, 1", "1, 1", "2048, 32"})
    void groupsOf_is32_orAQuarterOfTheChannels(int channels, int groups) {
        assertThat(new Norm.Group(32, 1e-5).groupsOf(channels)).isEqualTo(groups);
    }

    @Test
    void groupsOf_channelsThatCannotBeSplit_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Norm.Group(32, 1e-5).groupsOf(34))
                .withMessage("34 channels cannot be split into 8 groups");
    }

    @Test
    void norms_areValues_withPyTorchsSettings() {
        assertThat(Norm.batch()).isEqualTo(new Norm.Batch(new BatchNorm(0.1, 1e-5)));
        assertThat(Norm.renorm()).isEqualTo(new Norm.Renorm(BatchRenorm.DEFAULT));
        assertThat(Norm.group()).isEqualTo(new Norm.Group(32, 1e-5));
        assertThat(Norm.layer()).isEqualTo(new Norm.Layer(1e-5));
        assertThat(Norm.none()).isEqualTo(Norm.none());
    }

    @Test
    void settings_outOfRange_areNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Norm.Group(0, 1e-5))
                .withMessage("groups must be at least 1, got 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Norm.Group(32, 0))
                .withMessage("epsilon must be above 0, got 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Norm.Layer(Double.NaN))
                .withMessage("epsilon must be above 0, got NaN");
    }
}
