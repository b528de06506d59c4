package dev.byol.tf.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.byol.augment.AdditiveBrightness;
import dev.byol.augment.Border;
import dev.byol.augment.BoxGaussianBlur;
import dev.byol.augment.Brightness;
import dev.byol.augment.ChannelContrast;
import dev.byol.augment.Contrast;
import dev.byol.augment.GaussianBlur;
import dev.byol.augment.Grayscale;
import dev.byol.augment.HsvHue;
import dev.byol.augment.HsvSaturation;
import dev.byol.augment.Hue;
import dev.byol.augment.Image;
import dev.byol.augment.Operation;
import dev.byol.augment.Saturation;
import dev.byol.augment.Solarize;
import dev.byol.augment.TableLayout;
import dev.byol.augment.View;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every operation alone, against byol-augment's, which is torchvision's and Pillow's byte for byte. */
class PixelOperationTest {
    private static final double TIE = 0.5 / 255;

    /** Lanes of all operations; an image takes one of them. */
    private static View everything(int side) {
        return new View(
                side,
                Stream.concat(exact(), gaussian())
                        .map(o -> (dev.byol.augment.Augmentation) o)
                        .toList());
    }

    private static Stream<Operation> exact() {
        return Stream.of(
                        factors(0, 0.3, 0.999, 1, 1.4, 7, 1e6).mapToObj(Brightness::new),
                        factors(0, 0.6, 1, 1.4, 30).mapToObj(Contrast::new),
                        factors(0, 0.6, 1, 1.4, 30).mapToObj(Saturation::new),
                        factors(-0.5, -0.1, 0, 0.003, 0.1, 0.33, 0.5).mapToObj(Hue::new),
                        Stream.of(new Grayscale()),
                        IntStream.of(0, 1, 128, 255, 256).mapToObj(Solarize::new),
                        factors(-1, -0.37, -TIE, 0, TIE, 3 * TIE, 0.4, 1).mapToObj(AdditiveBrightness::new),
                        factors(0, 0.2, 0.5, 1, 1.8, 30).mapToObj(ChannelContrast::new),
                        factors(0, 0.2, 1, 1.8, 30).mapToObj(HsvSaturation::new),
                        factors(-0.5, -0.2, 0, 0.01, 0.2, 0.5).mapToObj(HsvHue::new),
                        factors(0, 0.1, 0.5, 0.9, 1, 2, 6, 1000).mapToObj(BoxGaussianBlur::new))
                .flatMap(operations -> operations);
    }

    private static Stream<Operation> gaussian() {
        return Stream.of(Border.values())
                .flatMap(border -> IntStream.of(1, 3, 9, 23)
                        .boxed()
                        .flatMap(kernel ->
                                factors(0.1, 0.8, 2, 50).mapToObj(sigma -> new GaussianBlur(kernel, sigma, border))));
    }

    private static DoubleStream factors(double... values) {
        return DoubleStream.of(values);
    }

    private static List<Parity.Case> cases(Stream<Operation> operations, List<Image> images) {
        List<Parity.Case> cases = new ArrayList<>();
        operations.forEach(o -> images.forEach(image -> cases.add(new Parity.Case(image, List.of(o)))));
        return cases;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 13})
    void everyOperation_alone_equalsItsOwnOnTheCpu(int side) {
        try (Parity parity = new Parity(compact(TableLayout.of(everything(side))))) {
            parity.requireEqual(cases(exact(), TestImages.all(side, side)));
            parity.requireClose(cases(gaussian(), TestImages.all(side, side)));
        }
    }

    /** One lane a kind, the one with the most parameters. */
    private static TableLayout compact(TableLayout layout) {
        return new TableLayout(
                layout.side(),
                layout.lanes().stream()
                        .collect(Collectors.toMap(
                                TableLayout.Lane::operation,
                                lane -> lane,
                                (a, b) -> a.parameters() >= b.parameters() ? a : b,
                                java.util.TreeMap::new))
                        .values()
                        .stream()
                        .toList());
    }

    @Test
    void everyColour_throughTheHueOf8Bits_equalsTheCpu() {
        int side = 128; // of 128 * 128 * 16 colours: every 64th of all
        List<Parity.Case> cases = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            byte[] samples = new byte[3 * side * side];
            for (int p = 0; p < side * side; p++) {
                int colour = (p * 16 + i) * 64 + (p * 37 + i) % 64;
                samples[3 * p] = (byte) colour;
                samples[3 * p + 1] = (byte) (colour >> 8);
                samples[3 * p + 2] = (byte) (colour >> 16);
            }
            Image image = new Image(side, side, 3, samples);
            cases.add(new Parity.Case(image, List.of(new Hue((i - 8) / 16.0))));
            cases.add(new Parity.Case(image, List.of(new HsvHue((i - 8) / 16.0))));
            cases.add(new Parity.Case(image, List.of(new HsvSaturation(i / 8.0))));
        }
        try (Parity parity =
                new Parity(TableLayout.of(new View(side, List.of(new Hue(0), new HsvHue(0), new HsvSaturation(1)))))) {
            parity.requireEqual(cases);
        }
    }

    @Test
    void whiteImage_ofManyPixels_keepsItsMean() {
        int side = 300; // sums of grey values above 2^24
        Image bright = TestImages.noise(3, side, side);
        byte[] samples = bright.samples();
        for (int i = 0; i < samples.length; i++) {
            samples[i] |= (byte) 0xE0;
        }
        try (Parity parity =
                new Parity(TableLayout.of(new View(side, List.of(new Contrast(1), new ChannelContrast(1)))))) {
            parity.requireEqual(cases(Stream.of(new Contrast(1.37), new ChannelContrast(1.37)), List.of(bright)));
        }
    }

    @Test
    void unknownOperation_isRefusedByName() {
        assertThatThrownBy(() -> new ViewRecipe(8, List.of("Brightness", "Posterize"), List.of(1, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "views in the graph have no operation Posterize; they have [AdditiveBrightness, ");
        assertThatThrownBy(() -> new ViewRecipe(8, List.of("Brightness"), List.of(2)))
                .hasMessage("Brightness takes 1 parameters, got 2");
        assertThatThrownBy(() -> new ViewRecipe(8, List.of("BoxGaussianBlur"), List.of(0)))
                .hasMessage("BoxGaussianBlur takes 1 parameter or more, got 0");
        assertThatThrownBy(() -> new ViewRecipe(8, List.of("Brightness"), List.of()))
                .hasMessage("expected a number of parameters for each of 1 operations, got 0");
        assertThatThrownBy(() -> new ViewRecipe(0, List.of(), List.of())).hasMessage("side must be at least 1, got 0");
    }

    @Test
    void everyOperationOfTheTable_isInTheGraph() {
        assertThat(TableLayout.of(everything(8)).lanes().stream().map(TableLayout.Lane::operation))
                .hasSameElementsAs(PixelOperation.KINDS.keySet());
    }
}
