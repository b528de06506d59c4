package dev.byol.examples;

import dev.byol.api.TargetUpdater;
import dev.byol.api.method.Byol;
import dev.byol.api.method.OnlineProbe;
import dev.byol.api.nn.Mlp;
import dev.byol.api.nn.Norm;
import dev.byol.api.nn.ResNet;
import dev.byol.augment.Image;
import dev.byol.augment.View;
import dev.byol.augment.io.ImageSource;
import dev.byol.augment.load.Batch;
import dev.byol.augment.load.Epoch;
import dev.byol.augment.load.Loader;
import dev.byol.eval.CollapseEvidence;
import dev.byol.eval.CollapseWatch;
import dev.byol.optim.Schedules;
import dev.byol.optim.Sgd;
import dev.byol.tf.Checkpoints;
import dev.byol.tf.EventFile;
import dev.byol.tf.ImageFormat;
import dev.byol.tf.StepReport;
import dev.byol.tf.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.bytedeco.javacpp.Pointer;

/** A training of a tiny network with all that a run has around it, and what its process holds meanwhile. */
final class SteadyLoop {
    /** Steps of an epoch. */
    static final int EPOCH = 20;

    private static final int BATCH = 8;
    private static final int SIDE = 8;
    private static final int CLASSES = 3;
    private static final int SAVED_EVERY = 100;
    private static final int RANKED_EVERY = 10;
    private static final Sgd RULE = Sgd.builder()
            .learningRate(Schedules.constant(0.01))
            .momentum(0.9)
            .weightDecay(1e-4)
            .build();

    private static final View VIEW = View.appendix().side(SIDE).build();

    private SteadyLoop() {}

    /**
     * What the process holds.
     *
     * @param step completed ones
     * @param residentKib memory in the machine, in KiB
     * @param pointers native objects that nobody has closed yet
     * @param nativeBytes of these, as far as JavaCPP knows
     * @param javaThreads that run Java, the loader's among them
     * @param threads of the process, the JVM's own and TensorFlow's among them
     */
    record Held(long step, long residentKib, long pointers, long nativeBytes, int javaThreads, long threads) {
        private static final Path STATUS = Path.of("/proc/self/status");

        static boolean isKnown() {
            return Files.isReadable(STATUS);
        }

        /** Between two epochs. */
        static Held at(long step) throws IOException, InterruptedException {
            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                if (thread.getName().startsWith("byol-loader-")) {
                    thread.join(); // it was told to end, and is on its way
                }
            }
            return new Held(
                    step,
                    status("VmRSS:"),
                    Pointer.totalCount(),
                    Pointer.totalBytes(),
                    Thread.getAllStackTraces().size(),
                    status("Threads:"));
        }

        private static long status(String key) throws IOException {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith(key))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Images of noise, each with a class or without. */
    private record Noise() implements ImageSource {
        @Override
        public int size() {
            return BATCH * EPOCH;
        }

        @Override
        public Image image(int index) {
            byte[] samples = new byte[24 * 20 * 3];
            new SplittableRandom(index).nextBytes(samples);
            return new Image(24, 20, 3, samples);
        }

        @Override
        public int label(int index) {
            return index % (CLASSES + 1) - 1;
        }
    }

    /**
     * Trains.
     *
     * @param folder for checkpoints and events
     * @param epochs of {@value #EPOCH} steps each
     * @param held is told after every epoch
     */
    static void run(Path folder, int epochs, Consumer<Held> held) throws IOException, InterruptedException {
        Mlp mlp = new Mlp(2, 8, 4, Norm.batch());
        ResNet encoder = new ResNet(List.of(1), ResNet.Block.BASIC, 4, ResNet.Stem.SMALL, Norm.batch());
        OnlineProbe probe =
                new OnlineProbe(new Byol(encoder, mlp, mlp, TargetUpdater.ema(Schedules.constant(0.9))), CLASSES);
        Loader loader = Loader.builder(new Noise())
                .views(VIEW, VIEW)
                .batch(BATCH)
                .threads(2)
                .build();
        CollapseWatch watch = CollapseWatch.builder().build();
        try (Trainer trainer = Trainer.builder()
                        .method(probe)
                        .optimizer(RULE)
                        .images(ImageFormat.rgb(SIDE))
                        .batch(BATCH)
                        .build();
                Checkpoints checkpoints =
                        Checkpoints.in(folder).everySteps(SAVED_EVERY).keep(2).open();
                EventFile events = EventFile.create(folder)) {
            for (int epoch = 0; epoch < epochs; epoch++) {
                try (Epoch batches = loader.epoch(epoch)) {
                    while (batches.hasNext()) {
                        try (Batch batch = batches.next()) {
                            trainer.feed(OnlineProbe.LABELS, probe.targets(batch.labels()));
                            step(trainer, batch, watch, events);
                        }
                        if (checkpoints.isDue(trainer.steps())) {
                            requireSaved(checkpoints.save(trainer, Map.of()));
                        }
                    }
                }
                events.flush();
                held.accept(Held.at(trainer.steps()));
            }
        }
    }

    private static void step(Trainer trainer, Batch batch, CollapseWatch watch, EventFile events) {
        boolean isRanked = trainer.steps() % RANKED_EVERY == 0;
        StepReport report = trainer.step(isRanked ? Set.of("z0") : Set.of(), batch.view(0), batch.view(1));
        CollapseEvidence evidence = CollapseEvidence.at(report.step(), report.loss());
        watch.observe(isRanked ? evidence.effectiveRank(report.observed("z0")) : evidence);
        events.scalars(report.step(), report.reports());
    }

    private static void requireSaved(Checkpoints.Outcome outcome) {
        if (!(outcome instanceof Checkpoints.Saved)) {
            throw new IllegalStateException(outcome.toString());
        }
    }

    /** Trains so many epochs in a folder, and prints what is held after each. */
    public static void main(String... args) throws IOException, InterruptedException {
        run(
                Path.of(args[0]),
                Integer.parseInt(args[1]),
                held -> System.out.println(held.step + " " + held.residentKib + " " + held.pointers + " "
                        + held.nativeBytes + " " + held.javaThreads + " " + held.threads));
    }
}
