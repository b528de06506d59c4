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
