package dev.byol.augment.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.byol.augment.Canvas;
import dev.byol.augment.Image;
import dev.byol.augment.Region;
import dev.byol.augment.Size;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.imageio.ImageIO;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {
    private final ImageDecoder decoder = new ImageDecoder();

    static List<String> exact() {
        return Corpus.names("jpeg", "png", "gif", "bmp", "tiff", "webp-lossless");
    }

    static List<String> all() {
        return Corpus.names();
    }

    static List<String> reducible() {
        return Corpus.names("jpeg-reduced");
    }

    private Image decode(String name) throws IOException {
        return decoder.decode(Corpus.content(name), name);
    }

    @ParameterizedTest
    @MethodSource("exact")
    void everyFormat_hasThePixelsOfPillow(String name) throws IOException {
        Image image = decoder.decode(Corpus.file(name));
        assertThat(image.channels()).isEqualTo(3);
        assertThat(image.samples()).containsExactly(Corpus.expected(name));
    }

    @Test
    void lossyWebp_asItsPluginHasIt_closeToPillow() throws IOException {
        byte[] samples = decode("webp-lossy.webp").samples();
        byte[] expected = Corpus.expected("webp-lossy.webp");
        assertThat(samples).hasSameSizeAs(expected);
        double sum = 0;
        for (int i = 0; i < samples.length; i++) {
            sum += Math.abs((samples[i] & 0xFF) - (expected[i] & 0xFF));
        }
        assertThat(sum / samples.length).isCloseTo(0, within(8.0));
    }

    @ParameterizedTest
    @MethodSource("all")
    void size_isKnownBeforeDecoding(String name) throws IOException {
        LazyImage lazy = decoder.open(Corpus.file(name));
        Size size = lazy.size();
        assertThat(3 * size.width() * size.height()).isEqualTo(Corpus.expected(name).length);
        assertThat(lazy.decode().size()).isEqualTo(size);
        assertThat(lazy.decode()).isEqualTo(decode(name));
    }

    @ParameterizedTest
    @MethodSource("all")
    void region_hasThePixelsOfTheWhole(String name) throws IOException {
        Image whole = decode(name);
        LazyImage lazy = decoder.open(Corpus.content(name), name);
        Random random = new Random(1);
        for (int i = 0; i < 30; i++) {
            int width = 1 + random.nextInt(whole.width());
            int height = 1 + random.nextInt(whole.height());
            int left = random.nextInt(whole.width() - width + 1);
            int top = random.nextInt(whole.height() - height + 1);
            assertRegion(lazy, whole, new Region(top, left, height, width));
        }
    }

    private static void assertRegion(LazyImage lazy, Image whole, Region region) throws IOException {
        Image part = lazy.decode(region);
        assertThat(part.size()).isEqualTo(whole.size());
        for (int y = 0; y < whole.height(); y++) {
            for (int x = 0; x < whole.width(); x++) {
                boolean needed = x >= region.left()
                        && x < region.left() + region.width()
                        && y >= region.top()
                        && y < region.top() + region.height();
                for (int c = 0; c < 3; c++) {
                    int sample = part.sample(x, y, c);
                    if (sample != whole.sample(x, y, c) && (needed || sample != 0)) {
                        throw new AssertionError("(" + x + ", " + y + ", " + c + ") of " + region + " is " + sample
                                + ", not " + whole.sample(x, y, c));
                    }
                }
            }
        }
    }

    @Test
    void regionOfAJpegFile_leavesTheRestUndone() throws IOException {
        Image part = decoder.open(Corpus.file("jpeg-420.jpg")).decode(new Region(20, 30, 1, 1));
        assertThat(part.sample(0, 0, 0) + part.sample(0, 0, 1) + part.sample(0, 0, 2))
                .isZero();
        assertThat(part.sample(30, 20, 0)).isEqualTo(decode("jpeg-420.jpg").sample(30, 20, 0));
    }

    /** One canvas for all, so that what an image leaves in its memory would show in the next one. */
    @Test
    void onACanvas_isTheSameImage() throws IOException {
        Canvas canvas = new Canvas();
        for (ImageDecoder each : List.of(decoder, decoder.stored())) {
            for (String name : all()) {
                if (!each.equals(decoder) && name.contains("webp")) {
                    continue; // plugins alone know how those are stored
                }
                LazyImage lazy = each.open(Corpus.file(name));
                Size size = lazy.size();
                Region middle = new Region(
                        size.height() / 4, size.width() / 4, (size.height() + 1) / 2, (size.width() + 1) / 2);
                for (Region region : List.of(Region.of(size), middle)) {
                    lazy.decode(region, canvas);
                    assertThat(canvas.image()).as(name).isEqualTo(lazy.decode(region));
                }
                canvas.load(new Image(1, 1, 1, new byte[1])); // and what was borrowed goes
            }
        }
        LazyImage lazy = decoder.open(Corpus.file("jpeg-420.jpg"));
        assertThatThrownBy(() -> lazy.decode(new Region(0, 0, 1, 1000), canvas))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("jpeg-420.jpg: Region[top=0, left=0, height=1, width=1000] does not lie in");
    }

    @Test
    void onACanvas_ofAFileThatIsTooShort_takesNoMemory() throws IOException {
        byte[] content = Corpus.content("jpeg-420.jpg");
        int frame = 0;
        while (content[frame] != -1 || content[frame + 1] != (byte) 0xC0) {
            frame++;
        }
        for (int i = 5; i < 9; i += 2) { // 3300x3300 pixels
            content[frame + i] = 3300 >> 8;
            content[frame + i + 1] = (byte) 3300;
        }
        LazyImage hollow = decoder.open(content, "hollow");
        assertThat(hollow.size()).isEqualTo(new Size(3300, 3300));
        Canvas canvas = new Canvas();
        assertThatThrownBy(() -> hollow.decode(Region.of(hollow.size()), canvas))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("hollow: found ");
        assertThat(canvas.begin(1, 1, 3)).hasSize(3);
    }

    @Test
    void onACanvas_ofAHugeImage_leavesItsMemory() throws IOException {
        BufferedImage picture = new BufferedImage(3400, 3300, BufferedImage.TYPE_BYTE_GRAY);
        picture.setRGB(3399, 3299, -1);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        assertThat(ImageIO.write(picture, "jpg", file)).isTrue();
        LazyImage huge = decoder.open(file.toByteArray(), "huge");
        Canvas canvas = new Canvas();
        huge.decode(Region.of(huge.size()), canvas);
        assertThat(canvas.width()).isEqualTo(3400);
        assertThat(canvas.height()).isEqualTo(3300);
        assertThat(canvas.samples()[canvas.length() - 1]).isNotZero();
        assertThat(canvas.begin(1, 1, 3)).hasSize(3);
    }

    @Test
    void regionOutside_refused() throws IOException {
        LazyImage lazy = decoder.open(Corpus.content("png-2-8.png"), "a picture");
        assertThatThrownBy(() -> lazy.decode(new Region(0, 0, 12, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a picture: Region[top=0, left=0, height=12, width=1] does not lie in an image of 13x11");
    }

    @ParameterizedTest
    @MethodSource("reducible")
    void reducedJpeg_hasThePixelsOfPillowsDraft(String name) throws IOException {
        LazyImage whole = decoder.open(Corpus.content(name), name);
        int times = 1;
        for (String part : List.of("half", "quarter", "eighth")) {
            times *= 2;
            Size least = new Size(45 / times, 37 / times);
            LazyImage reduced = whole.reduced(least);
            assertThat(reduced.size()).isEqualTo(new Size((45 + times - 1) / times, (37 + times - 1) / times));
            assertThat(reduced.decode().samples()).as(part).containsExactly(Corpus.expected(name, part));
            assertRegion(
                    reduced, reduced.decode(), new Region(1, 1, reduced.size().height() - 2, 3));
            assertThat(reduced.reduced(reduced.size()).size()).isEqualTo(reduced.size());
        }
        assertThat(whole.reduced(new Size(45, 1)).decode()).isEqualTo(whole.decode());
        assertThat(whole.reduced(new Size(1, 19)).size()).isEqualTo(whole.size());
        assertThat(whole.reduced(new Size(1000, 1000)).size()).isEqualTo(whole.size());
    }

    @Test
    void reducedTwice_isReducedOnce() throws IOException {
        LazyImage whole = decoder.open(Corpus.file("jpeg-reduced0.jpg"));
        assertThat(whole.reduced(new Size(22, 18)).reduced(new Size(5, 4)).decode())
                .isEqualTo(whole.reduced(new Size(5, 4)).decode());
    }

    @Test
    void reducedUprightImage_isTheUprightOneOfTheReduced() throws IOException {
        Image plain = decoder.open(Corpus.file("jpeg-exif1.jpg"))
                .reduced(new Size(9, 5))
                .decode();
        LazyImage turned = decoder.open(Corpus.file("jpeg-exif6.jpg")).reduced(new Size(5, 9));
        assertThat(plain.size()).isEqualTo(new Size(10, 6));
        assertThat(turned.size()).isEqualTo(new Size(6, 10));
        assertThat(turned.decode().sample(0, 2, 1)).isEqualTo(plain.sample(2, 5, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"png-2-8.png", "gif-plain.gif", "bmp-24.bmp", "tiff-plain.tif", "webp-lossless.webp"})
    void otherFormats_areNotReduced(String name) throws IOException {
        LazyImage lazy = decoder.open(Corpus.content(name), name);
        assertThat(lazy.reduced(new Size(1, 1)).decode()).isEqualTo(lazy.decode());
    }

    @ParameterizedTest
    @CsvSource({
        "png-0-8.png, 1, false",
        "png-0-1.png, 1, false",
        "png-2-8.png, 3, false",
        "png-2-16.png, 3, true",
        "png-3-4.png, 3, false",
        "png-4-8.png, 2, false",
        "png-4-16-interlaced.png, 2, true",
        "png-6-16.png, 4, true",
        "jpeg-grey.jpg, 1, false",
        "jpeg-420.jpg, 3, false",
        "jpeg-cmyk.jpg, 3, false",
        "gif-plain.gif, 3, false",
        "bmp-8.bmp, 3, false",
        "bmp-24.bmp, 3, false",
        "tiff-grey.tif, 1, false"
    })
    void stored_keepsChannelsAndDepth(String name, int channels, boolean isFloat) throws IOException {
        Image image = decoder.stored().decode(Corpus.file(name));
        assertThat(image.channels()).isEqualTo(channels);
        assertThat(image.isFloat()).isEqualTo(isFloat);
        byte[] rgb = Corpus.expected(name);
        for (int i = 0; i < image.width() * image.height(); i++) {
            for (int c = 0; c < Math.min(channels, 3); c++) {
                int band = channels < 3 ? 0 : c;
                int upper = isFloat
                        ? Math.round(image.floatSamples()[i * channels + band] * 65535) >> 8
                        : image.samples()[i * channels + band] & 0xFF;
                assertThat(upper).isEqualTo(rgb[3 * i + c] & 0xFF);
            }
        }
    }

    @Test
    void grey16_keepsTheUpperByte_orAllAsFloats() throws IOException {
        byte[] png = Pngs.of(3, 1, 16, 0, new byte[] {0, 0x12, (byte) 0xFF, (byte) 0xFF, 0, 0, 0x7F});
        assertThat(decoder.decode(png, "g").samples()).containsExactly(0x12, 0x12, 0x12, -1, -1, -1, 0, 0, 0);
        assertThat(decoder.stored().decode(png, "g").floatSamples())
                .containsExactly(0x12FF / 65535f, 0xFF00 / 65535f, 0x7F / 65535f);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void turnedImageOf16Bits_hasThePixelsOfBytesTurned(int orientation) throws IOException {
        int width = 5;
        int height = 3;
        byte[] rows = new byte[height * (1 + 2 * 2 * width)];
        new Random(2).nextBytes(rows);
        for (int y = 0; y < height; y++) {
            rows[y * (1 + 4 * width)] = 0;
        }
        byte[] png = Pngs.file(
                Pngs.header(width, height, 16, 4),
                Pngs.chunk("eXIf", Jpegs.exif(orientation)),
                Pngs.chunk("IDAT", Pngs.deflated(rows)),
                Pngs.chunk("IEND", new byte[0]));
        Image floats = decoder.stored().decode(png, "g");
        Image bytes = decoder.decode(png, "g");
        assertThat(floats.size()).isEqualTo(bytes.size());
        assertThat(floats.isFloat()).isTrue();
        Canvas canvas = new Canvas();
        decoder.stored().open(png, "g").decode(Region.of(floats.size()), canvas);
        assertThat(canvas.image()).isEqualTo(floats);
        for (int i = 0; i < width * height; i++) {
            int sample = Math.round(floats.floatSamples()[2 * i] * 65535);
            assertThat(sample >> 8).as("pixel %s", i).isEqualTo(bytes.samples()[3 * i] & 0xFF);
        }
    }

    @Test
    void transparency_isDropped_orStoredAsTheLastChannel() throws IOException {
        byte[] png = Pngs.of(1, 1, 8, 6, new byte[] {0, 10, 20, 30, 0});
        assertThat(decoder.decode(png, "g").samples()).containsExactly(10, 20, 30);
        assertThat(decoder.stored().decode(png, "g").samples()).containsExactly(10, 20, 30, 0);
    }

    @Test
    void content_decidesWhatAFileIs_notItsName(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("picture.jpg"), Corpus.content("png-2-8.png"));
        assertThat(decoder.decode(file)).isEqualTo(decode("png-2-8.png"));
    }

    @Test
    void limitOfPixels_isInclusive() throws IOException {
        for (String name :
                Corpus.names("jpeg-420", "png-2-8.png", "gif-plain", "bmp-24", "tiff-plain", "webp-lossless")) {
            long pixels = Corpus.expected(name).length / 3;
            assertThat(decoder.mostPixels(pixels).decode(Corpus.file(name))).isEqualTo(decode(name));
            assertThatThrownBy(() -> decoder.mostPixels(pixels - 1).open(Corpus.content(name), name))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(name + ": found ")
                    .hasMessageEndingWith("which is " + pixels + " pixels, expected at most " + (pixels - 1));
        }
        assertThatThrownBy(() -> decoder.mostPixels(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("most pixels must be in [1, 715827882], got 0");
    }

    @Test
    void errors_nameTheFile_whatWasFoundAndWhatWasExpected(@TempDir Path folder) throws IOException {
        Path empty = Files.createFile(folder.resolve("empty.png"));
        assertThatThrownBy(() -> decoder.decode(empty))
                .isInstanceOf(IOException.class)
                .hasMessage(empty + ": found an empty file, expected a JPEG, PNG, GIF, BMP, TIFF or WebP image");
        Path text = Files.writeString(folder.resolve("text.jpg"), "<html></html>");
        assertThatThrownBy(() -> decoder.decode(text))
                .hasMessage(text
                        + ": found a file that begins with bytes 3c 68 74 6d 6c 3e 3c 2f, expected a JPEG, PNG, GIF, "
                        + "BMP, TIFF or WebP image");
        Path nowhere = folder.resolve("nowhere.gif");
        assertThatThrownBy(() -> decoder.decode(nowhere))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageStartingWith(nowhere.toString());
        assertThatThrownBy(() -> decoder.decode(folder))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(folder.toString());
    }

    @Test
    void webpWithoutItsPlugin_errorSaysWhatToAdd() throws IOException {
        IIORegistry registry = IIORegistry.getDefaultInstance();
        List<ImageReaderSpi> plugins = new ArrayList<>();
        Iterator<ImageReaderSpi> all = registry.getServiceProviders(ImageReaderSpi.class, true);
        while (all.hasNext()) {
            ImageReaderSpi plugin = all.next();
            if (List.of(plugin.getFormatNames()).contains("webp")) {
                plugins.add(plugin);
            }
        }
        plugins.forEach(registry::deregisterServiceProvider);
        try {
            assertThat(plugins).isNotEmpty();
            assertThatThrownBy(() -> decode("webp-lossy.webp"))
                    .isInstanceOf(IOException.class)
                    .hasMessage(
                            "webp-lossy.webp: found a WebP image, expected a javax.imageio plugin for it on the path, "
                                    + "such as com.twelvemonkeys.imageio:imageio-webp");
        } finally {
            plugins.forEach(registry::registerServiceProvider);
        }
    }

    @Test
    void threadsAndSizes_inAnyOrder_doNotMatter() throws Exception {
        List<String> names = Corpus.names("jpeg");
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> runs = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                Random random = new Random(t);
                runs.add(pool.submit(() -> {
                    for (int i = 0; i < 300; i++) {
                        String name = names.get(random.nextInt(names.size()));
                        assertThat(decode(name).samples()).as(name).isEqualTo(Corpus.expected(name));
                    }
                    return null;
                }));
            }
            for (Future<?> run : runs) {
                run.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpeg-420.jpg", "jpeg-progressive.jpg", "jpeg-separaterestart.jpg", "jpeg-reduced0.jpg"})
    void jpeg_takesLittleMemoryBesideItsImage(String name) throws Exception {
        byte[] content = Corpus.content(name);
        for (String other : Corpus.names("jpeg")) {
            decode(other);
        }
        int rounds = 100;
        long before = allocated();
        for (int i = 0; i < rounds; i++) {
            decoder.decode(content, name);
        }
        long beside = (allocated() - before) / rounds - Corpus.expected(name).length;
        assertThat(beside).isLessThan(16 << 10);
    }

    /** By reflection, since the module does not read java.management. */
    static long allocated() throws ReflectiveOperationException {
        Object bean = Class.forName("java.lang.management.ManagementFactory")
                .getMethod("getThreadMXBean")
                .invoke(null);
        return (long) Class.forName("com.sun.management.ThreadMXBean")
                .getMethod("getThreadAllocatedBytes", long.class)
                .invoke(bean, Thread.currentThread().getId());
    }

    @Test
    void decoder_printsItself() {
        assertThat(decoder.stored().mostPixels(1000)).hasToString("ImageDecoder[mostPixels=1000, samples=STORED]");
    }
}
