package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CustomMethodTest {
    private static final Path SOURCE = Path.of("src/main/java/dev/byol/examples/CustomMethod.java");

    @TempDir
    private Path temp;

    @Test
    void run_onAFolderOfShapes_learns() throws IOException {
        ShapesData shapes = new ShapesData(32, 48, 1, 1, 1);
        for (int i = 0; i < 48; i++) {
            Files.write(temp.resolve(i + ".png"), Png.encode(shapes.image(ShapesData.Split.UNLABELLED, i), 32, 32));
        }
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            Cli cli = Cli.run("custom-method", "--data", temp.toString(), "--epochs", "20");
            assertThat(cli.code()).as(cli.err()).isZero();
        } finally {
            System.setOut(before);
        }
        List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines).hasSize(20).allMatch(line -> line.contains("positive_cosine="));
        assertThat(loss(lines.get(19))).isLessThan(0.8 * loss(lines.get(0)));
    }

    private static double loss(String line) {
        return Double.parseDouble(line.replaceAll("epoch \\d+: loss (\\S+),.*", "$1"));
    }

    @Test
    void file_isShort_andNamesNoInternalClass() throws IOException {
        List<String> lines = Files.readAllLines(SOURCE);
        assertThat(lines).hasSizeLessThanOrEqualTo(80);
        String text = String.join("\n", lines);
        try (Stream<Path> files = Files.list(Path.of("src/main/java/dev/byol/examples"))) {
            files.map(file -> file.getFileName().toString().replace(".java", ""))
                    .filter(name -> !name.equals("CustomMethod") && !name.equals("report.css"))
                    .forEach(name -> assertThat(text).doesNotContainPattern("\\b" + name + "\\b"));
        }
    }

    @Test
    void readme_quotesItsHeart() throws IOException {
        String text = Files.readString(SOURCE);
        int from = text.indexOf("    record BarlowTwins");
        String heart = text.substring(from, text.indexOf("\n    }\n", from) + "\n    }".length())
                .stripIndent();
        assertThat(Path.of("../README.md")).content().contains(heart);
    }
}
