package dev.byol.augment.load;

import static dev.byol.augment.load.Loads.SMALL;
import static dev.byol.augment.load.Loads.load;
import static dev.byol.augment.load.Loads.loader;
import static dev.byol.augment.load.Loads.photos;
import static dev.byol.augment.load.Loads.pixel;
import static dev.byol.augment.load.Loads.slot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.byol.augment.Canvas;
import dev.byol.augment.ColourPolicy;
import dev.byol.augment.CounterRandom;
import dev.byol.augment.Image;
import dev.byol.augment.Presets;
import dev.byol.augment.View;
import dev.byol.augment.io.ImageSource;
import dev.byol.augment.load.Loads.Loaded;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Channels, floats and recipes: what kinds of images a loader makes. */
@Timeout(60)
class KindsTest {
    @Test
    void image_ofOtherChannels_isAnErrorWithItsName() {
        ImageSource grey = photos(7, new Image(4, 2, 1, new byte[] {1, 2, 3, 4, 5, 6, 7, 8}));
        int first = Order.of(7, 3, 0).at(0);
        try (Epoch epoch = loader(grey).build().epoch(0)) {
            assertThatThrownBy(epoch::next)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("photo-" + first + ".png: channels must be 3, got Image[4x2x1]; "
                            + "the builder's channels(1) takes such images");
        }
    }

    @Test
    void image_ofTheChannelsThatAreSet_isLoaded() {
        for (int channels : new int[] {1, 2, 13}) {
            byte[] samples = new byte[4 * 4 * channels];
            for (int i = 0; i < samples.length; i++) {
                samples[i] = (byte) i;
            }
            Loader loader = loader(photos(7, new Image(4, 4, channels, samples)))
                    .channels(channels)
                    .views(View.center(4), View.center(2))
                    .build();
            for (Loaded loaded : load(loader, 0)) {
                assertThat(loaded.views().get(0)).isEqualTo(slot(samples, 0, samples.length));
                assertThat(loaded.views().get(1)).hasSize(4 * channels);
            }
        }
    }

    @Test
    void floats_areMadeOfBytesAndFloats() {
        float[] samples = {0, 0.25f, 0.5f, 1};
        ImageSource mixed = new ImageSource() {
            @Override
            public int size() {
                return 8;
            }

            @Override
            public Image image(int index) {
                return index < 4
                        ? new Image(2, 2, 1, samples)
                        : new Image(2, 2, 1, new byte[] {0, 51, 102, (byte) index});
            }
        };
        Loader loader = Loader.builder(mixed)
                .channels(1)
                .floats(true)
                .views(View.center(2), new View(2, List.of()))
                .batch(2)
                .threads(2)
                .build();
        Set<Integer> seen = new TreeSet<>();
        try (Epoch epoch = loader.epoch(0)) {
            while (epoch.hasNext()) {
                try (Batch batch = epoch.next()) {
                    assertThat(batch.views()).isEqualTo(2);
                    assertThat(batch.floats(0)).hasSize(8);
                    assertThat(batch.floats(1)).isEqualTo(batch.floats(0));
                    for (int i = 0; i < 2; i++) {
                        int index = batch.indices()[i];
                        seen.add(index);
                        assertThat(Arrays.copyOfRange(batch.floats(0), 4 * i, 4 * i + 4))
                                .isEqualTo(index < 4 ? samples : new float[] {0, 0.2f, 0.4f, index / 255f});
                    }
                    assertThatThrownBy(() -> batch.view(1))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessage("the loader makes floats, which floats(1) gives");
                }
            }
        }
        assertThat(seen).hasSize(8);
    }

    @Test
    void floats_areThoseOfTheirCounters() throws IOException {
        Noise source = Noise.of(21);
        View view = View.appendix().side(6).build();
        Loader loader =
                loader(source).floats(true).views(view, SMALL).threads(2).build();
        Canvas canvas = new Canvas();
        try (Epoch epoch = loader.epoch(9)) {
            while (epoch.hasNext()) {
                try (Batch batch = epoch.next()) {
                    for (int i = 0; i < 7; i++) {
                        int index = batch.indices()[i];
                        Image image = source.image(index).toFloats();
                        float[] expected = new float[5 * 5 * 3];
                        canvas.render(image, SMALL.draw(CounterRandom.of(3, 9, index, 1), image), expected, 0);
                        assertThat(Arrays.copyOfRange(batch.floats(1), i * 75, i * 75 + 75))
                                .isEqualTo(expected);
                    }
                }
            }
        }
    }

    @Test
    void recipe_thatNeedsColour_onOtherChannels_isAnErrorOrLeavesItOut() {
        Image pair = new Image(4, 4, 2, new byte[32]);
        View always = View.appendix().side(4).jitterProbability(1).build();
        try (Epoch epoch =
                loader(photos(7, pair)).channels(2).views(always).build().epoch(0)) {
            assertThatThrownBy(epoch::next)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("photo-" + Order.of(7, 3, 0).at(0) + ".png: ")
                    .hasMessageEndingWith("needs an RGB image of 3 channels, got 2");
        }
        Loader lenient = loader(photos(7, pair))
                .channels(2)
                .views(always.colour(ColourPolicy.SKIP))
                .build();
        assertThat(load(lenient, 0))
                .hasSize(7)
                .allMatch(loaded -> loaded.views().get(0).size() == 32);
    }

    @Test
    void recipes_ofManyViews_areLoadedInTheirSizes() {
        for (String name : Presets.names()) {
            List<View> views = Presets.named(name, 16);
            Loader loader = Loader.builder(Noise.of(3)).views(views).batch(3).build();
            List<Loaded> loaded = load(loader, 0);
            assertThat(loaded).as(name).hasSize(3);
            assertThat(loaded.get(0).views().stream().map(List::size).toList())
                    .as(name)
                    .isEqualTo(views.stream()
                            .map(view -> view.side() * view.side() * 3)
                            .toList());
        }
    }

    @Test
    void floats_ofALoaderOfBytes_areAnError() {
        ImageSource deep = photos(7, new Image(1, 1, 3, new float[3]));
        try (Epoch epoch = loader(deep).build().epoch(0)) {
            assertThatThrownBy(epoch::next)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(
                            "photo-" + Order.of(7, 3, 0).at(0)
                                    + ".png: samples must be bytes, got Image[1x1x3 float]; the builder's floats(true) takes both");
        }
        try (Epoch epoch = loader(photos(7, pixel())).build().epoch(0);
                Batch batch = epoch.next()) {
            assertThatThrownBy(() -> batch.floats(0))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(
                            "the loader makes bytes, which view(0) gives; Loader.Builder.floats(true) makes floats");
        }
    }
}
