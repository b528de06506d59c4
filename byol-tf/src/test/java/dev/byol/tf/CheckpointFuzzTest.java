package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.api.Shape;
import dev.byol.fuzz.Fuzz;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attacks on checkpoints, sealed and plain; half of them by someone who knows how to seal. */
class CheckpointFuzzTest {
    private static final Pattern RANGE = Pattern.compile("\"data_offsets\":\\[(\\d{1,9}),(\\d{1,9})]");
    private static final Pattern SEALS = Pattern.compile('"' + Seal.TENSORS + "\":\"([0-9a-f ]*)\"");

    @TempDir
    Path folder;

    private static Map<String, Shape> shapes() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        shapes.put("online/encoder/w", Shape.of(2, 3));
        shapes.put("online/encoder/b", Shape.of(3));
        shapes.put("optimizer/momentum/encoder/w", Shape.scalar());
        return shapes;
    }

    private byte[] sealed() throws IOException {
        Map<String, float[]> values = new LinkedHashMap<>();
        shapes().forEach((name, shape) -> values.put(name, new float[shape.size()]));
        Map<String, String> header = Checkpoint.header(
                Map.of("method", "Byol[\"é\"]", "seed", "1"), 17, 2, Map.of("position", "3", "score", "0.5"));
        Path file = folder.resolve("seed");
        Safetensors.write(file, shapes(), values, header);
        return Files.readAllBytes(file);
    }

    /** As Python's library writes it. */
    private static byte[] plain() {
        byte[] header = ("{\"__metadata__\":{\"format\":\"byol-java checkpoint 1\",\"step\":\"2\"},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}  ")
                .getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + header.length + 8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array();
    }

    @Test
    void damagedCheckpoint_isReadOrRefusedByName() throws IOException, InterruptedException {
        Path file = folder.resolve("x.safetensors");
        Fuzz.of("checkpoint", Map.of("sealed", sealed(), "plain", plain()))
                .named("x.safetensors")
                .repairedBy(CheckpointFuzzTest::repaired)
                .inputs(1000)
                .run((content, pastHeader) -> {
                    Files.write(file, content);
                    assertThat(Safetensors.metadata(file)).isNotNull();
                    pastHeader.run();
                    Checkpoint checkpoint = Checkpoint.read(file);
                    assertThat(checkpoint.step()).isNotNegative();
                    assertThat(checkpoint.notes().keySet()).doesNotContainNull();
                    assertThat(checkpoint.provenance().keySet()).doesNotContainNull();
                    checkpoint.content().requireShapes(checkpoint.shapes(), "itself");
                    checkpoint.content().part(Checkpoint.ENCODER);
                });
    }

    /** The same file with the header's length and all checksums right, as far as it can be followed. */
    private static byte[] repaired(byte[] content) {
        int end = headerEnd(content);
        if (end < 0) {
            return content;
        }
        byte[] bytes = content.clone();
        ByteBuffer repaired = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        repaired.putLong(0, end - Long.BYTES);
        byte[] header = Arrays.copyOfRange(content, Long.BYTES, end);
        if (Seal.isOn(header)) {
            String text = new String(header, StandardCharsets.ISO_8859_1);
            Matcher seals = SEALS.matcher(text);
            String right = seals(text, content, end);
            if (seals.find() && seals.group(1).length() == right.length()) {
                byte[] digits = right.getBytes(StandardCharsets.US_ASCII);
                System.arraycopy(digits, 0, header, seals.start(1), digits.length);
            }
            byte[] blank = Seal.blank().getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(blank, 0, header, text.indexOf(':', text.indexOf(':') + 1) + 2, blank.length);
            Seal.close(header);
            repaired.put(Long.BYTES, header);
        }
        return bytes;
    }

    private static String seals(String header, byte[] content, int start) {
        return RANGE.matcher(header)
                .results()
                .map(range -> {
                    int from = start + Integer.parseInt(range.group(1));
                    int to = start + Integer.parseInt(range.group(2));
                    return from <= to && to <= content.length
                            ? Seal.of(ByteBuffer.wrap(content, from, to - from))
                            : Seal.blank();
                })
                .collect(Collectors.joining(" "));
    }

    /** Behind the brace that closes the first one and the spaces that fill up; -1 if there is none. */
    private static int headerEnd(byte[] content) {
        int depth = 0;
        boolean isText = false;
        for (int i = Long.BYTES; i < content.length; i++) {
            byte c = content[i];
            if (c == '"') {
                isText = !isText;
            } else if (c == '\\') {
                i++;
            } else if (!isText && (c == '{' || c == '}')) {
                depth += c == '{' ? 1 : -1;
                if (depth <= 0) {
                    int end = i + 1;
                    while (end < content.length && end % 8 != 0 && content[end] == ' ') {
                        end++;
                    }
                    return end;
                }
            }
        }
        return -1;
    }
}
