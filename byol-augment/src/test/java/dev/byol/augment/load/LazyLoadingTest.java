package dev.byol.augment.load;

import static dev.byol.augment.load.Loads.load;
import static dev.byol.augment.load.Loads.loader;
import static dev.byol.augment.load.Loads.slot;
import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.augment.Canvas;
import dev.byol.augment.CounterRandom;
import dev.byol.augment.Image;
import dev.byol.augment.Operation;
import dev.byol.augment.Region;
import dev.byol.augment.Size;
import dev.byol.augment.View;
import dev.byol.augment.io.ImageFolder;
import dev.byol.augment.io.ImageSource;
import dev.byol.augment.io.LazyImage;
import dev.byol.augment.load.Loads.Loaded;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** No more of an image is decoded than its crops need. */
@Timeout(60)
class LazyLoadingTest {
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
}
