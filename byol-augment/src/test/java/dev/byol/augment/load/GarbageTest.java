package dev.byol.augment.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.augment.CounterRandom;
import dev.byol.augment.Image;
import dev.byol.augment.Presets;
import dev.byol.augment.Size;
import dev.byol.augment.View;
import dev.byol.augment.io.ImageDecoder;
import dev.byol.augment.io.ImageSource;
import dev.byol.augment.io.LazyImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the threads of a loader allocate once their memory has grown. */
@Timeout(60)
class GarbageTest {
    private static final int BATCH = 20;
    private static final int PREFETCH = 2;
    /** A copy of a large view would be 27 KiB. */
    private static final int MOST_BYTES_A_VIEW = 16 << 10;

    private static final int MOST_BYTES_A_JPEG_VIEW = 64 << 10;

    /** Images of 96x96 that are decoded already. */
    private record Decoded(int size, List<Image> images) implements ImageSource {
        static Decoded of(int size, boolean floats) {
            CounterRandom random = CounterRandom.of(1, 0, 0, 0);
            return new Decoded(
                    size,
                    IntStream.range(0, 7)
                            .mapToObj(i -> {
                                byte[] samples = new byte[96 * 96 * 3];
                                random.nextBytes(samples);
                                Image image = new Image(96, 96, 3, samples);
                                return floats ? image.toFloats() : image;
                            })
                            .toList());
        }

        @Override
        public Image image(int index) {
            return images.get(index % images.size());
        }
    }

    /** JPEG files of 300x225 to 432x324, every third one turned, that are read anew every time. */
    private record Files(int size, List<byte[]> files, ImageDecoder decoder) implements ImageSource {
        /** An Exif block that says that rows are to become columns. */
        private static final byte[] TURNED = HexFormat.of()
                .parseHex("ffe100224578696600004d4d002a000000080001011200030000000100060000" + "00000000");

        static Files of(int size) throws IOException {
            List<byte[]> files = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                BufferedImage picture = new BufferedImage(300 + 12 * i, 225 + 9 * i, BufferedImage.TYPE_INT_RGB);
                for (int y = 0; y < picture.getHeight(); y++) {
                    for (int x = 0; x < picture.getWidth(); x++) {
                        picture.setRGB(x, y, (x + 20 * i) << 16 | y << 8 | (x / 16 * (y / 16) * 40 & 0xFF));
                    }
                }
                ByteArrayOutputStream file = new ByteArrayOutputStream();
                ImageIO.write(picture, "jpg", file);
                byte[] jpeg = file.toByteArray();
                files.add(i % 3 == 0 ? turned(jpeg) : jpeg);
            }
            Files all = new Files(size, files, new ImageDecoder());
            assertThat(all.open(0).size()).isEqualTo(new Size(225, 300));
            assertThat(all.open(1).size()).isEqualTo(new Size(312, 234));
            return all;
        }

        private static byte[] turned(byte[] jpeg) {
            byte[] turned = new byte[jpeg.length + TURNED.length];
            System.arraycopy(jpeg, 0, turned, 0, 2);
            System.arraycopy(TURNED, 0, turned, 2, TURNED.length);
            System.arraycopy(jpeg, 2, turned, 2 + TURNED.length, jpeg.length - 2);
            return turned;
        }

        @Override
        public Image image(int index) throws IOException {
            return open(index).decode();
        }

        @Override
        public LazyImage open(int index) throws IOException {
            return decoder.open(files.get(index % files.size()).clone(), "photo");
        }
    }

    static Stream<Arguments> settings() {
        View small = View.appendix().side(32).build();
        View large = View.appendix().build();
        Stream<Arguments> bytes = Stream.of(
                Arguments.of("appendix, two sizes", List.of(large, large, small, small), false),
                Arguments.of("appendix, floats", List.of(large, small), true));
        return Stream.concat(
                bytes, Presets.names().stream().map(name -> Arguments.of(name, Presets.named(name, 64), false)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("settings")
    void view_inSteadyState_leavesLittleGarbage(String name, List<View> views, boolean floats)
            throws ReflectiveOperationException {
        Loader.Builder loader =
                Loader.builder(Decoded.of(10_000, floats)).views(views).floats(floats);
        assertThat(garbageAView(loader.threads(2))).as(name).isBetween(1L, (long) MOST_BYTES_A_VIEW);
    }

    /** One view an image, so that all that an image takes is its garbage; a decoded image would be 200 KiB to 410 KiB. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void view_ofAJpegFile_leavesLittleMoreThanTheFile(boolean floats) throws Exception {
        Files files = Files.of(10_000);
        assertThat(files.files()).allMatch(file -> file.length < MOST_BYTES_A_JPEG_VIEW / 2);
        Loader.Builder loader =
                Loader.builder(files).views(View.appendix().build()).floats(floats);
        assertThat(garbageAView(loader.threads(1))).isBetween(1L, (long) MOST_BYTES_A_JPEG_VIEW);
    }

    private static long garbageAView(Loader.Builder settings) throws ReflectiveOperationException {
        Loader loader = settings.batch(BATCH).prefetch(PREFETCH).build();
        int batches = 10;
        try (Epoch epoch = loader.epoch(0)) {
            take(epoch, batches);
            long before = allocatedWhenFull();
            take(epoch, batches);
            long count = (long) batches * BATCH * loader.views().size();
            return (allocatedWhenFull() - before) / count;
        }
    }

    private static void take(Epoch epoch, int batches) {
        for (int i = 0; i < batches; i++) {
            epoch.next().close();
        }
    }

    /** Bytes allocated so far by the loader's threads, after they have filled all memory that there is for batches. */
    private static long allocatedWhenFull() throws ReflectiveOperationException {
        long bytes = 0;
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("byol-loader")) {
                while (thread.getState() != Thread.State.TIMED_WAITING) {
                    Thread.onSpinWait();
                }
                bytes += allocated(thread);
            }
        }
        return bytes;
    }

    /** By reflection, since the module does not read java.management. */
    private static long allocated(Thread thread) throws ReflectiveOperationException {
        Object bean = Class.forName("java.lang.management.ManagementFactory")
                .getMethod("getThreadMXBean")
                .invoke(null);
        return (long) Class.forName("com.sun.management.ThreadMXBean")
                .getMethod("getThreadAllocatedBytes", long.class)
                .invoke(bean, thread.getId());
    }
}
