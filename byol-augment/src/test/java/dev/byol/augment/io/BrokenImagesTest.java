package dev.byol.augment.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.byol.augment.Canvas;
import dev.byol.augment.Image;
import dev.byol.augment.Region;
import dev.byol.augment.Size;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a file holds, the result is an image or an exception with the file's name, in little time and memory. */
class BrokenImagesTest {
    private static final int FLIPS = 2000;
    /** Of one small image; what plugins take for themselves included. */
    private static final long MOST_BYTES = 64 << 20;

    private final ImageDecoder decoder = new ImageDecoder();

    static List<String> ofEachKind() {
        return Corpus.names(
                "jpeg-420",
                "jpeg-progressive.jpg",
                "jpeg-cmykprogressive",
                "jpeg-restart.jpg",
                "jpeg-separate.jpg",
                "png-2-8.png",
                "png-3-2-interlaced",
                "gif-interlaced.gif",
                "bmp-24",
                "bmp-runs",
                "bmp-4",
                "tiff-plain",
                "tiff-tiff_lzw",
                "webp-lossless",
                "webp-lossy");
    }

    private static boolean isWhole(String name) {
        return !name.startsWith("gif") && !name.startsWith("tiff"); // of these, what follows the pixels may be missing
    }

    @ParameterizedTest
    @MethodSource("ofEachKind")
    void truncatedAtEveryLength_refusedByName(String name) throws IOException {
        byte[] content = Corpus.content(name);
        Image whole = decoder.decode(content, name);
        for (int length = 0; length < content.length; length++) {
            byte[] cut = Arrays.copyOf(content, length);
            try {
                Image image = decoder.decode(cut, "cut.img");
                assertThat(isWhole(name))
                        .as("%s cut to %s bytes is decoded", name, length)
                        .isFalse();
                assertThat(image).as("%s cut to %s bytes", name, length).isEqualTo(whole);
            } catch (IOException e) {
                assertThat(e).hasMessageStartingWith("cut.img: found ").hasMessageContaining(", expected ");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ofEachKind")
    void flippedBits_anImageOrRefusedByName(String name) throws ReflectiveOperationException {
        byte[] content = Corpus.content(name);
        // A few bytes of WebP may well be a large image of one colour, and its plugin takes more for tables.
        boolean webp = name.startsWith("webp");
        ImageDecoder limited = webp ? decoder.mostPixels(1 << 16) : decoder;
        long most = webp ? Long.MAX_VALUE : MOST_BYTES;
        decodeFlipped(limited, content, new Random(0), false); // what is loaded once is not counted
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            Random random = new Random(7);
            for (int i = 0; i < FLIPS; i++) {
                long before = ImageDecoderTest.allocated();
                decodeFlipped(limited, content, random, false);
                assertThat(ImageDecoderTest.allocated() - before)
                        .as("bytes for flip %s", i)
                        .isLessThan(most);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"png-2-8.png", "png-3-2-interlaced.png", "png-6-16-interlaced.png", "png-shortpalette.png"})
    void flippedBitsOfPng_withRightChecksums_anImageOrRefusedByName(String name) {
        byte[] content = Corpus.content(name);
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            Random random = new Random(7);
            for (int i = 0; i < FLIPS; i++) {
                long before = ImageDecoderTest.allocated();
                decodeFlipped(decoder, content, random, true);
                assertThat(ImageDecoderTest.allocated() - before)
                        .as("bytes for flip %s", i)
                        .isLessThan(MOST_BYTES);
            }
        });
    }

    private static byte[] flipped(byte[] content, Random random, boolean repaired) {
        byte[] flipped = content.clone();
        int flips = 1 + random.nextInt(4);
        for (int k = 0; k < flips; k++) {
            flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return repaired ? Pngs.repaired(flipped) : flipped;
    }

    private static void decodeFlipped(ImageDecoder decoder, byte[] content, Random random, boolean repaired) {
        byte[] flipped = flipped(content, random, repaired);
        try {
            Image image = decoder.decode(flipped, "flipped.img");
            assertThat(image.channels()).isEqualTo(3);
        } catch (IOException e) {
            assertThat(e).hasMessageStartingWith("flipped.img: found ").hasMessageContaining(", expected ");
        }
    }

    /** What comes of a file on each way through the decoders. */
    private enum Way {
        WHOLE {
            @Override
            Image decode(LazyImage image) throws IOException {
                return image.decode();
            }
        },
        REDUCED {
            @Override
            Image decode(LazyImage image) throws IOException {
                int width = image.size().width();
                int height = image.size().height();
                return image.reduced(new Size((width + 3) / 4, (height + 3) / 4))
                        .decode();
            }
        },
        REGION {
            @Override
            Image decode(LazyImage image) throws IOException {
                Size size = image.size();
                return image.decode(new Region(
                        size.height() / 2, size.width() / 3, (size.height() + 2) / 3, (size.width() + 3) / 4));
            }
        },
        CANVAS {
            @Override
            Image decode(LazyImage image) throws IOException {
                Canvas canvas = new Canvas();
                image.decode(Region.of(image.size()), canvas);
                return canvas.image();
            }
        };

        abstract Image decode(LazyImage image) throws IOException;
    }

    static Stream<String> onOtherWays() {
        return Stream.concat(
                Corpus.names(
                        "jpeg-grey.jpg",
                        "jpeg-420.jpg",
                        "jpeg-exif6",
                        "jpeg-progressive.jpg",
                        "jpeg-separate.jpg",
                        "png-0-8",
                        "png-0-16",
                        "png-4-16-interlaced",
                        "png-6-16",
                        "tiff-grey",
                        "bmp-8")
                        .stream(),
                Stream.of("turned-16"));
    }

    /** 16 bits turned, which the corpus lacks. */
    private static byte[] contentOf(String name) {
        return name.equals("turned-16")
                ? Pngs.file(
                        Pngs.header(9, 7, 16, 4),
                        Pngs.chunk("eXIf", Jpegs.exif(6)),
                        Pngs.chunk("IDAT", Pngs.deflated(new byte[7 * (1 + 9 * 4)])),
                        Pngs.chunk("IEND", new byte[0]))
                : Corpus.content(name);
    }

    @ParameterizedTest
    @MethodSource("onOtherWays")
    void flippedBits_onEveryWay_anImageOrRefusedByName(String name) {
        byte[] content = contentOf(name);
        boolean isPng = name.startsWith("png") || name.startsWith("turned");
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            for (Way way : Way.values()) {
                for (ImageDecoder.Samples samples : ImageDecoder.Samples.values()) {
                    ImageDecoder decoding = new ImageDecoder(ImageDecoder.DEFAULT_MOST_PIXELS, samples);
                    way.decode(decoding.open(content, name)); // what is loaded once is not counted
                    Random random = new Random(11);
                    for (int i = 0; i < FLIPS / 8; i++) {
                        byte[] flipped = flipped(content, random, isPng);
                        long before = ImageDecoderTest.allocated();
                        try {
                            LazyImage image = decoding.open(flipped, "flipped.img");
                            Image decoded = way.decode(image);
                            assertThat(way == Way.REDUCED || decoded.size().equals(image.size()))
                                    .isTrue();
                            assertThat(samples == ImageDecoder.Samples.STORED || decoded.channels() == 3)
                                    .isTrue();
                        } catch (IOException e) {
                            assertThat(e)
                                    .hasMessageStartingWith("flipped.img: found ")
                                    .hasMessageContaining(", expected ");
                        }
                        assertThat(ImageDecoderTest.allocated() - before)
                                .as("bytes for flip %s, %s, %s", i, way, samples)
                                .isLessThan(MOST_BYTES);
                    }
                }
            }
        });
    }

    @Test
    void flippedBitsOfPng_areAlwaysFound() {
        byte[] content = Corpus.content("png-2-8.png");
        for (int bit = 0; bit < 8 * content.length; bit++) {
            byte[] flipped = content.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> decoder.decode(flipped, "flipped"))
                    .as("bit %s", bit)
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("flipped: found ");
        }
    }

    @Test
    void hugeHeader_refusedBeforeMemoryIsTaken() throws ReflectiveOperationException {
        ByteBuffer jpeg = ByteBuffer.wrap(Corpus.content("jpeg-420.jpg"));
        for (int at = 2; ; at += 2 + (jpeg.getShort(at + 2) & 0xFFFF)) {
            if (jpeg.getShort(at) == (short) 0xFFC0) {
                jpeg.putShort(at + 5, (short) 50_000).putShort(at + 7, (short) 50_000);
                break;
            }
        }
        assertHuge(bytes(jpeg));
        assertHuge(Pngs.file(
                Pngs.header(50_000, 50_000, 8, 2),
                Pngs.chunk("IDAT", Pngs.deflated(new byte[100])),
                Pngs.chunk("IEND", new byte[0])));
        ByteBuffer gif = little("gif-plain.gif");
        gif.putShort(6, (short) 50_000).putShort(8, (short) 50_000);
        assertHuge(bytes(gif));
        ByteBuffer bmp = little("bmp-24.bmp");
        bmp.putInt(18, 50_000).putInt(22, 50_000);
        assertHuge(bytes(bmp));
        ByteBuffer tiff = little("tiff-plain.tif");
        int directory = tiff.getInt(4);
        for (int i = 0; i < tiff.getShort(directory); i++) {
            int entry = directory + 2 + 12 * i;
            if (tiff.getShort(entry) == 256 || tiff.getShort(entry) == 257) {
                tiff.putShort(entry + 2, (short) 4).putInt(entry + 8, 50_000);
            }
        }
        assertHuge(bytes(tiff));
        byte[] lossless = Corpus.content("webp-lossless.webp");
        ByteBuffer webp = ByteBuffer.allocate(18 + lossless.length).order(ByteOrder.LITTLE_ENDIAN);
        webp.put(lossless, 0, 12)
                .put("VP8X".getBytes(StandardCharsets.US_ASCII))
                .putInt(10);
        webp.putInt(0).put(new byte[] {0x4F, (byte) 0xC3, 0, 0x4F, (byte) 0xC3, 0}); // less one each
        webp.put(lossless, 12, lossless.length - 12).putInt(4, 10 + lossless.length);
        assertHuge(bytes(webp));
    }

    private static ByteBuffer little(String name) {
        return ByteBuffer.wrap(Corpus.content(name)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.capacity()];
        buffer.get(0, bytes);
        return bytes;
    }

    private void assertHuge(byte[] content) throws ReflectiveOperationException {
        long before = ImageDecoderTest.allocated();
        assertThatThrownBy(() -> decoder.open(content, "huge"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("huge: found ")
                .hasMessageContaining("50000x50000, which is 2500000000 pixels, expected at most 178956970");
        assertThat(ImageDecoderTest.allocated() - before).isLessThan(8 << 20);
    }

    @Test
    void headerBelowTheLimit_withoutTheData_takesNoMemory() throws ReflectiveOperationException {
        ByteBuffer jpeg = ByteBuffer.wrap(Corpus.content("jpeg-restart.jpg"));
        for (int at = 2; ; at += 2 + (jpeg.getShort(at + 2) & 0xFFFF)) {
            if (jpeg.getShort(at) == (short) 0xFFC0) {
                jpeg.putShort(at + 5, (short) 13_000).putShort(at + 7, (short) 13_000);
                break;
            }
        }
        assertNoData(bytes(jpeg));
        assertNoData(Pngs.file(
                Pngs.header(13_000, 13_000, 8, 2),
                Pngs.chunk("IDAT", Pngs.deflated(new byte[100])),
                Pngs.chunk("IEND", new byte[0])));
        ByteBuffer bmp = little("bmp-24.bmp");
        bmp.putInt(18, 13_000).putInt(22, 13_000);
        assertNoData(bytes(bmp));
    }

    private void assertNoData(byte[] content) throws ReflectiveOperationException {
        long before = ImageDecoderTest.allocated();
        assertThatThrownBy(() -> decoder.decode(content, "hollow"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("hollow: found ")
                .hasMessageEndingWith("for 13000x13000");
        assertThat(ImageDecoderTest.allocated() - before).isLessThan(8 << 20);
    }

    @Test
    void jpegOfManyScans_refused() {
        byte[] content = Corpus.content("jpeg-progressive.jpg");
        int first = markerAfter(content, 0, 0xDA);
        int length = markerAfter(content, first + 2, 0xC4) - first;
        byte[] many = new byte[content.length + 100 * length];
        System.arraycopy(content, 0, many, 0, first);
        for (int i = 0; i <= 100; i++) {
            System.arraycopy(content, first, many, first + i * length, content.length - first);
        }
        assertThatThrownBy(() -> decoder.decode(many, "long"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("long: found more than 100 scans");
    }

    private static int markerAfter(byte[] content, int from, int marker) {
        int at = from;
        while (content[at] != (byte) 0xFF || content[at + 1] != (byte) marker) {
            at++;
        }
        return at;
    }

    @Test
    void brokenRowsBelowARegion_areFound() throws IOException {
        byte[] content = Corpus.content("jpeg-420.jpg");
        LazyImage cut = decoder.open(Arrays.copyOf(content, content.length - 40), "cut");
        assertThatThrownBy(() -> cut.decode(new Region(0, 0, 1, 1)))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cut: found ");
    }

    @Test
    void arithmeticCoding_refusedBySayingSo() {
        byte[] content = Corpus.content("jpeg-420.jpg");
        for (int at = 2; ; at += 2 + ByteBuffer.wrap(content).getShort(at + 2)) {
            if (content[at + 1] == (byte) 0xC0) {
                content[at + 1] = (byte) 0xC9;
                break;
            }
        }
        assertThatThrownBy(() -> decoder.decode(content, "arithmetic"))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "arithmetic: found marker FFC9 (start of frame), expected a baseline, sequential or progressive "
                                + "JPEG file with Huffman codes");
    }
}
