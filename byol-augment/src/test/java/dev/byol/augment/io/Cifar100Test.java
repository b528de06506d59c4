package dev.byol.augment.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cifar100Test {
    private static final int RECORD = 3074;

    @TempDir
    Path folder;

    private static byte[] batch(int... coarseAndFine) {
        byte[] bytes = new byte[coarseAndFine.length / 2 * RECORD];
        for (int i = 0; i < coarseAndFine.length / 2; i++) {
            bytes[i * RECORD] = (byte) coarseAndFine[2 * i];
            bytes[i * RECORD + 1] = (byte) coarseAndFine[2 * i + 1];
            for (int c = 0; c < 3; c++) {
                bytes[i * RECORD + 2 + c * 1024 + 31 * 32 + 4] = (byte) (50 * c + i + 1); // row 31, column 4
            }
        }
        return bytes;
    }

    @Test
    void open_fineOrCoarse() throws IOException {
        Path inner = Files.createDirectory(folder.resolve("cifar-100-binary"));
        Files.write(inner.resolve("train.bin"), batch(3, 99, 19, 0));
        Files.write(inner.resolve("test.bin"), batch(1, 2));
        Files.writeString(inner.resolve("fine_label_names.txt"), "apple\nbaby\n");
        Files.writeString(inner.resolve("coarse_label_names.txt"), "fish\n");
        Cifar100 fine = Cifar100.open(folder);
        Cifar100 coarse = Cifar100.open(inner, Cifar100.Granularity.COARSE);
        assertThat(fine.classNames()).containsExactly("apple", "baby");
        assertThat(coarse.classNames()).containsExactly("fish");
        assertThat(fine.train().size()).isEqualTo(2);
        assertThat(fine.train().label(0)).isEqualTo(99);
        assertThat(fine.train().label(1)).isZero();
        assertThat(coarse.train().label(0)).isEqualTo(3);
        assertThat(coarse.train().label(1)).isEqualTo(19);
        assertThat(coarse.test().label(0)).isEqualTo(1);
        for (int c = 0; c < 3; c++) {
            assertThat(fine.train().image(1).sample(4, 31, c)).isEqualTo(50 * c + 2);
        }
        assertThat(fine.train().name(1)).isEqualTo("image 1 of " + inner.resolve("train.bin"));
    }

    @Test
    void broken_refusedWithPathFoundAndExpected() throws IOException {
        assertThatThrownBy(() -> Cifar100.open(folder))
                .isInstanceOf(DatasetException.class)
                .hasMessage(folder + ": found no such file, there or in a subfolder cifar-100-binary, expected"
                        + " CIFAR-100's train.bin or test.bin");
        Path file = Files.write(folder.resolve("train.bin"), new byte[RECORD - 1]);
        assertThatThrownBy(() -> Cifar100.open(folder).train())
                .hasMessage(file
                        + ": found 3073 bytes, expected a multiple of 3074 bytes (images of 32x32x3 with 2 labels)");
        Files.write(file, batch(20, 100));
        assertThatThrownBy(() -> Cifar100.open(folder).train())
                .hasMessage(file + ": found label 100 of image 0, expected labels from 0 to 99");
        assertThatThrownBy(
                        () -> Cifar100.open(folder, Cifar100.Granularity.COARSE).train())
                .hasMessage(file + ": found label 20 of image 0, expected labels from 0 to 19");
        assertThatThrownBy(() -> Cifar100.open(folder).test()).hasMessageContaining("found no such file");
    }

    @Test
    void classNames_thatAreNoText_refused() throws IOException {
        Files.write(folder.resolve("train.bin"), batch(0, 0));
        Path names = Files.write(folder.resolve("fine_label_names.txt"), "é".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> Cifar100.open(folder))
                .isInstanceOf(DatasetException.class)
                .hasMessageStartingWith(names + ": found ")
                .hasMessageEndingWith("expected the classes' names in UTF-8, one a line");
    }
}
