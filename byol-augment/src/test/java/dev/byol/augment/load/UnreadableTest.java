package dev.byol.augment.load;

import static dev.byol.augment.load.Loads.LARGE;
import static dev.byol.augment.load.Loads.indices;
import static dev.byol.augment.load.Loads.load;
import static dev.byol.augment.load.Loads.loader;
import static dev.byol.augment.load.Loads.pixel;
import static dev.byol.augment.load.Loads.slot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.byol.augment.Canvas;
import dev.byol.augment.CenterCrop;
import dev.byol.augment.CounterRandom;
import dev.byol.augment.HorizontalFlip;
import dev.byol.augment.Image;
import dev.byol.augment.Presets;
import dev.byol.augment.RandomResizedCrop;
import dev.byol.augment.Size;
import dev.byol.augment.View;
import dev.byol.augment.io.ImageSource;
import dev.byol.augment.io.LazyImage;
import dev.byol.augment.load.Loads.Loaded;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a loader does with images that cannot be read. */
@Timeout(60)
class UnreadableTest {
    @Test
    void unreadable_skipped_halfAnEpochAwayTakesThePlace() {
        Order order = Order.of(21, 3, 5);
        Noise broken = Noise.of(21, order.at(4), order.at(5), order.at(15), order.at(16), order.at(20));
        Loader loader = loader(broken).threads(3).build();
        List<Integer> expected = new ArrayList<>();
        for (int i = 0; i < 21; i++) {
            expected.add(order.at(i));
        }
        expected.set(4, order.at(14)); // 4 + 21 / 2
        expected.set(5, order.at(17)); // 15 and 16 are broken, too
        expected.set(15, order.at(6)); // 15 + 10, modulo 21: 4 and 5 are broken
        expected.set(16, order.at(6));
        expected.set(20, order.at(9));
        List<Loaded> loaded = load(loader, 5);
        assertThat(loaded.stream().map(Loaded::index)).isEqualTo(expected);
        assertThat(loaded.get(4)).isEqualTo(loaded.get(14));
        assertThat(loader.unreadable()).isEqualTo(new TreeSet<>(broken.broken()));
        assertThat(loader.statistics().skipped()).isEqualTo(5);
        load(loader, 5);
        assertThat(loader.statistics().skipped()).isEqualTo(10);
        assertThat(loader.unreadable()).hasSize(5);
    }

    @Test
    void unreadable_countedWithTheBatchesThatAreTaken() {
        Order order = Order.of(70, 3, 0);
        Loader loader = loader(Noise.of(70, order.at(8), order.at(50)))
                .prefetch(9)
                .threads(2)
                .build();
        try (Epoch epoch = loader.epoch(0)) {
            epoch.next().close();
            assertThat(epoch.statistics().skipped()).isZero();
            epoch.next().close();
            assertThat(epoch.statistics().skipped()).isEqualTo(1);
            assertThat(epoch.statistics().images()).isEqualTo(14);
            assertThat(epoch.statistics().batches()).isEqualTo(2);
        }
    }

    @Test
    void unreadable_inOneEpoch_isTriedAgainInTheNext() {
        java.util.concurrent.atomic.AtomicBoolean healed = new java.util.concurrent.atomic.AtomicBoolean();
        ImageSource flaky = new ImageSource() {
            @Override
            public int size() {
                return 7;
            }

            @Override
            public Image image(int index) throws IOException {
                if (index == 3 && !healed.get()) {
                    throw new IOException("the disk is away");
                }
                return pixel();
            }
        };
        Loader loader = loader(flaky).build();
        assertThat(indices(loader, 0)).hasSize(7).doesNotContain(3);
        healed.set(true);
        assertThat(indices(loader, 0)).hasSize(7).contains(3);
        assertThat(loader.unreadable()).containsExactly(3);
    }

    @Test
    void unreadable_replaced_keepsIndexAndLabelAndDraws() {
        Image gradient = new Image(2, 1, 3, new byte[] {0, 0, 0, 100, 110, 120});
        Loader loader =
                loader(Noise.of(7, 2)).unreadable(Unreadable.replace(gradient)).build();
        Loaded replaced = load(loader, 1).stream()
                .filter(loaded -> loaded.index() == 2)
                .findFirst()
                .orElseThrow();
        assertThat(replaced.label()).isEqualTo(2);
        byte[] expected = new byte[8 * 8 * 3];
        new Canvas().render(gradient, LARGE.draw(CounterRandom.of(3, 1, 2, 0), gradient.size()), expected, 0);
        assertThat(replaced.views().get(0)).isEqualTo(slot(expected, 0, expected.length));
        assertThat(loader.statistics().skipped()).isEqualTo(1);
        assertThat(loader.unreadable()).containsExactly(2);
        assertThatThrownBy(() -> loader(Noise.of(7))
                        .unreadable(Unreadable.replace(new Image(1, 1, 1, new byte[1])))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("channels must be 3, got Image[1x1x1]; the builder's channels(1) takes such images");
    }

    @Test
    void unreadable_failing_surfacesWithTheNameAtItsBatch() {
        Order order = Order.of(100, 3, 5);
        Noise broken = Noise.of(100, order.at(33), order.at(34), order.at(70));
        for (int threads : new int[] {1, 2, 5}) {
            Loader loader = loader(broken)
                    .unreadable(Unreadable.fail())
                    .threads(threads)
                    .prefetch(9)
                    .build();
            try (Epoch epoch = loader.epoch(5)) {
                for (int i = 0; i < 4; i++) {
                    epoch.next().close();
                }
                for (int again = 0; again < 2; again++) {
                    assertThatThrownBy(epoch::next)
                            .isInstanceOf(UncheckedIOException.class)
                            .hasMessage(broken.name(order.at(33)) + ": broken");
                }
                assertThat(epoch.position()).isEqualTo(28);
            }
        }
    }

    @Test
    void replacement_thatDoesNotSuitTheViews_isNamed() {
        Image strip = new Image(1, 20_000, 3, new byte[60_000]);
        List<Loader> loaders = List.of(
                loader(Noise.of(7, 2))
                        .views(new View(1, List.of(new CenterCrop(1))), new View(2, List.of(new CenterCrop(2))))
                        .unreadable(Unreadable.replace(pixel()))
                        .build(),
                loader(Noise.of(7, 2))
                        .views(View.center(7))
                        .unreadable(Unreadable.replace(strip))
                        .build());
        List<Class<?>> types = List.of(IllegalStateException.class, UncheckedIOException.class);
        List<String> messages = List.of(
                "CenterCrop[side=2] does not fit in an image of 1x1",
                "1x20000 pixels are too elongated, they would become 7x140000;"
                        + " images are enlarged to at most 100 times as long as wide");
        for (int i = 0; i < 2; i++) {
            try (Epoch epoch = loaders.get(i).epoch(0)) {
                assertThatThrownBy(epoch::next)
                        .isInstanceOf(types.get(i))
                        .hasMessage("the image in place of image 2 of " + Noise.of(7, 2) + ": " + messages.get(i));
            }
        }
    }

    private static ImageSource withStrip(LazyImage strip) {
        return new ImageSource() {
            @Override
            public int size() {
                return 7;
            }

            @Override
            public Image image(int index) {
                return pixel();
            }

            @Override
            public LazyImage open(int index) {
                return index == 2 ? strip : LazyImage.of(pixel());
            }

            @Override
            public String name(int index) {
                return index + ".png";
            }
        };
    }

    @Test
    void strip_thatWouldBeEnlarged_isUnreadable_beforeItIsDecoded() {
        LazyImage strip = new LazyImage() {
            @Override
            public Size size() {
                return new Size(1, 20_000);
            }

            @Override
            public Image decode() {
                throw new AssertionError("decoded");
            }
        };
        for (boolean reduced : new boolean[] {false, true}) {
            Loader.Builder loader = loader(withStrip(strip)).reduced(reduced);
            Loader skipping =
                    loader.views(View.center(1), Presets.linearTest(224)).build();
            assertThat(indices(skipping, 0)).hasSize(7).doesNotContain(2);
            assertThat(skipping.unreadable()).containsExactly(2);
            Loader failing = loader.unreadable(Unreadable.fail()).build();
            try (Epoch epoch = failing.epoch(0)) {
                assertThatThrownBy(epoch::next)
                        .isInstanceOf(UncheckedIOException.class)
                        .hasMessage("2.png: 1x20000 pixels are too elongated, they would become 256x5120000;"
                                + " images are enlarged to at most 100 times as long as wide");
            }
        }
    }

    @Test
    void strip_thatIsNotEnlarged_orNotAStrip_isRead() {
        LazyImage strip = LazyImage.of(new Image(1, 20_000, 3, new byte[60_000]));
        View flipped = new View(4, List.of(new HorizontalFlip(), new RandomResizedCrop(4, 0.2)));
        assertThat(indices(
                        loader(withStrip(strip)).views(flipped, View.center(1)).build(), 0))
                .contains(2);
        LazyImage most = LazyImage.of(new Image(100, 1, 3, new byte[300]));
        assertThat(indices(loader(withStrip(most)).views(View.center(7)).build(), 0))
                .contains(2);
        LazyImage more = LazyImage.of(new Image(101, 1, 3, new byte[303]));
        assertThat(indices(loader(withStrip(more)).views(View.center(7)).build(), 0))
                .doesNotContain(2);
    }

    @Test
    void nothingReadable_isAnError() {
        Loader loader = loader(Noise.of(7, 0, 1, 2, 3, 4, 5, 6)).threads(2).build();
        try (Epoch epoch = loader.epoch(0)) {
            assertThatThrownBy(epoch::next)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageStartingWith("none of the 7 images of Noise[")
                    .hasMessageEndingWith("can be read");
        }
    }
}
