package dev.byol.examples;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.byol.tf.ChosenDevice;
import dev.byol.tf.FrozenEncoder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The parts of {@code gpu-check}, each by the commands that people run. */
final class GpuCheckParts {
    /** Of the first steps and of the last ones. */
    private static final int STRETCH = 50;

    private static final double FALLEN = 0.8;
    private static final double COLLAPSED = 0.98;
    /** Points of accuracy between a network and what was exported of it: images of another batch are rounded otherwise. */
    private static final double SAME = 0.5;

    private static final String REPORT = "report.json";

    private final PrintWriter console;
    private final Path out;
    private final ChosenDevice device;
    private final boolean rehearse;

    /**
     * @param out where files of a training and of the benchmarks go
     * @param rehearse small sizes, where nothing is claimed of learning and speed
     */
    GpuCheckParts(PrintWriter console, Path out, ChosenDevice device, boolean rehearse) {
        this.console = console;
        this.out = out;
        this.device = device;
        this.rehearse = rehearse;
    }

    /** The tests that hold layers, losses, optimizers and whole steps to PyTorch's numbers. */
    boolean goldens(Map<String, Object> found) throws IOException, InterruptedException {
        return new GoldenTests(device, out).run(found);
    }

    /** Three hundred steps on the made images: the loss falls, and the projections do not become one. */
    boolean training(Map<String, Object> found) throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("pretrain", "--overwrite", "--out", training().toString(), "--epochs"));
        arguments.addAll(
                rehearse
                        ? List.of("1", "--batch", "256", "--crop", "32", "--stem", "small", "--mlp", "32,16")
                        : List.of("5"));
        requireDone(arguments);
        long steps = (long) number(json(training().resolve(REPORT)), "steps");
        List<MetricsCsv.Row> rows =
                MetricsCsv.read(training().resolve("metrics.csv"), steps).rows();
        boolean learns = learns(rows, found);
        return rehearse || learns;
    }

    /** Whether the loss of the last steps is below that of the first, and the projections of different images are not one. */
    static boolean learns(List<MetricsCsv.Row> rows, Map<String, Object> found) {
        int stretch = Math.min(STRETCH, rows.size() / 2);
        List<MetricsCsv.Row> last = rows.subList(rows.size() - stretch, rows.size());
        double before = mean(rows.subList(0, stretch), MetricsCsv.Row::loss);
        double after = mean(last, MetricsCsv.Row::loss);
        double negative = mean(last, MetricsCsv.Row::negativeCosine);
        found.put("steps", rows.size());
        found.put("lossOfTheFirst" + stretch, Report.rounded(before, 4));
        found.put("lossOfTheLast" + stretch, Report.rounded(after, 4));
        found.put("negativeCosineOfTheLast" + stretch, Report.rounded(negative, 4));
        return after < FALLEN * before && negative < COLLAPSED;
    }

    /** What the training exported, loaded again, is scored as the network that it was exported of. */
    boolean reload(Map<String, Object> found) throws IOException {
        Map<String, Object> report = json(training().resolve(REPORT));
        Evaluation reloaded;
        try (FrozenEncoder encoder = Encoders.load(training().resolve("encoder"))) {
            Data.Labelled data = Data.open("shapes", 1, console::println).labelled();
            reloaded = Evaluation.of(
                    Evaluation.embed(data.train(), encoder.height(), encoder::embed)
                            .features(),
                    Evaluation.embed(data.test(), encoder.height(), encoder::embed)
                            .features());
        }
        double linear = number(report, "linearTop1");
        double neighbours = number(report, "knnTop1");
        found.put("linearTop1", linear);
        found.put("linearTop1Reloaded", Report.rounded(reloaded.linearTop1(), 1));
        found.put("knnTop1", neighbours);
        found.put("knnTop1Reloaded", Report.rounded(reloaded.knnTop1(), 1));
        return isSame(linear, reloaded.linearTop1()) && isSame(neighbours, reloaded.knnTop1());
    }

    static boolean isSame(double trained, double reloaded) {
        return Math.abs(trained - reloaded) <= SAME;
    }

    private Path training() {
        return out.resolve("training");
    }

    private void requireDone(List<String> arguments) throws IOException {
        requireDone(console, arguments);
    }

    /** Runs a command as its user would. */
    static void requireDone(PrintWriter console, List<String> arguments) throws IOException {
        int code = Main.run(console, console, arguments.toArray(String[]::new));
        if (code != 0) {
            throw new IOException(String.join(" ", arguments) + " ended with code " + code);
        }
    }

    private static Map<String, Object> json(Path file) throws IOException {
        return JSON.std.mapFrom(Files.readString(file));
    }

    static double number(Map<?, ?> map, String key) {
        if (map.get(key) instanceof Number number) {
            return number.doubleValue();
        }
        throw new IllegalStateException("there is no number \"" + key + "\" among " + map.keySet());
    }

    private static double mean(List<MetricsCsv.Row> rows, ToDoubleFunction<MetricsCsv.Row> value) {
        return rows.stream().mapToDouble(value).average().orElse(Double.NaN);
    }
}
