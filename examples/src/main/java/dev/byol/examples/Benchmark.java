package dev.byol.examples;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.byol.api.TargetUpdater;
import dev.byol.api.method.Byol;
import dev.byol.api.nn.Mlp;
import dev.byol.api.nn.Norm;
import dev.byol.optim.Lars;
import dev.byol.optim.Schedules;
import dev.byol.tf.ImageFormat;
import dev.byol.tf.Precision;
import dev.byol.tf.Trainer;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * How fast is a whole BYOL step: both views through online and target networks, loss, gradients, LARS, target, statistics.
 * With {@code --peer} the same step of PyTorch runs in turn with ours, on the same machine.
 */
@Command(
        name = "benchmark",
        description = "Times a whole training step, in turn with a peer if one is given.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class Benchmark implements Callable<Integer> {
    private static final int WARM_UP = 3;

    @Option(names = "--encoder", description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    private Pretrain.EncoderName encoder = Pretrain.EncoderName.RESNET18;

    @Option(names = "--batch", paramLabel = "N", description = "Images a step (${DEFAULT-VALUE}).")
    private int batch = 32;

    @Option(names = "--size", paramLabel = "N", description = "Height and width in pixels (${DEFAULT-VALUE}).")
    private int size = 96;

    @Option(names = "--precision", description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    private Precision precision = Precision.FLOAT32;

    @Option(names = "--steps", paramLabel = "N", description = "Timed steps of a round (${DEFAULT-VALUE}).")
    private int steps = 10;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Rounds, each in turn with the peer (${DEFAULT-VALUE}).")
    private int rounds = 1;

    @Option(
            names = "--peer",
            paramLabel = "FILE",
            description = "A peer_step.py that prints one line of JSON; ResNet-18 only.")
    private @Nullable Path peer;

    @Option(
            names = "--peer-preset",
            paramLabel = "NAME",
            description = "Preset of the peer; the best of the precision.")
    private @Nullable String preset;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** The measured times of one round. */
    private record Round(double medianSeconds, double cpuSeconds, double residentMegabytes) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        atLeastOne("--steps", steps);
        atLeastOne("--rounds", rounds);
        atLeastOne("--batch", batch);
        atLeastOne("--size", size);
        @Nullable Peer other = peer == null ? null : new Peer(peer);
        Byol byol = new Byol(
                encoder.network(),
                new Mlp(2, 512, 128, Norm.batch()),
                new Mlp(2, 512, 128, Norm.batch()),
                TargetUpdater.ema(Schedules.constant(0.996)));
        MemoryNeed.checked(byol, precision, batch, batch, size);
        double ours = 0;
        double theirs = 0;
        try (Trainer trainer = Trainer.builder()
                .method(byol)
                .optimizer(Lars.deepMind().learningRate(Schedules.constant(0.2)).build())
                .images(ImageFormat.rgb(size))
                .batch(batch)
                .precision(precision)
                .build()) {
            byte[] first = noise(1, batch, size);
            byte[] second = noise(2, batch, size);
            for (int i = 0; i < WARM_UP; i++) {
                trainer.step(first, second);
            }
            for (int round = 0; round < rounds; round++) {
                Round time = time(trainer, first, second);
                ours = Math.max(ours, batch / time.medianSeconds);
                Map<String, Object> line = new LinkedHashMap<>();
                line.put("what", "step");
                line.put("encoder", encoder.name().toLowerCase(Locale.ROOT));
                line.put("batch", batch);
                line.put("size", size);
                line.put("precision", precision.name().toLowerCase(Locale.ROOT));
                line.put("imagesPerSecond", round(batch / time.medianSeconds));
                line.put("cpuSecondsPerStep", round(time.cpuSeconds));
                line.put("residentMegabytes", Math.round(time.residentMegabytes));
                out.println(JSON.std.asString(line));
                out.flush();
                if (other != null) {
                    String answer = run(other);
                    out.println(answer);
                    out.flush();
                    Object speed = JSON.std.mapFrom(answer).getOrDefault("images_per_s", 0);
                    theirs = Math.max(theirs, Double.parseDouble(String.valueOf(speed)));
                }
            }
        }
        if (other != null) {
            out.printf(
                    Locale.ROOT,
                    "ratio %.3f (best of %d rounds: %.1f to %.1f images a second)%n",
                    ours / theirs,
                    rounds,
                    ours,
                    theirs);
            out.flush();
        }
        return 0;
    }

    static void atLeastOne(String option, int value) {
        if (value < 1) {
            throw new BadInput(option + " must be at least 1, got " + value);
        }
    }

    private Round time(Trainer trainer, byte[] first, byte[] second) {
        double[] seconds = new double[steps];
        long cpu = cpuNanos();
        for (int i = 0; i < steps; i++) {
            long start = System.nanoTime();
            trainer.step(first, second);
            seconds[i] = (System.nanoTime() - start) / 1e9;
        }
        double cpuSeconds = (cpuNanos() - cpu) / 1e9 / steps;
        Arrays.sort(seconds);
        return new Round(seconds[steps / 2], cpuSeconds, ResidentMemory.now().orElse(0) / (double) (1 << 20));
    }

    private String run(Peer other) throws IOException, InterruptedException {
        String name = preset != null ? preset : precision == Precision.BFLOAT16 ? "best-bf16" : "best";
        return other.run(List.of(
                "--preset",
                name,
                "--batch",
                Integer.toString(batch),
                "--size",
                Integer.toString(size),
                "--steps",
                Integer.toString(steps),
                "--spin",
                "20000",
                "--threads",
                Integer.toString(Runtime.getRuntime().availableProcessors())));
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

    private static double round(double value) {
        return Math.rint(value * 1000) / 1000;
    }
}
