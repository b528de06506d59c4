package dev.byol.augment.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.byol.augment.Canvas;
import dev.byol.augment.ColourPolicy;
import dev.byol.augment.CounterRandom;
import dev.byol.augment.HorizontalFlip;
import dev.byol.augment.Image;
import dev.byol.augment.Operation;
import dev.byol.augment.Presets;
import dev.byol.augment.Region;
import dev.byol.augment.Size;
import dev.byol.augment.View;
import dev.byol.augment.io.ImageFolder;
import dev.byol.augment.io.ImageSource;
import dev.byol.augment.io.LazyImage;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What comes out of a loader. */
@Timeout(60)
class LoaderTest {
    private static final View LARGE = View.appendix().side(8).build();
    private static final View SMALL = View.appendix().side(5).build();

    /** What comes at one position of an epoch. */
    private record Loaded(int index, int label, List<List<Byte>> views) {}

    private static Loader.Builder loader(ImageSource source) {
        return Loader.builder(source).views(LARGE, SMALL).batch(7).seed(3);
    }

    private static List<Loaded> load(Loader loader, long number) {
        return load(loader, number, 0);
    }

    /** Everything from a position of an epoch on, and that the positions say where it is. */
    private static List<Loaded> load(Loader loader, long number, int position) {
        List<Loaded> all = new ArrayList<>();
        try (Epoch epoch = loader.epoch(number, position)) {
            while (epoch.hasNext()) {
                assertThat(epoch.position()).isEqualTo(position + all.size());
                try (Batch batch = epoch.next()) {
                    assertThat(batch.position()).isEqualTo(position + all.size());
                    for (int i = 0; i < batch.size(); i++) {
                        all.add(new Loaded(batch.indices()[i], batch.labels()[i], views(loader, batch, i)));
                    }
                }
            }
            assertThat(epoch.position()).isEqualTo(position + all.size());
        }
        return all;
    }

    private static List<List<Byte>> views(Loader loader, Batch batch, int slot) {
        assertThat(batch.views()).isEqualTo(loader.views().size());
        return IntStream.range(0, batch.views())
                .mapToObj(v ->
                        slot(batch.view(v), slot, loader.samples(loader.views().get(v))))
                .toList();
    }

    private static List<Byte> slot(byte[] batch, int slot, int samples) {
        return IntStream.range(slot * samples, (slot + 1) * samples)
                .mapToObj(i -> batch[i])
                .toList();
    }

    private static List<Integer> indices(Loader loader, long number) {
        return load(loader, number).stream().map(Loaded::index).toList();
    }

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
    void nothingReadable_isAnError() {
        Loader loader = loader(Noise.of(7, 0, 1, 2, 3, 4, 5, 6)).threads(2).build();
        try (Epoch epoch = loader.epoch(0)) {
            assertThatThrownBy(epoch::next)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageStartingWith("none of the 7 images of Noise[")
                    .hasMessageEndingWith("can be read");
        }
    }

    private static Image pixel() {
        return new Image(1, 1, 3, new byte[3]);
    }

    /** One image again and again, called "photo-i.png". */
    private static ImageSource photos(int size, Image image) {
        return new ImageSource() {
            @Override
            public int size() {
                return size;
            }

            @Override
            public Image image(int index) {
                return image;
            }

            @Override
            public String name(int index) {
                return "photo-" + index + ".png";
            }
        };
    }

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

    /** Decodes only what is asked for, the rest is black, and halves itself if allowed. */
    private record Regions(Noise whole, List<Region> asked, List<Size> least) implements ImageSource {
        @Override
        public int size() {
            return whole.size();
        }

        @Override
        public Image image(int index) {
            throw new AssertionError("all of image " + index + " is decoded");
        }

        @Override
        public int label(int index) {
            return whole.label(index);
        }

        @Override
        public LazyImage open(int index) throws IOException {
            return lazy(whole.image(index), 1);
        }

        private LazyImage lazy(Image image, int scale) {
            return new LazyImage() {
                @Override
                public Size size() {
                    return new Size((image.width() + scale - 1) / scale, (image.height() + scale - 1) / scale);
                }

                @Override
                public Image decode() {
                    throw new AssertionError("all of " + image + " is decoded");
                }

                @Override
                public Image decode(Region needed) {
                    asked.add(needed);
                    assertThat(needed.isWithin(size())).isTrue();
                    byte[] samples = new byte[size().width() * size().height() * 3];
                    for (int y = needed.top(); y < needed.top() + needed.height(); y++) {
                        for (int x = needed.left(); x < needed.left() + needed.width(); x++) {
                            for (int c = 0; c < 3; c++) {
                                samples[(y * size().width() + x) * 3 + c] =
                                        (byte) image.sample(x * scale, y * scale, c);
                            }
                        }
                    }
                    return new Image(size().width(), size().height(), 3, samples);
                }

                @Override
                public LazyImage reduced(Size smallest) {
                    least.add(smallest);
                    LazyImage half = lazy(image, 2);
                    return smallest.width() <= half.size().width()
                                    && smallest.height() <= half.size().height()
                            ? half
                            : this;
                }
            };
        }
    }

    @Test
    void region_thatTheCropsNeed_isAllThatIsDecoded() {
        Noise whole = Noise.of(70, 8);
        Regions regions = new Regions(whole, new ArrayList<>(), new ArrayList<>());
        assertThat(load(loader(regions).build(), 2))
                .isEqualTo(load(loader(whole).build(), 2));
        assertThat(regions.least()).isEmpty();
        assertThat(regions.asked()).hasSize(70);
        assertThat(regions.asked()).as("some need not all").anyMatch(region -> region.height() < 9);
        assertThat(load(loader(regions).views(View.center(4)).build(), 2))
                .isEqualTo(load(loader(whole).views(View.center(4)).build(), 2));
    }

    @Test
    void region_ofFiles_givesTheViewsOfWholeImages(@TempDir Path folder) throws IOException {
        for (int i = 0; i < 9; i++) {
            BufferedImage picture = new BufferedImage(50 + 9 * i, 70 - 4 * i, BufferedImage.TYPE_INT_RGB);
            for (int y = 0; y < picture.getHeight(); y++) {
                for (int x = 0; x < picture.getWidth(); x++) {
                    picture.setRGB(x, y, (x * 3 + i) << 16 | (y * 3) << 8 | ((x * y) & 0xFF));
                }
            }
            String format = i % 3 == 0 ? "png" : "jpg";
            assertThat(ImageIO.write(
                            picture, format, folder.resolve(i + "." + format).toFile()))
                    .isTrue();
        }
        Files.write(folder.resolve("9.jpg"), Arrays.copyOf(Files.readAllBytes(folder.resolve("1.jpg")), 400));
        ImageFolder files = ImageFolder.open(folder);
        ImageSource whole = new ImageSource() {
            @Override
            public int size() {
                return files.size();
            }

            @Override
            public Image image(int index) throws IOException {
                return files.image(index);
            }
        };
        for (int epoch = 0; epoch < 5; epoch++) {
            Loader lazy = loader(files).dropLast(false).build();
            assertThat(load(lazy, epoch))
                    .isEqualTo(load(loader(whole).dropLast(false).build(), epoch));
            assertThat(lazy.unreadable()).containsExactly(9);
        }
    }

    @Test
    void reduced_isAskedForWhatTheCropsAllow() throws IOException {
        Noise whole = Noise.of(70);
        View tiny = View.appendix().side(2).build();
        Regions regions = new Regions(whole, new ArrayList<>(), new ArrayList<>());
        List<Loaded> loaded = load(loader(regions).views(tiny).reduced(true).build(), 2);
        assertThat(loaded)
                .isEqualTo(load(
                        loader(regions)
                                .views(tiny)
                                .reduced(true)
                                .threads(3)
                                .batch(10)
                                .build(),
                        2));
        int halves = 0;
        for (Loaded one : loaded) {
            Image image = whole.image(one.index());
            Operation crop = tiny.draw(CounterRandom.of(3, 2, one.index(), 0), image.size())
                    .get(0);
            Region read = crop.reads(image.size());
            Size least = new Size((int) Math.ceil(image.width() * Math.min(1, 2.0 / read.width())), (int)
                    Math.ceil(image.height() * Math.min(1, 2.0 / read.height())));
            assertThat(regions.least()).contains(least);
            LazyImage lazy = regions.lazy(image, 1).reduced(least);
            byte[] expected = new byte[2 * 2 * 3];
            List<Operation> drawn = tiny.draw(CounterRandom.of(3, 2, one.index(), 0), lazy.size());
            new Canvas().render(lazy.decode(Region.of(lazy.size())), drawn, expected, 0);
            assertThat(one.views().get(0)).isEqualTo(slot(expected, 0, expected.length));
            halves += lazy.size().equals(image.size()) ? 0 : 1;
        }
        assertThat(halves).isBetween(1, 69);
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
    }

    @Test
    void toString_saysWhatComesOut() {
        assertThat(loader(new Noise(9, Set.of())).views(View.center(2)).build())
                .hasToString(
                        "Loader[source=Noise[size=9, broken=[]], views=[" + View.center(2)
                                + "], channels=3, floats=false, reduced=false, batch=7, seed=3, dropLast=true, unreadable=Skip[]]");
    }
}
