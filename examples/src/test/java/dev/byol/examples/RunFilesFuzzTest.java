package dev.byol.examples;

import dev.byol.fuzz.Fuzz;
import dev.byol.tf.Checkpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Attacks on what a run that goes on reads beside the trainer's state: its numbers, and its notes in a checkpoint. */
class RunFilesFuzzTest {
    private static final int STEPS = 3;

    @TempDir
    Path folder;

    private static byte[] metrics() {
        MetricsCsv metrics = new MetricsCsv();
        for (int step = 0; step < STEPS; step++) {
            OptionalDouble rank = step == 0 ? OptionalDouble.of(3.5) : OptionalDouble.empty();
            metrics.add(new MetricsCsv.Row(step, 0, 1.5f, 0.5f, 0.1f, 0.9f, 0.2, 0.99, rank));
        }
        return metrics.text().getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void damagedMetrics_areReadOrRefusedByName() throws InterruptedException {
        Path file = folder.resolve("metrics.csv");
        Fuzz.of("metrics", Map.of("three-steps", metrics()))
                .named("metrics.csv")
                .oneOf(2)
                .inputs(1000)
                .run((content, pastHeader) -> {
                    Files.write(file, content);
                    MetricsCsv.read(file, 1);
                    pastHeader.run();
                    MetricsCsv.read(file, STEPS);
                });
    }

    /** As small as a checkpoint can be, with notes and without a seal. */
    static byte[] checkpoint(Map<String, String> notes) {
        StringBuilder text =
                new StringBuilder("{\"__metadata__\":{\"format\":\"byol-java checkpoint 2\",\"step\":\"2\"");
        new TreeMap<>(notes).forEach((key, value) -> text.append(String.format(",\"note:%s\":\"%s\"", key, value)));
        byte[] header = text.append("}}").toString().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + header.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array();
    }

    private static byte[] repaired(byte[] content) {
        return content.length < Long.BYTES
                ? content
                : ByteBuffer.wrap(content.clone())
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(content.length - Long.BYTES)
                        .array();
    }

    @Test
    void damagedNotes_areReadOrRefusedByName() throws InterruptedException {
        Path file = folder.resolve("x.safetensors");
        Map<String, String> notes = Map.of(
                "epoch",
                "1",
                "position",
                "24",
                "training seconds",
                "1.5",
                "total seconds",
                "2.5",
                "unreadable",
                "3 17",
                "returns",
                "[]");
        Map<String, String> settings = new TreeMap<>(notes);
        settings.putAll(Map.of("--batch", "32", "--seed", "7", "--keep", "3", "--encoder", "resnet18"));
        Map<String, String> untrained = new TreeMap<>(notes);
        untrained.putAll(Map.of("untrained linear", "50.5", "untrained knn", "40.0", "untrained neighbours", "20"));
        Map<String, byte[]> seeds = Map.of(
                "notes", checkpoint(notes), "settings", checkpoint(settings), "untrained", checkpoint(untrained));
        Fuzz.of("notes", seeds)
                .named("x.safetensors")
                .repairedBy(RunFilesFuzzTest::repaired)
                .oneOf(2)
                .inputs(300)
                .run((content, pastHeader) -> {
                    Checkpoint checkpoint = Checkpoint.read(Files.write(file, content));
                    pastHeader.run();
                    RunNotes.of(checkpoint);
                    CommandLine line = new CommandLine(new Pretrain()).setCaseInsensitiveEnumValuesAllowed(true);
                    line.parseArgs("--resume=x");
                    try {
                        RunSettings.takeUp(line.getCommandSpec(), checkpoint);
                    } catch (BadInput e) {
                        throw new IOException(e.getMessage(), e);
                    }
                });
    }
}
