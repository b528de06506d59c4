package dev.byol.examples;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.byol.eval.Features;
import dev.byol.eval.LogisticModel;
import dev.byol.eval.LogisticRegression;
import dev.byol.eval.Metric;
import dev.byol.eval.NearestNeighbours;
import dev.byol.eval.Neighbours;
import dev.byol.eval.NpyWriter;
import dev.byol.eval.Spectrum;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * How fast are the probes: logistic regression to a given objective, nearest neighbours, and the effective rank. With {@code
 * --peer} scikit-learn and NumPy do the same on the same numbers, in turn. All in CPU-seconds of the whole process, with the JIT
 * compiler and the garbage collector on our side and the threads of BLAS on the other.
 */
@Command(
        name = "eval-bench",
        description = "Times probes and measures of features, in turn with scikit-learn if wanted.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class EvalBench implements Callable<Integer> {
    private static final String SCRIPT = "eval_peer.py";
    private static final int CLASSES = 10;
    private static final int REPEATS = 5;
    private static final double CLOSE = 1e-6;

    /** From the loosest on: the first that is close enough to the objective is timed, on both sides. */
    private static final double[] TOLERANCES = {1e-1, 3e-2, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4};

    enum What {
        LR,
        KNN_COSINE,
        KNN_EUCLIDEAN,
        RANKME
    }

    @Option(
            names = "--what",
            split = ",",
            paramLabel = "NAME",
            description = "What is timed, of ${COMPLETION-CANDIDATES}; all without it.")
    private List<What> what = List.of(What.values());

    @Option(
            names = "--scale",
            paramLabel = "N",
            description = "Divides the numbers of rows, for a quick look (${DEFAULT-VALUE}).")
    private int scale = 1;

    @Option(names = "--k", paramLabel = "K", description = "Neighbours (${DEFAULT-VALUE}).")
    private int k = 20;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Rounds, each in turn with the peer (${DEFAULT-VALUE}).")
    private int rounds = 1;

    @Option(names = "--peer", description = "Runs scikit-learn and NumPy in turn.")
    private boolean peer;

    @Option(names = "--python", paramLabel = "COMMAND", description = "The Python that has them (${DEFAULT-VALUE}).")
    private String python = "python3";

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the figures there, too.")
    private @Nullable Path json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final List<Map<String, Object>> lines = new ArrayList<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        atLeastOne("--scale", scale);
        atLeastOne("--k", k);
        atLeastOne("--rounds", rounds);
        @Nullable OutputFile file = json == null ? null : OutputFile.open("--json", json);
        Path folder = Files.createTempDirectory("byol-eval-bench");
        try {
            Path script = folder.resolve(SCRIPT);
            try (InputStream in = EvalBench.class.getResourceAsStream(SCRIPT)) {
                Files.copy(Objects.requireNonNull(in), script);
            }
            PrintWriter out = spec.commandLine().getOut();
            out.printf("%s; Java %s%n", Device.processor(), System.getProperty("java.version"));
            out.flush();
            @Nullable Peer other = peer ? new Peer(script, python) : null;
            for (int round = 0; round < rounds; round++) {
                for (What one : what) {
                    tell(one, run(one, folder, other));
                }
            }
        } finally {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path each : files.toList()) {
                    Files.delete(each);
                }
            }
            Files.delete(folder);
        }
        if (file != null) {
            file.write(JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(lines) + "\n");
        }
        return 0;
    }

    private static void atLeastOne(String option, int value) {
        if (value < 1) {
            throw new BadInput(option + " must be at least 1, got " + value);
        }
    }

    /** What was measured: of us, and of the peer if there is one. */
    private record Figures(Map<String, Object> ours, Map<String, Object> theirs) {}

    private Figures run(What one, Path folder, @Nullable Peer other) throws IOException, InterruptedException {
        return switch (one) {
            case LR -> logisticRegression(folder, other);
            case KNN_COSINE -> neighbours(Metric.COSINE, folder, other);
            case KNN_EUCLIDEAN -> neighbours(Metric.EUCLIDEAN, folder, other);
            case RANKME -> rankMe(folder, other);
        };
    }

    private void tell(What one, Figures figures) {
        double ours = number(figures.ours, "cpuSeconds");
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("what", one.name().toLowerCase(Locale.ROOT));
        line.put("ours", figures.ours);
        StringBuilder text = new StringBuilder(
                String.format(Locale.ROOT, "%-13s %8.3f CPU-s %s", line.get("what"), ours, figures.ours));
        if (!figures.theirs.isEmpty()) {
            double theirs = number(figures.theirs, "cpuSeconds");
            line.put("theirs", figures.theirs);
            line.put("ratio", ours / theirs);
            text.append(String.format(
                    Locale.ROOT,
                    "%n%-13s %8.3f CPU-s %s%n%-13s %8.3f of the peer's CPU time",
                    "  peer",
                    theirs,
                    figures.theirs,
                    "  ratio",
                    ours / theirs));
        }
        lines.add(line);
        PrintWriter out = spec.commandLine().getOut();
        out.println(text);
        out.flush();
    }

    private static double number(Map<String, Object> answer, String name) {
        if (answer.get(name) instanceof Number number) {
            return number.doubleValue();
        }
        throw new BadInput("the peer said " + answer + ", expected a number called \"" + name + "\"");
    }

    private static double cpuSeconds(CpuUse start) {
        return CpuUse.ofThisThread().since(start).processNanos() / 1e9;
    }

    private static <T> T timed(Supplier<T> work, List<Double> seconds) {
        CpuUse start = CpuUse.ofThisThread();
        T result = work.get();
        seconds.add(cpuSeconds(start));
        return result;
    }

    private static Map<String, Object> map(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(String.valueOf(pairs[i]), pairs[i + 1]);
        }
        return map;
    }

    private Figures logisticRegression(Path folder, @Nullable Peer other) throws IOException, InterruptedException {
        Features x = classes(Math.max(10 * CLASSES, 5000 / scale), 512);
        List<Double> seconds = new ArrayList<>();
        LogisticModel optimum = timed(() -> fit(x, 1e-6), seconds);
        double enough = optimum.objective() * (1 + CLOSE);
        double tolerance = Arrays.stream(TOLERANCES)
                .filter(t -> fit(x, t).objective() <= enough)
                .findFirst()
                .orElse(TOLERANCES[TOLERANCES.length - 1]);
        LogisticModel model = fit(x, tolerance);
        for (int i = 0; i < REPEATS; i++) {
            timed(() -> fit(x, tolerance), seconds);
        }
        Map<String, Object> ours = map(
                "cpuSeconds", AugmentFigures.median(seconds.subList(1, seconds.size())),
                "firstCpuSeconds", seconds.get(0),
                "tolerance", tolerance,
                "iterations", model.iterations(),
                "objective", model.objective());
        if (other == null) {
            return new Figures(ours, Map.of());
        }
        NpyWriter.writeFeatures(folder.resolve("x.npy"), x);
        float[] labels = new float[x.rows()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = x.label(i);
        }
        write(folder.resolve("labels.npy"), labels, 1);
        return new Figures(
                ours,
                other.ask(List.of(
                        "lr", folder.toString(), Integer.toString(REPEATS), Double.toString(optimum.objective()))));
    }

    private static LogisticModel fit(Features x, double tolerance) {
        return LogisticRegression.builder()
                .standardise(false)
                .tolerance(tolerance)
                .build()
                .fit(x);
    }

    private Figures neighbours(Metric metric, Path folder, @Nullable Peer other)
            throws IOException, InterruptedException {
        Features train = noise(1, Math.max(k, 100_000 / scale), 512);
        Features queries = noise(2, Math.max(1, 8_000 / scale), 512);
        List<Double> seconds = new ArrayList<>();
        Neighbours found = timed(() -> NearestNeighbours.of(train, metric).neighbours(queries, k), seconds);
        Map<String, Object> ours = map("cpuSeconds", seconds.get(0), "peakMegabytes", peakMegabytes());
        if (other == null) {
            return new Figures(ours, Map.of());
        }
        NpyWriter.writeFeatures(folder.resolve("train.npy"), train);
        NpyWriter.writeFeatures(folder.resolve("queries.npy"), queries);
        float[] indices = new float[found.rows() * k];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = found.index(i / k, i % k);
        }
        write(folder.resolve("neighbours.npy"), indices, k);
        return new Figures(
                ours,
                other.ask(List.of(
                        "knn", folder.toString(), metric.name().toLowerCase(Locale.ROOT), Integer.toString(k))));
    }

    private Figures rankMe(Path folder, @Nullable Peer other) throws IOException, InterruptedException {
        Features x = noise(3, Math.max(1, 25_600 / scale), 2048);
        List<Double> seconds = new ArrayList<>();
        Spectrum spectrum = timed(() -> Spectrum.of(x), seconds);
        Map<String, Object> ours =
                map("cpuSeconds", seconds.get(0), "value", spectrum.effectiveRank(), "peakMegabytes", peakMegabytes());
        if (other == null) {
            return new Figures(ours, Map.of());
        }
        NpyWriter.writeFeatures(folder.resolve("x.npy"), x);
        return new Figures(ours, other.ask(List.of("rankme", folder.toString())));
    }

    private static void write(Path file, float[] values, int width) throws IOException {
        try (NpyWriter writer = NpyWriter.create(file, width)) {
            writer.write(values);
        }
    }

    /** Independent numbers near 0, of unit deviation: as wide a spectrum as there is. */
    private static Features noise(long seed, int rows, int width) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[rows * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (2 * (random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5));
        }
        return Features.unlabelled(values, width);
    }

    /** Rows around a centre for each class, of unit deviation. */
    private static Features classes(int rows, int width) {
        Random random = new Random(4);
        double[][] centres = new double[CLASSES][width];
        for (double[] centre : centres) {
            Arrays.setAll(centre, j -> 0.12 * random.nextGaussian());
        }
        float[] values = new float[rows * width];
        int[] labels = new int[rows];
        for (int i = 0; i < values.length; i++) {
            labels[i / width] = i / width % CLASSES;
            values[i] = (float) (centres[labels[i / width]][i % width] + random.nextGaussian());
        }
        return Features.of(values, width, labels);
    }

    /** The most resident memory of this process so far, or 0 where the system does not say. */
    private static double peakMegabytes() {
        try (Stream<String> status = Files.lines(Path.of("/proc/self/status"))) {
            return status.filter(line -> line.startsWith("VmHWM:"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
