package dev.byol.augment.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.byol.augment.Image;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Stl10Test {
    private static final int SIDE = 4;
    private static final int BYTES = SIDE * SIDE * 3;

    @TempDir
    Path folder;

    /** Images whose samples tell their index, labels 2, 1, 0, 2, ... */
    private record Counting(int size, List<String> classNames) implements ImageSource {
        @Override
        public Image image(int index) throws IOException {
            byte[] samples = new byte[BYTES];
            for (int i = 0; i < BYTES; i++) {
                samples[i] = (byte) (index * 31 + i * 7);
            }
            return new Image(SIDE, SIDE, 3, samples);
        }

        @Override
        public int label(int index) {
            return 2 - index % 3;
        }
    }

    private static Counting counting(int size) {
        return new Counting(size, List.of("disc", "square", "star"));
    }

    @Test
    void write_thenOpen_givesEverythingBack() throws IOException {
        Path made = folder.resolve("shapes");
        Stl10.write(made, SIDE, counting(7), counting(5), counting(2));
        Stl10 data = Stl10.open(made, SIDE);
        assertThat(data.classNames()).containsExactly("disc", "square", "star");
        assertThat(data.side()).isEqualTo(SIDE);
        assertThat(data.unlabeled().size()).isEqualTo(7);
        assertThat(data.train().size()).isEqualTo(5);
        assertThat(data.test().size()).isEqualTo(2);
        for (int i = 0; i < 5; i++) {
            assertThat(data.train().image(i)).isEqualTo(counting(5).image(i));
            assertThat(data.train().label(i)).isEqualTo(2 - i % 3);
            assertThat(data.unlabeled().image(i)).isEqualTo(counting(5).image(i));
            assertThat(data.unlabeled().label(i)).isEqualTo(ImageSource.UNLABELLED);
        }
        assertThat(data.train().classNames()).hasSize(3);
        assertThat(data.train().name(3)).endsWith("train_X.bin").startsWith("image 3 of ");
        assertThat(list(folder)).as("no temporary folder stays").containsExactly("shapes");
    }

    @Test
    void layout_isPlanesOfColumns_labelsFromOne() throws IOException {
        byte[] planes = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
        Files.write(folder.resolve("train_X.bin"), planes);
        Files.write(folder.resolve("train_y.bin"), new byte[] {10});
        ImageSource train = Stl10.open(folder, 2).train();
        Image image = train.image(0);
        assertThat(image.sample(0, 0, 0)).isEqualTo(1);
        assertThat(image.sample(0, 1, 0)).isEqualTo(2);
        assertThat(image.sample(1, 0, 0)).isEqualTo(3);
        assertThat(image.sample(0, 0, 1)).isEqualTo(5);
        assertThat(image.sample(1, 1, 2)).isEqualTo(12);
        assertThat(train.label(0)).isEqualTo(9);
    }

    @Test
    void open_ofTheFolderAbove_findsTheSubfolder() throws IOException {
        Path inner = Files.createDirectory(folder.resolve("stl10_binary"));
        Files.write(inner.resolve("unlabeled_X.bin"), new byte[3 * BYTES]);
        assertThat(Stl10.open(folder, SIDE).unlabeled().size()).isEqualTo(3);
    }

    @Test
    void open_withoutTheFiles_saysWhatIsExpectedWhere() {
        Path missing = folder.resolve("nowhere");
        assertThatThrownBy(() -> Stl10.open(missing))
                .isInstanceOf(DatasetException.class)
                .hasMessage(missing + ": found nothing, expected a folder in STL-10's binary format");
        assertThatThrownBy(() -> Stl10.open(folder))
                .isInstanceOf(DatasetException.class)
                .hasMessage(folder + ": found no such file, there or in a subfolder stl10_binary,"
                        + " expected STL-10's unlabeled_X.bin, train_X.bin or test_X.bin");
    }

    @Test
    void truncatedFile_refusedWithBothSizes() throws IOException {
        Path file = Files.write(folder.resolve("unlabeled_X.bin"), new byte[3 * BYTES - 1]);
        assertThatThrownBy(() -> Stl10.open(folder, SIDE).unlabeled())
                .isInstanceOf(DatasetException.class)
                .hasMessage(file + ": found 143 bytes, expected a multiple of 48 bytes (images of 4x4x3)");
        Files.write(file, new byte[0]);
        assertThatThrownBy(() -> Stl10.open(folder, SIDE).unlabeled())
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("found 0 bytes");
        assertThatThrownBy(() -> Stl10.open(folder, SIDE).test())
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("found no such file");
    }

    @Test
    void labels_missingOrWrong_refused() throws IOException {
        Files.write(folder.resolve("train_X.bin"), new byte[2 * BYTES]);
        Path labels = folder.resolve("train_y.bin");
        Stl10 data = Stl10.open(folder, SIDE);
        assertThatThrownBy(data::train)
                .hasMessage(labels + ": found no such file, expected 2 bytes, a label for each image");
        Files.write(labels, new byte[] {1});
        assertThatThrownBy(data::train).hasMessage(labels + ": found 1 bytes, expected 2, a label for each image");
        Files.write(labels, new byte[] {1, 0});
        assertThatThrownBy(data::train).hasMessage(labels + ": found label 0 at byte 1, expected labels from 1 to 10");
        Files.write(labels, new byte[] {10, 11});
        assertThatThrownBy(data::train).hasMessage(labels + ": found label 11 at byte 1, expected labels from 1 to 10");
        Files.writeString(folder.resolve("class_names.txt"), "a\nb\n");
        Files.write(labels, new byte[] {3, 1});
        assertThatThrownBy(() -> Stl10.open(folder, SIDE).train())
                .isInstanceOf(DatasetException.class)
                .hasMessage(labels + ": found label 3 at byte 0, expected labels from 1 to 2");
    }

    @Test
    void write_hasTheUsualPermissions() throws IOException {
        Path made = folder.resolve("shapes");
        Stl10.write(made, SIDE, counting(1), counting(1), counting(1));
        assertThat(Files.getPosixFilePermissions(made))
                .isEqualTo(Files.getPosixFilePermissions(Files.createDirectory(folder.resolve("other"))));
    }

    @Test
    void write_toAFolderInUse_leavesItAlone() throws IOException {
        Path mine = Files.writeString(folder.resolve("mine.txt"), "precious");
        assertThatThrownBy(() -> Stl10.write(folder, SIDE, counting(1), counting(1), counting(1)))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining("is not empty");
        assertThat(mine).hasContent("precious");
        assertThat(list(folder)).containsExactly("mine.txt");
    }

    @Test
    void write_thatFails_leavesNothing() throws IOException {
        ImageSource broken = new ImageSource() {
            @Override
            public int size() {
                return 3;
            }

            @Override
            public Image image(int index) throws IOException {
                if (index == 2) {
                    throw new IOException("the disk is full");
                }
                return counting(1).image(index);
            }
        };
        assertThatThrownBy(() -> Stl10.write(folder.resolve("a"), SIDE, broken, counting(1), counting(1)))
                .hasMessage("the disk is full");
        assertThatThrownBy(() -> Stl10.write(folder.resolve("a"), SIDE, counting(1), broken, counting(1)))
                .hasMessageEndingWith("has label -1, expected one in [0, 9]");
        assertThatThrownBy(() -> Stl10.write(folder.resolve("a"), 5, counting(1), counting(1), counting(1)))
                .hasMessageEndingWith("is Image[4x4x3], expected 5x5x3");
        assertThat(list(folder)).isEmpty();
    }

    private static List<String> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).toList();
        }
    }
}
