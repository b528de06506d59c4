package dev.byol.examples;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.byol.tf.ChosenDevice;
import dev.byol.tf.DeviceChoice;
import dev.byol.tf.Precision;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * How fast is a whole BYOL step (both views through online and target networks, loss, gradients, LARS, target, statistics), how fast are
 * its views made, and how fast is a training that does both. With peers the same of PyTorch runs in turn with ours, on the same machine.
 */
@Command(
        name = "benchmark",
        description = "Times a training step, its input, and both together, in turn with peers if they are given.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class Benchmark implements Callable<Integer> {
    /** The parts of a training. */
    enum What {
        STEP,
        INPUT,
        TRAINING;

        /** As in the figures. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = "--what",
            split = ",",
            arity = "1",
            paramLabel = "NAME",
            description =
                    "What is timed, of ${COMPLETION-CANDIDATES}: the step on views that are there, the views alone, and both together"
                            + " (all).")
    private List<What> what = List.of(What.values());

    @Option(names = "--encoder", description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    Pretrain.EncoderName encoder = Pretrain.EncoderName.RESNET18;

    @Option(names = "--batch", paramLabel = "N", description = "Images a step (${DEFAULT-VALUE}).")
    int batch = 32;

    @Option(
            names = "--size",
            paramLabel = "N",
            description = "Height and width of a view in pixels (${DEFAULT-VALUE}).")
    int size = 96;

    @Option(names = "--precision", description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    Precision precision = Precision.FLOAT32;

    @Option(
            names = "--views",
            description =
                    "${COMPLETION-CANDIDATES}: where a training's views are made, by the loader's threads or in the step's graph"
                            + " (${DEFAULT-VALUE}).")
    Pretrain.ViewsOn views = Pretrain.ViewsOn.CPU;

    @Option(names = "--threads", paramLabel = "N", description = "Threads that make views (${DEFAULT-VALUE}).")
    int threads = Device.loaderThreads();

    @Option(names = "--steps", paramLabel = "N", description = "Timed steps of a round (${DEFAULT-VALUE}).")
    int steps = 10;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Rounds, each in turn with the peers (${DEFAULT-VALUE}).")
    private int rounds = 1;

    @Option(
            names = "--matrix",
            paramLabel = "N",
            description = "Side of the matrices whose product is the machine's peak (4096, on a GPU 8192).")
    private @Nullable Integer matrix;

    @Option(
            names = "--peer",
            paramLabel = "FILE",
            description =
                    "A program that does the same step and prints one line of JSON: a peer_step.py, or peer_training.py.")
    @Nullable
    Path peer;

    @Option(
            names = "--peer-training",
            paramLabel = "FILE",
            description = "A program that makes the same views, and trains on them: examples/peer/peer_training.py.")
    @Nullable
    Path peerTraining;

    @Option(
            names = "--peer-preset",
            paramLabel = "NAME",
            description = "Preset of the peers; best, or best-bf16, for the precision.")
    @Nullable
    String preset;

    @Option(names = "--python", paramLabel = "COMMAND", description = "What runs the peers (${DEFAULT-VALUE}).")
    String python = Peer.PYTHON;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the best rounds there, too.")
    private @Nullable Path json;

    @Option(names = "--profile", description = "Says, after all rounds, what a step spends its time on.")
    private boolean profile;

    @Option(
            names = "--trace",
            paramLabel = "FILE",
            description = "The same, and writes the step's operations there, for chrome://tracing or Perfetto.")
    private @Nullable Path trace;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final BenchmarkFigures figures = new BenchmarkFigures();

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        atLeastOne("--steps", steps);
        atLeastOne("--rounds", rounds);
        atLeastOne("--batch", batch);
        atLeastOne("--size", size);
        atLeastOne("--threads", threads);
        atLeastOne("--matrix", matrix == null ? 1 : matrix);
        BadInput.require(
                !isProfiled() || what.contains(What.STEP),
                (profile ? "--profile" : "--trace") + " needs the part step in --what, got " + what);
        BenchmarkPeers peers = new BenchmarkPeers(this);
        @Nullable OutputFile file = json == null ? null : OutputFile.open("--json", json);
        @Nullable OutputFile events = trace == null ? null : OutputFile.open("--trace", trace);
        ChosenDevice device = DeviceChoice.standard().settle();
        try (BenchmarkTasks tasks = new BenchmarkTasks(this)) {
            for (int round = 0; round < rounds; round++) {
                for (What each : EnumSet.copyOf(what)) {
                    Map<String, Object> line = line(tasks, each, device);
                    figures.addOurs(each, line);
                    tell(out, line);
                    Optional<Map<String, Object>> answer = peers.ask(each, device);
                    if (answer.isPresent()) {
                        figures.addTheirs(each, answer.get());
                        tell(out, answer.get());
                    }
                }
            }
            figures.print(out);
            if (file != null) {
                file.write(figures.json());
            }
            if (isProfiled()) {
                ProfiledStep step = tasks.profile();
                step.print(out);
                if (events != null) {
                    step.profile().writeTrace(events.inFolder());
                }
            }
        }
        return 0;
    }

    private boolean isProfiled() {
        return profile || trace != null;
    }

    private static void tell(PrintWriter out, Map<String, Object> line) throws IOException {
        out.println(JSON.std.asString(line));
        out.flush();
    }

    /** Times a part of a training and says what came out. */
    private Map<String, Object> line(BenchmarkTasks tasks, What each, ChosenDevice device) {
        boolean isFirst = tasks.firstStepSeconds().isEmpty();
        Timed time = tasks.time(each);
        // A step alone is what it is when nothing disturbs it; what comes out of a loader comes in bursts.
        double seconds = each == What.STEP ? time.medianSeconds() : time.meanSeconds();
        Map<String, Object> line = BenchmarkFigures.speeds(settings(each, device), batch / seconds, time.cpuSeconds());
        if (each != What.INPUT) {
            double flops = tasks.stepFlops() / seconds;
            double peak = peak(device);
            line.put("gigaflopsPerSecond", Report.rounded(flops / 1e9, 1));
            line.put("peakGigaflopsPerSecond", Report.rounded(peak / 1e9, 1));
            line.put("shareOfPeak", Report.rounded(flops / peak, 3));
        }
        putMegabytes(line, "residentMegabytes", ResidentMemory.now());
        putMegabytes(line, "peakMegabytes", ResidentMemory.peak());
        if (isFirst) {
            tasks.firstStepSeconds().ifPresent(first -> line.put("firstStepSeconds", Report.rounded(first, 2)));
        }
        return line;
    }

    private Map<String, Object> settings(What each, ChosenDevice device) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("what", each.toString());
        settings.put("device", each == What.INPUT ? DeviceChoice.CPU.toString() : device.toString());
        settings.put("encoder", encoder.name().toLowerCase(Locale.ROOT));
        settings.put("batch", batch);
        settings.put("size", size);
        settings.put("precision", precision.name().toLowerCase(Locale.ROOT));
        return settings;
    }

    /** In each round anew: what else runs on the machine slows it, too. */
    private double peak(ChosenDevice device) {
        OptionalInt side = matrix == null ? OptionalInt.empty() : OptionalInt.of(matrix);
        try (MatrixPeak products = new MatrixPeak(device, precision, side)) {
            return products.measure();
        }
    }

    private static void putMegabytes(Map<String, Object> line, String name, OptionalLong bytes) {
        bytes.ifPresent(value -> line.put(name, value >> 20));
    }

    static void atLeastOne(String option, int value) {
        if (value < 1) {
            throw new BadInput(option + " must be at least 1, got " + value);
        }
    }

    static byte[] noise(long seed, int batch, int size) {
        byte[] bytes = new byte[batch * size * size * 3];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
