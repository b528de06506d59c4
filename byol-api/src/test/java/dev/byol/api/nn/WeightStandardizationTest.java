package dev.byol.api.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.byol.api.Initializer;
import dev.byol.api.Parameter;
import dev.byol.api.Parameter.Role;
import dev.byol.api.Shape;
import dev.byol.api.Tensor;
import dev.byol.api.graph.Node;
import dev.byol.api.graph.Op;
import dev.byol.api.graph.StepGraph;
import java.util.List;
import org.junit.jupiter.api.Test;

class WeightStandardizationTest {
    private final StepGraph graph = StepGraph.training(List.of(Shape.of(4, 6)));

    private Parameter kernel(int... shape) {
        return graph.online().parameter("kernel", Shape.of(shape), Role.KERNEL, Initializer.ones());
    }

    @Test
    void statistics_areThoseOfEachOutput() {
        Tensor standardized = WeightStandardization.DEFAULT.standardize(graph.online(), kernel(3, 2, 5, 7));
        assertThat(standardized.shape()).isEqualTo(Shape.of(3, 2, 5, 7));
        assertThat(graph.nodes())
                .filteredOn(node -> node.op() instanceof Op.Reduce)
                .hasSize(2)
                .allSatisfy(node -> assertThat(node.shape()).isEqualTo(Shape.of(1, 1, 1, 7)));
        assertThat(StepGraph.reach((Node) standardized)).hasSize(1);
    }

    @Test
    void kernel_ofABranch_isStandardisedOnce() {
        Tensor first = WeightStandardization.DEFAULT.standardize(graph.online(), kernel(6, 2));
        assertThat(WeightStandardization.DEFAULT.standardize(graph.online(), kernel(6, 2)))
                .isSameAs(first);
    }

    @Test
    void kernel_ofOneWeightAnOutput_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WeightStandardization.DEFAULT.standardize(graph.online(), kernel(1, 1, 1, 7)))
                .withMessage(
                        "weight standardisation needs at least 2 weights for each output, got a kernel [1, 1, 1, 7]");
    }

    @Test
    void epsilon_outOfRange_isNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WeightStandardization(0))
                .withMessage("epsilon must be above 0, got 0.0");
    }
}
