package dev.byol.augment.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.byol.augment.Image;
import dev.byol.augment.io.Npy.Layout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpyTest {
    @TempDir
    Path folder;

    static byte[] npy(String type, String shape, byte[] data) {
        return npy("{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + shape + "), }", data);
    }

    private static byte[] npy(String header, byte[] data) {
        byte[] text = (header + "\n").getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(10 + text.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(HexFormat.of().parseHex("934e554d50590100"))
                .putShort((short) text.length)
                .put(text)
                .put(data)
                .array();
    }

    private static byte[] count(int bytes) {
        byte[] data = new byte[bytes];
        IntStream.range(0, bytes).forEach(i -> data[i] = (byte) i);
        return data;
    }

    private Path write(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private ImageSource open(byte[] bytes, Layout layout) throws IOException {
        return Npy.unlabelled(write("x.npy", bytes), layout);
    }

    private ImageSource open(byte[] bytes) throws IOException {
        return open(bytes, Layout.CHANNELS_LAST);
    }

    @Test
    void uint8_ofEveryShape() throws IOException {
        ImageSource grey = open(npy("|u1", "2, 3, 4", count(24)));
        assertThat(grey.size()).isEqualTo(2);
        assertThat(grey.image(1)).hasToString("Image[4x3x1]");
        assertThat(grey.image(1).sample(3, 2, 0)).isEqualTo(23);
        assertThat(open(npy("|u1", "2, 3, 4", count(24)), Layout.CHANNELS_FIRST).image(1))
                .isEqualTo(grey.image(1));
        ImageSource last = open(npy("|u1", "2, 3, 4, 2", count(48)));
        assertThat(last.image(1)).hasToString("Image[4x3x2]");
        assertThat(last.image(1).sample(1, 2, 1)).isEqualTo(24 + (2 * 4 + 1) * 2 + 1);
        ImageSource first = open(npy("|u1", "2, 2, 3, 4", count(48)), Layout.CHANNELS_FIRST);
        assertThat(first.image(1)).hasToString("Image[4x3x2]");
        assertThat(first.image(1).sample(1, 2, 1)).isEqualTo(24 + 12 + 2 * 4 + 1);
        assertThat(first.label(0)).isEqualTo(ImageSource.UNLABELLED);
        assertThat(first.name(1)).isEqualTo("image 1 of " + folder.resolve("x.npy"));
    }

    @Test
    void uint16_andFloat32_ofBothByteOrders() throws IOException {
        for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            String sign = order == ByteOrder.BIG_ENDIAN ? ">" : "<";
            ByteBuffer shorts = ByteBuffer.allocate(8).order(order);
            shorts.putShort((short) 0)
                    .putShort((short) 1)
                    .putShort((short) 65535)
                    .putShort((short) 256);
            assertThat(open(npy(sign + "u2", "2, 1, 2", shorts.array())).image(1))
                    .isEqualTo(Image.ofUnsigned16(2, 1, 1, new short[] {-1, 256}));
            ByteBuffer floats = ByteBuffer.allocate(24).order(order);
            for (float f : new float[] {0, 0.5f, 1, 0.1f, 0.2f, 0.3f}) {
                floats.putFloat(f);
            }
            assertThat(open(npy(sign + "f4", "1, 3, 1, 2", floats.array()), Layout.CHANNELS_FIRST)
                            .image(0))
                    .isEqualTo(new Image(2, 1, 3, new float[] {0, 1, 0.2f, 0.5f, 0.1f, 0.3f}));
        }
    }

    @Test
    void floatsOutsideTheRange_namedWhenRead() throws IOException {
        byte[] data = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(0)
                .putFloat(255)
                .array();
        ImageSource source = open(npy("<f4", "1, 1, 2", data));
        assertThatThrownBy(() -> source.image(0))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(
                        "image 0 of " + folder.resolve("x.npy") + ": samples must be in [0, 1], got 255.0");
    }

    @Test
    void labels_ofEveryIntegerType() throws IOException {
        Path images = write("x.npy", npy("|u1", "3, 1, 1", count(3)));
        for (String type : List.of("|i1", "<i2", ">i2", "<i4", ">i4", "<i8", ">i8", "|u1", "<u2", ">u4", "<u8")) {
            int size = type.charAt(2) - '0';
            ByteBuffer data = ByteBuffer.allocate(3 * size);
            int[] labels = {3, 100, type.contains("i") ? -1 : 200};
            for (int i = 0; i < 3; i++) {
                for (int b = 0; b < size; b++) {
                    int at = type.startsWith(">") ? size - 1 - b : b;
                    data.put(i * size + at, (byte) ((long) labels[i] >> (8 * b)));
                }
            }
            Path file = write("y.npy", npy(type, "3,", data.array()));
            ImageSource source = Npy.labelled(images, file, Layout.CHANNELS_LAST);
            assertThat(IntStream.range(0, 3).map(source::label).toArray())
                    .as(type)
                    .containsExactly(labels);
        }
    }

    @Test
    void labels_wrong_refused() throws IOException {
        Path images = write("x.npy", npy("|u1", "2, 1, 1", count(2)));
        Path labels = folder.resolve("y.npy");
        Files.write(labels, npy("|u1", "3,", count(3)));
        assertThatThrownBy(() -> Npy.labelled(images, labels, Layout.CHANNELS_LAST))
                .isInstanceOf(DatasetException.class)
                .hasMessage(labels + ": found uint8 [3], expected integers [2], a label for each image");
        Files.write(labels, npy("<f4", "2,", count(8)));
        assertThatThrownBy(() -> Npy.labelled(images, labels, Layout.CHANNELS_LAST))
                .hasMessageContaining("float32 [2]");
        Files.write(labels, npy("|i1", "2,", new byte[] {0, -2}));
        assertThatThrownBy(() -> Npy.labelled(images, labels, Layout.CHANNELS_LAST))
                .hasMessage(labels + ": found label -2 of image 1, expected labels from -1 on");
        byte[] ones = new byte[16];
        Arrays.fill(ones, (byte) -1);
        Files.write(labels, npy("<u8", "2,", ones));
        assertThatThrownBy(() -> Npy.labelled(images, labels, Layout.CHANNELS_LAST))
                .isInstanceOf(DatasetException.class);
    }

    @Test
    void versions2And3_longHeaderLength() throws IOException {
        byte[] one = npy("|u1", "2, 1, 1", count(2));
        for (int version : new int[] {2, 3}) {
            ByteBuffer out = ByteBuffer.allocate(one.length + 2).order(ByteOrder.LITTLE_ENDIAN);
            out.put(one, 0, 6)
                    .put((byte) version)
                    .put((byte) 0)
                    .putInt(one[8] & 0xFF)
                    .put(one, 10, one.length - 10);
            assertThat(open(out.array()).image(1).sample(0, 0, 0)).isEqualTo(1);
        }
    }

    @Test
    void headerThatClaimsMore_refusedBeforeMemoryIsTaken() throws IOException {
        for (String shape : List.of(
                "1099511627776, 1, 1",
                "1048576, 1024, 1024",
                "1, 2147483648, 2147483648",
                "999999999999999999, 999999999999999999, 16",
                "4294967296, 4294967296, 1",
                "9999999999999999999, 1, 1",
                "2, 1, 1",
                "4, 1, 1",
                "0, 1, 1",
                "3, 0, 1",
                "0, 999999999999999999, 999999999999999999")) {
            byte[] file = npy("|u1", shape, count(3));
            assertThatThrownBy(() -> open(file))
                    .as(shape)
                    .isInstanceOf(DatasetException.class)
                    .hasMessageStartingWith(folder.resolve("x.npy") + ": found ");
        }
        assertThatThrownBy(() -> open(npy("|u1", "1099511627776, 1, 1", count(3))))
                .hasMessageEndingWith("found 3 bytes behind a header that says uint8 [1099511627776, 1, 1],"
                        + " expected exactly as many as it says");
        ByteBuffer length = ByteBuffer.wrap(npy("|u1", "3, 1, 1", count(3))).order(ByteOrder.LITTLE_ENDIAN);
        length.put(6, (byte) 2).putInt(8, -1);
        assertThatThrownBy(() -> open(length.array())).hasMessageContaining("header of 4294967295 bytes");
    }

    @Test
    void emptyArray_refused() {
        for (String shape : List.of("0, 1, 1", "3, 0, 1", "", "0,")) {
            assertThatThrownBy(() -> open(npy("|u1", shape, new byte[shape.isEmpty() ? 1 : 0])))
                    .isInstanceOf(DatasetException.class)
                    .hasMessageContaining("none of them 0");
        }
    }

    @Test
    void otherArrays_refusedWithWhatTheyAre() {
        assertThatThrownBy(() -> open(npy("{'descr': '|u1', 'fortran_order': True, 'shape': (3, 1, 1), }", count(3))))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("found an array in Fortran order, expected C order");
        assertThatThrownBy(() -> open(npy("<f8", "1, 1, 1", count(8)))).hasMessageContaining("found f8 [1, 1, 1]");
        assertThatThrownBy(() -> open(npy("|u1", "3, 1", count(3)))).hasMessageContaining("found uint8 [3, 1]");
        assertThatThrownBy(
                        () -> open(npy("{'descr': [('a', '<u1')], 'fortran_order': False, 'shape': (3,)}", count(3))))
                .hasMessageContaining("expected one with a plain 'descr'");
        assertThatThrownBy(() -> open("no array at all".getBytes(StandardCharsets.US_ASCII)))
                .hasMessageContaining("found other first bytes");
    }

    @Test
    void truncatedAtEveryLength_refused() throws IOException {
        byte[] whole = npy("<u2", "2, 1, 2", count(8));
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> open(cut))
                    .as("cut to %d bytes", length)
                    .isInstanceOf(DatasetException.class)
                    .hasMessageStartingWith(folder.resolve("x.npy") + ": found ");
        }
    }

    /** Written by {@code numpy.save} of NumPy 1.24: arange(12).reshape(1, 2, 2, 3) as uint8. */
    @Test
    void fileOfNumpyItself() throws IOException {
        String header = "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 2, 2, 3), }";
        byte[] padded = (header + " ".repeat(117 - header.length()) + "\n").getBytes(StandardCharsets.US_ASCII);
        byte[] file = ByteBuffer.allocate(128 + 12)
                .put(HexFormat.of().parseHex("934e554d505901007600"))
                .put(padded)
                .put(count(12))
                .array();
        assertThat(open(file).image(0)).isEqualTo(new Image(2, 2, 3, count(12)));
    }
}
