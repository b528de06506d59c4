package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.byol.api.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImageFormatTest {
    private static final List<Double> ONE = List.of(1.0);

    @Test
    void rgb_isSquareWithImageNetsStatistics() {
        assertThat(ImageFormat.rgb(96))
                .isEqualTo(new ImageFormat(96, 96, 3, List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225)));
    }

    @Test
    void size_isOfOneImage() {
        ImageFormat format = new ImageFormat(2, 3, 1, List.of(0.5), ONE);
        assertThat(format.size()).isEqualTo(6);
        assertThat(format.batch(4)).isEqualTo(Shape.of(4, 2, 3, 1));
        ImageFormat huge = new ImageFormat(65536, 65536, 1, ONE, ONE);
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(huge::size);
    }

    @Test
    void values_areItsOwn() {
        List<Double> mean = new ArrayList<>(List.of(0.5));
        ImageFormat format = new ImageFormat(1, 1, 1, mean, ONE);
        mean.set(0, 0.75);
        assertThat(format.mean()).containsExactly(0.5);
    }

    @Test
    void settings_outOfRange_areRefused() {
        for (int[] size : new int[][] {{0, 1, 1}, {1, 0, 1}, {1, 1, 0}, {-1, 1, 1}}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new ImageFormat(size[0], size[1], size[2], ONE, ONE))
                    .withMessage("height, width and channels must be at least 1, got " + size[0] + ", " + size[1] + ", "
                            + size[2]);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ImageFormat(1, 1, 2, ONE, List.of(1.0, 2.0)))
                .withMessageContainingAll("one value for each of 2 channels", "[1.0] and [1.0, 2.0]");
        for (double deviation : new double[] {0, -1, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new ImageFormat(1, 1, 1, ONE, List.of(deviation)))
                    .withMessage("deviations must be above 0, got [" + deviation + "]");
        }
    }
}
