package dev.byol.augment.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cifar10Test {
    private static final int RECORD = 3073;

    @TempDir
    Path folder;

    private static byte[] batch(int... labels) {
        byte[] bytes = new byte[labels.length * RECORD];
        for (int i = 0; i < labels.length; i++) {
            bytes[i * RECORD] = (byte) labels[i];
            for (int c = 0; c < 3; c++) {
                bytes[i * RECORD + 1 + c * 1024 + 32 + 5] = (byte) (100 * c + labels[i]); // row 1, column 5
            }
        }
        return bytes;
    }

    @Test
    void open_readsTheBatchesThatAreThere() throws IOException {
        Path inner = Files.createDirectory(folder.resolve("cifar-10-batches-bin"));
        Files.write(inner.resolve("data_batch_1.bin"), batch(3, 9));
        Files.write(inner.resolve("data_batch_4.bin"), batch(0, 7, 1));
        Files.write(inner.resolve("test_batch.bin"), batch(5));
        Files.writeString(inner.resolve("batches.meta.txt"), "airplane\nautomobile\n\n");
        Cifar10 data = Cifar10.open(folder);
        ImageSource train = data.train();
        assertThat(train.size()).isEqualTo(5);
        int[] labels = {3, 9, 0, 7, 1};
        for (int i = 0; i < 5; i++) {
            assertThat(train.label(i)).isEqualTo(labels[i]);
            for (int c = 0; c < 3; c++) {
                assertThat(train.image(i).sample(5, 1, c)).isEqualTo(100 * c + labels[i]);
            }
            assertThat(train.image(i).sample(1, 5, 0)).isZero();
        }
        assertThat(data.test().label(0)).isEqualTo(5);
        assertThat(data.classNames()).containsExactly("airplane", "automobile");
        assertThat(train.name(2)).isEqualTo("image 2 of " + inner + " (train)");
    }

    @Test
    void broken_refusedWithPathFoundAndExpected() throws IOException {
        assertThatThrownBy(() -> Cifar10.open(folder.resolve("nowhere")))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("found nothing, expected a folder in CIFAR-10's binary format");
        assertThatThrownBy(() -> Cifar10.open(folder))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("expected CIFAR-10's data_batch_1.bin, data_batch_2.bin, data_batch_3.bin,"
                        + " data_batch_4.bin, data_batch_5.bin or test_batch.bin");
        Path file = Files.write(folder.resolve("data_batch_2.bin"), new byte[RECORD + 1]);
        assertThatThrownBy(() -> Cifar10.open(folder).train())
                .isInstanceOf(DatasetException.class)
                .hasMessage(file
                        + ": found 3074 bytes, expected a multiple of 3073 bytes (images of 32x32x3 with a label)");
        Files.write(file, batch(2, 10));
        assertThatThrownBy(() -> Cifar10.open(folder).train())
                .isInstanceOf(DatasetException.class)
                .hasMessage(file + ": found label 10 of image 1, expected labels from 0 to 9");
        assertThatThrownBy(() -> Cifar10.open(folder).test()).hasMessageContaining("found no such file");
    }
}
