package dev.byol.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyTest {
    @TempDir
    Path folder;

    /** A file as numpy writes it: magic, version, the header's length, the header, the values. */
    private Path file(int version, String header, byte[] values) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
        ByteBuffer length =
                ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(text.length);
        out.write(length.array(), 0, version == 1 ? 2 : 4);
        out.write(text);
        out.write(values);
        return Files.write(folder.resolve("x.npy"), out.toByteArray());
    }

    private Path file(String type, boolean fortran, String shape, byte[] values) throws IOException {
        String order = fortran ? "True" : "False";
        return file(
                1, "{'descr': '" + type + "', 'fortran_order': " + order + ", 'shape': (" + shape + "), }\n", values);
    }

    private static byte[] floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.array();
    }

    private static byte[] doubles(double... values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            bytes.putDouble(value);
        }
        return bytes.array();
    }

    private void assertRefused(ThrowingCallable call, String found, String expected) {
        assertThatIOException()
                .isThrownBy(call)
                .withMessage(folder.resolve("x.npy") + ": found " + found + ", expected " + expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void readFeatures_everyVersion(int version) throws IOException {
        Path file = file(
                version,
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }          \n",
                floats(1, -2, 3.5f, 4, 5, 6e-30f));

        Features features = NpyReader.readFeatures(file);

        assertThat(features.rows()).isEqualTo(2);
        assertThat(features.dimension()).isEqualTo(3);
        assertThat(features.values()).containsExactly(1, -2, 3.5f, 4, 5, 6e-30f);
        assertThat(features.unlabelledRows()).isEqualTo(2);
    }

    @Test
    void readFeatures_doubles_areRounded() throws IOException {
        Features features = NpyReader.readFeatures(file("<f8", false, "1, 2", doubles(0.1, 1e30)));

        assertThat(features.values()).containsExactly(0.1f, 1e30f);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "7, 3, 2", "7, 3, 7", "7, 3, 100", "5000, 9, 1999"})
    void read_inBatches_isWhatWasWritten(int rows, int dimension, int batch) throws IOException {
        float[] values = Gaussian.features(rows, dimension, 1).values();
        Path file = folder.resolve("written.npy");
        try (NpyWriter writer = NpyWriter.create(file, dimension)) {
            for (int from = 0; from < rows; from += batch) {
                int to = Math.min(rows, from + batch);
                writer.write(Arrays.copyOfRange(values, from * dimension, to * dimension));
                assertThat(writer.rows()).isEqualTo(to);
            }
        }

        try (NpyReader reader = NpyReader.open(file)) {
            assertThat(reader.rows()).isEqualTo(rows);
            assertThat(reader.dimension()).isEqualTo(dimension);
            for (int from = 0; from < rows; from += batch) {
                int to = Math.min(rows, from + batch);
                assertThat(reader.read(batch))
                        .containsExactly(Arrays.copyOfRange(values, from * dimension, to * dimension));
                assertThat(reader.remaining()).isEqualTo(rows - to);
            }
            assertThat(reader.read(batch)).isEmpty();
        }
    }

    @Test
    void write_isTheFormatToTheByte() throws IOException {
        Path file = folder.resolve("written.npy");
        NpyWriter.writeFeatures(file, Features.unlabelled(new float[] {1, 2, 3, 4, 5, 6}, 2));

        byte[] bytes = Files.readAllBytes(file);
        String text = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }";
        assertThat(bytes).hasSize(128 + 24).startsWith(0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0);
        assertThat(new String(bytes, 10, 118, StandardCharsets.US_ASCII))
                .isEqualTo(text + " ".repeat(117 - text.length()) + "\n");
        assertThat(Arrays.copyOfRange(bytes, 128, bytes.length)).isEqualTo(floats(1, 2, 3, 4, 5, 6));
    }

    @Test
    void write_replacesALongerFile() throws IOException {
        Path file = Files.write(folder.resolve("written.npy"), new byte[5000]);
        NpyWriter.writeFeatures(file, Features.unlabelled(new float[] {7}, 1));

        assertThat(NpyReader.readFeatures(file).values()).containsExactly(7);
    }

    @Test
    void write_notClosed_isRefused() throws IOException {
        Path file = folder.resolve("x.npy");
        try (NpyWriter writer = NpyWriter.create(file, 2).write(new float[4])) {
            assertThat(writer.rows()).isEqualTo(2);
            assertRefused(
                    () -> NpyReader.open(file),
                    "the shape (0, 2)",
                    "at least one row, and from 1 to 2147483639 columns");
        }
        assertThat(NpyReader.readFeatures(file).rows()).isEqualTo(2);
    }

    @Test
    void write_notWholeRows() throws IOException {
        try (NpyWriter writer = NpyWriter.create(folder.resolve("x.npy"), 3)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> writer.write(new float[4]))
                    .withMessage("4 values are not whole rows of 3 columns");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> NpyWriter.create(folder.resolve("y.npy"), 0));
        assertThat(folder.resolve("y.npy")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {">f4", "<f2", "<i4", "|u1", "<c8", "<U3", "=f4"})
    void open_otherType(String type) throws IOException {
        Path file = file(type, false, "1, 1", new byte[4]);

        assertRefused(
                () -> NpyReader.open(file),
                "values of type '" + type + "'",
                "'<f4' or '<f8', little-endian float32 or float64");
    }

    @Test
    void open_fortranOrder() throws IOException {
        Path file = file("<f4", true, "1, 1", new byte[4]);

        assertRefused(
                () -> NpyReader.open(file),
                "a matrix in Fortran order",
                "C order, as numpy.ascontiguousarray makes it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "4,", "1, 2, 2", "2 2", "9999999999999999999, 1"})
    void open_notAMatrix(String shape) throws IOException {
        Path file = file("<f4", false, shape, new byte[16]);

        assertRefused(
                () -> NpyReader.open(file), "the shape (" + shape + ")", "two numbers, those of rows and columns");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0, 4", "4, 0", "1, 2147483648"})
    void open_sizeOutOfRange(String shape) throws IOException {
        Path file = file("<f4", false, shape, new byte[0]);

        assertRefused(
                () -> NpyReader.open(file),
                "the shape (" + shape + ")",
                "at least one row, and from 1 to 2147483639 columns");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2, 2 | 15 | float32 [2, 2]",
                "2, 2 | 17 | float32 [2, 2]",
                "2, 2 | 0 | float32 [2, 2]",
                "999999999999999999, 2147483639 | 8 | float32 [999999999999999999, 2147483639]",
                "536870912, 2147483639 | 0 | float32 [536870912, 2147483639]"
            })
    void open_otherNumberOfBytes(String shape, int bytes, String header) throws IOException {
        Path file = file("<f4", false, shape, new byte[bytes]);

        assertRefused(() -> NpyReader.open(file), bytes + " bytes behind the header", "exactly those of " + header);
    }

    @Test
    void open_headerLongerThanTheFile() throws IOException {
        byte[] start = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 2, 0, -1, -1, -1, -1, '{'};
        Path file = Files.write(folder.resolve("x.npy"), start);

        assertRefused(
                () -> NpyReader.open(file),
                "a header of 4294967295 bytes in a file of 13",
                "one of at most 65536, and the values behind it");
    }

    @Test
    void open_headerWithoutShape() throws IOException {
        Path file = file(1, "{'descr': '<f4', 'fortran_order': False}", new byte[0]);

        assertRefused(
                () -> NpyReader.open(file),
                "the header {'descr': '<f4', 'fortran_order': False}",
                "one with a plain 'descr', 'fortran_order' and 'shape'");
    }

    @Test
    void open_otherVersion() throws IOException {
        Path file = file(4, "{}", new byte[0]);

        assertRefused(() -> NpyReader.open(file), "version 4 of the format", "1, 2 or 3");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 6, 7})
    void open_shorterThanAHeader(int length) throws IOException {
        byte[] start = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
        Path file = Files.write(folder.resolve("x.npy"), Arrays.copyOf(start, length));

        assertRefused(() -> NpyReader.open(file), "other first bytes", "a NumPy array file (.npy)");
    }

    @Test
    void open_lengthCutOff() throws IOException {
        byte[] start = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 5};
        Path file = Files.write(folder.resolve("x.npy"), start);

        assertRefused(
                () -> NpyReader.open(file),
                "a header of 5 bytes in a file of 9",
                "one of at most 65536, and the values behind it");
    }

    @Test
    void open_missing() {
        assertThatIOException()
                .isThrownBy(() -> NpyReader.open(folder.resolve("none.npy")))
                .isInstanceOf(NoSuchFileException.class)
                .withMessageContaining("none.npy");
    }

    @Test
    void read_notFinite_namesRowAndColumn() throws IOException {
        Path floats = file("<f4", false, "3, 2", floats(1, 2, 3, 4, 5, Float.NaN));
        try (NpyReader reader = NpyReader.open(floats)) {
            assertThat(reader.read(2)).containsExactly(1, 2, 3, 4);
            assertRefused(() -> reader.read(1), "NaN at row 2, column 1", "values that are finite as floats");
        }
        Path doubles = file("<f8", false, "1, 2", doubles(1, 1e39));
        assertRefused(
                () -> NpyReader.readFeatures(doubles), "1.0E39 at row 0, column 1", "values that are finite as floats");
    }

    @Test
    void read_fileThatShrinks() throws IOException {
        Path file = folder.resolve("x.npy");
        NpyWriter.writeFeatures(file, Gaussian.features(50_000, 2, 1));
        try (NpyReader reader = NpyReader.open(file)) {
            Files.write(file, new byte[1000]);

            assertThatIOException()
                    .isThrownBy(() -> reader.read(50_000))
                    .withMessage(file + " became shorter while it was read, expected float32 [50000, 2]");
        }
    }

    @Test
    void read_noRows() throws IOException {
        try (NpyReader reader = NpyReader.open(file("<f4", false, "1, 1", floats(1)))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> reader.read(0))
                    .withMessage("the number of rows must be at least 1, got 0");
            assertThat(reader).hasToString("NpyReader of " + folder.resolve("x.npy") + ": float32 [1, 1]");
        }
    }
}
