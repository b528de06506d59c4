package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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

/** The command from end to end, on a network that takes no time; nothing here looks at how fast anything is. */
class BenchmarkTest {
    private static final Path PEER_TRAINING = Path.of("peer", "peer_training.py");

    @TempDir
    private Path temp;

    private static Cli bench(String... more) {
        Map<String, String> options = new LinkedHashMap<>(
                Map.of("--encoder", "resnet10", "--size", "16", "--batch", "2", "--steps", "1", "--matrix", "64"));
        for (int i = 0; i < more.length; i += 2) {
            options.put(more[i], more[i + 1]);
        }
        List<String> args = new ArrayList<>(List.of("benchmark"));
        options.forEach((name, value) -> args.addAll(List.of(name, value)));
        return Cli.run(args);
    }

    private static void refused(Cli cli, String... says) {
        assertThat(cli.code()).as(cli.err()).isEqualTo(Main.BAD_INPUT);
        assertThat(cli.err()).startsWith("byol: ").contains(says).doesNotContain("\tat ");
    }

    private List<Map<String, Object>> json(String... more) throws IOException {
        Path file = temp.resolve("deep/figures.json");
        List<String> args = new ArrayList<>(List.of("--json", file.toString()));
        args.addAll(List.of(more));
        Cli cli = bench(args.toArray(String[]::new));
        assertThat(cli.code()).as(cli.err()).isZero();
        List<Map<String, Object>> lines = new ArrayList<>();
        for (Object line : JSON.std.listFrom(Files.readString(file))) {
            lines.add(JSON.std.mapFrom(JSON.std.asString(line)));
        }
        return lines;
    }

    private static double positive(Map<String, Object> line, String key) {
        assertThat(line.get(key)).as(key).isInstanceOf(Number.class);
        double value = ((Number) line.get(key)).doubleValue();
        assertThat(value).as(key).isPositive().isFinite();
        return value;
    }

    private static List<Object> values(List<Map<String, Object>> lines, String key) {
        return lines.stream().map(line -> line.get(key)).toList();
    }

    /** Writes down what it is asked, and is twice as fast when it is asked again. */
    private Path peer() throws IOException {
        return Files.writeString(temp.resolve("peer.py"), """
                import json, sys
                asked = ' '.join(sys.argv[1:]) + '\\n'
                with open(__file__ + '.log', 'a+') as log:
                    log.seek(0)
                    speed = 1000.0 if asked in log else 500.0
                    log.write(asked)
                print('a word of its own first')
                print(json.dumps({'images_per_s': speed, 'cpu_s_per_step': 0.25}))
                """);
    }

    @Test
    void json_alone_hasAllThreeParts() throws IOException {
        List<Map<String, Object>> lines = json("--device", "cpu");
        assertThat(values(lines, "what")).isEqualTo(List.of("step", "input", "training"));
        for (Map<String, Object> line : lines) {
            assertThat(line)
                    .containsEntry("device", "cpu")
                    .containsEntry("encoder", "resnet10")
                    .containsEntry("batch", 2)
                    .containsEntry("size", 16)
                    .containsEntry("precision", "float32")
                    .containsKey("cpuSecondsPerStep") // the clock ticks every 10 ms: it may be 0
                    .doesNotContainKeys("ratio", "peerImagesPerSecond");
            positive(line, "imagesPerSecond");
            positive(line, "peakMegabytes");
            assertThat(line.containsKey("shareOfPeak")).isEqualTo(!"input".equals(line.get("what")));
        }
        positive(lines.get(0), "gigaflopsPerSecond");
        positive(lines.get(0), "peakGigaflopsPerSecond");
        positive(lines.get(0), "firstStepSeconds");
        assertThat(lines.get(2)).doesNotContainKey("firstStepSeconds");
    }

    @Test
    void json_withPeers_hasTheBestOfTheRounds() throws IOException {
        String peer = peer().toString();
        List<Map<String, Object>> lines = json(
                "--peer",
                peer,
                "--peer-training",
                peer,
                "--what",
                "training,step",
                "--rounds",
                "3",
                "--precision",
                "bfloat16");
        assertThat(values(lines, "what")).isEqualTo(List.of("step", "training"));
        for (Map<String, Object> line : lines) {
            assertThat(line)
                    .containsEntry("precision", "bfloat16")
                    .containsEntry("peerImagesPerSecond", 1000.0)
                    .containsEntry("peerCpuSecondsPerStep", 0.25);
            double ratio = positive(line, "imagesPerSecond") / 1000;
            assertThat(positive(line, "ratio")).isBetween(ratio - 0.001, ratio + 0.001);
        }
        String asked = "--encoder resnet10 --batch 2 --size 16 --steps 1 --spin 20000 --threads "
                + Runtime.getRuntime().availableProcessors();
        assertThat(Files.readAllLines(Path.of(peer + ".log")))
                .hasSize(6)
                .startsWith("--preset best-bf16 " + asked, "--preset best-bf16 --what training " + asked);
    }

    @Test
    void views_onTheDevice_feedTheTraining() throws IOException {
        List<Map<String, Object>> lines = json("--views", "device", "--what", "training");
        assertThat(values(lines, "what")).isEqualTo(List.of("training"));
        positive(lines.get(0), "firstStepSeconds");
    }

    @Test
    void input_alone_needsNoTrainer() throws IOException {
        List<Map<String, Object>> lines = json("--what", "input", "--peer-training", peer().toString());
        positive(lines.get(0), "ratio");
        assertThat(lines.get(0)).doesNotContainKeys("firstStepSeconds", "shareOfPeak");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {"--rounds 0 0", "--steps 0 0", "--threads 0 0", "--matrix 0 0", "--what views views"})
    void value_outOfRange_isRefused(String option, String value, String says) {
        refused(bench(option, value), option, says);
    }

    @Test
    void peer_thatIsNotThere_isRefusedByTheOptionThatNamedIt() {
        Path missing = temp.resolve("nowhere.py");
        refused(bench("--peer", missing.toString()), "--peer " + missing);
        refused(bench("--peer-training", missing.toString()), "--peer-training " + missing);
    }

    @Test
    void peer_thatDoesNotSayHowFastItWas_isQuoted() throws IOException {
        Path empty = Files.writeString(temp.resolve("empty.py"), "print('{\"images\": 7}')\n");
        refused(bench("--peer", empty.toString(), "--what", "step"), "images_per_s", "images=7");
    }

    @Test
    void json_thatCannotBeWritten_isRefusedBeforeAnythingIsTimed() {
        Cli cli = bench("--json", temp.toString());
        refused(cli, "--json", temp.toString(), "folder");
        assertThat(cli.out()).isEmpty();
    }

    @Test
    void trace_tellsAndWritesWhatAStepSpendsItsTimeOn() throws IOException {
        Path file = temp.resolve("deep/trace.json");
        List<Map<String, Object>> plain = json("--what", "step");
        List<Map<String, Object>> lines = json("--what", "step", "--trace", file.toString());
        assertThat(lines.get(0).keySet()).isEqualTo(plain.get(0).keySet());
        assertThat(JSON.std.listFrom(Files.readString(file)).toString())
                .contains("ph=M", "name=CPU:0", "ph=X", "Conv2D");
    }

    @Test
    void profile_followsTheStep() {
        Cli cli = Cli.run("benchmark --encoder resnet10 --size 16 --batch 2 --steps 1 --matrix 64 --what step --profile"
                .split(" ", -1));
        assertThat(cli.code()).as(cli.err()).isZero();
        assertThat(cli.out())
                .containsSubsequence(
                        "{\"what\":\"step\"", "a traced step took ", "operation ", "Conv2D", "Operations overlap");
    }

    @Test
    void profile_withoutAStep_isRefused() {
        Cli cli = Cli.run("benchmark", "--what", "input,training", "--profile");
        refused(cli, "--profile needs the part step in --what, got [input, training]");
        refused(
                bench("--what", "input", "--trace", temp.resolve("trace.json").toString()),
                "--trace needs the part step in --what, got [input]");
        refused(bench("--trace", temp.toString()), "--trace", temp.toString(), "folder");
    }

    @Test
    void peerTraining_whereThereIsPyTorch_trains() throws IOException, InterruptedException {
        Process torch = new ProcessBuilder(Peer.PYTHON, "-c", "import torch, torchvision")
                .redirectErrorStream(true)
                .start();
        torch.getInputStream().readAllBytes();
        assumeTrue(torch.waitFor() == 0, "there is no PyTorch with torchvision");
        Peer peer = Peer.named("--peer-training", PEER_TRAINING, Peer.PYTHON);
        Map<String, Object> answer = peer.ask(List.of(
                "--what",
                "training",
                "--preset",
                "best",
                "--batch",
                "2",
                "--size",
                "16",
                "--steps",
                "1",
                "--threads",
                "1"));
        assertThat(answer).containsEntry("what", "training").containsEntry("channels_last", true);
        positive(answer, "images_per_s");
        positive(answer, "loss");
    }
}
