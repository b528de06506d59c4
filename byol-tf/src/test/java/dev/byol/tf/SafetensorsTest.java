package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.byol.api.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("tensors");
    }

    private static Map<String, Shape> smallShapes() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        shapes.put("a/kernel", Shape.of(2, 3));
        shapes.put("b", Shape.of(21));
        return shapes;
    }

    private byte[] small() throws IOException {
        Map<String, float[]> values = Map.of("a/kernel", new float[] {1, 2, 3, 4, 5, 6}, "b", new float[21]);
        Safetensors.write(file, smallShapes(), values, Map.of("step", "7"));
        return Files.readAllBytes(file);
    }

    private static int header(byte[] bytes) {
        return Math.toIntExact(
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong());
    }

    private void write(String header, int data) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + data).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(file, bytes.putLong(text.length).put(text).array());
    }

    @Test
    void roundTrip_keepsNamesShapesBitsAndText() throws IOException {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        Map<String, float[]> values = new LinkedHashMap<>();
        float[] special = {
            Float.NaN, Float.intBitsToFloat(0x7fa00001), Float.NEGATIVE_INFINITY, -0f, Float.MIN_VALUE, Float.MAX_VALUE
        };
        for (String name : List.of(
                "online/encoder/conv1/kernel",
                "",
                " with spaces ",
                "quote\"d",
                "back\\slash\\",
                "line\nfeed\r\ttab\u0000nul\u001f",
                "{\"a\":[1,2]}",
                "\u00fc/\u03c0/\u4e2d\u6587/\ud834\udd1e",
                "../../outside")) {
            shapes.put(name, Shape.of(2, 3));
            values.put(name, special);
        }
        shapes.put("scalar", Shape.scalar());
        values.put("scalar", new float[] {42});
        shapes.put("nothing", Shape.of(3, 0));
        values.put("nothing", new float[0]);
        Map<String, String> metadata =
                Map.of("method", "Byol[\"x\\\"]\n\tnext: \u00e9\ud834\udd1e", "", "", "step", "9007199254740993");
        Safetensors.write(file, shapes, values, metadata);
        Safetensors.Content content = Safetensors.read(file);
        assertThat(List.copyOf(content.shapes().entrySet())).isEqualTo(List.copyOf(shapes.entrySet()));
        assertThat(content.metadata()).containsAllEntriesOf(metadata);
        assertThat(Safetensors.metadata(file)).isEqualTo(content.metadata());
        values.forEach((name, expected) ->
                assertThat(bits(content.values().get(name))).as(name).isEqualTo(bits(expected)));
        content.requireShapes(shapes, "this");
        assertThat((8 + header(Files.readAllBytes(file))) % 8).isZero();
    }

    private static int[] bits(float... values) {
        int[] bits = new int[values.length];
        Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
        return bits;
    }

    /** By the format's own description, without this class's help. */
    @Test
    void write_isLengthThenHeaderThenValues() throws IOException, NoSuchAlgorithmException {
        Safetensors.write(file, Map.of("w", Shape.of(1, 2)), Map.of("w", new float[] {1, -2}), Map.of("k", "v"));
        ByteBuffer data = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        data.putFloat(1).putFloat(-2);
        String header = "{\"__metadata__\":{\"sha256\":\"" + "0".repeat(64) + "\",\"k\":\"v\",\"sha256_tensors\":\""
                + sha(data.array()) + "\"},\"w\":{\"dtype\":\"F32\",\"shape\":[1, 2],\"data_offsets\":[0,8]}}";
        header += " ".repeat(Math.floorMod(-header.length(), 8));
        byte[] text = header.replace("0".repeat(64), sha(header.getBytes(StandardCharsets.US_ASCII)))
                .getBytes(StandardCharsets.US_ASCII);
        ByteBuffer expected = ByteBuffer.allocate(8 + text.length + 8).order(ByteOrder.LITTLE_ENDIAN);
        expected.putLong(text.length).put(text).put(data.array());
        assertThat(Files.readAllBytes(file)).isEqualTo(expected.array());
    }

    private static String sha(byte[] bytes) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    @Test
    void read_ofAFileThatIsTooShortOrTooLong_says() throws IOException {
        byte[] bytes = small();
        for (int length = 0; length < bytes.length; length++) {
            Files.write(file, Arrays.copyOf(bytes, length));
            assertThatIOException()
                    .as("%d bytes", length)
                    .isThrownBy(() -> Safetensors.read(file))
                    .withMessageStartingWith(file.toString());
        }
        Files.write(file, Arrays.copyOf(bytes, bytes.length + 1));
        assertThatIOException()
                .isThrownBy(() -> Safetensors.read(file))
                .withMessageContaining("has 109 bytes of data, its header describes 108");
    }

    /** Whatever byte is wrong, the message says where: in the header or in which tensor. */
    @Test
    void read_ofAnyDamagedByte_namesWhatIsDamaged() throws IOException {
        byte[] bytes = small();
        int header = 8 + header(bytes);
        for (int at = 0; at < bytes.length; at++) {
            byte right = bytes[at];
            String named = at < 8 ? "" : at < header ? "header" : at < header + 24 ? "wrong of a/kernel" : "wrong of b";
            for (int wrong : wrong(right)) {
                bytes[at] = (byte) wrong;
                if (bytes[at] != right) {
                    Files.write(file, bytes);
                    assertThatIOException()
                            .as("byte %d is %d instead of %d", at, wrong, right)
                            .isThrownBy(() -> Safetensors.read(file))
                            .withMessageStartingWith(file.toString())
                            .withMessageContaining(named);
                }
            }
            bytes[at] = right;
        }
        Files.write(file, bytes);
        assertThat(Safetensors.read(file).shapes()).isEqualTo(smallShapes());
    }

    @Test
    void read_ofSeveralDamagedTensors_namesEach() throws IOException {
        byte[] bytes = small();
        bytes[8 + header(bytes)] ^= 1;
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        assertThatIOException()
                .isThrownBy(() -> Safetensors.read(file))
                .withMessage(file + " is damaged: the checksum is wrong of a/kernel, b");
    }

    /** Of other writers there are no checksums; half of them would be damage. */
    @Test
    void read_withoutOneOfTheChecksums_refuses() throws IOException {
        write(
                "{\"__metadata__\":{\"sha256_tensors\":\"00\"},\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
                8);
        assertThatIOException().isThrownBy(() -> Safetensors.read(file)).withMessageContaining("lacks its checksum");
    }

    /** Each bit flipped, and what means something in JSON. */
    private static int[] wrong(byte right) {
        int[] wrong = new int[16];
        for (int bit = 0; bit < 8; bit++) {
            wrong[bit] = right ^ (1 << bit);
        }
        for (int i = 8; i < 16; i++) {
            wrong[i] = "-0\",]}\\ ".charAt(i - 8);
        }
        return wrong;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[]",
                "12",
                "\"text\"",
                "{",
                "{}}",
                "{\"w\":1}",
                "{\"w\":{}}",
                "{\"w\":null}",
                "{\"__metadata__\":[]}",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"w\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[8,8]}}",
                "{\"w\":{\"dtype\":\"F16\",\"shape\":[4],\"data_offsets\":[0,8]}}",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}}",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":{}}}",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[[2]],\"data_offsets\":[0,8]}}",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[\"2\"],\"data_offsets\":[0,8]}}",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,8]}}",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,-8]}}",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[-2,-1],\"data_offsets\":[0,8]}}",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[4294967298],\"data_offsets\":[0,8]}}",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[65536,65536],\"data_offsets\":[0,0]}}",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[2147483647],\"data_offsets\":[0,8589934588]}}",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[500000000],\"data_offsets\":[0,2000000000]}}",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,8]}}",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} {}",
            })
    void read_ofAForgedHeader_refuses(String header) throws IOException {
        write(header, 8);
        assertThatIOException().isThrownBy(() -> Safetensors.read(file)).withMessageStartingWith(file.toString());
    }

    @Test
    void read_ofDeepNesting_refuses() throws IOException {
        write("{\"w\":" + "[".repeat(1_000_000), 0);
        assertThatIOException().isThrownBy(() -> Safetensors.read(file)).withMessageContaining("nesting");
    }

    @Test
    void read_ofAnImpossibleHeaderLength_refuses() throws IOException {
        for (long length : new long[] {-1, 0, 1, 17, 1L << 31, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE}) {
            ByteBuffer bytes = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
            Files.write(file, bytes.putLong(length).array());
            assertThatIOException()
                    .isThrownBy(() -> Safetensors.read(file))
                    .withMessageContaining("cannot hold a header of " + length + " bytes");
        }
    }

    @Test
    void read_ofOtherWritersLayout_isTheSame() throws IOException {
        write(" {\"w\" : {\"data_offsets\":[0, 8],\n\"shape\":[ 2 ] ,\"dtype\":\"F3\\u0032\"} } ", 8);
        Safetensors.Content content = Safetensors.read(file);
        assertThat(content.shapes()).isEqualTo(Map.of("w", Shape.of(2)));
        assertThat(content.metadata()).isEmpty();
        write("{}", 0);
        assertThat(Safetensors.read(file).shapes()).isEmpty();
    }

    @Test
    void write_thatFails_leavesNothing() throws IOException {
        for (boolean empty : new boolean[] {true, false}) {
            Path directory = Files.createDirectory(folder.resolve("directory" + empty));
            if (!empty) {
                Files.createFile(directory.resolve("precious"));
            }
            assertThatIOException()
                    .isThrownBy(() -> Safetensors.write(
                            directory, Map.of("w", Shape.of(1)), Map.of("w", new float[1]), Map.of()));
            assertThat(directory).isDirectory();
        }
        Path plain = Files.createFile(folder.resolve("plain"));
        assertThatIOException()
                .isThrownBy(() -> Safetensors.write(plain.resolve("below"), Map.of(), Map.of(), Map.of()));
        try (Stream<Path> all = Files.walk(folder)) {
            assertThat(all.map(path -> folder.relativize(path).toString()))
                    .containsExactlyInAnyOrder(
                            "", "directorytrue", "directoryfalse", "directoryfalse/precious", "plain");
        }
    }

    @Test
    void write_thatFails_keepsWhatWasThere() throws IOException {
        byte[] before = small();
        assertThatNullPointerException()
                .isThrownBy(() -> Safetensors.write(file, smallShapes(), Map.of("a/kernel", new float[6]), Map.of()))
                .withMessage("b");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThat(folder).isDirectoryNotContaining(path -> !path.equals(file));
    }
}
