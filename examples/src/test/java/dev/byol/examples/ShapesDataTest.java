package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.byol.examples.ShapesData.Split;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShapesDataTest {
    private static final ShapesData SMALL = new ShapesData(16, 23, 11, 7, 5);

    @TempDir
    Path cache;

    @Test
    void image_sameSeed_sameBytes() {
        assertThat(SMALL.image(Split.TRAIN, 3)).isEqualTo(SMALL.image(Split.TRAIN, 3));
        assertThat(SMALL.image(Split.TRAIN, 3))
                .isNotEqualTo(new ShapesData(16, 23, 11, 7, 6).image(Split.TRAIN, 3))
                .isNotEqualTo(SMALL.image(Split.TEST, 3))
                .isNotEqualTo(SMALL.image(Split.TRAIN, 4));
    }

    @Test
    void image_doesNotDependOnCounts() {
        assertThat(new ShapesData(16, 1, 1, 1, 5).image(Split.TEST, 6)).isEqualTo(SMALL.image(Split.TEST, 6));
    }

    @Test
    void image_onEveryJdk_sameBits() {
        CRC32 crc = new CRC32();
        for (int index = 0; index < 20; index++) {
            crc.update(ShapesData.defaults().image(Split.UNLABELLED, index));
        }
        // Changes only together with GENERATOR_VERSION.
        assertThat(crc.getValue()).isEqualTo(424604929L);
    }

    @Test
    void labels_everyTenInARow_areTheTenClasses() {
        for (Split split : Split.values()) {
            for (int block = 0; block < 5; block++) {
                int first = 10 * block;
                assertThat(IntStream.range(first, first + 10).map(i -> SMALL.label(split, i)))
                        .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
            }
        }
        assertThat(IntStream.range(0, 10).map(i -> SMALL.label(Split.TRAIN, i)).toArray())
                .isNotEqualTo(IntStream.range(10, 20)
                        .map(i -> SMALL.label(Split.TRAIN, i))
                        .toArray());
    }

    @Test
    void files_readIndependently_areTheImages() throws IOException {
        Path folder = SMALL.in(cache, line -> {});

        assertStl10(folder.resolve("unlabeled_X.bin"), Split.UNLABELLED, 23);
        assertStl10(folder.resolve("train_X.bin"), Split.TRAIN, 11);
        assertStl10(folder.resolve("test_X.bin"), Split.TEST, 7);
        assertThat(labels(folder.resolve("train_y.bin")))
                .containsExactly(IntStream.range(0, 11)
                        .map(i -> 1 + SMALL.label(Split.TRAIN, i))
                        .toArray());
        assertThat(labels(folder.resolve("test_y.bin")))
                .containsExactly(IntStream.range(0, 7)
                        .map(i -> 1 + SMALL.label(Split.TEST, i))
                        .toArray());
        assertThat(Files.readAllLines(folder.resolve("class_names.txt")))
                .isEqualTo(ShapesData.classNames())
                .hasSize(10)
                .doesNotHaveDuplicates();
    }

    /** Reads as STL-10's documentation says: channel, then column, then row. */
    private static void assertStl10(Path file, Split split, int count) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int side = SMALL.side();
        assertThat(bytes).hasSize(count * 3 * side * side);
        for (int n = 0; n < count; n++) {
            byte[] image = SMALL.image(split, n);
            for (int y = 0; y < side; y++) {
                for (int x = 0; x < side; x++) {
                    for (int c = 0; c < 3; c++) {
                        assertThat(bytes[((n * 3 + c) * side + x) * side + y]).isEqualTo(image[(y * side + x) * 3 + c]);
                    }
                }
            }
        }
    }

    private static int[] labels(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        return IntStream.range(0, bytes.length).map(i -> bytes[i]).toArray();
    }

    @Test
    void in_secondCall_doesNotWriteAgain() throws IOException {
        Path folder = SMALL.in(cache, line -> {});
        FileTime before = FileTime.from(Instant.EPOCH);
        Files.setLastModifiedTime(folder.resolve("train_X.bin"), before);

        assertThat(SMALL.in(cache, line -> {})).isEqualTo(folder);
        assertThat(Files.getLastModifiedTime(folder.resolve("train_X.bin"))).isEqualTo(before);
    }

    @Test
    void in_otherSettings_otherFolder() throws IOException {
        assertThat(List.of(
                        SMALL.in(cache, line -> {}),
                        new ShapesData(16, 23, 11, 7, -1).in(cache, line -> {}),
                        new ShapesData(17, 23, 11, 7, 5).in(cache, line -> {}),
                        new ShapesData(16, 23, 7, 11, 5).in(cache, line -> {})))
                .doesNotHaveDuplicates();
    }

    @Test
    void in_concurrentCallers_oneWholeFolderAndNothingElse() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Future<Path>> futures = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                futures.add(pool.submit(() -> SMALL.in(cache, line -> {})));
            }
            for (Future<Path> future : futures) {
                assertStl10(future.get().resolve("test_X.bin"), Split.TEST, 7);
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(children(cache)).hasSize(1);
    }

    @Test
    void in_interrupted_leavesNothing() throws Exception {
        ShapesData large = new ShapesData(96, 1_000_000, 1, 1, 5);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            try {
                large.in(cache, line -> {});
            } catch (IOException e) {
                thrown.set(e);
            }
        });
        thread.start();
        while (children(cache).isEmpty()) {
            Thread.onSpinWait();
        }
        thread.interrupt();
        thread.join();

        assertThat(thrown.get()).isInstanceOf(IOException.class);
        assertThat(children(cache)).isEmpty();
    }

    @Test
    void in_draftOfAKilledProcess_isRemovedOnceItIsOld() throws IOException {
        Path old = Files.createDirectory(cache.resolve(".shapes-v1-old"));
        Files.writeString(old.resolve("unlabeled_X.bin"), "half");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(1, ChronoUnit.DAYS)));
        Path young = Files.createDirectory(cache.resolve(".shapes-v1-young"));

        Path folder = SMALL.in(cache, line -> {});

        assertThat(children(cache)).containsExactlyInAnyOrder(young, folder);
    }

    @Test
    void in_cacheIsAFile_saysSo() throws IOException {
        Path file = Files.writeString(cache.resolve("file"), "");
        assertThatThrownBy(() -> SMALL.in(file, line -> {}))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining(file.toString());
    }

    private static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.toList();
        }
    }

    /** Nearest class mean on the mean colour, fitted and scored on different images: no better than chance, 10 %. */
    @Test
    void meanColour_saysNothingAboutTheClass() {
        ShapesData data = new ShapesData(32, 1, 1, 1, 0);
        double[][] means = new double[10][3];
        int count = 2000;
        for (int i = 0; i < count; i++) {
            double[] colour = meanColour(data.image(Split.TRAIN, i));
            for (int c = 0; c < 3; c++) {
                means[data.label(Split.TRAIN, i)][c] += colour[c] * 10 / count;
            }
        }
        int right = 0;
        for (int i = 0; i < count; i++) {
            double[] colour = meanColour(data.image(Split.TEST, i));
            int nearest = 0;
            for (int k = 1; k < 10; k++) {
                nearest = distance(colour, means[k]) < distance(colour, means[nearest]) ? k : nearest;
            }
            right += nearest == data.label(Split.TEST, i) ? 1 : 0;
        }
        assertThat(100.0 * right / count).isLessThan(15);
    }

    private static double[] meanColour(byte[] image) {
        double[] mean = new double[3];
        for (int i = 0; i < image.length; i++) {
            mean[i % 3] += (image[i] & 255) * 3.0 / image.length;
        }
        return mean;
    }

    private static double distance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return sum;
    }

    @Test
    void settings_outOfRange_areNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ShapesData(7, 1, 1, 1, 0))
                .withMessage("side must be at least 8 pixels, got 7");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ShapesData(8, 1, 0, 1, 0))
                .withMessage("train must be at least 1 image, got 0");
    }
}
