package dev.byol.augment.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.byol.augment.CounterRandom;
import dev.byol.augment.DrawTable;
import dev.byol.augment.Image;
import dev.byol.augment.Operation;
import dev.byol.augment.TableLayout;
import dev.byol.augment.View;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourcesTest {
    private static final long SEED = 3;

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void sources_areTheImagesAndTheDrawsOfTheViews(int threads) throws Exception {
        Noise images = Noise.of(20, 4);
        Loader loader = Loads.loader(images)
                .sources(true)
                .threads(threads)
                .dropLast(false)
                .build();
        Loader views = Loads.loader(images).dropLast(false).build();
        try (Epoch epoch = loader.epoch(2);
                Epoch others = views.epoch(2)) {
            while (epoch.hasNext()) {
                try (Batch batch = epoch.next();
                        Batch other = others.next()) {
                    assertThat(batch.indices()).isEqualTo(other.indices());
                    assertThat(batch.labels()).isEqualTo(other.labels());
                    assertThat(batch.views()).isEqualTo(2);
                    Sources sources = batch.sources();
                    assertThat(sources.size()).isEqualTo(batch.size());
                    for (int i = 0; i < batch.size(); i++) {
                        Image image = images.image(batch.indices()[i]);
                        assertThat(cut(sources, i, image.width(), image.height()))
                                .isEqualTo(image);
                        for (int v = 0; v < 2; v++) {
                            requireDrawn(sources.table(v), i, loader.views().get(v), image, batch.indices()[i], v);
                        }
                    }
                }
            }
            assertThat(others.hasNext()).isFalse();
        }
        assertThat(loader.unreadable()).containsExactly(4);
    }

    private static Image cut(Sources sources, int index, int width, int height) {
        byte[] samples = new byte[3 * width * height];
        for (int y = 0; y < height; y++) {
            int from = 3 * (index * sources.height() + y) * sources.width();
            System.arraycopy(sources.images(), from, samples, 3 * y * width, 3 * width);
        }
        return new Image(width, height, 3, samples);
    }

    private static void requireDrawn(DrawTable found, int row, View view, Image image, int sample, int index) {
        TableLayout layout = TableLayout.of(view);
        assertThat(found.layout()).isEqualTo(layout);
        DrawTable expected = layout.table(1);
        List<Operation> drawn = view.draw(CounterRandom.of(SEED, 2, sample, index), image.size());
        expected.write(drawn, image.size(), 0);
        assertThat(found.firstColumns()[row]).isEqualTo(expected.firstColumns()[0]);
        assertThat(found.columnWeights()[row]).isEqualTo(expected.columnWeights()[0]);
        assertThat(found.firstRows()[row]).isEqualTo(expected.firstRows()[0]);
        assertThat(found.rowWeights()[row]).isEqualTo(expected.rowWeights()[0]);
        for (int lane = 0; lane < layout.lanes().size(); lane++) {
            assertThat(found.taken()[lane][row]).isEqualTo(expected.taken()[lane][0]);
            int count = layout.lanes().get(lane).parameters();
            for (int p = 0; p < count && expected.taken()[lane][0]; p++) {
                assertThat(found.parameters()[lane][row * count + p]).isEqualTo(expected.parameters()[lane][p]);
            }
        }
    }

    @Test
    void height_isThatOfTheLargestImages() {
        try (Epoch epoch = Loads.loader(Noise.of(7)).sources(true).build().epoch(0);
                Batch batch = epoch.next()) {
            Sources sources = batch.sources();
            assertThat(List.of(sources.width(), sources.height())).containsExactly(5 + 6, 9);
            assertThat(sources.images()).hasSize(7 * 11 * 9 * 3);
        }
    }

    @Test
    void viewsAndSources_areNotMixed() {
        try (Epoch epoch = Loads.loader(Noise.of(7)).sources(true).build().epoch(0);
                Batch batch = epoch.next()) {
            assertThatThrownBy(() -> batch.view(0))
                    .hasMessage("the loader makes no views, sources() gives what they are made of");
            assertThatThrownBy(() -> batch.floats(0)).isInstanceOf(IllegalStateException.class);
        }
        try (Epoch epoch = Loads.loader(Noise.of(7)).build().epoch(0);
                Batch batch = epoch.next()) {
            assertThatThrownBy(batch::sources)
                    .hasMessage("the loader makes views; Loader.Builder.sources(true) hands out what they are made of");
        }
    }

    @Test
    void whatHasNoTable_isRefusedAtOnce() {
        Loader.Builder sources = Loads.loader(Noise.of(7)).sources(true);
        assertThatThrownBy(() -> sources.views(new View(8, List.of((random, input) -> List.of())))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot be written into a table");
        assertThatThrownBy(() ->
                        Loads.loader(Noise.of(7)).sources(true).channels(1).build())
                .hasMessage("sources are RGB in bytes, got channels 1");
        assertThatThrownBy(() ->
                        Loads.loader(Noise.of(7)).sources(true).floats(true).build())
                .hasMessage("sources are RGB in bytes, got channels 3 in floats");
    }

    @Test
    void description_saysThatNoViewsAreMade() {
        assertThat(Loads.loader(Noise.of(7)).sources(true).build()).asString().contains("sources=true");
        assertThat(Loads.loader(Noise.of(7)).build()).asString().doesNotContain("sources=");
    }
}
