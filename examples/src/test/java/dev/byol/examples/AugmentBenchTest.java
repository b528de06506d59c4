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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command from end to end, for fractions of a second; nothing here looks at how fast anything is. */
class AugmentBenchTest {
    private static final List<String> OPERATIONS = List.of(
            "randomResizedCrop",
            "brightness",
            "contrast",
            "saturation",
            "hue",
            "colorJitter",
            "grayscale",
            "horizontalFlip",
            "solarize",
            "blur0.1",
            "blur0.5",
            "blur1",
            "blur2",
            "gaussianBlur",
            "normalize",
            "jpegDecode");

    @TempDir
    private Path temp;

    private static Cli bench(String... more) {
        Map<String, String> options = new LinkedHashMap<>(Map.of("--seconds", "0.001", "--rounds", "1"));
        for (int i = 0; i < more.length; i += 2) {
            options.put(more[i], more[i + 1]);
        }
        List<String> args = new ArrayList<>(List.of("augment-bench"));
        options.forEach((name, value) -> args.addAll(List.of(name, value)));
        return Cli.run(args.toArray(String[]::new));
    }

    private static void refused(Cli cli, String... says) {
        assertThat(cli.code()).as(cli.err()).isEqualTo(2);
        assertThat(cli.err()).startsWith("byol: ").contains(says).doesNotContain("\tat ");
    }

    private Map<String, Object> json(String... more) throws IOException {
        Path file = temp.resolve("deep/figures.json");
        List<String> args = new ArrayList<>(List.of("--json", file.toString()));
        args.addAll(List.of(more));
        Cli cli = bench(args.toArray(String[]::new));
        assertThat(cli.code()).as(cli.err()).isZero();
        assertThat(cli.out()).contains("loader", "garbage").doesNotContain("NaN", "Infinity");
        return JSON.std.mapFrom(Files.readString(file));
    }

    private static Map<?, ?> map(Map<?, ?> of, String key) {
        assertThat(of.get(key)).as(key).isInstanceOf(Map.class);
        return (Map<?, ?>) of.get(key);
    }

    private static double positive(Map<?, ?> of, String key) {
        assertThat(of.get(key)).as(key).isInstanceOf(Number.class);
        double value = ((Number) of.get(key)).doubleValue();
        assertThat(value).as(key).isPositive().isFinite();
        return value;
    }

    @Test
    void json_alone_hasOurFigures() throws IOException {
        Map<String, Object> figures = json();
        for (String name : List.of("whole", "wholeNormalized", "jpeg")) {
            Map<?, ?> entry = map(figures, name);
            assertThat(entry.keySet()).asString().isEqualTo("[viewsPerCpuSecond]");
            positive(entry, "viewsPerCpuSecond");
        }
        Map<?, ?> operations = map(figures, "operations");
        assertThat(List.copyOf(operations.keySet()).toString()).isEqualTo(OPERATIONS.toString());
        for (String name : OPERATIONS) {
            positive(map(operations, name), "microseconds");
            assertThat(map(operations, name).keySet()).hasSize(1);
        }
        for (String source : List.of("u8", "jpeg")) {
            assertThat(positive(map(map(map(figures, "threads"), source), "1"), "scaling"))
                    .isEqualTo(1);
            for (String key : List.of("viewsPerSecond", "viewsPerCpuSecond", "scaling")) {
                positive(map(map(map(figures, "threads"), source), "2"), key);
            }
        }
    }

    @Test
    void json_withAPeer_hasItsFiguresAndRatios() throws IOException {
        Map<String, Object> figures = json("--peer", peer().toString(), "--rounds", "2", "--source", "all");
        Map<?, ?> whole = map(figures, "whole");
        assertThat(whole.keySet()).asString().isEqualTo("[viewsPerCpuSecond, peerViewsPerCpuSecond, ratio]");
        assertThat(positive(whole, "peerViewsPerCpuSecond")).isEqualTo(1000);
        double ratio = positive(whole, "viewsPerCpuSecond") / 1000;
        assertThat(positive(whole, "ratio")).isBetween(ratio - 0.001, ratio + 0.001);
        assertThat(positive(map(figures, "jpeg"), "peerViewsPerCpuSecond")).isEqualTo(500);
        Map<?, ?> hue = map(map(figures, "operations"), "hue");
        assertThat(positive(hue, "peerMicroseconds")).isEqualTo(400);
        double hueRatio = 400 / positive(hue, "microseconds");
        assertThat(positive(hue, "ratio")).isBetween(0.99 * hueRatio - 0.001, 1.01 * hueRatio + 0.001);
        assertThat(positive(map(map(figures, "operations"), "normalize"), "peerMicroseconds"))
                .isEqualTo(70); // to_tensor and normalize
        assertThat(map(map(figures, "operations"), "solarize").keySet()).hasSize(1); // the peer has none
        assertThat(map(figures, "spread").keySet()).asString().contains("whole", "jpeg", "hue", "blur2");
    }

    @Test
    void source_jpeg_leavesTheOtherOut() throws IOException {
        Map<String, Object> figures = json("--source", "jpeg");
        assertThat(figures).doesNotContainKeys("whole", "wholeNormalized").containsKey("jpeg");
        assertThat(map(figures, "operations").keySet()).asString().isEqualTo("[jpegDecode]");
    }

    @Test
    void data_takesPartsOfThem() throws IOException {
        Path folder = Pngs.folder(temp.resolve("photos"), 2, 50); // smaller than the parts
        assertThat(json("--data", "folder:" + folder, "--source", "u8"))
                .doesNotContainKey("jpeg")
                .containsKey("whole");
    }

    /** Answers as a peer would, whatever is asked, and fails when told by its name. */
    private Path peer() throws IOException {
        return Files.writeString(temp.resolve("peer.py"), """
                import sys
                a = sys.argv
                names = ['random_resized_crop_to96', 'brightness', 'contrast', 'saturation', 'color_jitter_all', 'grayscale3', 'hflip',
                         'pil_blur_0.1', 'pil_blur_0.5', 'pil_blur_1', 'pil_blur_2', 'tv_gaussian_blur_k9']
                import json
                print('a word of its own first')
                if a[a.index('--mode') + 1] == 'ops':
                    print(json.dumps({'ops': dict({n: 100 for n in names}, hue=400, to_tensor=40, normalize=30)}))
                else:
                    jpeg = a[a.index('--source') + 1] == 'jpeg'
                    assert jpeg == ('large' in a)
                    print(json.dumps({'views_per_cpu_s': 500 if jpeg else 1000}))
                """);
    }

    @Test
    void peer_thatIsNotThere_isRefused() {
        Path missing = temp.resolve("nowhere.py");
        refused(bench("--peer", missing.toString()), "--peer", missing.toString());
    }

    @Test
    void peer_thatFails_isQuotedAtOnce() throws IOException {
        Path script = Files.writeString(
                temp.resolve("bad.py"),
                "import sys\nprint('one step', file=sys.stderr)\nsys.exit('no module called torch')\n");
        refused(
                bench("--peer", script.toString(), "--source", "u8"),
                script + " --mode ops",
                "ended with code 1",
                "no module called torch");
    }

    @Test
    void peer_thatSaysSomethingElse_isQuoted() throws IOException {
        Path chatter = Files.writeString(temp.resolve("chatter.py"), "print('hello')\n");
        refused(bench("--peer", chatter.toString(), "--source", "u8"), chatter.toString(), "hello", "JSON");
        Path empty = Files.writeString(temp.resolve("empty.py"), "print('{}')\n");
        refused(bench("--peer", empty.toString(), "--source", "jpeg"), "views_per_cpu_s");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "--seconds 0 0.0",
                "--seconds NaN NaN",
                "--seconds -1 -1.0",
                "--rounds 0 0",
                "--source png png",
                "--data nothing: nothing:"
            })
    void value_outOfRange_isRefused(String option, String value, String says) {
        refused(bench(option, value), says);
    }

    @Test
    void json_thatCannotBeWritten_isRefusedBeforeAnythingIsTimed() {
        Cli cli = bench("--json", temp.toString());
        refused(cli, "--json", temp.toString(), "folder");
        assertThat(cli.out()).isEmpty();
    }
}
