package dev.byol.api.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.byol.api.TargetUpdater;
import dev.byol.api.graph.Node;
import dev.byol.api.graph.Op;
import dev.byol.api.graph.StepGraph;
import org.junit.jupiter.api.Test;

class ReferenceByolTest {
    private static final TargetUpdater UPDATER = TargetUpdater.ema(step -> 0.99).beforeOptimizer();

    private final Recording reference = Recording.of(of(0.5), new Cosines());
    private final StepGraph graph = reference.graph();

    private static ReferenceByol of(double factor) {
        return new ReferenceByol(Recording.ENCODER, Recording.PROJECTOR, Recording.PREDICTOR, UPDATER, factor);
    }

    @Test
    void parameters_areThoseOfByol() {
        Recording byol = Recording.of(new Byol(Recording.ENCODER, Recording.PROJECTOR, Recording.PREDICTOR, UPDATER));
        for (String branch : new String[] {"online/", "target/"}) {
            assertThat(reference.below(branch)).containsExactlyInAnyOrderElementsOf(byol.below(branch));
        }
        assertThat(StepGraph.reach(reference.loss())).containsExactlyInAnyOrderElementsOf(graph.trained());
    }

    @Test
    void statistics_advanceInTheOrderOfDirections_andTwiceInTheProjector() {
        assertThat(reference.advances("online/encoder/norm1/mean")).containsExactly(0, 1);
        assertThat(reference.advances("online/predictor/norm0/variance")).containsExactly(0, 1);
        assertThat(reference.advances("online/projector/norm0/mean")).containsExactly(0, 0, 1, 1);
        assertThat(reference.advances("online/projector/norm0/variance")).containsExactly(0, 0, 1, 1);
        assertThat(reference.advances("target/encoder/norm1/mean")).containsExactly(1, 0);
        assertThat(reference.advances("target/projector/norm0/mean")).containsExactly(1, 0);
    }

    @Test
    void encoders_runOnceAView() {
        assertThat(graph.nodes())
                .filteredOn(node -> node.op() instanceof Op.Conv2d)
                .hasSize(12 * 2 * 2);
    }

    @Test
    void loss_isByolsTimesTheFactor() {
        Node loss = reference.loss();
        assertThat(loss.op()).isEqualTo(Op.Pointwise.TIMES);
        assertThat(loss.input(1).op()).isEqualTo(new Op.Constant(0.5));
        assertThat(loss.input(0).op()).isEqualTo(Op.Pointwise.PLUS);
        assertThat(graph.observed()).containsOnlyKeys("y0", "z0", "q0", "z'0", "y1", "z1", "q1", "z'1");
        assertThat(graph.reports()).containsOnlyKeys("positive_cosine", "negative_cosine");
    }

    @Test
    void lossFactor_outOfRange_isNamed() {
        for (double factor : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> of(factor))
                    .withMessage("lossFactor must be finite and above 0, got " + factor);
        }
    }

    @Test
    void method_printsItsOrder() {
        assertThat(of(0.5).toString()).contains("BeforeOptimizer[rule=Ema[tau=", "lossFactor=0.5");
    }
}
