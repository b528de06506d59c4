package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CustomMethodTest {
    @TempDir
    private Path temp;

    @Test
    void run_onAFolder() throws IOException {
        Path folder = Pngs.folder(temp, 8, 16);
        Cli cli = Cli.run("custom-method", "--data", folder.toString(), "--epochs", "1");
        assertThat(cli.code()).as(cli.err()).isZero();
    }
}
