package dev.byol.examples;

import dev.byol.tf.FolderLock;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains what the appendix trained and draws what it drew. */
@Command(
        name = "appendix",
        description = "Reproduces the study of why BYOL collapses and what saves it: its figures and its table.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class Appendix implements Callable<Integer> {
    @Option(names = "--figure", paramLabel = "NAME", description = "One figure; may be given several times.")
    List<String> figures = List.of();

    @Option(names = "--run", paramLabel = "NAME", description = "One run; may be given several times.")
    List<String> runs = List.of();

    @Option(names = "--table", description = "The table.")
    boolean table;

    @Option(names = "--all", description = "The table and every figure.")
    boolean all;

    @Option(
            names = "--list",
            description = "Says which runs there are, with their settings and cost, and does nothing.")
    boolean list;

    @Option(
            names = "--rehearse",
            paramLabel = "STEPS",
            description = "Takes so many steps of each run, says how long the whole will take here, and keeps nothing.")
    @Nullable
    Integer rehearse;

    @Option(
            names = "--data",
            paramLabel = "DATA",
            description = "As for pretrain, with labelled test images (${DEFAULT-VALUE}); the appendix has STL-10.")
    String data = "shapes";

    @Option(names = "--scale", description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    StudyScale scale = StudyScale.QUICK;

    @Option(names = "--seeds", paramLabel = "N", description = "How often each run is done (${DEFAULT-VALUE}).")
    int seeds = 1;

    @Option(names = "--threads", paramLabel = "N", description = "Threads that make views (${DEFAULT-VALUE}).")
    int threads = Device.loaderThreads();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where runs are kept and the page is written (${DEFAULT-VALUE}).")
    Path out = Path.of("out", "appendix");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        PrintWriter console = spec.commandLine().getOut();
        List<StudyRun> wanted = wanted();
        if (list) {
            list(console, wanted.isEmpty() ? Study.RUNS : wanted);
            return 0;
        }
        BadInput.require(
                !wanted.isEmpty(),
                "name what to do: --all, --table, --figure NAME or --run NAME; --list says what there is");
        BadInput.require(seeds >= 1, "--seeds must be at least 1, got " + seeds);
        BadInput.require(threads >= 1, "--threads must be at least 1, got " + threads);
        BadInput.require(rehearse == null || rehearse >= 1, "--rehearse must be at least 1 step, got " + rehearse);
        if (rehearse != null) {
            Data images = Data.open(data, 1, console::println);
            StudyTraining training = new StudyTraining(scale, images.studied(), images.examined(), threads, console);
            wanted.forEach(run -> training.rehearse(run, 1, rehearse));
            return 0;
        }
        Path folder = out.resolve(StudySetup.words(scale));
        requireWritable(folder);
        FolderLock lock = FolderLock.take(out);
        try {
            train(wanted, folder, console);
        } finally {
            lock.close();
        }
        return 0;
    }

    private void train(List<StudyRun> wanted, Path folder, PrintWriter console) throws IOException {
        Data images = Data.open(data, 1, console::println);
        StudyTraining training = new StudyTraining(scale, images.studied(), images.examined(), threads, console);
        for (StudyRun run : Study.RUNS) { // what is refused is refused before anything is trained
            for (int seed = 1; seed <= Math.max(seeds, done(training, run, folder)); seed++) {
                training.requireSame(run, seed, folder(folder, run, seed));
            }
        }
        String what = images.studied().size() + " images of " + data;
        for (int seed = 1; seed <= seeds; seed++) { // each seed whole, so that the page has something to say early
            for (StudyRun run : wanted) {
                training.result(run, seed, folder(folder, run, seed));
                page(training, what, folder).write(folder);
            }
        }
        page(training, what, folder)
                .verdicts()
                .forEach((name, verdict) -> console.println(
                        name + ": " + verdict.words().toLowerCase(Locale.ROOT) + ": " + verdict.sentence()));
        console.println("page " + folder.resolve("index.html"));
    }

    private void requireWritable(Path folder) {
        try {
            OutputFile.requireWritable(folder);
        } catch (IOException e) {
            throw new BadInput("--out " + out + " cannot be written to: " + e.getMessage());
        }
        for (String name : List.of("runs", "figures")) {
            Path part = folder.resolve(name);
            BadInput.require(
                    !Files.exists(part) || Files.isDirectory(part), part + " is a file, expected a folder or nothing");
        }
        for (String name : List.of("index.html", "table.csv")) {
            Path part = folder.resolve(name);
            BadInput.require(!Files.isDirectory(part), part + " is a folder, expected a file or nothing");
        }
    }

    /** The runs that were asked for, in the study's order. */
    private List<StudyRun> wanted() {
        Set<String> names = new HashSet<>();
        for (String name : runs) {
            BadInput.require(
                    Study.RUNS.stream().anyMatch(r -> r.name().equals(name)),
                    "no run is called \"" + name + "\"; --list says what there is");
            names.add(name);
        }
        if (all || table) {
            Study.TABLE.stream().filter(row -> !row.untrained()).forEach(row -> names.add(row.run()));
        }
        if (all) {
            Study.FIGURES.forEach(figure -> names.addAll(figure.runs()));
        }
        figures.forEach(name -> names.addAll(Study.figure(name).runs()));
        return Study.RUNS.stream().filter(r -> names.contains(r.name())).toList();
    }

    /** All that is done in the folder, by this call or an earlier one. */
    private StudyPage page(StudyTraining training, String what, Path folder) throws IOException {
        Map<String, List<StudyTraining.Result>> results = new LinkedHashMap<>();
        for (StudyRun run : Study.RUNS) {
            List<StudyTraining.Result> found = new ArrayList<>();
            for (int seed = 1; seed <= done(training, run, folder); seed++) {
                found.add(training.result(run, seed, folder(folder, run, seed)));
            }
            if (!found.isEmpty()) {
                results.put(run.name(), found);
            }
        }
        return new StudyPage(scale, what, results);
    }

    /** How many seeds of a run are done, from 1 on. */
    private static int done(StudyTraining training, StudyRun run, Path folder) {
        int seeds = 0;
        while (training.isDone(folder(folder, run, seeds + 1))) {
            seeds++;
        }
        return seeds;
    }

    private static Path folder(Path folder, StudyRun run, int seed) {
        return folder.resolve("runs").resolve(run.name()).resolve("seed-" + seed);
    }

    private void list(PrintWriter console, List<StudyRun> listed) {
        double total = 0;
        for (StudyRun run : listed) {
            StudyRun.Budget budget = run.budget(scale);
            double seconds = scale.seconds(budget);
            total += seconds;
            List<String> uses = new ArrayList<>();
            if (Study.TABLE.stream().anyMatch(row -> row.run().equals(run.name()))) {
                uses.add("table");
            }
            Study.FIGURES.stream().filter(f -> f.runs().contains(run.name())).forEach(f -> uses.add(f.name()));
            console.printf(
                    "%s: %s; %s; about %s%n    for %s%n",
                    run.name(), run.setup().changes(), budget, Progress.duration(seconds), String.join(", ", uses));
        }
        console.printf(
                "%d runs at the scale %s, about %s in all for each seed on two processor cores%n",
                listed.size(), StudySetup.words(scale), Progress.duration(total));
    }
}
