package dev.byol.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OperationTest {
    private static Image noise(int width, int height, int channels) {
        byte[] samples = new byte[width * height * channels];
        CounterRandom random = CounterRandom.of(width, height, channels, 0);
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) random.nextInt(256);
        }
        return new Image(width, height, channels, samples);
    }

    private static Image uniform(int width, int height, int... colour) {
        byte[] samples = new byte[width * height * colour.length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) colour[i % colour.length];
        }
        return new Image(width, height, colour.length, samples);
    }

    static Stream<Size> sizes() {
        return Stream.of(
                new Size(1, 1),
                new Size(1, 9),
                new Size(9, 1),
                new Size(2, 2),
                new Size(5, 3),
                new Size(31, 17),
                new Size(3, 300));
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void identities_leaveEveryByte(Size size) {
        Image image = noise(size.width(), size.height(), 3);
        for (Operation operation : List.of(
                new Brightness(1),
                new Contrast(1),
                new Saturation(1),
                new Solarize(256),
                new BoxGaussianBlur(0),
                new ResizedCrop(0, 0, size.height(), size.width(), size),
                new ResizeShorterSide(Math.min(size.width(), size.height())))) {
            assertThat(operation.apply(image)).as(operation.toString()).isEqualTo(image);
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void uniformImage_filtersKeepIt(Size size) {
        Image image = uniform(size.width(), size.height(), 255, 128, 1);
        for (double sigma : new double[] {0.1, 1, 3.7, 50, 1000}) {
            assertThat(new BoxGaussianBlur(sigma).apply(image))
                    .as("sigma " + sigma)
                    .isEqualTo(image);
        }
        for (Size result : List.of(new Size(1, 1), new Size(7, 2), new Size(64, 64))) {
            assertThat(new ResizedCrop(0, 0, size.height(), size.width(), result).apply(image))
                    .isEqualTo(uniform(result.width(), result.height(), 255, 128, 1));
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void flip_twice_isIdentity_onceMirrors(Size size) {
        for (int channels : new int[] {1, 3, 5}) {
            Image image = noise(size.width(), size.height(), channels);
            Image flipped = new HorizontalFlip().apply(image);
            assertThat(new HorizontalFlip().apply(flipped)).isEqualTo(image);
            for (int y = 0; y < size.height(); y++) {
                for (int x = 0; x < size.width(); x++) {
                    for (int c = 0; c < channels; c++) {
                        assertThat(flipped.sample(x, y, c)).isEqualTo(image.sample(size.width() - 1 - x, y, c));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void geometry_ofOneChannel_isThatOfEachOfThree(Size size) {
        Image gray = noise(size.width(), size.height(), 1);
        byte[] tripled = new byte[gray.samples().length * 3];
        for (int i = 0; i < tripled.length; i++) {
            tripled[i] = gray.samples()[i / 3];
        }
        Image rgb = new Image(size.width(), size.height(), 3, tripled);
        for (Operation operation : List.of(
                new ResizedCrop(0, 0, size.height(), size.width(), new Size(13, 11)),
                new BoxGaussianBlur(0.8),
                new BoxGaussianBlur(4))) {
            Image one = operation.apply(gray);
            Image three = operation.apply(rgb);
            for (int i = 0; i < three.samples().length; i++) {
                assertThat(three.samples()[i]).isEqualTo(one.samples()[i / 3]);
            }
        }
    }

    @Test
    void extremes_clipAndStop() {
        Image image = noise(4, 4, 3);
        assertThat(new Brightness(0).apply(image)).isEqualTo(uniform(4, 4, 0, 0, 0));
        assertThat(new Brightness(1e30).apply(uniform(2, 2, 1, 2, 255))).isEqualTo(uniform(2, 2, 255, 255, 255));
        assertThat(new Saturation(0).apply(image)).isEqualTo(new Grayscale().apply(image));
        assertThat(new Contrast(0).apply(uniform(3, 1, 10, 10, 10))).isEqualTo(uniform(3, 1, 10, 10, 10));
        assertThat(new Solarize(0).apply(uniform(1, 1, 0, 100, 255))).isEqualTo(uniform(1, 1, 255, 155, 0));
        assertThat(new Solarize(128).apply(uniform(1, 1, 127, 128, 255))).isEqualTo(uniform(1, 1, 127, 127, 0));
    }

    @Test
    void hue_halfTurn_givesComplement() {
        assertThat(new Hue(0.5).apply(uniform(1, 1, 255, 0, 0)).sample(0, 0, 0)).isLessThan(10);
        assertThat(new Hue(0.5).apply(uniform(1, 1, 255, 0, 0)).sample(0, 0, 1)).isGreaterThan(245);
        assertThat(new Hue(-0.3).apply(uniform(2, 3, 77, 77, 77))).isEqualTo(uniform(2, 3, 77, 77, 77));
    }

    @Test
    void resize_toOnePixel_isTheRoundedMean() {
        Image image = new Image(2, 1, 1, new byte[] {10, 21});
        assertThat(new ResizedCrop(0, 0, 1, 2, new Size(1, 1)).apply(image).sample(0, 0, 0))
                .isEqualTo(16);
    }

    @Test
    void crop_largerThanABand_sameAsItsParts() {
        Image image = noise(9, 300, 3);
        Image whole = new ResizedCrop(0, 0, 300, 9, new Size(4, 300)).apply(image);
        Image lower = new ResizedCrop(200, 0, 100, 9, new Size(4, 100)).apply(image);
        byte[] tail = Arrays.copyOfRange(whole.samples(), 200 * 12, 300 * 12);
        assertThat(lower.samples()).isEqualTo(tail);
    }

    @Test
    void canvas_reusedFromLargeToSmall_leavesNoTrace() {
        Canvas canvas = new Canvas();
        List<Operation> operations = List.of(
                new BoxGaussianBlur(1.3),
                new HorizontalFlip(),
                new Hue(0.1),
                new Contrast(1.2),
                new BoxGaussianBlur(5));
        for (Size size : List.of(new Size(50, 40), new Size(1, 1), new Size(3, 70), new Size(40, 50))) {
            Image image = noise(size.width(), size.height(), 3);
            byte[] before = image.samples().clone();
            byte[] out = new byte[image.samples().length];
            canvas.render(image, operations, out, 0);
            assertThat(out).isEqualTo(Goldens.apply(operations, image).samples());
            assertThat(image.samples()).as("the source is never written").isEqualTo(before);
        }
    }

    @Test
    void longThinImages_needNoMoreMemoryThanTheirPixels() {
        Image wide = uniform(20_000, 1, 9, 8, 7);
        Image tall = uniform(1, 20_000, 9, 8, 7);
        Canvas canvas = new Canvas();
        byte[] out = new byte[60_000];
        for (Image image : List.of(wide, tall)) {
            canvas.render(image, List.of(new BoxGaussianBlur(2), new HorizontalFlip()), out, 0);
            assertThat(out).isEqualTo(image.samples());
            Image small = new ResizedCrop(0, 0, image.height(), image.width(), new Size(2, 2)).apply(image);
            assertThat(small).isEqualTo(uniform(2, 2, 9, 8, 7));
        }
        assertThatThrownBy(() -> new ResizeShorterSide(1000).apply(wide))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an image of 20000000x1000x3 does not fit in one array");
    }

    @Test
    void crop_outsideTheImage_refusedBySize() {
        assertThatThrownBy(() -> new ResizedCrop(2, 0, 3, 4, new Size(4, 4)).apply(noise(4, 4, 3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("does not lie in an image of 4x4");
        assertThatThrownBy(() -> new CenterCrop(5).apply(noise(4, 9, 3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("CenterCrop[side=5] does not fit in an image of 4x9");
    }

    @Test
    void colourOperation_onOneChannel_refused() {
        for (Operation operation : List.of(new Saturation(1), new Hue(0.1), new Grayscale())) {
            assertThatThrownBy(() -> operation.apply(noise(2, 2, 1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(operation + " needs an RGB image of 3 channels, got 1");
        }
    }

    @Test
    void parameters_outOfRange_refusedWithTheValue() {
        assertThatThrownBy(() -> new Hue(0.6)).hasMessage("hue shift must be in [-0.5, 0.5], got 0.6");
        assertThatThrownBy(() -> new Brightness(-1))
                .hasMessage("brightness factor must be finite and not negative, got -1.0");
        assertThatThrownBy(() -> new Contrast(Double.NaN)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> new BoxGaussianBlur(-0.1)).hasMessageContaining("blur sigma");
        assertThatThrownBy(() -> new Image(2, 2, 3, new byte[11]))
                .hasMessage("an image of 2x2x3 has 12 samples, got 11");
    }

    @Test
    void normalize_intoAPartOfAnArray() {
        Image image = new Image(2, 1, 3, new byte[] {0, 1, 2, -1, -2, -3});
        float[] batch = new float[14];
        Normalize.IMAGENET.apply(image, batch, 7);

        assertThat(Arrays.copyOfRange(batch, 7, 13)).containsExactly(Normalize.IMAGENET.apply(image));
        assertThat(batch[6]).isZero();
        assertThat(batch[13]).isZero();
        assertThatThrownBy(() -> Normalize.IMAGENET.apply(image, batch, 9))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }
}
