package dev.byol.augment.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.byol.augment.Image;
import dev.byol.augment.Size;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What decoding takes is known before, is bounded, and running out of it is nobody's fault but the program's. */
class DecoderMemoryTest {
    private static final int SIDE = 700;
    private static final long FOR_ANY_IMAGE = 1 << 17;

    static Stream<Arguments> largeOnes() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        files.put("grey.jpg", Jpegs.grey(SIDE, SIDE));
        files.put("atOnce.jpg", Jpegs.atOnce(SIDE, SIDE, 0x22));
        files.put("wide.jpg", Jpegs.atOnce(60_000, 20, 0x41));
        files.put("separate.jpg", Jpegs.separate(SIDE, SIDE));
        files.put("progressive.jpg", Jpegs.progressive(SIDE, SIDE));
        for (int colour : List.of(0, 2, 4, 6)) {
            int channels = List.of(1, 0, 3, 0, 2, 0, 4).get(colour);
            for (int depth : List.of(8, 16)) {
                byte[] rows = new byte[SIDE * (1 + SIDE * channels * depth / 8)];
                files.put("png" + colour + "-" + depth, Pngs.of(SIDE, SIDE, depth, colour, rows));
            }
        }
        for (String format : List.of("gif", "bmp", "tiff")) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ImageIO.write(new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_3BYTE_BGR), format, out);
            files.put("image." + format, out.toByteArray());
        }
        ByteArrayOutputStream grey16 = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_USHORT_GRAY), "tiff", grey16);
        files.put("grey16.tiff", grey16.toByteArray());
        return files.entrySet().stream().map(file -> Arguments.of(file.getKey(), file.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("largeOnes")
    void memory_isAtMostWhatIsReckonedWith(String name, byte[] content) throws Exception {
        for (ImageDecoder.Samples samples : ImageDecoder.Samples.values()) {
            ImageDecoder decoder = new ImageDecoder(ImageDecoder.DEFAULT_MOST_PIXELS, samples);
            decoder.decode(content, name); // what is loaded once and what a thread keeps is not counted
            Encoded encoded = Formats.open(content);
            long before = ImageDecoderTest.allocated();
            Image image = decoder.decode(content, name);
            long taken = ImageDecoderTest.allocated() - before;
            long length = (long) image.width() * image.height() * image.channels() * (image.isFloat() ? 4 : 1);
            assertThat(encoded.result(samples)).as("%s", samples).isGreaterThanOrEqualTo(length);
            assertThat(taken).as("%s", samples).isLessThan(encoded.memory(samples) + FOR_ANY_IMAGE);
            assertThat(encoded.memory(samples)).as("%s", samples).isLessThan(5 * taken + FOR_ANY_IMAGE);
        }
    }

    /** Whether there is memory depends on what else is going on, so that the image must not be taken for a broken one. */
    @Test
    void outOfMemory_isNoPropertyOfTheFile(@TempDir Path folder) throws Exception {
        int side = 3000; // 27 MB
        Files.write(folder.resolve("a.png"), Pngs.of(side, side, 8, 2, new byte[side * (1 + 3 * side)]));
        assertThat(Child.run(Full.class, Map.of(), List.of("-Xmx64m", "-XX:+UseSerialGC"), folder.resolve("a.png")))
                .containsExactly("Image[3000x3000x3]", "full");
    }

    /** Decodes a file, and again while there is no memory. */
    static final class Full {
        private Full() {}

        public static void main(String... args) throws IOException {
            Path file = Path.of(args[0]);
            ImageDecoder decoder = new ImageDecoder();
            System.out.println(decoder.decode(file));
            LazyImage lazy = decoder.open(file);
            byte[][] held = new byte[64][];
            try {
                for (int i = 0; i < held.length; i++) {
                    held[i] = new byte[1 << 20];
                }
            } catch (OutOfMemoryError e) {
                held[0] = new byte[0]; // room for what is small
            }
            try {
                System.out.println(lazy.decode());
            } catch (OutOfMemoryError e) {
                held = new byte[0][];
                System.out.println("full");
            }
        }
    }

    /** What a thread keeps is at most what it has taken, beside the images. */
    @Test
    void memoryThatAThreadKeeps_isBounded() throws Exception {
        List<byte[]> files = List.of(
                Jpegs.atOnce(8, 4000, 0x11),
                Jpegs.atOnce(8000, 16, 0x22),
                Jpegs.grey(8, 6000),
                Jpegs.atOnce(8000, 32, 0x14));
        long taken = inNewThread(() -> {
            for (byte[] file : files) {
                new ImageDecoder().decode(file, "image");
            }
        });
        assertThat(taken).isLessThan(24 << 20);
    }

    /** A thread that decodes small images is not left with the memory of the widest: it takes it anew each time. */
    @Test
    void memoryForAReducedWideImage_isNotKept() throws Exception {
        byte[] wide = Jpegs.atOnce(65_500, 16, 0x22);
        long[] second = new long[1];
        inNewThread(() -> {
            ImageDecoder decoder = new ImageDecoder();
            decoder.open(wide, "wide").reduced(new Size(1, 1)).decode();
            second[0] = -ImageDecoderTest.allocated();
            decoder.open(wide, "wide").reduced(new Size(1, 1)).decode();
            second[0] += ImageDecoderTest.allocated();
        });
        assertThat(second[0]).isGreaterThan(4 << 20);
    }

    private interface Decoding {
        void run() throws Exception;
    }

    /** What a thread, which keeps nothing yet, allocates. */
    private static long inNewThread(Decoding decoding) throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            return thread.submit(() -> {
                        long before = ImageDecoderTest.allocated();
                        decoding.run();
                        return ImageDecoderTest.allocated() - before;
                    })
                    .get();
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void fileOfMoreThanMayBe_refusedBefore(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("a.png");
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.write(Archives.png(1));
            out.setLength(Archive.MOST_BYTES + 1L); // a hole
        }
        long before = ImageDecoderTest.allocated();
        assertThatThrownBy(() -> ImageFolder.open(folder).image(0))
                .isInstanceOf(IOException.class)
                .hasMessage(file + ": found 268435457 bytes, expected at most 268435456");
        assertThat(ImageDecoderTest.allocated() - before).isLessThan(1 << 20);
    }

    @Test
    void content_isReadToItsEnd_unlessThatIsTooFar(@TempDir Path folder) throws IOException {
        byte[] content = Archives.png(1);
        Path file = Files.write(folder.resolve("a.png"), content);
        assertThat(ImageDecoder.read(file, content.length)).isEqualTo(content);
        assertThatThrownBy(() -> ImageDecoder.read(file, content.length - 1))
                .hasMessage("found " + content.length + " bytes, expected at most " + (content.length - 1));
        Path version = Path.of("/proc/version"); // its size is 0
        Path endless = Path.of("/dev/zero");
        assumeTrue(Files.exists(version) && Files.exists(endless));
        assertThat(ImageDecoder.read(version, 1 << 20))
                .isEqualTo(Files.readAllBytes(version))
                .isNotEmpty();
        assertThatThrownBy(() -> ImageDecoder.read(endless, 1 << 20))
                .hasMessage("found more than 1048576 bytes, expected at most as many");
    }

    /** Coefficients that are kept, and the copy that a turned image is, count; opening takes no memory for either. */
    @Test
    void imageThatTheHeapCannotHold_refusedBefore() throws IOException {
        long heap = Runtime.getRuntime().maxMemory();
        int forCoefficients = (int) Math.sqrt(heap / 6.0); // 3 bytes a pixel are half of the heap, 9 are more than all
        int forTheCopy = (int) Math.sqrt(heap / 4.5);
        assumeTrue(3L * forTheCopy * forTheCopy < Integer.MAX_VALUE, "a heap that the largest image does not fill");
        ImageDecoder all = new ImageDecoder().mostPixels(Integer.MAX_VALUE / 3);
        assertThatThrownBy(() -> all.open(Jpegs.separate(forCoefficients, forCoefficients), "separate"))
                .isInstanceOf(IOException.class)
                .hasMessageMatching(
                        "separate: found JPEG image .* takes \\d+ MiB to decode, expected at most the heap's .*");
        byte[] upright = Jpegs.atOnce(forTheCopy, forTheCopy, 0x11);
        assertThat(all.open(upright, "upright").size().width()).isEqualTo(forTheCopy);
        assertThatThrownBy(() -> all.open(Jpegs.oriented(upright, 6), "turned"))
                .isInstanceOf(IOException.class)
                .hasMessageMatching(
                        "turned: found JPEG image .* takes \\d+ MiB to decode, expected at most the heap's .*");
    }
}
