package dev.byol.api;

import static dev.byol.api.Shape.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class ShapeTest {
    @Test
    void scalar_hasOneElementAndNoAxes() {
        assertThat(Shape.scalar()).isEqualTo(Shape.of()).hasToString("[]");
        assertThat(Shape.scalar().rank()).isZero();
        assertThat(Shape.scalar().size()).isEqualTo(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Shape.scalar().axis(-1))
                .withMessage("shape [] has no axis -1");
    }

    @Test
    void axes_countFromBothEnds() {
        Shape shape = Shape.of(2, 3, 4);
        assertThat(shape.dimension(0)).isEqualTo(2);
        assertThat(shape.dimension(-1)).isEqualTo(4);
        assertThat(shape.axis(-3)).isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> shape.dimension(3))
                .withMessage("shape [2, 3, 4] has no axis 3");
        assertThatIllegalArgumentException().isThrownBy(() -> shape.dimension(-4));
    }

    @Test
    void size_isTheProduct() {
        assertThat(Shape.of(2, 3, 4).size()).isEqualTo(24);
        assertThat(Shape.of(2, 0, 4).size()).isZero();
        assertThatIllegalStateException()
                .isThrownBy(() -> Shape.of(UNKNOWN, 3).size())
                .withMessageContaining("[-1, 3]");
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> Shape.of(1 << 16, 1 << 16).size());
    }

    @Test
    void of_refusesNegativeDimensions() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Shape.of(3, -2))
                .withMessage("a dimension must be at least 0, or -1 for unknown, got [3, -2]");
    }

    @Test
    void shape_isAValue() {
        int[] dimensions = {2, 3};
        Shape shape = Shape.of(dimensions);
        dimensions[0] = 9;
        shape.dimensions()[1] = 9;
        assertThat(shape)
                .isEqualTo(Shape.of(2, 3))
                .hasSameHashCodeAs(Shape.of(2, 3))
                .isNotEqualTo(Shape.of(3, 2));
        assertThat(shape.with(-1, 5)).isEqualTo(Shape.of(2, 5));
        assertThat(shape).isEqualTo(Shape.of(2, 3));
    }

    @Test
    void isKnown_needsEveryDimension() {
        assertThat(Shape.of(2, 3).isKnown()).isTrue();
        assertThat(Shape.scalar().isKnown()).isTrue();
        assertThat(Shape.of(2, UNKNOWN).isKnown()).isFalse();
    }

    @Test
    void broadcast_alignsAtTheLastAxis() {
        fits(Shape.of(4, 3), Shape.of(4, 3), Shape.of(4, 3));
        fits(Shape.of(4, 3), Shape.of(3), Shape.of(4, 3));
        fits(Shape.of(4, 3), Shape.scalar(), Shape.of(4, 3));
        fits(Shape.of(4, 1), Shape.of(1, 3), Shape.of(4, 3));
        fits(Shape.of(4, 1), Shape.of(5), Shape.of(4, 5));
        fits(Shape.of(2, 1, 1, 3), Shape.of(5, 3), Shape.of(2, 1, 5, 3));
        fits(Shape.of(1), Shape.of(0), Shape.of(0));
        fits(Shape.scalar(), Shape.scalar(), Shape.scalar());
    }

    @Test
    void broadcast_ofUnknown_takesWhatIsKnown() {
        fits(Shape.of(UNKNOWN, 3), Shape.of(3), Shape.of(UNKNOWN, 3));
        fits(Shape.of(UNKNOWN, 3), Shape.of(1, 3), Shape.of(UNKNOWN, 3));
        fits(Shape.of(UNKNOWN, 3), Shape.of(4, 3), Shape.of(4, 3));
        fits(Shape.of(UNKNOWN), Shape.of(UNKNOWN), Shape.of(UNKNOWN));
    }

    @Test
    void broadcast_ofShapesThatDoNotFit_namesBoth() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Shape.of(4, 3).broadcast(Shape.of(4)))
                .withMessage("shapes [4, 3] and [4] do not fit element by element");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Shape.of(UNKNOWN, 2).broadcast(Shape.of(UNKNOWN, 3)));
        assertThatIllegalArgumentException().isThrownBy(() -> Shape.of(0).broadcast(Shape.of(2)));
    }

    private static void fits(Shape a, Shape b, Shape both) {
        assertThat(a.broadcast(b)).isEqualTo(both);
        assertThat(b.broadcast(a)).isEqualTo(both);
    }
}
