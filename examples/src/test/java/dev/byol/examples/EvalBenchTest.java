package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command from end to end on a few rows; nothing here looks at how fast anything is. */
class EvalBenchTest {
    @TempDir
    private Path temp;

    @Test
    void json_alone_hasOurFigures() throws IOException {
        Path file = temp.resolve("figures.json");
        Cli cli = Cli.run("eval-bench", "--scale", "1000", "--json", file.toString());
        assertThat(cli.code()).as(cli.err()).isZero();
        assertThat(cli.out())
                .contains("lr ", "knn_cosine", "knn_euclidean", "rankme")
                .doesNotContain("of the peer's");
        List<Object> lines = JSON.std.listFrom(Files.readString(file));
        assertThat(lines).hasSize(4).allSatisfy(line -> {
            Map<?, ?> ours = (Map<?, ?>) ((Map<?, ?>) line).get("ours");
            assertThat(((Number) ours.get("cpuSeconds")).doubleValue()).isNotNegative();
        });
    }

    /** Answers as the script would, whatever is asked, and leaves word of what that was. */
    @Test
    void python_isAsked_andCompared() throws IOException {
        Path asked = temp.resolve("asked");
        Path python = Files.writeString(
                temp.resolve("python"), "#!/bin/sh\necho \"$2\" >>" + asked + "\necho '{\"cpuSeconds\": 1000}'\n");
        assumeTrue(python.toFile().setExecutable(true), "skipped: no scripts here");
        Cli cli = Cli.run(
                "eval-bench",
                "--scale",
                "1000",
                "--what",
                "rankme,knn_cosine",
                "--rounds",
                "2",
                "--peer",
                "--python",
                python.toString());
        assertThat(cli.code()).as(cli.err()).isZero();
        assertThat(cli.out().lines().filter(line -> line.contains("of the peer's CPU time")))
                .hasSize(4);
        assertThat(Files.readAllLines(asked)).containsExactly("rankme", "knn", "rankme", "knn");
    }

    @Test
    void python_thatIsNotThere_isNamed() {
        Cli cli = Cli.run("eval-bench", "--scale", "1000", "--what", "lr", "--peer", "--python", "no-such-python");
        assertThat(cli.code()).isEqualTo(2);
        assertThat(cli.err()).contains("no-such-python", "could not be started");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {"--scale 0", "--k 0", "--rounds 0", "--what svm"})
    void value_outOfRange_isRefused(String option, String value) {
        Cli cli = Cli.run("eval-bench", option, value);
        assertThat(cli.code()).isEqualTo(2);
        assertThat(cli.err()).startsWith("byol: ").contains(value);
    }
}
