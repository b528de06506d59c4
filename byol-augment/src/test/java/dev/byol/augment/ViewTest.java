package dev.byol.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ViewTest {
    private static final Size SIZE = new Size(40, 30);

    private static List<List<Operation>> draws(Augmentation augmentation, Size size, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> augmentation.draw(CounterRandom.of(3, 0, i, 0), size))
                .toList();
    }

    private static double share(List<List<Operation>> draws, Class<? extends Operation> kind) {
        return draws.stream().filter(d -> d.stream().anyMatch(kind::isInstance)).count() / (double) draws.size();
    }

    @Test
    void appendix_partsAsOftenAsConfigured() {
        List<List<Operation>> draws = draws(View.appendix().build(), SIZE, 10_000);
        assertThat(share(draws, ResizedCrop.class)).isEqualTo(1);
        assertThat(share(draws, Hue.class)).isCloseTo(0.8, within(0.02));
        assertThat(share(draws, Contrast.class)).isEqualTo(share(draws, Hue.class));
        assertThat(share(draws, Grayscale.class)).isCloseTo(0.2, within(0.02));
        assertThat(share(draws, HorizontalFlip.class)).isCloseTo(0.5, within(0.025));
        assertThat(share(draws, BoxGaussianBlur.class)).isCloseTo(0.5, within(0.025));
    }

    @Test
    void appendix_orderIsCropJitterGrayFlipBlur() {
        View view = View.appendix()
                .side(8)
                .jitterProbability(1)
                .grayscale(1)
                .flip(1)
                .blur(1)
                .build();
        for (List<Operation> drawn : draws(view, SIZE, 100)) {
            assertThat(drawn).hasSize(8);
            assertThat(drawn.get(0)).isInstanceOf(ResizedCrop.class);
            assertThat(drawn.get(5)).isEqualTo(new Grayscale());
            assertThat(drawn.get(6)).isEqualTo(new HorizontalFlip());
            BoxGaussianBlur blur = (BoxGaussianBlur) drawn.get(7);
            assertThat(blur.sigma()).isBetween(0.1, 2.0);
        }
    }

    @Test
    void appendix_everythingOff_onlyCrops() {
        View view =
                View.appendix().jitter(0, 0, 0, 0).grayscale(0).flip(0).blur(0).build();
        assertThat(draws(view, SIZE, 100)).allSatisfy(drawn -> assertThat(drawn).hasSize(1));
    }

    @Test
    void jitter_strengthZero_leavesThatOperationOut() {
        for (List<Operation> drawn : draws(new ColorJitter(0.4, 0, 2, 0), SIZE, 200)) {
            assertThat(drawn).hasSize(2);
            for (Operation operation : drawn) {
                if (operation instanceof Brightness brightness) {
                    assertThat(brightness.factor()).isBetween(0.6, 1.4);
                } else {
                    assertThat(((Saturation) operation).factor()).isBetween(0.0, 3.0);
                }
            }
            assertThat(drawn.get(0).getClass()).isNotEqualTo(drawn.get(1).getClass());
        }
    }

    @Test
    void crop_ofAnySize_liesInTheImage() {
        RandomResizedCrop crop = new RandomResizedCrop(4, 0.01);
        for (Size size : List.of(new Size(1, 1), new Size(1, 500), new Size(500, 1), new Size(2, 3), SIZE)) {
            for (List<Operation> drawn : draws(crop, size, 500)) {
                assertThat(drawn.get(0).resultOf(size)).isEqualTo(new Size(4, 4));
            }
        }
    }

    @Test
    void draw_dependsOnTheStreamAlone() {
        View view = View.appendix().build();
        assertThat(view.draw(CounterRandom.of(1, 2, 3, 0), SIZE))
                .isEqualTo(view.draw(CounterRandom.of(1, 2, 3, 0), SIZE))
                .isNotEqualTo(view.draw(CounterRandom.of(1, 2, 3, 1), SIZE))
                .isNotEqualTo(view.draw(CounterRandom.of(1, 3, 3, 0), SIZE));
    }

    @Test
    void toString_tellsEverything() {
        assertThat(View.appendix().side(32).minArea(0.35).build().toString())
                .isEqualTo(
                        "View[side=32, augmentations=["
                                + "RandomResizedCrop[side=32, minArea=0.35, maxArea=1.0, minAspect=0.75, maxAspect=1.3333333333333333, interpolation=BILINEAR], "
                                + "RandomApply[probability=0.8, augmentation=ColorJitter[brightness=0.4, contrast=0.4, saturation=0.4, hue=0.1]], "
                                + "RandomApply[probability=0.2, augmentation=Grayscale[]], "
                                + "RandomApply[probability=0.5, augmentation=HorizontalFlip[]], "
                                + "RandomApply[probability=0.5, augmentation=RandomBlur[minSigma=0.1, maxSigma=2.0]]], colour=FAIL]");
        assertThat(new ResizedCrop(1, 2, 3, 4, new Size(8, 8)))
                .hasToString("ResizedCrop[top=1, left=2, height=3, width=4, result=8x8, interpolation=BILINEAR]");
    }

    @Test
    void center_ofItsOwnSize_isTheImage() {
        Image image = new Image(2, 2, 1, new byte[] {1, 2, 3, 4});
        assertThat(Goldens.apply(View.center(2).draw(CounterRandom.of(0, 0, 0, 0), image.size()), image))
                .isEqualTo(image);
        Image wide = new Image(4, 2, 1, new byte[] {9, 1, 2, 9, 9, 3, 4, 9});
        assertThat(Goldens.apply(View.center(2).draw(CounterRandom.of(0, 0, 0, 0), wide.size()), wide))
                .isEqualTo(image);
    }

    @Test
    void view_ofAnotherSize_refused() {
        View view = new View(5, List.of(new HorizontalFlip()));
        assertThatThrownBy(() -> view.draw(CounterRandom.of(0, 0, 0, 0), SIZE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("a view of 5x5 came out as 40x30 from an image of 40x30");
    }

    @Test
    void settings_outOfRange_refusedWithTheValue() {
        AppendixView appendix = View.appendix();
        assertThatThrownBy(() -> appendix.side(0)).hasMessage("crop side must be at least 1, got 0");
        assertThatThrownBy(() -> appendix.minArea(0)).hasMessage("minimal crop area must be in (0, 1], got 0.0");
        assertThatThrownBy(() -> appendix.minArea(1.5)).hasMessage("minimal crop area must be in (0, 1], got 1.5");
        assertThatThrownBy(() -> appendix.jitter(0.4, 0.4, 0.4, 0.6))
                .hasMessage("jitter hue must be in [0.0, 0.5], got 0.6");
        assertThatThrownBy(() -> appendix.jitter(-1, 0.4, 0.4, 0.1))
                .hasMessage("jitter brightness must be finite and not negative, got -1.0");
        assertThatThrownBy(() -> appendix.grayscale(2))
                .hasMessage("grayscale probability must be in [0.0, 1.0], got 2.0");
        assertThatThrownBy(() -> appendix.flip(-0.1)).hasMessage("flip probability must be in [0.0, 1.0], got -0.1");
        assertThatThrownBy(() -> appendix.blur(Double.NaN))
                .hasMessage("blur probability must be in [0.0, 1.0], got NaN");
        assertThatThrownBy(() -> appendix.blurSigma(2, 1)).hasMessageContaining("got [2.0, 1.0]");
    }
}
