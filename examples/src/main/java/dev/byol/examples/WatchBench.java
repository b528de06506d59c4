package dev.byol.examples;

import static dev.byol.optim.Filters.path;

import dev.byol.api.Method;
import dev.byol.api.Optimizer;
import dev.byol.api.TargetUpdater;
import dev.byol.api.method.Byol;
import dev.byol.api.method.Cosines;
import dev.byol.api.method.Deviation;
import dev.byol.api.method.OnlineProbe;
import dev.byol.api.nn.Mlp;
import dev.byol.api.nn.Norm;
import dev.byol.eval.CollapseEvidence;
import dev.byol.eval.CollapseWatch;
import dev.byol.optim.Lars;
import dev.byol.optim.Rules;
import dev.byol.optim.Schedules;
import dev.byol.optim.Sgd;
import dev.byol.tf.ImageFormat;
import dev.byol.tf.Precision;
import dev.byol.tf.StepReport;
import dev.byol.tf.Trainer;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What watching costs: a BYOL step as it is, in turn with the same step with an online probe, cosines, deviation and a collapse watch,
 * which every few steps takes the effective rank of the projections. In CPU time of the whole process.
 */
@Command(
        name = "watch-bench",
        description = "Times a training step with and without an online probe and a collapse watch, in turn.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class WatchBench implements Callable<Integer> {
    private static final int CLASSES = 10;
    private static final int WARM_UP = 3;

    @Option(names = "--encoder", description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    private Pretrain.EncoderName encoder = Pretrain.EncoderName.RESNET18;

    @Option(names = "--batch", paramLabel = "N", description = "Images a step (${DEFAULT-VALUE}).")
    private int batch = 32;

    @Option(names = "--size", paramLabel = "N", description = "Height and width in pixels (${DEFAULT-VALUE}).")
    private int size = 96;

    @Option(names = "--precision", description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    private Precision precision = Precision.FLOAT32;

    @Option(names = "--steps", paramLabel = "N", description = "Timed steps of each of the two (${DEFAULT-VALUE}).")
    private int steps = 20;

    @Option(
            names = "--rank-every",
            paramLabel = "N",
            description = "Steps from one effective rank to the next (${DEFAULT-VALUE}).")
    private int rankEvery = 10;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Benchmark.atLeastOne("--batch", batch);
        Benchmark.atLeastOne("--size", size);
        Benchmark.atLeastOne("--steps", steps);
        Benchmark.atLeastOne("--rank-every", rankEvery);
        Byol byol = new Byol(
                encoder.network(),
                new Mlp(2, 512, 128, Norm.batch()),
                new Mlp(2, 512, 128, Norm.batch()),
                TargetUpdater.ema(Schedules.constant(0.996)));
        OnlineProbe probe = new OnlineProbe(byol, CLASSES);
        Optimizer lars = Lars.deepMind().learningRate(Schedules.constant(0.2)).build();
        Optimizer sgd = Sgd.builder().learningRate(Schedules.constant(0.1)).build();
        byte[] first = Benchmark.noise(1, batch, size);
        byte[] second = Benchmark.noise(2, batch, size);
        double[] plainSeconds = new double[steps];
        double[] watchedSeconds = new double[steps];
        boolean[] ranked = new boolean[steps];
        CollapseWatch watch = CollapseWatch.builder().build();
        try (Trainer plain = settings(byol, lars).build();
                Trainer watched = settings(probe, Rules.split(path("probe/**"), sgd, lars))
                        .measure(new Cosines())
                        .measure(new Deviation())
                        .build()) {
            int[] labels = new Random(3).ints(batch, -1, CLASSES).toArray();
            for (int i = -WARM_UP; i < steps; i++) {
                long start = Benchmark.cpuNanos();
                plain.step(first, second);
                long middle = Benchmark.cpuNanos();
                watched.feed(OnlineProbe.LABELS, probe.targets(labels));
                boolean withRank = observe(watch, watched, first, second);
                long end = Benchmark.cpuNanos();
                if (i >= 0) {
                    plainSeconds[i] = (middle - start) / 1e9;
                    watchedSeconds[i] = (end - middle) / 1e9;
                    ranked[i] = withRank;
                }
            }
        }
        print(plainSeconds, watchedSeconds, ranked);
        return 0;
    }

    private Trainer.Builder settings(Method method, Optimizer optimizer) {
        return Trainer.builder()
                .method(method)
                .optimizer(optimizer)
                .images(ImageFormat.rgb(size))
                .batch(batch)
                .precision(precision);
    }

    /** A step with all that a watch is fed; returns whether the effective rank was among it. */
    private boolean observe(CollapseWatch watch, Trainer trainer, byte[]... views) {
        boolean ranked = trainer.steps() % rankEvery == 0;
        StepReport report = trainer.step(ranked ? Set.of("z0") : Set.of(), views);
        CollapseEvidence evidence = CollapseEvidence.at(report.step(), report.loss())
                .cosines(report.report("positive_cosine"), report.report("negative_cosine"))
                .deviation(report.report("z_deviation"));
        if (ranked) {
            evidence = evidence.effectiveRank(report.observed("z0"));
        }
        watch.observe(evidence);
        return ranked;
    }

    /** Every sample is printed: the clock of the process ticks every 10 ms on Linux. */
    private void print(double[] plain, double[] watched, boolean[] ranked) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("plain         " + Arrays.toString(plain));
        out.println("watched       " + Arrays.toString(watched));
        out.println("with a rank   " + Arrays.toString(ranked));
        double[] costs = new double[plain.length];
        Arrays.setAll(costs, i -> watched[i] - plain[i]);
        double mean = Arrays.stream(costs).average().orElseThrow();
        double variance = Arrays.stream(costs).map(c -> (c - mean) * (c - mean)).sum() / Math.max(1, costs.length - 1);
        double step = Arrays.stream(plain).average().orElseThrow();
        out.printf(
                Locale.ROOT,
                "CPU-seconds a step, mean of %d: plain %.4f, watched %.4f; cost %.2f %%, standard error %.2f %%%n",
                plain.length,
                step,
                step + mean,
                100 * mean / step,
                100 * Math.sqrt(variance / costs.length) / step);
        out.flush();
    }
}
