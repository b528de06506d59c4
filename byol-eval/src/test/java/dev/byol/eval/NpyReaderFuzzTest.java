package dev.byol.eval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.fuzz.Fuzz;
import dev.byol.fuzz.NpyRepair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attacks on files of features. */
class NpyReaderFuzzTest {
    @TempDir
    Path folder;

    private byte[] written() throws IOException {
        Path file = folder.resolve("seed.npy");
        NpyWriter.writeFeatures(file, Features.unlabelled(new float[] {1, 2, 3, 4, 5, 6}, 3));
        return Files.readAllBytes(file);
    }

    private static byte[] doubles(int version) {
        byte[] text =
                "{'descr': '<f8', 'fortran_order': False, 'shape': (4, 2), }\n".getBytes(StandardCharsets.US_ASCII);
        ByteBuffer out = ByteBuffer.allocate((version == 1 ? 10 : 12) + text.length + 64)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
        if (version == 1) {
            out.putShort((short) text.length);
        } else {
            out.putInt(text.length);
        }
        return out.put(text).array();
    }

    @Test
    void damagedFeatures_areReadOrRefusedByName() throws IOException, InterruptedException {
        Path file = folder.resolve("x.npy");
        Fuzz.of("features", Map.of("floats", written(), "doubles", doubles(1), "version-2", doubles(2)))
                .named("x.npy")
                .repairedBy(NpyRepair::repaired)
                .inputs(1000)
                .run((content, pastHeader) -> {
                    Files.write(file, content);
                    try (NpyReader reader = NpyReader.open(file)) {
                        pastHeader.run();
                        while (reader.remaining() > 0) {
                            assertThat(reader.read(2)).isNotEmpty();
                        }
                    }
                    assertThat(NpyReader.readFeatures(file).values()).isNotEmpty();
                });
    }
}
