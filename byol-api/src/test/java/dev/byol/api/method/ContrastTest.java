package dev.byol.api.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.byol.api.Shape;
import dev.byol.api.Tensor;
import dev.byol.api.graph.Node;
import dev.byol.api.graph.Op;
import dev.byol.api.graph.StepGraph;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Values are those of the golden cases and of byol-tf's MoCoTest. */
class ContrastTest {
    private static final List<Contrast> ALL = List.of(
            Contrast.crossEntropy(0.2),
            Contrast.eqCo(0.2, 65_536),
            Contrast.innerProduct(),
            Contrast.binaryCrossEntropy(0.2));

    private final StepGraph graph = StepGraph.training(List.of(Shape.of(4, 1), Shape.of(4, 7)));

    @Test
    void loss_isAScalar() {
        for (Contrast contrast : ALL) {
            assertThat(contrast.loss(graph.view(0), graph.view(1)).shape())
                    .as(contrast.toString())
                    .isEqualTo(Shape.scalar());
        }
    }

    @Test
    void contrasts_areValuesThatPrint() {
        assertThat(Contrast.crossEntropy(0.2)).isEqualTo(Contrast.crossEntropy(0.2));
        assertThat(ALL)
                .doesNotHaveDuplicates()
                .extracting(Contrast::toString)
                .containsExactly(
                        "CrossEntropy[temperature=0.2]",
                        "EqCo[temperature=0.2, alpha=65536.0]",
                        "InnerProduct[]",
                        "BinaryCrossEntropy[temperature=0.2]");
    }

    @Test
    void offDiagonal_leavesOneOut() {
        StepGraph square = StepGraph.training(List.of(Shape.of(5, 5), Shape.of(2, 2)));
        assertThat(Contrast.offDiagonal(square.view(0)).shape()).isEqualTo(Shape.of(5, 4));
        Tensor two = Contrast.offDiagonal(square.view(1));
        assertThat(two.shape()).isEqualTo(Shape.of(2, 1));
        assertThat(((Node) two).input(0).op()).isEqualTo(new Op.Slice(1, 1, 3));
    }

    @Test
    void offDiagonal_ofOneRowOrNoSquare_isRefused() {
        for (Shape shape : List.of(Shape.of(1, 1), Shape.of(3, 4), Shape.of(3), Shape.of(-1, -1))) {
            StepGraph other = StepGraph.training(List.of(shape));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Contrast.offDiagonal(other.view(0)))
                    .withMessage("pairs of different rows need a matrix [B, B] with B at least 2, got " + shape);
        }
    }

    @Test
    void settings_outOfRange_areNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Contrast.crossEntropy(0))
                .withMessage("temperature must be above 0, got 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Contrast.binaryCrossEntropy(Double.NaN))
                .withMessage("temperature must be above 0, got NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Contrast.eqCo(-0.2, 1))
                .withMessage("temperature must be above 0, got -0.2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Contrast.eqCo(0.2, 0))
                .withMessage("alpha must be above 0, got 0.0");
    }
}
