package dev.byol.augment.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.augment.Canvas;
import dev.byol.augment.Image;
import dev.byol.augment.Region;
import dev.byol.augment.Size;
import dev.byol.fuzz.Fuzz;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Attacks on the decoders, by all ways through them. */
class ImagesFuzzTest {
    private static final String NAME = "x.img";
    private static final ImageDecoder RGB = new ImageDecoder().mostPixels(1 << 20);
    private static final ImageDecoder STORED = RGB.stored();

    private static Fuzz fuzz(String format, String... beginnings) {
        Map<String, byte[]> seeds = Corpus.names(beginnings).stream()
                .filter(name -> Corpus.content(name).length < 4096)
                .collect(Collectors.toMap(Function.identity(), Corpus::content, (a, b) -> a, java.util.TreeMap::new));
        return Fuzz.of(format, seeds).named(NAME + ": found ").taking(64 << 20);
    }

    /** The content decides the way, so that the same input goes the same way again. */
    private static void read(byte[] content, Runnable pastHeader) throws IOException {
        int way = Arrays.hashCode(content);
        boolean isRgb = (way & 1) == 0;
        LazyImage image = (isRgb ? RGB : STORED).open(content, NAME);
        pastHeader.run();
        Image decoded = decode(image, way >> 1 & 3);
        assertThat(!isRgb || decoded.channels() == 3).isTrue();
    }

    private static Image decode(LazyImage image, int way) throws IOException {
        Size size = image.size();
        Region part = new Region(size.height() / 2, size.width() / 3, (size.height() + 2) / 3, (size.width() + 3) / 4);
        switch (way) {
            case 0 -> {
                Image whole = image.decode();
                assertThat(whole.size()).isEqualTo(size);
                return whole;
            }
            case 1 -> {
                return image.decode(part);
            }
            case 2 -> {
                return image.reduced(new Size((size.width() + 3) / 4, (size.height() + 3) / 4))
                        .decode();
            }
            default -> {
                Canvas canvas = new Canvas();
                image.decode(part, canvas);
                return canvas.image();
            }
        }
    }

    @Test
    void damagedJpeg_isDecodedOrRefusedByName() throws InterruptedException {
        fuzz("jpeg", "jpeg").inputs(2000).run(ImagesFuzzTest::read);
    }

    @Test
    void damagedPng_isDecodedOrRefusedByName() throws InterruptedException {
        fuzz("png", "png").repairedBy(Pngs::repaired).inputs(3000).run(ImagesFuzzTest::read);
    }

    @Test
    void damagedGif_isDecodedOrRefusedByName() throws InterruptedException {
        fuzz("gif", "gif").inputs(3000).run(ImagesFuzzTest::read);
    }

    @Test
    void damagedBmp_isDecodedOrRefusedByName() throws InterruptedException {
        fuzz("bmp", "bmp").inputs(3000).run(ImagesFuzzTest::read);
    }

    @Test
    void damagedTiff_isDecodedOrRefusedByName() throws InterruptedException {
        fuzz("tiff", "tiff").oneOf(2).inputs(500).run(ImagesFuzzTest::read);
    }

    /** The header alone: what decodes the pixels is a plugin's, which takes seconds and half a gigabyte for some broken files. */
    @Test
    void damagedWebp_isOpenedOrRefusedByName() throws InterruptedException {
        fuzz("webp", "webp").oneOf(2).inputs(2000).run((content, pastHeader) -> {
            RGB.open(content, NAME);
            pastHeader.run();
        });
    }
}
