package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateTest {
    @TempDir
    static Path shared;

    private static Path model = Path.of("");
    private static String shapes = "";

    @TempDir
    Path temp;

    @BeforeAll
    static void prepare() throws IOException {
        model = TinyEncoder.export(shared.resolve("run/encoder"), 1);
        TinyEncoder.export(shared.resolve("run/encoder-untrained"), 2);
        shapes = "stl10:" + new ShapesData(16, 40, 60, 20, 1).in(shared.resolve("cache"), line -> {}) + "?size=16";
    }

    private Cli evaluate(Path model, String... more) {
        List<String> args = new ArrayList<>(List.of(
                "evaluate",
                "--model",
                model.toString(),
                "--out",
                temp.resolve("out").toString()));
        args.addAll(List.of(more));
        return Cli.run(args.toArray(String[]::new));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object value) {
        return (Map<String, Object>) value;
    }

    private Map<String, Object> json() throws IOException {
        return JSON.std.mapFrom(Files.readString(temp.resolve("out").resolve(Evaluate.REPORT)));
    }

    @Test
    void everything_standsOnThePageAndInTheJson() throws IOException {
        Cli cli = evaluate(model, "--labelled", shapes, "--unlabelled", shapes);
        assertThat(cli.code()).as(cli.err()).isZero();
        assertThat(cli.out()).contains("learned network: linear ", "untrained network: linear ", "page ");
        try (Stream<Path> files = Files.list(temp.resolve("out"))) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrder(Evaluate.PAGE, Evaluate.REPORT);
        }
        assertThat(temp.resolve("out").resolve(Evaluate.PAGE))
                .content()
                .contains(
                        "on learned features",
                        "class=\"confusion\"",
                        "Effective rank",
                        "Singular values",
                        "class=\"scatter\"",
                        "Nearest neighbours</h2>",
                        "Nearest neighbours without labels</h2>",
                        "Surest mistakes",
                        "crescent")
                .doesNotContain("src=\"/", "NaN");
        Map<String, Object> learned = object(json().get("learned"));
        Map<String, Object> linear = object(learned.get("linear"));
        assertThat(linear).containsEntry("rowsToFit", 60).containsEntry("rowsToScore", 20);
        assertThat((double) linear.get("top1")).isBetween(0.0, 100.0);
        assertThat(object(learned.get("measures"))).containsEntry("images", 40).containsEntry("imagesWithViews", 40);
        assertThat((List<?>) learned.get("singularValues")).hasSize(40);
        assertThat(json().get("untrained")).isNotEqualTo(learned);
        String probe = Cli.run("probe", "--model", model.toString(), "--labelled", shapes)
                .out();
        double twentyNearest = ((List<?>) learned.get("knn"))
                .stream()
                        .map(EvaluateTest::object)
                        .filter(r -> object(r.get("settings")).get("k").equals("20"))
                        .filter(r -> r.get("probe").equals("k nearest neighbours"))
                        .mapToDouble(r -> (double) r.get("top1"))
                        .findFirst()
                        .orElseThrow();
        assertThat(probe).contains(String.format("20-nn       %.2f %%", twentyNearest));
    }

    @Test
    void untrained_notThere_isLeftOut_andNamedIsRequired() throws IOException {
        Path alone = TinyEncoder.export(temp.resolve("alone"), 1);
        Cli cli = evaluate(alone, "--labelled", shapes);
        assertThat(cli.code()).as(cli.err()).isZero();
        assertThat(cli.out()).contains("no untrained network at", "alone-untrained");
        assertThat(json()).containsEntry("untrained", null);
        Cli named = evaluate(
                alone,
                "--labelled",
                shapes,
                "--untrained",
                temp.resolve("nowhere").toString());
        assertThat(named.code()).isEqualTo(2);
        assertThat(named.err()).contains("nowhere is no exported encoder");
    }

    @Test
    void badInput_isASentence_andLeavesNothing() throws IOException {
        String flat = "folder:" + Pngs.folder(temp.resolve("flat"), 4, 16);
        for (var each : List.of(
                List.of("has no labels", "--labelled", flat),
                List.of("expected", "--labelled", "folder:" + temp.resolve("nowhere")),
                List.of("--batch must be at least 1, got 0", "--labelled", shapes, "--batch", "0"),
                List.of("--threads must be at least 1, got 0", "--labelled", shapes, "--threads", "0"))) {
            Cli cli = evaluate(model, each.subList(1, each.size()).toArray(String[]::new));
            assertThat(cli.code()).as(each.toString()).isEqualTo(2);
            assertThat(cli.err()).startsWith("byol: ").contains(each.get(0)).doesNotContain("\tat ");
        }
        Cli none = evaluate(temp.resolve("no-model"), "--labelled", shapes);
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err()).contains("no-model is no exported encoder");
        Files.writeString(temp.resolve("file"), "");
        Cli file = Cli.run(
                "evaluate",
                "--model",
                model.toString(),
                "--labelled",
                shapes,
                "--out",
                temp.resolve("file").toString());
        assertThat(file.code()).isEqualTo(2);
        assertThat(file.err()).contains("--out").contains("is a file");
        assertThat(temp.resolve("out")).doesNotExist();
    }
}
