package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.augment.View;
import dev.byol.augment.io.ImageSource;
import dev.byol.eval.Features;
import dev.byol.eval.NpyReader;
import dev.byol.tf.FrozenEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbedTest {
    @TempDir
    static Path shared;

    private static Path model = Path.of("");

    @TempDir
    Path temp;

    @BeforeAll
    static void export() throws IOException {
        model = TinyEncoder.export(shared.resolve("encoder"), 1);
    }

    private Cli embed(String... more) {
        List<String> args = new ArrayList<>(List.of(
                "embed",
                "--model",
                model.toString(),
                "--out",
                temp.resolve("out").toString()));
        args.addAll(List.of(more));
        return Cli.run(args.toArray(String[]::new));
    }

    private List<String> out() throws IOException {
        if (!Files.exists(temp.resolve("out"))) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(temp.resolve("out"))) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void shapes_everyImageOnce_inOrder_whateverBatchAndThreads() throws IOException {
        Path folder = new ShapesData(16, 12, 20, 10, 1).in(temp.resolve("cache"), line -> {});
        String data = "stl10:" + folder + "?size=16";
        Cli cli = embed("--data", data, "--batch", "5", "--threads", "3");
        assertThat(cli.code()).as(cli.err()).isZero();
        assertThat(cli.out()).contains("42 of 64 columns");
        assertThat(out()).containsExactly(Embed.FEATURES, Embed.NAMES);

        ImageSource source = Data.open(data, 1, line -> {}).everything();
        assertThat(source.size()).isEqualTo(42);
        Features expected;
        try (FrozenEncoder encoder = FrozenEncoder.loadTrusted(model)) {
            expected = Evaluation.embed(source, View.center(16), encoder::embed).features();
        }
        Features found = NpyReader.readFeatures(temp.resolve("out").resolve(Embed.FEATURES));
        assertThat(found.rows()).isEqualTo(42);
        assertThat(found.dimension()).isEqualTo(TinyEncoder.FEATURES);
        List<String> names = Files.readAllLines(temp.resolve("out").resolve(Embed.NAMES));
        assertThat(names).hasSize(1 + 42).first().isEqualTo("row,name,label");
        for (int row = 0; row < 42; row++) {
            for (int column = 0; column < TinyEncoder.FEATURES; column++) {
                assertThat(found.value(row, column)).isEqualTo(expected.value(row, column));
            }
            assertThat(names.get(1 + row)).startsWith(row + ",").endsWith("," + source.label(row));
        }
    }

    @Test
    void unreadable_isLeftOutAndCounted() throws IOException {
        Path folder = Pngs.folder(temp.resolve("pictures"), 7, 20);
        Files.writeString(folder.resolve("a, \"broken\" one.png"), "not a picture");
        Cli cli = embed("--data", "folder:" + folder, "--batch", "2");
        assertThat(cli.code()).as(cli.err()).isZero();
        assertThat(cli.out()).contains("unreadable  1");
        assertThat(Files.readString(temp.resolve("out").resolve(Embed.NAMES)))
                .doesNotContain("broken")
                .contains("\n6,");
        assertThat(NpyReader.readFeatures(temp.resolve("out").resolve(Embed.FEATURES))
                        .rows())
                .isEqualTo(7);
    }

    @Test
    void nothingReadable_leavesWhatWasThere() throws IOException {
        Path folder = Files.createDirectories(temp.resolve("pictures"));
        Files.writeString(folder.resolve("broken.png"), "not a picture");
        Files.createDirectories(temp.resolve("out"));
        Files.writeString(temp.resolve("out").resolve(Embed.NAMES), "older");
        Cli cli = embed("--data", "folder:" + folder);
        assertThat(cli.code()).isEqualTo(2);
        assertThat(cli.err()).contains("none of the images").contains("can be read");
        assertThat(out()).containsExactly(Embed.NAMES);
        assertThat(temp.resolve("out").resolve(Embed.NAMES)).hasContent("older");
    }

    @Test
    void part_ofALabelledFolder() throws IOException {
        for (String name : List.of("a", "b")) {
            Pngs.folder(temp.resolve("pets").resolve(name), 10, 20);
        }
        String data = "folder:" + temp.resolve("pets");
        for (var expected : List.of(List.of("all", 20), List.of("train", 16), List.of("test", 4))) {
            Cli cli = embed("--data", data, "--part", expected.get(0).toString());
            assertThat(cli.out()).as(cli.err()).contains(expected.get(1) + " of 64 columns");
        }
    }

    @Test
    void badInput_isASentence() throws IOException {
        Path folder = Pngs.folder(temp.resolve("pictures"), 3, 20);
        String data = "folder:" + folder;
        for (var each : List.of(
                List.of("--batch must be at least 1, got 0", "--batch", "0"),
                List.of("--threads must be at least 1, got 0", "--threads", "0"),
                List.of("no labels", "--part", "test"))) {
            List<String> args = new ArrayList<>(List.of("--data", data));
            args.addAll(each.subList(1, each.size()));
            Cli cli = embed(args.toArray(String[]::new));
            assertThat(cli.code()).isEqualTo(2);
            assertThat(cli.err()).startsWith("byol: ").contains(each.get(0)).doesNotContain("\tat ");
            assertThat(out()).isEmpty();
        }
    }

    @Test
    void model_thatIsNone_isASentence() throws IOException {
        String data = "folder:" + Pngs.folder(temp.resolve("pictures"), 3, 20);
        String out = temp.resolve("out").toString();
        Cli cli = Cli.run("embed", "--model", temp.toString(), "--data", data, "--out", out);
        assertThat(cli.code()).isEqualTo(2);
        assertThat(cli.err()).startsWith("byol: " + temp + " is no exported encoder");
        assertThat(out()).isEmpty();
    }

    @Test
    void quoted_whereACommaOrQuoteIs() {
        assertThat(Embed.quoted("a b.png")).isEqualTo("a b.png");
        assertThat(Embed.quoted("a,b.png")).isEqualTo("\"a,b.png\"");
        assertThat(Embed.quoted("a\"b\n.png")).isEqualTo("\"a\"\"b\n.png\"");
    }
}
