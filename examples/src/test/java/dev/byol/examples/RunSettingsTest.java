package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.tf.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class RunSettingsTest {
    @TempDir
    Path folder;

    @Test
    void optionsOfOneCall_areNotTakenFromACheckpoint() throws IOException {
        Path file = folder.resolve("x.safetensors");
        Map<String, String> notes = Map.of("--out", "/elsewhere", "--overwrite", "true", "--keep", "7");
        Checkpoint checkpoint = Checkpoint.read(Files.write(file, RunFilesFuzzTest.checkpoint(notes)));
        CommandLine line = new CommandLine(new Pretrain());
        line.parseArgs("--resume=" + folder);
        RunSettings.takeUp(line.getCommandSpec(), checkpoint);
        assertThat(List.of("--out", "--overwrite", "--keep"))
                .map(name ->
                        String.valueOf(line.getCommandSpec().findOption(name).<Object>getValue()))
                .containsExactly(new Pretrain().out.toString(), "false", "7");
    }
}
