package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DryRunTest {
    @TempDir
    private Path temp;

    private Cli pretrain(String... more) throws IOException {
        return Cli.run(Cli.tinyPretrain(data(), more));
    }

    private String data() throws IOException {
        return "stl10:" + new ShapesData(16, 40, 30, 20, 1).in(temp.resolve("cache"), line -> {}) + "?size=16";
    }

    private Cli dryRun(String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(more));
        arguments.add("--dry-run");
        return pretrain(arguments.toArray(String[]::new));
    }

    private static double number(Cli cli, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(cli.out());
        assertThat(found.find()).as(pattern + " in " + cli.out()).isTrue();
        return Double.parseDouble(found.group(1).replace(",", ""));
    }

    @Test
    void run_isPredicted_andNothingIsLeft() throws IOException {
        Path out = temp.resolve("parent/out");
        Cli cli = dryRun("--out", out.toString(), "--epochs", "3", "--keep", "4", "--checkpoint-steps", "5");
        assertThat(cli.code()).as(cli.err()).isZero();
        assertThat(temp.resolve("parent")).doesNotExist();
        assertThat(number(cli, "projector ([\\d,]+)")).isEqualTo(64 * 16 + 3 * 16 + 16 * 8 + 8);
        assertThat(number(cli, "predictor ([\\d,]+)")).isEqualTo(8 * 16 + 3 * 16 + 16 * 8 + 8);
        assertThat(number(cli, "encoder ([\\d,]+)") + number(cli, "projector ([\\d,]+)"))
                .isEqualTo(number(cli, "target ([\\d,]+)"));
        assertThat(number(cli, "([\\d.]+) images a second")).isPositive();
        assertThat(number(cli, ": (\\d+) steps")).isEqualTo(15);
        assertThat(number(cli, "(\\d+) checkpoints \\d+:")).isEqualTo(4); // after 0, 5, 10 and 15 steps
        assertThat(number(cli, "about (\\d+) MiB at the highest")).isBetween(500.0, 4000.0);
        assertThat(number(cli, "(\\d+) checkpoints of")).isEqualTo(5);
    }

    @Test
    void files_takeTheRoomThatIsSaid() throws IOException {
        Path out = temp.resolve("out");
        Cli cli = dryRun("--out", out.toString());
        assertThat(out).doesNotExist();
        Cli run = pretrain("--out", out.toString());
        assertThat(run.code()).as(run.err()).isZero();
        double mebibyte = 1 << 20;
        Path checkpoint = out.resolve("checkpoint/000001-step-0.safetensors");
        assertThat(number(cli, "checkpoints of ([\\d.]+) MiB"))
                .isCloseTo(Files.size(checkpoint) / mebibyte, within(0.06));
        Path variables = out.resolve("encoder/variables/variables.data-00000-of-00001");
        assertThat(number(cli, "twice, ([\\d.]+) MiB")).isCloseTo(Files.size(variables) / mebibyte, within(0.06));
    }

    @Test
    void whatDoesNotFit_isASentence() throws IOException {
        assertThatThrownBy(() -> DryRun.requireRoom(Path.of("here"), 3 << 20, 2 << 20))
                .isInstanceOf(BadInput.class)
                .hasMessage(
                        "--out here needs about 3 MiB for this run, its disk has 2 MiB: lower --keep or --mlp, take a"
                                + " smaller --encoder, or another --out");
        Cli wide = Cli.run(
                "pretrain", "--dry-run", "--data", data(), "--crop", "16", "--batch", "8", "--mlp", "40000,40000");
        assertThat(wide.code()).isEqualTo(2);
        assertThat(wide.err()).contains("MiB of Java heap to be saved, there are");
        Path resumed = Files.createDirectories(temp.resolve("resumed"));
        assertThat(dryRun("--resume", resumed.toString()).err()).contains("leave --resume away");
    }
}
