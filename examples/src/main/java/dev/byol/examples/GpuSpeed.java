package dev.byol.examples;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.byol.tf.ChosenDevice;
import dev.byol.tf.Precision;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Images a second of the networks that the project's bars for GPUs are for, against the peer and against convolutions alone. */
final class GpuSpeed {
    private static final double LEAST_RATIO = 1;
    private static final double LEAST_OF_CONVOLUTIONS = 0.5;
    private static final double LEAST_OF_STEP = 0.9;
    private static final List<Network> NETWORKS = List.of(
            new Network(Pretrain.EncoderName.RESNET18, 1024, 96, 20),
            new Network(Pretrain.EncoderName.RESNET50, 256, 224, 20));
    private static final List<Network> REHEARSED = List.of(new Network(Pretrain.EncoderName.RESNET18, 2, 32, 1));

    private final PrintWriter console;
    private final Path out;
    private final ChosenDevice device;
    private final boolean rehearse;

    /** @param out where the benchmarks' files go */
    GpuSpeed(PrintWriter console, Path out, ChosenDevice device, boolean rehearse) {
        this.console = console;
        this.out = out;
        this.device = device;
        this.rehearse = rehearse;
    }

    private record Network(Pretrain.EncoderName encoder, int batch, int size, int steps) {
        @Override
        public String toString() {
            return encoder.name().toLowerCase(Locale.ROOT);
        }
    }

    /** Measures, and judges unless it is a rehearsal. */
    boolean run(Map<String, Object> found, @Nullable Path peer, String python) throws IOException {
        List<Map<String, Object>> lines = new ArrayList<>();
        found.put("benchmarks", lines);
        for (Network network : networks()) {
            Path file = out.resolve("benchmark-" + network + ".json");
            GpuCheckParts.requireDone(console, arguments(network, file, peer, python));
            try (ConvolutionsAlone alone = new ConvolutionsAlone(
                    device, Precision.BFLOAT16, BenchmarkTasks.byol(network.encoder), network.batch, network.size)) {
                lines.addAll(judged(measured(file), alone.imagesPerSecond()));
            }
        }
        if (rehearse) {
            lines.forEach(line -> line.remove("ok"));
            return true;
        }
        return lines.stream().allMatch(line -> Boolean.TRUE.equals(line.get("ok")));
    }

    /** What steps like those that were timed spend their time on, on views that nobody sent ahead. */
    boolean profile(Map<String, Object> found) {
        List<Map<String, Object>> steps = new ArrayList<>();
        found.put("steps", steps);
        for (Network network : networks()) {
            Benchmark options = new Benchmark();
            options.encoder = network.encoder;
            options.batch = network.batch;
            options.size = network.size;
            options.precision = Precision.BFLOAT16;
            try (BenchmarkTasks tasks = new BenchmarkTasks(options)) {
                ProfiledStep step = tasks.profile();
                console.println(network + ", " + network.batch + " images of " + network.size + " pixels");
                step.print(console);
                Map<String, Object> line = new LinkedHashMap<>();
                line.put("encoder", network.toString());
                line.put("batch", network.batch);
                line.put("size", network.size);
                line.put("precision", "bfloat16");
                line.put("milliseconds", Report.rounded(1e3 * step.seconds(), 3));
                line.put("operations", step.operations());
                steps.add(line);
            }
        }
        return true;
    }

    private List<Network> networks() {
        return rehearse ? REHEARSED : NETWORKS;
    }

    private List<String> arguments(Network network, Path file, @Nullable Path peer, String python) {
        List<String> arguments = new ArrayList<>(List.of("benchmark", "--what", "step,training", "--views", "device"));
        arguments.addAll(List.of("--encoder", network.toString(), "--batch", Integer.toString(network.batch)));
        arguments.addAll(List.of("--size", Integer.toString(network.size), "--precision", "bfloat16"));
        arguments.addAll(List.of("--steps", Integer.toString(network.steps), "--json", file.toString()));
        if (rehearse) {
            arguments.addAll(List.of("--matrix", "64"));
        }
        if (peer != null) {
            arguments.addAll(List.of("--peer", peer.toString(), "--python", python));
        }
        return arguments;
    }

    private static List<Map<String, Object>> measured(Path file) throws IOException {
        List<Map<String, Object>> lines = new ArrayList<>();
        for (Object each : JSON.std.listFrom(Files.readString(file))) {
            Map<String, Object> line = new LinkedHashMap<>();
            ((Map<?, ?>) each).forEach((key, value) -> line.put(String.valueOf(key), value));
            lines.add(line);
        }
        return lines;
    }

    /** The lines of one network's benchmark, the step first, with what its bars came to. */
    static List<Map<String, Object>> judged(List<Map<String, Object>> measured, double convolutions) {
        List<Map<String, Object>> lines = new ArrayList<>();
        double step = Double.NaN;
        for (Map<String, Object> each : measured) {
            Map<String, Object> line = new LinkedHashMap<>(each);
            double speed = GpuCheckParts.number(line, "imagesPerSecond");
            if ("step".equals(line.get("what"))) {
                step = speed;
                boolean beatsPeer = line.get("ratio") instanceof Number ratio && ratio.doubleValue() >= LEAST_RATIO;
                line.put("convolutionsAloneImagesPerSecond", Report.rounded(convolutions, 1));
                line.put("shareOfConvolutionsAlone", Report.rounded(speed / convolutions, 3));
                line.put("ok", beatsPeer && speed >= LEAST_OF_CONVOLUTIONS * convolutions);
            } else {
                line.put("shareOfStep", Report.rounded(speed / step, 3));
                line.put("ok", speed >= LEAST_OF_STEP * step);
            }
            lines.add(line);
        }
        return lines;
    }
}
