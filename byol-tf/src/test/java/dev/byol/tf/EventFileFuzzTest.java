package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.fuzz.Fuzz;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.Summary;

/** Attacks on event files that a resumed run goes on with: what is whole stays, what is not is cut off. */
class EventFileFuzzTest {
    private static final int STEP = 3;
    private static final int BEFORE = Long.BYTES + Integer.BYTES;

    @TempDir
    Path folder;

    private static byte[] record(byte... data) {
        byte[] length = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(data.length)
                .array();
        return ByteBuffer.allocate(BEFORE + data.length + Integer.BYTES)
                .put(length)
                .put(EventFile.checksum(length))
                .put(data)
                .put(EventFile.checksum(data))
                .array();
    }

    private static byte[] events() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(record(
                Event.newBuilder().setFileVersion("brain.Event:2").build().toByteArray()));
        for (int step = 0; step < STEP; step++) {
            Summary.Builder summary = Summary.newBuilder();
            for (String tag : List.of("loss", "tau", "learning_rate")) {
                summary.addValue(Summary.Value.newBuilder().setTag(tag).setSimpleValue(step + 0.5f));
            }
            out.writeBytes(record(
                    Event.newBuilder().setStep(step).setSummary(summary).build().toByteArray()));
        }
        return out.toByteArray();
    }

    /** The same file with all checksums right, as far as the records can be followed; the last one ends with the file. */
    private static byte[] repaired(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteBuffer in = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        int at = 0;
        while (content.length - at >= BEFORE + Integer.BYTES) {
            long length = in.getLong(at);
            int most = content.length - at - BEFORE - Integer.BYTES;
            int taken = length < 0 || length > most ? most : (int) length;
            out.writeBytes(record(Arrays.copyOfRange(content, at + BEFORE, at + BEFORE + taken)));
            at += BEFORE + taken + Integer.BYTES;
        }
        return out.toByteArray();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Test
    void damagedEventFile_isCutWhereItsDamageBegins() throws InterruptedException {
        Fuzz.of("events", Map.of("three-steps", events()))
                .repairedBy(EventFileFuzzTest::repaired)
                .inputs(800)
                .run((content, pastHeader) -> {
                    for (Path old : files()) {
                        Files.delete(old);
                    }
                    Path file = Files.write(folder.resolve("events.out.tfevents.1.byol"), content);
                    EventFile.goOn(folder, STEP).close();
                    List<Path> files = files();
                    if (files.size() == 2) { // nothing is whole, and another one was begun
                        assertThat(Files.readAllBytes(file)).isEqualTo(content);
                        throw new IOException("no event");
                    }
                    pastHeader.run();
                    byte[] kept = Files.readAllBytes(file);
                    assertThat(kept).isEqualTo(Arrays.copyOf(content, kept.length));
                    EventFile.goOn(folder, STEP).close();
                    assertThat(Files.size(file)).as("nothing more is cut").isEqualTo(kept.length);
                    if (kept.length < content.length) {
                        throw new IOException("cut");
                    }
                });
    }
}
