package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.byol.augment.io.ImageSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataTest {
    @TempDir
    private Path temp;

    private static Data open(String spec) throws IOException {
        return Data.open(spec, 1, line -> {});
    }

    private static Set<String> names(ImageSource source) {
        return IntStream.range(0, source.size()).mapToObj(source::name).collect(Collectors.toSet());
    }

    @Test
    void folderWithClasses_heldOutImagesAreNotPretrainedOn() throws IOException {
        Pngs.folder(temp.resolve("cat"), 10, 8);
        Pngs.folder(temp.resolve("dog"), 2, 8);
        Data data = open("folder:" + temp);
        Data.Labelled labelled = data.labelled();
        assertThat(labelled.classNames()).containsExactly("cat", "dog");
        assertThat(labelled.train().size()).isEqualTo(8 + 1);
        assertThat(labelled.test().size()).isEqualTo(2 + 1);
        assertThat(names(data.unlabelled()))
                .isEqualTo(names(labelled.train()))
                .doesNotContainAnyElementsOf(names(labelled.test()));
        Set<String> all = new HashSet<>(names(labelled.train()));
        all.addAll(names(labelled.test()));
        assertThat(all).hasSize(12);
        assertThat(names(Data.open("folder:" + temp, 2, line -> {}).labelled().test()))
                .isNotEqualTo(names(labelled.test()));
    }

    @Test
    void folderWithOneSubfolder_isNotLabelled() throws IOException {
        Pngs.folder(temp.resolve("DCIM"), 5, 8);
        Data data = open("folder:" + temp);
        assertThat(data.unlabelled().size()).isEqualTo(5);
        assertThat(data.labels())
                .isInstanceOfSatisfying(
                        Data.Unlabelled.class, none -> assertThat(none.reason()).contains("no labels", "DCIM"));
        assertThatThrownBy(data::labelled).isInstanceOf(BadInput.class).hasMessageContaining("expected a subfolder");
    }

    @Test
    void folderWithAClassOfOneImage_isNotLabelled() throws IOException {
        Pngs.folder(temp.resolve("a"), 3, 8);
        Pngs.folder(temp.resolve("b"), 1, 8);
        Data data = open("folder:" + temp);
        assertThat(data.unlabelled().size()).isEqualTo(4);
        assertThat(((Data.Unlabelled) data.labels()).reason()).contains("no labels", "subfolder b");
    }

    @Test
    void trainAndTest_withOtherClasses_refused() throws IOException {
        for (String name : List.of("train/a", "train/b", "test/a", "test/c")) {
            Pngs.folder(temp.resolve(name), 2, 8);
        }
        assertThatThrownBy(() -> open("folder:" + temp).labels()).hasMessageContaining("expected the same");
    }

    private Path zip(String... names) throws IOException {
        Path file = temp.resolve("images.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
            for (String name : names) {
                out.putNextEntry(new ZipEntry(name));
                out.write(Png.encode(new byte[12], 2, 2));
            }
        }
        return file;
    }

    @Test
    void zip_withClasses_isHeldOutOf_withTrainAndTest_isNot() throws IOException {
        Data data = open("zip:" + zip("a/1.png", "a/2.png", "a/3.png", "b/1.png", "b/2.png"));
        Data.Labelled labelled = data.labelled();
        assertThat(labelled.classNames()).containsExactly("a", "b");
        assertThat(labelled.train().size()).isEqualTo(2 + 1);
        assertThat(labelled.test().size()).isEqualTo(1 + 1);
        assertThat(names(data.unlabelled())).isEqualTo(names(labelled.train()));
        Data split = open("zip:" + zip("x/train/a/1.png", "x/train/b/2.png", "x/test/a/3.png", "x/test/b/4.png"));
        assertThat(names(split.labelled().test())).allMatch(name -> name.contains("images.zip!/x/test/"));
        assertThat(split.unlabelled().size()).isEqualTo(2);
        assertThatThrownBy(() -> open("zip:" + zip("train/a/1.png", "train/b/1.png", "test/a/1.png"))
                        .labels())
                .hasMessageContaining("expected the same");
        assertThat(((Data.Unlabelled) open("zip:" + zip("1.png")).labels()).reason())
                .contains("no labels");
    }

    /** Of ten images, the first eight have the labels 0 and 7 in turn, the last two none. */
    private Path npy(int... shape) throws IOException {
        Path images = temp.resolve("x.npy");
        int bytes = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        Files.write(images, npy(Arrays.toString(shape).replace('[', '(').replace(']', ')'), new byte[bytes]));
        Files.write(temp.resolve("y.npy"), npy("(10,)", new byte[] {0, 7, 0, 7, 0, 7, 0, 7, -1, -1}));
        return images;
    }

    private static byte[] npy(String shape, byte[] data) {
        String type = data.length == 10 ? "|i1" : "|u1";
        byte[] header = ("{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + "}\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] magic = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length, 0};
        ByteBuffer out = ByteBuffer.allocate(magic.length + header.length + data.length);
        return out.put(magic).put(header).put(data).array();
    }

    @Test
    void npy_withLabels_pretrainsOnAllButTheTestImages() throws IOException {
        Path images = npy(10, 4, 4);
        Data data = open("npy:" + images + "?labels=" + temp.resolve("y.npy"));
        Data.Labelled labelled = data.labelled();
        assertThat(labelled.train().size()).isEqualTo(3 + 3);
        assertThat(labelled.test().size()).isEqualTo(1 + 1);
        assertThat(data.unlabelled().size()).as("the unlabelled ones too").isEqualTo(8);
        assertThat(data.unlabelled().image(0)).hasToString("Image[4x4x3]");
        assertThat(data.side()).hasValue(4);
        assertThat(open("npy:" + images).labels()).isInstanceOf(Data.Unlabelled.class);
        Data planes = open("npy:" + npy(10, 3, 4, 5) + "?layout=chw");
        assertThat(planes.unlabelled().image(0)).hasToString("Image[5x4x3]");
        assertThat(planes.side()).isEmpty();
    }

    @Test
    void idx_isRgb_withTrainAndTest() throws IOException {
        for (String part : List.of("train", "t10k")) {
            byte[] images = ByteBuffer.allocate(16 + 18)
                    .putInt(0x803)
                    .putInt(2)
                    .putInt(3)
                    .putInt(3)
                    .array();
            Files.write(temp.resolve(part + "-images-idx3-ubyte"), images);
            byte[] labels = ByteBuffer.allocate(10)
                    .putInt(0x801)
                    .putInt(2)
                    .put(new byte[] {5, 6})
                    .array();
            Files.write(temp.resolve(part + "-labels-idx1-ubyte"), labels);
        }
        Data data = open("idx:" + temp);
        assertThat(data.unlabelled().image(1)).hasToString("Image[3x3x3]");
        assertThat(data.labelled().test().label(1)).isEqualTo(6);
        assertThat(data.labelled().train().image(0).channels()).isEqualTo(3);
        assertThat(data.side()).hasValue(3);
    }

    @Test
    void cifar100_fineOrCoarse() throws IOException {
        byte[] record = new byte[3074];
        record[0] = 19;
        record[1] = 99;
        Files.write(temp.resolve("train.bin"), record);
        Files.write(temp.resolve("test.bin"), record);
        assertThat(open("cifar100:" + temp).labelled().test().label(0)).isEqualTo(99);
        assertThat(open("cifar100:" + temp + "?labels=coarse")
                        .labelled()
                        .train()
                        .label(0))
                .isEqualTo(19);
        assertThat(open("cifar100:" + temp).side()).hasValue(32);
    }

    @Test
    void stl10_partsAreOpenedWhenTheyAreAskedFor() throws IOException {
        Path folder = new ShapesData(16, 8, 6, 4, 1).in(temp, line -> {});
        Files.delete(folder.resolve("unlabeled_X.bin"));
        Data data = open("stl10:" + folder + "?size=16");
        assertThat(data.labelled().test().size()).isEqualTo(4);
        assertThatThrownBy(data::unlabelled).hasMessageContaining("unlabeled_X.bin");
        assertThat(data.side()).hasValue(16);
        assertThat(data.examined().size()).as("the test images").isEqualTo(4);
    }

    @Test
    void shapes_areExaminedOnAllThatAreLabelled() throws IOException {
        ShapesData small = new ShapesData(16, 8, 6, 4, 1);
        Data data = Data.shapes(small, temp, line -> {});
        ImageSource examined = data.examined();
        assertThat(examined.size()).isEqualTo(6 + 4);
        assertThat(examined.label(9)).isEqualTo(small.label(ShapesData.Split.TEST, 3));
        assertThat(data.studied().size()).as("none of them is trained on").isEqualTo(8);
    }

    @Test
    void shapes_damagedCache_saysWhatToDelete() throws IOException {
        ShapesData small = new ShapesData(16, 8, 6, 4, 1);
        List<String> told = new ArrayList<>();
        Path folder = small.in(temp, told::add);
        assertThat(told).singleElement().asString().contains("drawing 18 images");
        Data.shapes(small, temp, told::add);
        assertThat(told).hasSize(1);
        Files.write(folder.resolve("unlabeled_X.bin"), new byte[1]);
        assertThatThrownBy(() -> Data.shapes(small, temp, told::add).unlabelled())
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("delete " + folder);
    }
}
