package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpuCheckTest {
    @TempDir
    Path temp;

    private Cli check(String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("gpu-check", "--rehearse", "--device", "cpu", "--out", temp.toString()));
        arguments.addAll(List.of(more));
        return Cli.run(arguments);
    }

    private Map<?, ?> results(String part) throws IOException {
        Map<String, Object> all = JSON.std.mapFrom(Files.readString(temp.resolve(GpuCheck.RESULTS)));
        assertThat(all).containsEntry("rehearsal", true).containsEntry("device", "cpu");
        return (Map<?, ?>) all.get(part);
    }

    /** A part that cannot be done says why, fails the whole, and does not keep the next one from being done. */
    @Test
    void goldens_whereTheTestsAreNot_sayWhatToDo() throws IOException {
        Cli cli = check("--parts", "goldens,speed");
        assertThat(cli.code()).as(cli.out() + cli.err()).isEqualTo(1);
        assertThat(results("goldens").get("ok")).isEqualTo(false);
        assertThat(String.valueOf(results("goldens").get("error"))).contains("examples/gpu-check pack");
        Map<?, ?> speed = results("speed");
        assertThat(speed.get("ok")).as("%s", speed).isEqualTo(true);
        assertThat(String.valueOf(speed.get("benchmarks")))
                .contains("shareOfConvolutionsAlone", "shareOfStep", "what=step", "what=training");
        assertThat(cli.out()).endsWith("NOT all as it should be\n");
    }

    @Test
    void profile_hasTheTypesOfEachTimedStep() throws IOException {
        Cli cli = check("--parts", "profile");
        assertThat(cli.code()).as(cli.out() + cli.err()).isZero();
        assertThat(cli.out()).contains("resnet18, 2 images of 32 pixels\na traced step took ", "Operations overlap");
        assertThat(String.valueOf(results("profile").get("steps")))
                .startsWith("[{encoder=resnet18, batch=2, size=32, precision=bfloat16, milliseconds=")
                .containsPattern("operations=\\[(\\{type=\\w+, count=\\d+, milliseconds=[^}]+}(, )?){16,}]");
    }

    @Test
    void trainingAndReload_agree() throws IOException {
        Cli cli = check("--parts", "training,reload");
        assertThat(cli.code()).as(cli.out() + cli.err()).isZero();
        assertThat(results("training").get("steps")).isEqualTo(15);
        for (String probe : List.of("linearTop1", "knnTop1")) {
            assertThat(results("reload").get(probe + "Reloaded"))
                    .as(probe)
                    .isEqualTo(results("reload").get(probe));
        }
        assertThat(cli.out()).endsWith("all as it should be\n");
    }

    @Test
    void verdict_ofATraining() {
        assertThat(GpuCheckParts.learns(rows(2, 1, 0.5f), new LinkedHashMap<>()))
                .isTrue();
        assertThat(GpuCheckParts.learns(rows(2, 1.7f, 0.5f), new LinkedHashMap<>()))
                .as("a loss that hardly falls")
                .isFalse();
        assertThat(GpuCheckParts.learns(rows(2, 0.001f, 0.999f), new LinkedHashMap<>()))
                .as("a collapse")
                .isFalse();
        assertThat(GpuCheckParts.learns(rows(2, Float.NaN, 0.5f), new LinkedHashMap<>()))
                .as("a loss that is not finite")
                .isFalse();
        Map<String, Object> found = new LinkedHashMap<>();
        GpuCheckParts.learns(rows(2, 1, 0.5f), found);
        assertThat(found)
                .containsEntry("steps", 120)
                .containsEntry("lossOfTheFirst50", 2.0)
                .containsEntry("lossOfTheLast50", 1.0)
                .containsEntry("negativeCosineOfTheLast50", 0.5);
    }

    /** The loss and cosine of the first 60 steps, and of 60 more. */
    private static List<MetricsCsv.Row> rows(float first, float last, float negative) {
        List<MetricsCsv.Row> rows = new ArrayList<>();
        for (int step = 0; step < 120; step++) {
            float loss = step < 60 ? first : last;
            rows.add(new MetricsCsv.Row(
                    step, 0, loss, 0.9f, step < 60 ? 0.3f : negative, 1, 0.1, 0.99, OptionalDouble.empty()));
        }
        return rows;
    }

    @Test
    void verdict_ofAReload() {
        assertThat(GpuCheckParts.isSame(36.2, 36.6)).isTrue();
        assertThat(GpuCheckParts.isSame(36.2, 35.6)).isFalse();
        assertThat(GpuCheckParts.isSame(36.2, Double.NaN)).isFalse();
    }

    @Test
    void verdict_ofTheGoldens() {
        String said =
                "[        63 tests found           ]\n[        63 tests successful      ]\n[         0 tests failed          ]\n";
        Map<String, Object> found = new LinkedHashMap<>();
        assertThat(GoldenTests.read(0, said, found)).isTrue();
        assertThat(found)
                .containsExactly(Map.entry("found", 63L), Map.entry("successful", 63L), Map.entry("failed", 0L));
        assertThat(GoldenTests.read(1, said.replace("0 tests failed", "1 tests failed"), found))
                .isFalse();
        assertThat(found)
                .containsEntry("failed", 1L)
                .containsEntry("exitCode", 1)
                .containsKey("said");
        assertThat(GoldenTests.read(0, said.replace("63", "0"), new LinkedHashMap<>()))
                .as("no test is no success")
                .isFalse();
        assertThat(GoldenTests.read(0, "", new LinkedHashMap<>())).isFalse();
    }

    /** The verdicts: what a GPU that is too slow gets, and one that is not. */
    @Test
    void verdicts_ofSpeed() {
        assertThat(judged(1000, Optional.of(1.0), 950)).isEqualTo("true true");
        assertThat(judged(1000, Optional.of(0.99), 950)).isEqualTo("false true");
        assertThat(judged(1000, Optional.empty(), 899)).isEqualTo("false false");
        assertThat(judged(799, Optional.of(2.0), 799)).isEqualTo("false true");
    }

    private static String judged(double step, Optional<Double> ratio, double training) {
        Map<String, Object> alone = new LinkedHashMap<>(Map.of("what", "step", "imagesPerSecond", step));
        ratio.ifPresent(value -> alone.put("ratio", value));
        Map<String, Object> both = Map.of("what", "training", "imagesPerSecond", training);
        List<Map<String, Object>> lines = GpuSpeed.judged(List.of(alone, both), 1600);
        return lines.get(0).get("ok") + " " + lines.get(1).get("ok");
    }
}
