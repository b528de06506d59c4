package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.byol.augment.io.ImageSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

    @Test
    void stl10_partsAreOpenedWhenTheyAreAskedFor() throws IOException {
        Path folder = new ShapesData(16, 8, 6, 4, 1).in(temp, line -> {});
        Files.delete(folder.resolve("unlabeled_X.bin"));
        Data data = open("stl10:" + folder + "?size=16");
        assertThat(data.labelled().test().size()).isEqualTo(4);
        assertThatThrownBy(data::unlabelled).hasMessageContaining("unlabeled_X.bin");
        assertThat(data.side()).hasValue(16);
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
