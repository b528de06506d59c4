package dev.byol.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.byol.api.BatchRenorm.Limit;
import dev.byol.api.graph.Op;
import dev.byol.api.graph.StateNode;
import dev.byol.api.graph.StepGraph;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchRenormTest {
    private static final Limit ONE = new Limit(1, 1, 0, 1);

    @Test
    void defaults_areThePapersSchedule() {
        assertThat(BatchRenorm.DEFAULT.rMax()).isEqualTo(new Limit(1, 3, 5_000, 40_000));
        assertThat(BatchRenorm.DEFAULT.dMax()).isEqualTo(new Limit(0, 5, 5_000, 25_000));
        assertThat(BatchRenorm.DEFAULT.momentum()).isEqualTo(0.01);
        assertThat(BatchRenorm.DEFAULT.epsilon()).isEqualTo(1e-3);
    }

    @Test
    void views_countAsBatches() {
        StepGraph graph = StepGraph.training(List.of(Shape.of(4, 3), Shape.of(4, 3)));
        graph.online().batchRenorm(graph.view(0), BatchRenorm.DEFAULT);
        graph.online().batchRenorm(graph.view(1), BatchRenorm.DEFAULT);
        StateNode batches = graph.states().stream()
                .filter(state -> state.path().equals("batches"))
                .findFirst()
                .orElseThrow();
        assertThat(batches.next().orElseThrow().input(0).input(0).op()).isEqualTo(new Op.ReadState(batches));
        assertThat(graph.nodes())
                .filteredOn(node -> node.op() instanceof Op.BatchNormalize)
                .hasSize(2);
    }

    @Test
    void inference_readsAndAssignsNothing() {
        StepGraph graph = StepGraph.inference(Shape.of(Shape.UNKNOWN, 3));
        assertThat(graph.online()
                        .batchRenorm(graph.view(0), BatchRenorm.DEFAULT)
                        .shape())
                .isEqualTo(Shape.of(Shape.UNKNOWN, 3));
        assertThat(graph.states()).hasSize(3).allMatch(state -> state.next().isEmpty());
    }

    @Test
    void batch_ofUnknownSize_isRefusedInTraining() {
        StepGraph graph = StepGraph.training(List.of(Shape.of(Shape.UNKNOWN, 3)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> graph.online().batchRenorm(graph.view(0), BatchRenorm.DEFAULT))
                .withMessage("batch renormalisation in training needs a known shape, got [-1, 3]");
    }

    @Test
    void settings_outOfRange_areNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BatchRenorm(0, 1e-3, ONE, ONE))
                .withMessage("momentum must be in (0, 1], got 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BatchRenorm(0.1, -1, ONE, ONE))
                .withMessage("epsilon must be above 0, got -1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BatchRenorm(0.1, 1e-3, new Limit(1, 0.5, 0, 1), ONE))
                .withMessageStartingWith("rMax must be at least 1, got Limit[first=1.0, last=0.5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BatchRenorm(0.1, 1e-3, ONE, new Limit(-1, 0, 0, 1)))
                .withMessageStartingWith("dMax must be at least 0, got Limit[first=-1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Limit(1, 1, 3, 3))
                .withMessage("a limit needs batches 0 <= from < to, got from 3 to 3");
    }
}
