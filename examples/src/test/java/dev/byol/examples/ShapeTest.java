package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ShapeTest {
    @ParameterizedTest
    @EnumSource
    void distance_outsideTheFrame_isPositive(Shape shape) {
        for (double t = 0; t < 2 * Math.PI; t += 0.05) {
            assertThat(shape.distance(1.3 * Math.cos(t), 1.3 * Math.sin(t))).isPositive();
        }
    }

    /** A distance changes by at most the way walked, which anti-aliasing relies on; and the shape is neither empty nor tiny. */
    @ParameterizedTest
    @EnumSource
    void distance_isOneLipschitz_andFillsItsFrame(Shape shape) {
        double step = 0.01;
        int inside = 0;
        int all = 0;
        for (double y = -1.2; y < 1.2; y += step) {
            for (double x = -1.2; x < 1.2; x += step) {
                double d = shape.distance(x, y);
                assertThat(Math.abs(shape.distance(x + step, y) - d)).isLessThan(step + 1e-9);
                assertThat(Math.abs(shape.distance(x, y + step) - d)).isLessThan(step + 1e-9);
                inside += d < 0 ? 1 : 0;
                all++;
            }
        }
        assertThat(inside * 5.76 / all).isBetween(0.7, 2.5);
    }

    @Test
    void distance_knownPoints() {
        assertThat(Shape.DISC.distance(0, 0)).isCloseTo(-0.86, within(1e-12));
        assertThat(Shape.RING.distance(0, 0)).isCloseTo(0.52, within(1e-12));
        assertThat(Shape.SQUARE.distance(0.74 + 3, 0.74 + 4)).isCloseTo(5, within(1e-12));
        assertThat(Shape.CROSS.distance(1.95, 0)).isCloseTo(1, within(1e-12));
        assertThat(Shape.CROSS.distance(0, 0)).isCloseTo(-Math.hypot(0.3, 0.3), within(1e-12));
        assertThat(Shape.HEART.distance(0, 0)).isNegative();
        assertThat(Shape.ARROW.distance(2, 0)).isCloseTo(1, within(1e-12));
    }
}
