package dev.byol.augment.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.byol.augment.Image;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {
    private static final int COUNT = 3;
    private static final int HEIGHT = 2;
    private static final int WIDTH = 4;

    @TempDir
    Path folder;

    private UnpackCache cache;

    @BeforeEach
    void makeCache() {
        cache = UnpackCache.in(folder.resolve("cache"), 1 << 20);
    }

    private static byte[] idx(int magic, int[] sizes, int bytes) {
        ByteBuffer out = ByteBuffer.allocate(4 + 4 * sizes.length + bytes).putInt(magic);
        Arrays.stream(sizes).forEach(out::putInt);
        for (int i = 0; i < bytes; i++) {
            out.put((byte) (i + 1));
        }
        return out.array();
    }

    private static byte[] images() {
        return idx(0x803, new int[] {COUNT, HEIGHT, WIDTH}, COUNT * HEIGHT * WIDTH);
    }

    private static byte[] labels() {
        return idx(0x801, new int[] {COUNT}, COUNT);
    }

    private Path write(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private void assertTheThree(ImageSource source) throws IOException {
        assertThat(source.size()).isEqualTo(COUNT);
        for (int i = 0; i < COUNT; i++) {
            Image image = source.image(i);
            assertThat(image).hasToString("Image[4x2x1]");
            assertThat(image.sample(3, 1, 0)).isEqualTo(8 * (i + 1));
            assertThat(image.sample(1, 0, 0)).isEqualTo(8 * i + 2);
            assertThat(source.label(i)).isEqualTo(i + 1);
        }
        assertThatThrownBy(() -> source.image(COUNT)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void folder_plainAndCompressed_andDotted() throws IOException {
        write("train-images-idx3-ubyte", images());
        write("train-labels-idx1-ubyte.gz", Archives.gzip(labels()));
        write("t10k-images.idx3-ubyte.gz", Archives.gzip(images()));
        write("t10k-labels.idx1-ubyte", labels());
        Idx data = Idx.open(folder, cache);
        assertTheThree(data.train());
        assertTheThree(data.test());
        assertThat(data.test().description()).endsWith("t10k-images.idx3-ubyte.gz");
        assertThat(Sources.rgb(data.train()).image(0).sample(1, 0, 2)).isEqualTo(2);
    }

    @Test
    void singleFiles_withAndWithoutLabels() throws IOException {
        Path images = write("i", images());
        assertTheThree(Idx.labelled(images, write("l", labels()), cache));
        assertThat(Idx.unlabelled(images, cache).label(0)).isEqualTo(ImageSource.UNLABELLED);
    }

    @Test
    void wrongMagic_refused() throws IOException {
        for (int magic : new int[] {0x801, 0x802, 0x903, 0xD03, 0, -1}) {
            Path file = write("i", idx(magic, new int[] {COUNT, HEIGHT, WIDTH}, COUNT * HEIGHT * WIDTH));
            assertThatThrownBy(() -> Idx.unlabelled(file, cache))
                    .isInstanceOf(DatasetException.class)
                    .hasMessageStartingWith(file + ": found the first bytes 0x")
                    .hasMessageContaining("expected 0x00000803 of IDX images");
        }
        Path good = write("i", images());
        assertThatThrownBy(() -> Idx.labelled(good, good, cache))
                .hasMessageContaining("expected 0x00000801 of IDX labels");
    }

    @Test
    void truncatedAtEveryLength_refused() throws IOException {
        byte[] whole = images();
        Path file = folder.resolve("i");
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> Idx.unlabelled(file, cache))
                    .isInstanceOf(DatasetException.class)
                    .hasMessageStartingWith(
                            file + ": found " + Math.max(length < 16 ? length : length - 16, 0) + " bytes");
        }
        Files.write(file, Arrays.copyOf(whole, whole.length + 1));
        assertThatThrownBy(() -> Idx.unlabelled(file, cache)).isInstanceOf(DatasetException.class);
    }

    @Test
    void sizesThatTheFileDoesNotHave_refused() throws IOException {
        int[][] lies = {
            {Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE},
            {1 << 20, 1 << 10, 1 << 10},
            {-3, -2, 4},
            {3, -2, -4},
            {0, 2, 4},
            {3, 0, 4},
            {24, 1, 0},
            {65536, 65536, 1},
            {6, 2, 3}
        };
        for (int[] sizes : lies) {
            Path file = write("i", idx(0x803, sizes, 24));
            assertThatThrownBy(() -> Idx.unlabelled(file, cache))
                    .isInstanceOf(DatasetException.class)
                    .hasMessage(file + ": found 24 bytes behind a header of sizes " + Arrays.toString(sizes)
                            + ", expected as many bytes as their product, above 0");
        }
    }

    @Test
    void labels_notAsManyAsImages_refused() throws IOException {
        Path images = write("i", images());
        Path labels = write("l", idx(0x801, new int[] {2}, 2));
        assertThatThrownBy(() -> Idx.labelled(images, labels, cache))
                .hasMessage(labels + ": found 2 labels, expected 3, a label for each image");
        Path lying = write("l", idx(0x801, new int[] {3}, 2));
        assertThatThrownBy(() -> Idx.labelled(images, lying, cache)).isInstanceOf(DatasetException.class);
    }

    @Test
    void missingFiles_named() throws IOException {
        assertThatThrownBy(() -> Idx.open(folder.resolve("nowhere"), cache)).hasMessageContaining("found nothing");
        assertThatThrownBy(() -> Idx.open(folder, cache))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("expected a folder with train-images-idx3-ubyte");
        write("train-images-idx3-ubyte", images());
        assertThatThrownBy(() -> Idx.open(folder, cache).train())
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("no file train-labels-idx1-ubyte");
        assertThatThrownBy(() -> Idx.open(folder, cache).test()).hasMessageContaining("t10k-images-idx3-ubyte.gz");
    }

    @Test
    void compressedFile_thatIsBroken_namedByItsOwnPath() throws IOException {
        Path file = write("i.gz", Archives.gzip(new byte[] {1, 2, 3}));
        assertThatThrownBy(() -> Idx.unlabelled(file, cache))
                .isInstanceOf(DatasetException.class)
                .hasMessageStartingWith(file + ": found 3 bytes, expected a header of 16 bytes");
    }
}
