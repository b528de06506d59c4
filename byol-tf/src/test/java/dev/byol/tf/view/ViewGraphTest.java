package dev.byol.tf.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.byol.augment.CenterCrop;
import dev.byol.augment.CounterRandom;
import dev.byol.augment.HorizontalFlip;
import dev.byol.augment.Image;
import dev.byol.augment.Interpolation;
import dev.byol.augment.Operation;
import dev.byol.augment.Presets;
import dev.byol.augment.Resize;
import dev.byol.augment.ResizeShorterSide;
import dev.byol.augment.ResizedCrop;
import dev.byol.augment.Size;
import dev.byol.augment.TableLayout;
import dev.byol.augment.VerticalFlip;
import dev.byol.augment.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole views in the graph against byol-augment's. */
class ViewGraphTest {
    private static final int IMAGES = 24;

    /** Views of images of every size, as the recipe draws them. */
    private static List<Parity.Case> drawn(View view, int index) {
        List<Parity.Case> cases = new ArrayList<>();
        for (int i = 0; i < IMAGES; i++) {
            List<Image> images = TestImages.all(20 + 3 * i, 90 - 2 * i);
            Image image = images.get(i % images.size());
            cases.add(new Parity.Case(image, view.draw(CounterRandom.of(5, 1, i, index), image)));
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("presets")
    void everyPreset_equalsTheCpu(String name) {
        List<View> views = Presets.named(name, 32);
        for (View view : views.stream().distinct().toList()) {
            TableLayout layout = TableLayout.of(view);
            List<Parity.Case> cases = drawn(view, views.indexOf(view));
            try (Parity parity = new Parity(layout)) {
                if (layout.lanes().stream().anyMatch(lane -> lane.operation().startsWith("GaussianBlur"))) {
                    parity.requireClose(cases);
                } else {
                    parity.requireEqual(cases);
                }
            }
        }
    }

    static List<String> presets() {
        return List.copyOf(Presets.names());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 24})
    void everyCut_equalsTheCpu(int side) {
        List<Parity.Case> cases = new ArrayList<>();
        Random random = new Random(side);
        List<Size> sizes =
                List.of(new Size(1, 1), new Size(1, 9), new Size(24, 24), new Size(150, 4), new Size(37, 61));
        for (Size size : sizes) {
            for (Image image : TestImages.all(size.width(), size.height())) {
                for (Interpolation interpolation : Interpolation.values()) {
                    int height = 1 + random.nextInt(size.height());
                    int width = 1 + random.nextInt(size.width());
                    int top = random.nextInt(size.height() - height + 1);
                    int left = random.nextInt(size.width() - width + 1);
                    Operation crop = new ResizedCrop(top, left, height, width, new Size(side, side), interpolation);
                    cases.add(new Parity.Case(image, List.of(crop)));
                    cases.add(new Parity.Case(image, List.of(crop, new HorizontalFlip())));
                    cases.add(new Parity.Case(
                            image,
                            List.of(
                                    new Resize(new Size(side + 2, side + 5), interpolation),
                                    new VerticalFlip(),
                                    new CenterCrop(side),
                                    new HorizontalFlip())));
                    cases.add(new Parity.Case(
                            image, List.of(new ResizeShorterSide(side, interpolation), new CenterCrop(side))));
                }
                if (Math.min(size.width(), size.height()) >= side) {
                    cases.add(new Parity.Case(image, List.of(new CenterCrop(side))));
                }
            }
        }
        try (Parity parity = new Parity(new TableLayout(side, List.of()))) {
            parity.requireEqual(cases);
        }
    }

    @Test
    void largePhoto_shrunkByManyTaps_equalsTheCpu() {
        Image photo = TestImages.noise(4, 1500, 900);
        List<Parity.Case> cases = new ArrayList<>();
        for (Interpolation interpolation : Interpolation.values()) {
            cases.add(
                    new Parity.Case(photo, List.of(new ResizedCrop(3, 7, 890, 1490, new Size(24, 24), interpolation))));
        }
        try (Parity parity = new Parity(new TableLayout(24, List.of()))) {
            parity.requireEqual(cases);
        }
    }

    @Test
    void view_dependsOnItsOwnImageAlone() {
        View view = Presets.appendix(16).get(0);
        List<Parity.Case> cases = drawn(view, 0);
        try (Parity parity = new Parity(TableLayout.of(view))) {
            List<byte[]> together = parity.inGraph(cases);
            assertThat(parity.inGraph(cases)).as("again").containsExactlyElementsOf(together);
            for (int i = 0; i < 4; i++) {
                assertThat(parity.inGraph(cases.subList(i, i + 1)).get(0)).isEqualTo(together.get(i));
            }
        }
    }

    @Test
    void draws_ofAnotherRecipe_areRefused() {
        TableLayout jitter = TableLayout.of(Presets.appendix(8).get(0));
        TableLayout plain = TableLayout.of(Presets.linearTrain(8));
        ViewRecipe recipe = Parity.recipe(jitter);
        assertThatThrownBy(() -> Feeds.require(recipe, Parity.draws(plain.table(4)), 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("draws of 0 and 0 lanes for a recipe of "
                        + jitter.lanes().size());
        assertThatThrownBy(() -> Feeds.require(recipe, Parity.draws(jitter.table(3)), 4))
                .hasMessage("draws need at least 4 columns' weights, got 3");
        assertThatThrownBy(() -> Feeds.require(recipe, Parity.draws(jitter.table(4)), 4))
                .as("nothing was drawn")
                .hasMessage("a view of side 8 needs weights for each of its lines, got 0 for 8");
    }
}
