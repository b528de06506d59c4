package dev.byol.augment.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What plugins are made to take memory for is looked at before they are asked. */
class PluginMemoryTest {
    private static final long MOST_BYTES = 64 << 20;
    private static final List<Long> VALUES = List.of(0L, 1L, 15L, 64L, 1024L, 16_384L, 0x7FFFFFFFL, 0xFFFFFFFFL);

    /** Each pair takes memory together. */
    private static final List<List<Integer>> PAIRS = List.of(
            List.of(Tiffs.TILE_WIDTH, Tiffs.TILE_HEIGHT),
            List.of(Tiffs.TILE_WIDTH, Tiffs.ROWS),
            List.of(Tiffs.TILE_HEIGHT, Tiffs.WIDTH),
            List.of(Tiffs.ROWS, Tiffs.WIDTH),
            List.of(Tiffs.ROWS, Tiffs.HEIGHT),
            List.of(Tiffs.BITS, Tiffs.SAMPLES),
            List.of(Tiffs.TILE_WIDTH, Tiffs.SAMPLES));

    private final ImageDecoder decoder = new ImageDecoder();

    private interface Body {
        void run() throws Exception;
    }

    /** Without the plugins, the JDK's reader decodes. */
    private static void withReader(boolean ofTheJdk, Body body) throws Exception {
        IIORegistry registry = IIORegistry.getDefaultInstance();
        List<ImageReaderSpi> others = new ArrayList<>();
        Iterator<ImageReaderSpi> all = registry.getServiceProviders(ImageReaderSpi.class, true);
        while (all.hasNext()) {
            ImageReaderSpi reader = all.next();
            boolean isOfTheJdk = reader.getClass().getName().startsWith("com.sun.");
            if (List.of(reader.getFormatNames()).contains("tiff") && ofTheJdk != isOfTheJdk) {
                others.add(reader);
            }
        }
        assertThat(others).isNotEmpty();
        others.forEach(registry::deregisterServiceProvider);
        try {
            body.run();
        } finally {
            others.forEach(registry::registerServiceProvider);
        }
    }

    private void assertLittleMemory(byte[] content, String what) throws ReflectiveOperationException {
        long before = ImageDecoderTest.allocated();
        try {
            decoder.stored().decode(content, what);
        } catch (IOException e) {
            assertThat(e).hasMessageStartingWith(what + ": found ");
        }
        assertThat(ImageDecoderTest.allocated() - before).as(what).isLessThan(MOST_BYTES);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tiffSizesOfAnyValue_takeLittleMemory(boolean ofTheJdk) throws Exception {
        withReader(ofTheJdk, () -> {
            for (List<Integer> pair : PAIRS) {
                for (long value : VALUES) {
                    for (long other : VALUES) {
                        for (int compression : List.of(1, 5)) {
                            for (Tiffs tiff : List.of(Tiffs.strip(20, 16, 8, 3), Tiffs.tile(20, 16, 32))) {
                                tiff.set(Tiffs.COMPRESSION, compression)
                                        .set(pair.get(0), value)
                                        .set(pair.get(1), other);
                                assertLittleMemory(tiff.bytes(), pair + " " + value + " " + other + " " + compression);
                            }
                        }
                    }
                }
            }
        });
    }

    @Test
    void tiffOfHugeTiles_refused_ofUsualOnesDecoded() throws IOException {
        assertThat(decoder.decode(Tiffs.tile(20, 16, 32).bytes(), "usual")).hasToString("Image[20x16x3]");
        assertThat(decoder.decode(Tiffs.tile(20, 16, 1024).bytes(), "large")).hasToString("Image[20x16x3]");
        byte[] huge = Tiffs.tile(20, 16, 32)
                .set(Tiffs.TILE_WIDTH, 16_384)
                .set(Tiffs.TILE_HEIGHT, 16_384)
                .bytes();
        assertThatThrownBy(() -> decoder.decode(huge, "huge"))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "huge: found tiles of 16384x16384 in an image of 20x16, expected at most 4 times as large as the"
                                + " image");
    }

    /** Of two values, or one of an odd type, a reader may take another than is looked at. */
    @Test
    void tiffSizeThatIsAmbiguous_refused() {
        assertThatThrownBy(() -> decoder.decode(Tiffs.tile(20, 16, 32).twice(Tiffs.TILE_WIDTH, 16_384), "twice"))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "twice: found tag 322 of type 4 a second time, expected one of whole numbers (type 1, 3 or 4), once");
        byte[] signed = Tiffs.tile(20, 16, 32).set(Tiffs.TILE_HEIGHT, 9, 16_384).bytes();
        assertThatThrownBy(() -> decoder.decode(signed, "signed"))
                .isInstanceOf(IOException.class)
                .hasMessage("signed: found tag 323 of type 9, expected one of whole numbers (type 1, 3 or 4), once");
        byte[] empty = Tiffs.tile(20, 16, 32).empty(Tiffs.TILE_HEIGHT).bytes();
        assertThatThrownBy(() -> decoder.decode(empty, "empty"))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "empty: found tag 323 of type 4 without values, expected one of whole numbers (type 1, 3 or 4), once");
    }

    @Test
    void webpFrameThatIsLargerThanItsImage_refused() throws Exception {
        for (String name : List.of("webp-lossy.webp", "webp-lossless.webp")) {
            byte[] plain = Corpus.content(name);
            byte[] frame = new byte[16 + plain.length - 12]; // of an animation, of 16x16
            frame[6] = 15;
            frame[9] = 15;
            System.arraycopy(plain, 12, frame, 16, plain.length - 12);
            byte[] animated = ByteBuffer.allocate(8 + frame.length)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put("ANMF".getBytes(StandardCharsets.US_ASCII))
                    .putInt(frame.length)
                    .put(frame)
                    .array();
            byte[] first = Arrays.copyOfRange(plain, 12, plain.length);
            for (byte[] image : List.of(first, animated)) {
                int chunk = image == first ? 0 : 24;
                int at = chunk + 8 + (name.contains("lossy") ? 6 : 1);
                for (int i = 0; i < 4; i++) { // 16383x16383, or 16384x16128
                    image[at + i] = (byte) (i % 2 == 0 ? 0xFF : 0x3F);
                }
                assertThatThrownBy(() -> decoder.decode(extended(image), name))
                        .isInstanceOf(IOException.class)
                        .hasMessageMatching(name
                                + ": found a frame of 163\\d\\dx\\d+ in an image of 16x16, expected one that fits");
            }
        }
    }

    @Test
    void webpFrameInAFrame_refused_howeverDeep() {
        for (int depth : new int[] {2, 100_000}) {
            ByteBuffer frames = ByteBuffer.allocate(24 * depth).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 1; i <= depth; i++) {
                frames.put("ANMF".getBytes(StandardCharsets.US_ASCII))
                        .putInt(16 + 24 * (depth - i))
                        .put(new byte[] {0, 0, 0, 0, 0, 0, 15, 0, 0, 15, 0, 0, 0, 0, 0, 0});
            }
            assertThatThrownBy(() -> decoder.decode(extended(frames.array()), "deep"))
                    .isInstanceOf(IOException.class)
                    .hasMessage("deep: found a frame in a frame, expected none");
        }
    }

    /** A WebP file of 16x16 with this chunk. */
    private static byte[] extended(byte[] chunk) {
        return ByteBuffer.allocate(30 + chunk.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(StandardCharsets.US_ASCII))
                .putInt(22 + chunk.length)
                .put("WEBPVP8X".getBytes(StandardCharsets.US_ASCII))
                .putInt(10)
                .putInt(0)
                .put(new byte[] {15, 0, 0, 15, 0, 0}) // less one each
                .put(chunk)
                .array();
    }
}
