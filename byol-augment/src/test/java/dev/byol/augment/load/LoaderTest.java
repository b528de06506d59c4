package dev.byol.augment.load;

import static dev.byol.augment.load.Loads.indices;
import static dev.byol.augment.load.Loads.load;
import static dev.byol.augment.load.Loads.loader;
import static dev.byol.augment.load.Loads.photos;
import static dev.byol.augment.load.Loads.pixel;
import static dev.byol.augment.load.Loads.slot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.byol.augment.Canvas;
import dev.byol.augment.CounterRandom;
import dev.byol.augment.HorizontalFlip;
import dev.byol.augment.Image;
import dev.byol.augment.View;
import dev.byol.augment.load.Loads.Loaded;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What comes out of a loader, and where. */
@Timeout(60)
class LoaderTest {
    @ParameterizedTest
    @CsvSource({"1,7,2", "2,7,1", "5,7,3", "1,64,2", "2,64,2", "5,64,1", "3,1,4", "2,100,2"})
    void everyPosition_ofAnyThreadsAndBatch_isTheSame(int threads, int batch, int prefetch) {
        for (Noise source : List.of(Noise.of(100), Noise.of(100, 3, 50, 51, 52, 53, 54, 55, 99))) {
            for (Unreadable policy : List.of(Unreadable.skip(), Unreadable.replace(pixel()))) {
                Loader one = loader(source).dropLast(false).unreadable(policy).build();
                Loader other = loader(source)
                        .dropLast(false)
                        .unreadable(policy)
                        .threads(threads)
                        .batch(batch)
                        .prefetch(prefetch)
                        .build();
                List<Loaded> expected = load(one, 4);
                assertThat(expected).hasSize(100);
                assertThat(load(other, 4)).isEqualTo(expected);
                assertThat(other.unreadable()).isEqualTo(one.unreadable()).isEqualTo(new TreeSet<>(source.broken()));
                assertThat(other.statistics().skipped())
                        .isEqualTo(source.broken().size());
            }
        }
    }

    @Test
    void views_areThoseOfTheirCounters() throws IOException {
        Noise source = Noise.of(20);
        Loader loader = loader(source).threads(2).build();
        Canvas canvas = new Canvas();
        List<Loaded> all = load(loader, 6);
        assertThat(all).hasSize(14);
        for (Loaded loaded : all) {
            assertThat(loaded.label()).isEqualTo(loaded.index() % 5);
            Image image = source.image(loaded.index());
            for (int v = 0; v < 2; v++) {
                View view = loader.views().get(v);
                byte[] expected = new byte[view.side() * view.side() * 3];
                canvas.render(image, view.draw(CounterRandom.of(3, 6, loaded.index(), v), image.size()), expected, 0);
                assertThat(loaded.views().get(v)).isEqualTo(slot(expected, 0, expected.length));
            }
        }
    }

    @Test
    void epoch_fromAnyPosition_continuesTheSameEpoch() {
        for (int broken = 0; broken < 2; broken++) {
            Noise source = broken == 0 ? Noise.of(23) : Noise.of(23, 0, 8, 9, 22);
            List<Loaded> all = load(loader(source).dropLast(false).build(), 2);
            for (int position = 0; position <= 23; position++) {
                List<Loaded> rest = all.subList(position, 23);
                assertThat(load(loader(source).dropLast(false).threads(2).build(), 2, position))
                        .isEqualTo(rest);
                assertThat(load(loader(source).build(), 2, position))
                        .isEqualTo(rest.subList(0, rest.size() - rest.size() % 7));
            }
        }
    }

    @Test
    void epoch_stoppedAndResumed_isTheUninterruptedOne() {
        Loader loader = loader(Noise.of(50, 8)).threads(2).build();
        List<Loaded> all = load(loader, 2);
        int position;
        try (Epoch epoch = loader.epoch(2)) {
            for (int i = 0; i < 3; i++) {
                epoch.next().close();
            }
            position = epoch.position();
        }
        assertThat(position).isEqualTo(21);
        assertThat(load(loader(Noise.of(50, 8)).build(), 2, position)).isEqualTo(all.subList(21, 49));
    }

    @Test
    void epoch_fromAPositionThatIsNone_refused() {
        Loader loader = loader(Noise.of(50)).build();
        assertThatThrownBy(() -> loader.epoch(2, 51)).hasMessage("the position in an epoch must be in [0, 50], got 51");
        assertThatThrownBy(() -> loader.epoch(2, -1)).hasMessage("the position in an epoch must be in [0, 50], got -1");
        try (Epoch none = loader.epoch(2, 44)) {
            assertThat(none.hasNext()).isFalse();
            assertThatThrownBy(none::next)
                    .isInstanceOf(java.util.NoSuchElementException.class)
                    .hasMessage("epoch 2 ends at position 44");
        }
    }

    @Test
    void order_isAPermutation_byEpochAndSeed() {
        Loader loader = loader(Noise.of(70)).build();
        List<Integer> first = indices(loader, 0);
        assertThat(new TreeSet<>(first)).hasSize(70);
        assertThat(indices(loader, 0)).isEqualTo(first);
        assertThat(indices(loader, 1)).isNotEqualTo(first);
        assertThat(indices(loader(Noise.of(70)).seed(4).build(), 0)).isNotEqualTo(first);
        assertThat(first).isNotEqualTo(first.stream().sorted().toList());
    }

    @Test
    void order_everyPlaceEquallyLikely() {
        int[][] counts = new int[7][7];
        for (int epoch = 0; epoch < 7000; epoch++) {
            Order order = Order.of(7, 3, epoch);
            for (int i = 0; i < 7; i++) {
                counts[i][order.at(i)]++;
            }
        }
        assertThat(Arrays.stream(counts).flatMapToInt(Arrays::stream)).allMatch(n -> n > 850 && n < 1150);
    }

    @Test
    void lastBatch_droppedOrSmaller() {
        assertThat(loader(Noise.of(20)).build().batches()).isEqualTo(2);
        assertThat(indices(loader(Noise.of(20)).build(), 0)).hasSize(14);
        Loader whole = loader(Noise.of(20)).dropLast(false).build();
        assertThat(whole.batches()).isEqualTo(3);
        assertThat(new TreeSet<>(indices(whole, 0))).hasSize(20);
        assertThat(indices(loader(Noise.of(1)).dropLast(false).build(), 0)).containsExactly(0);
        assertThat(indices(loader(Noise.of(1)).batch(1).build(), 0)).containsExactly(0);
    }

    @Test
    void view_ofAnotherSize_isAnErrorWithTheName() {
        View wrong = new View(8, List.of(new HorizontalFlip()));
        try (Epoch epoch = loader(photos(7, pixel())).views(wrong).build().epoch(0)) {
            assertThatThrownBy(epoch::next)
                    .hasMessageStartingWith("photo-" + Order.of(7, 3, 0).at(0) + ".png: a view of 8x8 came out as 1x1");
        }
    }

    @Test
    void settings_thatCannotWork_refused() {
        assertThatThrownBy(() -> loader(Noise.of(5)).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("a batch of 7 is larger than the 5 images of Noise");
        assertThatThrownBy(() -> loader(Noise.of(0)).build()).hasMessageEndingWith("has no images");
        assertThatThrownBy(() -> loader(Noise.of(5)).batch(0)).hasMessage("batch must be at least 1, got 0");
        assertThatThrownBy(() -> loader(Noise.of(5)).threads(0)).hasMessage("threads must be at least 1, got 0");
        assertThatThrownBy(() -> loader(Noise.of(5)).prefetch(0)).hasMessage("prefetch must be at least 1, got 0");
        assertThatThrownBy(() -> loader(Noise.of(5)).channels(0)).hasMessage("channels must be at least 1, got 0");
        assertThatThrownBy(() -> loader(Noise.of(5)).views()).hasMessage("a batch must have at least 1 view, got 0");
        assertThatThrownBy(() -> loader(Noise.of(7))
                        .views(View.appendix().side(20_000).build())
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("views of \\[20000x20000x3\\] need \\d+ MiB at batch 7, .*the heap has \\d+ MiB.*");
        assertThatThrownBy(() -> loader(Noise.of(700))
                        .batch(700)
                        .prefetch(Integer.MAX_VALUE)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("views of .* need \\d+ MiB at batch 700, prefetch 2147483647 .*");
    }

    @Test
    void toString_saysWhatComesOut() {
        assertThat(loader(new Noise(9, Set.of())).views(View.center(2)).build())
                .hasToString(
                        "Loader[source=Noise[size=9, broken=[]], views=[" + View.center(2)
                                + "], channels=3, floats=false, reduced=false, batch=7, seed=3, dropLast=true, unreadable=Skip[]]");
    }
}
