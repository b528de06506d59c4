package dev.byol.api.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.byol.api.Shape;
import dev.byol.api.TargetUpdater;
import dev.byol.api.graph.StepGraph;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeviationTest {
    private static final Byol BYOL =
            new Byol(Recording.ENCODER, Recording.PROJECTOR, Recording.PREDICTOR, TargetUpdater.frozen());

    @Test
    void deviation_isAScalarWithoutGradient_ofWhatIsAskedFor() {
        StepGraph graph =
                Recording.of(BYOL, new Deviation(), new Deviation("y")).graph();
        assertThat(graph.reports()).containsOnlyKeys("z_deviation", "y_deviation");
        assertThat(graph.reports().values()).allSatisfy(report -> {
            assertThat(report.shape()).isEqualTo(Shape.scalar());
            assertThat(StepGraph.reach(report)).isEmpty();
        });
    }

    @Test
    void deviation_ofAValueThatIsNotShown_isRefused() {
        StepGraph graph = StepGraph.training(List.of());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Deviation().measure(Map.of("y0", graph.external(Shape.of(2, 3), "y")), graph))
                .withMessage("the deviation needs the observed value z0, found [y0]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Deviation(" "))
                .withMessage("letter must name an observed value, got \" \"");
    }
}
