package dev.byol.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The module runs on the module path with Guava alone, and no engine: a runtime image is linked of them, a small program ({@code
 * src/test/jlink}) and the JDK's modules that they need, and the program fits probes in it.
 */
class RuntimeImageTest {
    private static final List<String> GUAVA =
            List.of("com.google.common", "com.google.common.util.concurrent.internal");

    @TempDir
    private Path temp;

    @Test
    void module_linkedWithGuavaAlone_fitsProbes() throws Exception {
        Path jmods = Path.of(System.getProperty("java.home"), "jmods");
        assumeTrue(Files.isDirectory(jmods), "skipped: this JDK has no jmods to link: " + jmods);
        assumeTrue(Features.class.getModule().isNamed(), "skipped: these tests run on the class path");
        Path modules = Files.createDirectories(temp.resolve("modules"));
        Path classes = Path.of(Features.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        run("jar", "--create", "--file", modules.resolve("byol-eval.jar").toString(), "-C", classes.toString(), ".");
        for (String name : GUAVA) {
            Files.copy(Path.of(location(name)), modules.resolve(name + ".jar"));
        }
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
                "dev.byol.eval,dev.byol.alone",
                "--strip-debug",
                "--no-header-files",
                "--no-man-pages",
                "--output",
                image.toString());

        String java = image.resolve("bin").resolve("java").toString();
        Set<String> names = output(java, "--list-modules")
                .lines()
                .map(line -> line.replaceAll("@.*", ""))
                .filter(name -> !name.startsWith("java.") && !name.startsWith("jdk."))
                .collect(Collectors.toSet());
        assertThat(names)
                .containsExactlyInAnyOrder(
                        "dev.byol.eval",
                        "dev.byol.alone",
                        "com.google.common",
                        "com.google.common.util.concurrent.internal");
        assertThat(output(java, "-m", "dev.byol.alone/dev.byol.alone.Main").lines())
                .hasSize(3)
                .anyMatch(line -> line.startsWith("logistic regression with C swept") && line.contains("% top-1"))
                .anyMatch(line -> line.startsWith("weighted k nearest neighbours") && line.contains("on 200 rows"));
    }

    private static URI location(String module) {
        return ModuleLayer.boot()
                .configuration()
                .findModule(module)
                .orElseThrow()
                .reference()
                .location()
                .orElseThrow();
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
}
