package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.Summary;

class EventFileTest {
    @TempDir
    Path folder;

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    /** The records of a file, with their checksums checked by the bitwise algorithm below. */
    private static List<Event> events(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<Event> events = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte[] length = new byte[8];
            bytes.get(length);
            assertThat(bytes.getInt()).as("checksum of the length").isEqualTo(masked(length));
            byte[] data = new byte
                    [Math.toIntExact(ByteBuffer.wrap(length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getLong())];
            bytes.get(data);
            assertThat(bytes.getInt()).as("checksum of the data").isEqualTo(masked(data));
            events.add(Event.parseFrom(data));
        }
        return events;
    }

    private static int masked(byte... data) {
        int crc = crc32c(data);
        return Integer.rotateRight(crc, 15) + 0xa282ead8;
    }

    /** RFC 3720: Castagnoli's polynomial, reflected, bit by bit. */
    private static int crc32c(byte... data) {
        int crc = -1;
        for (byte b : data) {
            crc ^= b & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 0 ? crc >>> 1 : (crc >>> 1) ^ 0x82f63b78;
            }
        }
        return ~crc;
    }

    @Test
    void checksum_ofKnownVectors() {
        // RFC 3720, B.4: 32 zeros, 32 ones; and the digits
        byte[] zeros = new byte[32];
        byte[] ones = new byte[32];
        Arrays.fill(ones, (byte) 0xff);
        byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
        assertThat(crc32c(zeros)).isEqualTo(0x8a9136aa);
        assertThat(crc32c(ones)).isEqualTo(0x62a8ab43);
        assertThat(crc32c(digits)).isEqualTo(0xe3069283);
        for (byte[] data : List.of(zeros, ones, digits, new byte[0])) {
            assertThat(ByteBuffer.wrap(EventFile.checksum(data))
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getInt())
                    .isEqualTo(masked(data));
        }
        // 0xe3069283 rotated right by 15 and moved by the mask
        assertThat(EventFile.checksum(digits)).containsExactly(0xe5, 0xb0, 0x8a, 0xc7);
    }

    @Test
    void scalars_areReadBack() throws IOException {
        Map<String, Double> first = new LinkedHashMap<>();
        first.put("loss", 3.5);
        first.put("trust_ratio/encoder/conv1/kernel", -1e-30);
        first.put("caf\u00e9", Double.NaN);
        try (EventFile events = EventFile.create(folder.resolve("made/with/parents"))) {
            events.scalars(0, first);
            events.scalars(1L << 40, Map.of("loss", 0.1));
            events.scalars(2, Map.of());
        }
        try (Stream<Path> files = Files.list(folder.resolve("made/with/parents"))) {
            Path file = files.findFirst().orElseThrow();
            assertThat(file.getFileName().toString()).startsWith("events.out.tfevents.");
            List<Event> found = events(file);
            assertThat(found).hasSize(4);
            assertThat(found.get(0).getFileVersion()).isEqualTo("brain.Event:2");
            found.forEach(event -> assertThat(event.getWallTime()).isGreaterThan(1.5e9));
            assertThat(found.get(1).getStep()).isZero();
            assertThat(values(found.get(1)))
                    .containsExactly(
                            Map.entry("loss", 3.5f),
                            Map.entry("trust_ratio/encoder/conv1/kernel", -1e-30f),
                            Map.entry("caf\u00e9", Float.NaN));
            assertThat(found.get(2).getStep()).isEqualTo(1L << 40);
            assertThat(values(found.get(2))).containsExactly(Map.entry("loss", 0.1f));
            assertThat(found.get(3).getStep()).isEqualTo(2);
            assertThat(values(found.get(3))).isEmpty();
        }
    }

    private static Map<String, Float> values(Event event) {
        Map<String, Float> values = new LinkedHashMap<>();
        for (Summary.Value value : event.getSummary().getValueList()) {
            values.put(value.getTag(), value.getSimpleValue());
        }
        return values;
    }

    @Test
    void flush_showsWhatWasWritten() throws IOException {
        try (EventFile events = EventFile.create(folder)) {
            events.scalars(7, Map.of("loss", 1.0));
            events.flush();
            assertThat(events(files().get(0))).hasSize(2);
        }
    }

    @Test
    void files_haveNamesOfTheirOwn() throws IOException {
        try (EventFile one = EventFile.create(folder);
                EventFile two = EventFile.create(folder)) {
            one.scalars(1, Map.of("loss", 1.0));
            two.scalars(2, Map.of("loss", 2.0));
        }
        assertThat(files()).hasSize(2);
        for (Path file : files()) {
            assertThat(events(file)).hasSize(2);
        }
    }

    @Test
    void goOn_cutsTheNextStepAndWhatFollows_andWritesOn() throws IOException {
        try (EventFile events = EventFile.create(folder)) {
            for (int step = 0; step < 5; step++) {
                events.scalars(step, Map.of("loss", (double) step));
            }
        }
        try (EventFile events = EventFile.goOn(folder, 3)) {
            events.scalars(3, Map.of("loss", 30.0));
        }
        assertThat(files()).hasSize(1);
        assertThat(losses()).containsExactly(0f, 1f, 2f, 30f);
        EventFile.goOn(folder, 9).close();
        assertThat(losses()).containsExactly(0f, 1f, 2f, 30f);
        EventFile.goOn(folder, 0).close();
        assertThat(losses()).isEmpty();
    }

    private List<Float> losses() throws IOException {
        return events(files().get(0)).stream()
                .filter(Event::hasSummary)
                .map(event -> event.getSummary().getValue(0).getSimpleValue())
                .toList();
    }

    /** Every length, and every byte: what comes before the damage stays, and nothing after it. */
    @Test
    void goOn_ofADamagedFile_keepsWhatIsWhole() throws IOException {
        try (EventFile events = EventFile.create(folder)) {
            events.scalars(0, Map.of("loss", 1.0));
            events.flush();
            int first = (int) Files.size(files().get(0));
            events.scalars(1, Map.of("loss", 2.0));
            events.flush();
            Path file = files().get(0);
            byte[] bytes = Files.readAllBytes(file);
            for (int at = first; at < bytes.length; at++) {
                Files.write(file, java.util.Arrays.copyOf(bytes, at));
                EventFile.goOn(folder, 9).close();
                assertThat(losses()).containsExactly(1f);
                byte[] flipped = bytes.clone();
                flipped[at] ^= 8;
                Files.write(file, flipped);
                EventFile.goOn(folder, 9).close();
                assertThat(Files.size(file)).isEqualTo(first);
                assertThat(losses()).containsExactly(1f);
            }
        }
    }

    @Test
    void goOn_withoutAFile_startsOne() throws IOException {
        Path made = folder.resolve("made");
        EventFile.goOn(made, 5).close();
        assertThat(made).isDirectoryContaining(file -> file.toString().endsWith(".byol"));
        Files.write(folder.resolve("events.out.tfevents.1.1.0.byol"), new byte[30]);
        EventFile.goOn(folder, 5).close();
        assertThat(files())
                .as("the folder, what was no event file, and a new one")
                .hasSize(3);
    }

    @Test
    void isInPlace_saysWhetherTheFileIsThere() throws IOException {
        try (EventFile events = EventFile.create(folder)) {
            assertThat(events.isInPlace()).isTrue();
            Files.delete(files().get(0));
            assertThat(events.isInPlace()).isFalse();
        }
    }
}
