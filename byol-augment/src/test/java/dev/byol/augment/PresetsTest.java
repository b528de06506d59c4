package dev.byol.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PresetsTest {
    private static final int DRAWS = 20_000;
    private static final Size SIZE = new Size(60, 45);

    private static List<List<Operation>> draws(Augmentation augmentation) {
        return IntStream.range(0, DRAWS)
                .mapToObj(i -> augmentation.draw(CounterRandom.of(5, 0, i, 0), SIZE))
                .toList();
    }

    private static <T> List<T> all(List<List<Operation>> draws, Class<T> kind) {
        return draws.stream()
                .flatMap(List::stream)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    private static void share(List<List<Operation>> draws, Class<? extends Operation> kind, double expected) {
        double found = all(draws, kind).size() / (double) DRAWS;
        assertThat(found)
                .as(kind.getSimpleName())
                .isCloseTo(expected, within(5 * Math.sqrt(expected * (1 - expected) / DRAWS) + 1e-12));
    }

    /** Mean, variance, ends and a quarter of a uniform distribution. */
    private static <T> void uniform(List<T> drawn, ToDoubleFunction<T> parameter, double from, double to) {
        double[] values = drawn.stream().mapToDouble(parameter).toArray();
        double width = to - from;
        double n = values.length;
        assertThat(n).isGreaterThan(1000);
        double mean = Arrays.stream(values).average().orElseThrow();
        assertThat(mean).isCloseTo((from + to) / 2, within(5 * width / Math.sqrt(12 * n)));
        assertThat(Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / n)
                .isCloseTo(width * width / 12, within(5 * width * width / Math.sqrt(180 * n)));
        assertThat(Arrays.stream(values)).allMatch(v -> v >= from && v <= to);
        assertThat(Arrays.stream(values).filter(v -> v < from + width / 4).count() / n)
                .isCloseTo(0.25, within(5 * Math.sqrt(0.1875 / n)));
    }

    @Test
    void byol_drawsAsInTable6() {
        List<View> views = Presets.byol(224);
        assertThat(views).hasSize(2);
        double[] blur = {1, 0.1};
        double[] solarize = {0, 0.2};
        for (int v = 0; v < 2; v++) {
            List<List<Operation>> draws = draws(views.get(v));
            share(draws, ResizedCrop.class, 1);
            share(draws, HorizontalFlip.class, 0.5);
            share(draws, AdditiveBrightness.class, 0.8);
            share(draws, ChannelContrast.class, 0.8);
            share(draws, HsvSaturation.class, 0.8);
            share(draws, HsvHue.class, 0.8);
            share(draws, Grayscale.class, 0.2);
            share(draws, GaussianBlur.class, blur[v]);
            share(draws, Solarize.class, solarize[v]);
            uniform(all(draws, AdditiveBrightness.class), AdditiveBrightness::delta, -0.4, 0.4);
            uniform(all(draws, ChannelContrast.class), ChannelContrast::factor, 0.6, 1.4);
            uniform(all(draws, HsvSaturation.class), HsvSaturation::factor, 0.8, 1.2);
            uniform(all(draws, HsvHue.class), HsvHue::shift, -0.1, 0.1);
            uniform(all(draws, GaussianBlur.class), GaussianBlur::sigma, 0.1, 2);
            assertThat(all(draws, GaussianBlur.class)).allMatch(b -> b.kernel() == 23 && b.border() == Border.ZERO);
            assertThat(all(draws, ResizedCrop.class)).allMatch(c -> c.interpolation() == Interpolation.BICUBIC);
            assertThat(all(draws, Solarize.class)).allMatch(s -> s.threshold() == 128);
        }
    }

    @Test
    void hsvJitter_everyOrderEquallyOften() {
        List<List<Operation>> draws = draws(new HsvJitter(0.4, 0.4, 0.2, 0.1));
        assertThat(draws).allMatch(drawn -> drawn.size() == 4);
        long orders = draws.stream()
                .map(drawn -> drawn.stream().map(Operation::getClass).toList())
                .distinct()
                .count();
        assertThat(orders).isEqualTo(24);
        for (int place = 0; place < 4; place++) {
            int at = place;
            long hues = draws.stream()
                    .filter(drawn -> drawn.get(at) instanceof HsvHue)
                    .count();
            assertThat(hues / (double) DRAWS).isCloseTo(0.25, within(5 * Math.sqrt(0.1875 / DRAWS)));
        }
        assertThat(draws(new HsvJitter(0, 0, 0.2, 0))).allMatch(drawn -> drawn.size() == 1);
    }

    @Test
    void randomOrder_everyOrderEquallyOften_withTheSizesOnTheWay() {
        Augmentation order = new RandomOrder(
                new RandomResizedCrop(9, 0.5), new CenterCrop(4), new RandomApply(1, new VerticalFlip()));
        List<List<Operation>> draws = draws(order);
        List<List<String>> orders = draws.stream()
                .map(drawn ->
                        drawn.stream().map(o -> o.getClass().getSimpleName()).toList())
                .toList();
        assertThat(orders.stream().distinct()).hasSize(6);
        orders.stream()
                .distinct()
                .forEach(one -> assertThat(orders.stream().filter(one::equals).count() / (double) DRAWS)
                        .isCloseTo(1 / 6.0, within(5 * Math.sqrt(5 / 36.0 / DRAWS))));
        for (List<Operation> drawn : draws) {
            Size size = SIZE;
            for (Operation operation : drawn) {
                size = operation.resultOf(size); // throws where a crop was drawn for another size
            }
        }
    }

    @Test
    void compose_drawsAllOrNothing() {
        Augmentation some =
                new RandomApply(0.3, new Compose(new Grayscale(), new RandomGaussianBlur(3, 1, 2, Border.REFLECT)));
        List<List<Operation>> draws = draws(some);
        assertThat(draws).allMatch(drawn -> drawn.isEmpty() || drawn.size() == 2);
        share(draws, Grayscale.class, 0.3);
        uniform(all(draws, GaussianBlur.class), GaussianBlur::sigma, 1, 2);
    }

    @Test
    void dino_hasTwoLargeViewsAndTheSmallOnes() {
        List<View> views = Presets.dino(224);
        assertThat(views.stream().map(View::side)).containsExactly(224, 224, 96, 96, 96, 96, 96, 96, 96, 96);
        double[] blur = {1, 0.1, 0.5};
        double[] solarize = {0, 0.2, 0};
        for (int v = 0; v < 3; v++) {
            List<List<Operation>> draws = draws(views.get(v));
            share(draws, BoxGaussianBlur.class, blur[v]);
            share(draws, Solarize.class, solarize[v]);
            share(draws, Hue.class, 0.8);
            share(draws, Grayscale.class, 0.2);
            share(draws, HorizontalFlip.class, 0.5);
            double most = v < 2 ? 1 : 0.4;
            double least = v < 2 ? 0.4 : 0.05;
            assertThat(all(draws, ResizedCrop.class)).allSatisfy(c -> {
                assertThat((double) c.width() * c.height() / (SIZE.width() * SIZE.height()))
                        .isBetween(least - 0.05, most + 0.05);
                assertThat(c.interpolation()).isEqualTo(Interpolation.BICUBIC);
            });
        }
        assertThat(Presets.dino(32, 16, 0)).hasSize(2);
    }

    @Test
    void simclrAndMoco_drawAsPublished() {
        List<View> simclr = Presets.simclr(96);
        assertThat(simclr.get(0)).isEqualTo(simclr.get(1));
        List<List<Operation>> draws = draws(simclr.get(0));
        uniform(all(draws, AdditiveBrightness.class), AdditiveBrightness::delta, -0.8, 0.8);
        uniform(all(draws, HsvHue.class), HsvHue::shift, -0.2, 0.2);
        share(draws, GaussianBlur.class, 0.5);
        assertThat(all(draws, GaussianBlur.class)).allMatch(b -> b.kernel() == 9);
        List<View> moco = Presets.mocoV2(96);
        assertThat(moco.get(0)).isEqualTo(moco.get(1));
        draws = draws(moco.get(0));
        uniform(all(draws, Brightness.class), Brightness::factor, 0.6, 1.4);
        uniform(all(draws, Hue.class), Hue::shift, -0.1, 0.1);
        share(draws, BoxGaussianBlur.class, 0.5);
        assertThat(all(draws, ResizedCrop.class)).allMatch(c -> c.interpolation() == Interpolation.BILINEAR);
    }

    @Test
    void linear_trainsOnCropsAndTestsOnCentres() {
        assertThat(Presets.linearTest(224).draw(CounterRandom.of(0, 0, 0, 0), new Size(400, 300)))
                .containsExactly(new ResizeShorterSide(256, Interpolation.BICUBIC), new CenterCrop(224));
        List<List<Operation>> draws = draws(Presets.linearTrain(32));
        share(draws, HorizontalFlip.class, 0.5);
        assertThat(all(draws, ResizedCrop.class)).hasSize(DRAWS);
    }

    @Test
    void multiCrop_isTheViewsInOrder() {
        View large = View.center(32);
        View small = View.center(8);
        assertThat(Presets.multiCrop(2, large, 3, small)).containsExactly(large, large, small, small, small);
        assertThatThrownBy(() -> Presets.multiCrop(2, large, -1, small))
                .hasMessage("number of small views must be at least 0, got -1");
    }

    @Test
    void named_everyRecipe_makesItsViewsOfAnyImage() {
        assertThat(Presets.names())
                .contains("appendix", "simclr", "byol", "moco2", "dino", "linear-train", "linear-test");
        for (String name : Presets.names()) {
            for (int side : new int[] {1, 8, 33}) {
                for (Size size : List.of(new Size(1, 1), new Size(40, 7), new Size(5, 90))) {
                    for (int channels : new int[] {1, 3, 4}) {
                        Image image = new Image(
                                size.width(),
                                size.height(),
                                channels,
                                new byte[size.width() * size.height() * channels]);
                        for (View view : Presets.named(name, side)) {
                            for (Image input : List.of(image, image.toFloats())) {
                                List<Operation> drawn = view.colour(ColourPolicy.SKIP)
                                        .draw(CounterRandom.of(3, side, size.width(), channels), input);
                                Image result = Goldens.apply(drawn, input);
                                assertThat(result.size()).isEqualTo(new Size(view.side(), view.side()));
                            }
                        }
                    }
                }
            }
        }
        assertThat(Presets.named("appendix", 96).get(0))
                .isEqualTo(View.appendix().build());
        assertThatThrownBy(() -> Presets.named("mocov9", 96))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("no recipe mocov9, expected one of [appendix, byol, ");
    }

    @Test
    void gaussianBlur_ofASide_hasAnOddKernelOfATenth() {
        assertThat(IntStream.of(1, 19, 20, 32, 96, 224)
                        .map(side -> RandomGaussianBlur.ofSide(side).kernel()))
                .containsExactly(1, 1, 3, 3, 9, 23);
    }

    @Test
    void parameters_outOfRange_refusedWithTheValue() {
        assertThatThrownBy(() -> new GaussianBlur(4, 1, Border.REFLECT))
                .hasMessage("blur kernel must be odd and in [1, 2001], got 4");
        assertThatThrownBy(() -> new GaussianBlur(3, 0, Border.REFLECT))
                .hasMessage("blur sigma must be finite and above 0, got 0.0");
        assertThatThrownBy(() -> new RandomGaussianBlur(3, 2, 1, Border.ZERO)).hasMessageContaining("got [2.0, 1.0]");
        assertThatThrownBy(() -> new RandomGaussianBlur(2003, 1, 1, Border.ZERO))
                .hasMessageContaining("got 2003");
        assertThatThrownBy(() -> new AdditiveBrightness(1.1))
                .hasMessage("brightness delta must be in [-1.0, 1.0], got 1.1");
        assertThatThrownBy(() -> new ChannelContrast(-1)).hasMessageContaining("got -1.0");
        assertThatThrownBy(() -> new HsvSaturation(Double.NaN)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> new HsvHue(0.6)).hasMessage("hue shift must be in [-0.5, 0.5], got 0.6");
        assertThatThrownBy(() -> new HsvJitter(0.4, 1.4, 0.2, 0.1))
                .hasMessage("jitter contrast must be in [0.0, 1.0], got 1.4");
        assertThatThrownBy(() -> Presets.dino(96, 32, -1))
                .hasMessage("number of small views must be at least 0, got -1");
    }
}
