package dev.byol.examples;

import dev.byol.augment.io.UnpackCache;
import dev.byol.tf.Environment;
import dev.byol.tf.Environment.Finding;
import dev.byol.tf.Environment.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what of the machine is as training needs it, and how to mend what is not. */
@Command(
        name = "doctor",
        description =
                "Looks at Java, TensorFlow, processor, GPU, memory and folders, and says how to mend what is not well.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:All is well enough to train.", "1:Something must be mended first.", "2:Bad input."})
final class Doctor implements Callable<Integer> {
    private static final int FAULT = 1;

    @Option(names = "--out", paramLabel = "DIR", description = "Where runs are to be written (${DEFAULT-VALUE}).")
    private Path out = Path.of("out");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter console = spec.commandLine().getOut();
        Environment environment = Environment.examine(out);
        List<Finding> findings = new ArrayList<>(environment.findings());
        findings.add(archives(UnpackCache.standard().folder()));
        StatusLine line = StatusLine.standard();
        boolean coloured = line.isTerminal() && System.getenv("NO_COLOR") == null;
        lines(findings, line.columns(), Ansi.valueOf(coloured)).forEach(console::println);
        console.println();
        console.println(
                environment.canTrain()
                        ? "Ready to train: ./byol pretrain"
                        : "Not ready to train: mend what is marked FAULT first.");
        console.flush();
        return environment.canTrain() ? 0 : FAULT;
    }

    /** Where compressed archives of images are unpacked to. */
    static Finding archives(Path cache) {
        Path there = cache.toAbsolutePath();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        if (!Files.isDirectory(there) || !Files.isWritable(there)) {
            return new Finding(
                    Verdict.NOTE,
                    "archives",
                    there + " is no folder that can be written to, so that compressed archives cannot be unpacked",
                    "Name another one in the environment: XDG_CACHE_HOME=DIR");
        }
        long bytes = 0;
        try (Stream<Path> files = Files.exists(cache) ? Files.list(cache) : Stream.empty()) {
            for (Path file : (Iterable<Path>) files::iterator) {
                bytes += Files.size(file);
            }
        } catch (IOException e) {
            return new Finding(Verdict.NOTE, "archives", cache + " cannot be read: " + e.getMessage(), "");
        }
        return new Finding(
                Verdict.OK,
                "archives",
                String.format(Locale.ROOT, "%s, %d MiB of unpacked images", cache, bytes >> 20),
                "");
    }

    /** A table of three columns, the last one of which is wrapped; a remedy has lines of its own. */
    static List<String> lines(List<Finding> findings, int columns, Ansi ansi) {
        int subject =
                findings.stream().mapToInt(f -> f.subject().length()).max().orElse(0);
        String format = "%-" + subject + "s  %s  ";
        int indent = subject + 2 + 5 + 2;
        List<String> lines = new ArrayList<>();
        for (Finding finding : findings) {
            String head = String.format(format, finding.subject(), ansi.string(verdict(finding.verdict())));
            for (String line : wrapped(finding.fact(), columns - indent)) {
                lines.add(head + line);
                head = " ".repeat(indent);
            }
            String arrow = "→ ";
            for (String line :
                    finding.remedy().isEmpty() ? List.<String>of() : wrapped(finding.remedy(), columns - indent - 2)) {
                lines.add(" ".repeat(indent) + arrow + line);
                arrow = "  ";
            }
        }
        return lines;
    }

    private static String verdict(Verdict verdict) {
        return switch (verdict) {
            case OK -> "@|green ok|@   ";
            case NOTE -> "@|yellow note|@ ";
            case FAULT -> "@|bold,red FAULT|@";
        };
    }

    private static List<String> wrapped(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
