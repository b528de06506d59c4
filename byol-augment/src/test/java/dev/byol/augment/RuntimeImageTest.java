package dev.byol.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.byol.augment.io.ImageFolder;
import dev.byol.augment.io.ImageSource;
import dev.byol.augment.load.Batch;
import dev.byol.augment.load.Epoch;
import dev.byol.augment.load.Loader;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * The module runs alone: a runtime image is linked of it, a small program ({@code src/test/jlink}) and the JDK's modules that
 * they need, and nothing else; the program makes the views of a folder's images in it.
 */
class RuntimeImageTest {
    private static final int IMAGES = 5;

    @TempDir
    private Path temp;

    @Test
    void module_linkedWithTheJdkAlone_makesTheSameViews(TestReporter reporter) throws Exception {
        Path jmods = Path.of(System.getProperty("java.home"), "jmods");
        assumeTrue(Files.isDirectory(jmods), "skipped: this JDK has no jmods to link: " + jmods);
        Path photos = photos();
        Path modules = Files.createDirectories(temp.resolve("modules"));
        Path classes = Path.of(
                View.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        run("jar", "--create", "--file", modules.resolve("byol-augment.jar").toString(), "-C", classes.toString(), ".");
        Path program = Files.createDirectories(modules.resolve("alone"));
        run(
                "javac",
                "-p",
                modules.toString(),
                "-d",
                program.toString(),
                source("module-info.java"),
                source("dev/byol/alone/Main.java"));

        Path image = temp.resolve("image");
        run(
                "jlink",
                "--module-path",
                modules + File.pathSeparator + jmods,
                "--add-modules",
                "dev.byol.augment,dev.byol.alone",
                "--strip-debug",
                "--no-header-files",
                "--no-man-pages",
                "--compress=2",
                "--output",
                image.toString());
        reporter.publishEntry("megabytes of the runtime image", Long.toString(bytes(image) >> 20));

        String java = image.resolve("bin").resolve("java").toString();
        assertThat(output(java, "--list-modules")
                        .lines()
                        .filter(name -> !name.startsWith("java.") && !name.startsWith("jdk.")))
                .allMatch(name -> name.startsWith("dev.byol.augment") || name.startsWith("dev.byol.alone"))
                .hasSize(2);
        assertThat(output(
                        java,
                        "-Djava.awt.headless=true",
                        "-m",
                        "dev.byol.alone/dev.byol.alone.Main",
                        photos.toString()))
                .isEqualTo(expected(photos));
    }

    private Path photos() throws IOException {
        Path folder = Files.createDirectories(temp.resolve("photos"));
        Random random = new Random(1);
        for (int i = 0; i < IMAGES; i++) {
            BufferedImage image = new BufferedImage(120 + i, 100, BufferedImage.TYPE_INT_RGB);
            for (int p = 0; p < 2000; p++) {
                image.setRGB(random.nextInt(120), random.nextInt(100), random.nextInt());
            }
            String format = i % 2 == 0 ? "jpg" : "png";
            assertThat(ImageIO.write(
                            image, format, folder.resolve(i + "." + format).toFile()))
                    .isTrue();
        }
        return folder;
    }

    /** What the program prints, made here. */
    private static String expected(Path photos) throws IOException {
        ImageSource images = ImageFolder.open(photos);
        Loader loader = Loader.builder(images).batch(IMAGES).seed(1).build();
        try (Epoch epoch = loader.epoch(0);
                Batch batch = epoch.next()) {
            return IMAGES + " " + Arrays.hashCode(batch.view(0)) + " " + Arrays.hashCode(batch.view(1));
        }
    }

    private static String source(String name) {
        return Path.of("src", "test", "jlink").resolve(name).toString();
    }

    private static void run(String tool, String... arguments) {
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said, true);
        int code = ToolProvider.findFirst(tool).orElseThrow().run(out, out, arguments);
        assertThat(code).as("%s %s: %s", tool, List.of(arguments), said).isZero();
    }

    private static String output(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(said).isZero();
            return said.strip();
        } finally {
            process.destroyForcibly();
        }
    }

    private static long bytes(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
