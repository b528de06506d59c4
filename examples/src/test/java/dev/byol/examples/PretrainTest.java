package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.byol.optim.Schedules;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command from end to end, on tiny images. */
class PretrainTest {
    @TempDir
    private Path temp;

    private Cli pretrain(String out, String data, String... more) {
        List<String> arguments =
                Cli.tinyPretrain(data, "--out", temp.resolve(out).toString(), "--encoder", "resnet10", "--epochs", "2");
        arguments.addAll(List.of(more));
        Cli cli = Cli.run(arguments);
        assertThat(cli.code()).as(cli.err()).isZero();
        return cli;
    }

    private String shapes() throws IOException {
        return "stl10:" + new ShapesData(16, 40, 30, 20, 1).in(temp.resolve("cache"), line -> {}) + "?size=16";
    }

    private Map<String, Object> report(String out) throws IOException {
        return JSON.std.mapFrom(Files.readString(temp.resolve(out).resolve("report.json")));
    }

    private static Object config(Map<String, Object> report, String key) {
        return ((Map<?, ?>) report.get("config")).get(key);
    }

    @Test
    void microBatches_makeAsManySteps_andOtherStatistics() throws IOException {
        String data = shapes();
        pretrain("whole", data);
        pretrain("parts", data, "--micro-batch", "4");
        assertThat(report("parts").get("steps")).isEqualTo(report("whole").get("steps"));
        assertThat(config(report("parts"), "micro-batch")).isEqualTo(4);
        assertThat(config(report("whole"), "micro-batch")).isEqualTo(8);
        assertThat(config(report("parts"), "digest")).isNotEqualTo(config(report("whole"), "digest"));
    }

    @Test
    void viewsOnTheDevice_giveTheBitsOfThoseOnTheCpu() throws IOException {
        String data = shapes();
        pretrain("cpu", data, "--views", "cpu");
        pretrain("device", data, "--views", "device");
        assertThat(Files.readAllLines(temp.resolve("device/metrics.csv")))
                .hasSizeGreaterThan(2)
                .isEqualTo(Files.readAllLines(temp.resolve("cpu/metrics.csv")));
        assertThat(config(report("device"), "digest")).isEqualTo(config(report("cpu"), "digest"));
        assertThat(config(report("device"), "views made by")).isEqualTo("the step's graph");
        assertThat(config(report("cpu"), "views made by")).isEqualTo("loader threads");
    }

    @Test
    void run_leavesEverythingBehind() throws IOException {
        pretrain("run", shapes(), "--rank-every", "4");
        Path out = temp.resolve("run");
        assertThat(report("run"))
                .containsOnlyKeys(
                        "method",
                        "seed",
                        "steps",
                        "loss",
                        "positiveCosine",
                        "negativeCosine",
                        "linearTop1",
                        "randomInitLinearTop1",
                        "knnTop1",
                        "randomInitKnnTop1",
                        "imagesPerSecond",
                        "secondsTotal",
                        "config",
                        "versions",
                        "events",
                        "returns",
                        "stopped")
                .containsEntry("events", List.of())
                .containsEntry("stopped", false)
                .containsEntry("method", "byol")
                .containsEntry("steps", 10);
        assertThat(((Map<?, ?>) report("run").get("versions")).get("device").toString())
                .startsWith("CPU: ");
        List<String> metrics = Files.readAllLines(out.resolve("metrics.csv"));
        assertThat(metrics).hasSize(1 + 10);
        assertThat(metrics.get(0))
                .isEqualTo(
                        "step,epoch,loss,positive_cosine,negative_cosine,deviation,learning_rate,tau,effective_rank");
        assertThat(metrics.get(1)).startsWith("0,0,").contains(",0.2,0.95,");
        assertThat(metrics.get(10)).startsWith("9,1,");
        for (int step = 0; step < 10; step++) { // the rank of every fourth
            String rank = metrics.get(1 + step).substring(metrics.get(1 + step).lastIndexOf(',') + 1);
            if (step % 4 == 0) {
                assertThat(Double.parseDouble(rank)).isBetween(1.0, 8.0);
            } else {
                assertThat(rank).isEmpty();
            }
        }
        assertThat(out.resolve("report.html"))
                .content()
                .contains("<!DOCTYPE html>")
                .doesNotContain("http://", "src=\"/");
        assertThat(out.resolve("encoder/saved_model.pb")).isNotEmptyFile();
        assertThat(out.resolve("encoder-untrained/saved_model.pb")).isNotEmptyFile();
        assertThat(out.resolve("checkpoint/000002-step-10.safetensors")).isNotEmptyFile();
        try (Stream<Path> files = Files.list(out)) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .filteredOn(f -> !f.startsWith("events.out.tfevents."))
                    .containsExactlyInAnyOrder(
                            "report.json", "report.html", "metrics.csv", "encoder", "encoder-untrained", "checkpoint");
        }
        Cli probe = Cli.run("probe", "--model", out.resolve("encoder").toString(), "--labelled", shapes());
        assertThat(probe.code()).as(probe.err()).isZero();
        assertThat(probe.out())
                .contains(String.format(
                        "linear      %.2f %%", (Double) report("run").get("linearTop1")));
        Cli before =
                Cli.run("probe", "--model", out.resolve("encoder-untrained").toString(), "--labelled", shapes());
        assertThat(before.out())
                .as("the untrained network is the one that the report compares with")
                .contains(String.format(
                        "linear      %.2f %%", (Double) report("run").get("randomInitLinearTop1")));
    }

    @Test
    void seed_decidesEveryBitWhateverTheThreads() throws IOException {
        pretrain("one", shapes(), "--threads", "1", "--seed", "7");
        pretrain("two", shapes(), "--threads", "2", "--seed", "7");
        pretrain("other", shapes(), "--threads", "2", "--seed", "8");
        Path metrics = temp.resolve("one/metrics.csv");
        assertThat(temp.resolve("two/metrics.csv")).hasSameTextualContentAs(metrics);
        assertThat(config(report("two"), "digest")).isEqualTo(config(report("one"), "digest"));
        assertThat(config(report("other"), "digest")).isNotEqualTo(config(report("one"), "digest"));
    }

    @Test
    void simSiamLarsAndBfloat16_run() throws IOException {
        pretrain(
                "simsiam",
                shapes(),
                "--method",
                "simsiam",
                "--optimizer",
                "lars",
                "--precision",
                "bfloat16",
                "--encoder-norm",
                "group",
                "--projector-norm",
                "layer",
                "--predictor-norm",
                "none");
        Map<String, Object> report = report("simsiam");
        assertThat(report).containsEntry("method", "simsiam");
        assertThat((Double) report.get("loss")).isBetween(-1.0, 1.0);
        assertThat(config(report, "groups"))
                .isEqualTo("2 for 8 channels, 4 for 16 channels, 32 for 32 channels, 32 for 64 channels");
        assertThat(config(report, "tau")).isEqualTo("none");
    }

    /** A network without normalisation never comes apart, at whatever rate: it goes back as often as it may. */
    @Test
    void collapse_goesBack_withALowerRate_andEndsAfterTooMany() throws IOException {
        Path out = temp.resolve("back");
        List<String> args = new ArrayList<>(List.of("pretrain", "--data", shapes(), "--stem", "small", "--crop", "16"));
        args.addAll(List.of("--mlp", "16,8", "--batch", "8", "--epochs", "50", "--encoder-norm", "group"));
        args.addAll(List.of("--projector-norm", "none", "--predictor-norm", "none", "--checkpoint-steps", "40"));
        args.addAll(List.of("--on-collapse", "back", "--back-rate", "0.25", "--back-most", "1", "--keep", "1"));
        args.addAll(List.of("--out", out.toString()));
        Cli cli = Cli.run(args.toArray(String[]::new));
        assertThat(cli.code()).as(cli.err()).isEqualTo(Pretrain.COLLAPSED);
        assertThat(cli.out())
                .containsPattern("Full collapse at step \\d+: .* Went back to step \\d+, with 0.25 times WarmupCosine")
                .contains("The run has gone back 1 times already (--back-most): it ends here.");
        Map<String, Object> report = report("back");
        assertThat(report).containsEntry("stopped", true);
        assertThat((List<?>) report.get("returns")).hasSize(1);
        assertThat(out.resolve("report.html")).content().contains("Went back to step");
        List<String> rows = Files.readAllLines(out.resolve("metrics.csv"));
        assertThat(rows).hasSize(1 + (Integer) report.get("steps"));
        int last = (Integer) report.get("steps") - 1;
        double planned = Schedules.warmupCosine(0.2, 250 / 20, 250).at(last);
        assertThat(Double.parseDouble(rows.get(1 + last).split(",", -1)[6])).isEqualTo(0.25 * planned);

        String digest = config(report, "digest").toString();
        Files.delete(out.resolve("report.json"));
        Files.delete(out.resolve("report.html"));
        Cli again = Cli.run("pretrain", "--resume", out.toString());
        assertThat(again.code()).as(again.err() + again.out()).isEqualTo(Pretrain.COLLAPSED);
        assertThat(config(report("back"), "digest")).isEqualTo(digest);
        assertThat((List<?>) report("back").get("returns")).isEqualTo(report.get("returns"));
        assertThat(again.out()).contains("already (--back-most)");
    }

    /** A network without normalisation never comes apart. */
    @Test
    void collapse_isTold_andStopsIfWanted() throws IOException {
        List<String> args = new ArrayList<>(List.of("pretrain", "--data", shapes(), "--stem", "small", "--crop", "16"));
        args.addAll(List.of("--mlp", "16,8", "--batch", "8", "--epochs", "50", "--encoder-norm", "group"));
        args.addAll(List.of("--projector-norm", "none", "--predictor-norm", "none", "--on-collapse", "stop"));
        args.addAll(List.of("--out", temp.resolve("collapsed").toString()));
        Cli cli = Cli.run(args.toArray(String[]::new));
        assertThat(cli.code()).as(cli.err()).isEqualTo(Pretrain.COLLAPSED);
        assertThat(cli.out()).contains("Full collapse at step 219: ");
        Map<String, Object> report = report("collapsed");
        assertThat(report).containsEntry("steps", 220).containsEntry("stopped", true);
        assertThat((List<?>) report.get("events")).hasSize(1);
        assertThat(Files.readAllLines(temp.resolve("collapsed/metrics.csv"))).hasSize(1 + 220);
        assertThat(temp.resolve("collapsed/report.html")).content().contains("The run was stopped there.");
        assertThat(temp.resolve("collapsed/encoder/saved_model.pb")).isNotEmptyFile();
    }

    @Test
    void unlabelledFolder_saysWhyThereIsNoAccuracy() throws IOException {
        Path folder = Pngs.folder(temp.resolve("pictures"), 12, 20);
        pretrain("flat", "folder:" + folder);
        assertThat(report("flat"))
                .containsEntry("linearTop1", null)
                .containsEntry("randomInitLinearTop1", null)
                .containsEntry("knnTop1", null)
                .containsEntry("randomInitKnnTop1", null);
        assertThat(temp.resolve("flat/report.html"))
                .content()
                .contains("no labels")
                .contains("--labelled");
    }

    @Test
    void folderWithClasses_isSplitAndProbed() throws IOException {
        Pngs.folder(temp.resolve("pets/cat"), 10, 20);
        Pngs.folder(temp.resolve("pets/dog"), 11, 24);
        pretrain("classes", "folder:" + temp.resolve("pets"));
        Map<String, Object> report = report("classes");
        assertThat((Double) report.get("linearTop1")).isBetween(0.0, 100.0);
        assertThat((String) config(report, "split")).contains("held out");
    }

    @Test
    void labelledFolder_isProbedInsteadOfTheData() throws IOException {
        Path flat = Pngs.folder(temp.resolve("pictures"), 12, 20);
        for (String part : List.of("train", "test")) {
            Pngs.folder(temp.resolve("labelled/" + part + "/a"), 6, 20);
            Pngs.folder(temp.resolve("labelled/" + part + "/b"), 7, 20);
        }
        pretrain("other", "folder:" + flat, "--labelled", "folder:" + temp.resolve("labelled"));
        Map<String, Object> report = report("other");
        assertThat((Double) report.get("linearTop1")).isNotNull();
        assertThat((String) config(report, "split")).contains("train and test");
    }

    @Test
    void unreadableImage_isCountedNamedAndSkipped() throws IOException {
        Path folder = Pngs.folder(temp.resolve("pictures"), 12, 20);
        Files.writeString(folder.resolve("broken.png"), "not a picture");
        // What System.Logger says goes to standard error by default, where the tests look for it.
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            pretrain("broken", "folder:" + folder);
        } finally {
            System.setErr(before);
        }
        assertThat(config(report("broken"), "unreadable")).isEqualTo(1);
        assertThat(log.toString(StandardCharsets.UTF_8)).contains("broken.png");
    }

    @Test
    void unreadableLabelledImages_areCounted() throws IOException {
        for (String name : List.of("a", "b")) {
            Pngs.folder(temp.resolve("pets").resolve(name), 10, 20);
        }
        Files.writeString(temp.resolve("pets/a/broken.png"), "not a picture");
        Files.writeString(temp.resolve("pets/b/strip.png"), "not a picture");
        pretrain("pets-run", "folder:" + temp.resolve("pets"));
        Map<String, Object> report = report("pets-run");
        assertThat(config(report, "unreadable labelled")).isEqualTo(2);
        assertThat((Integer) config(report, "images to fit") + (Integer) config(report, "images to score"))
                .isEqualTo(20);
    }
}
