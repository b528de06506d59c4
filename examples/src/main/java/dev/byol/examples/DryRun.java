package dev.byol.examples;

import dev.byol.api.Shape;
import dev.byol.api.graph.ParameterNode;
import dev.byol.api.graph.StepGraph;
import dev.byol.augment.io.ImageSource;
import dev.byol.augment.io.Sources;
import dev.byol.tf.OutOfNativeMemoryException;
import dev.byol.tf.Prefetched;
import dev.byol.tf.Trainer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What a run of {@code pretrain} will take: parameters, time, memory and disk. Sizes follow from shapes; times are those of a few steps,
 * of one checkpoint and of a probe of some images, here and now. Nothing is left of it.
 */
final class DryRun {
    private static final int WARM_UP = 1;
    private static final int STEPS = 3;
    private static final int PROBED = 256;
    /** Bytes that {@code metrics.csv}, twice while it is written, and the event file take for a step, measured. */
    private static final long NUMBERS = 400;
    /** Bytes of a report, its page and the graph of an exported encoder, rounded up. */
    private static final long REPORTS = 4_000_000;

    private static final double MIB = 1 << 20;

    private final PretrainSetup setup;
    private final Pretrain options;
    private final OutputFolder out;
    private final PrintWriter console;

    /** @param out where the run would leave its results; nothing is made there */
    DryRun(PretrainSetup setup, OutputFolder out, PrintWriter console) {
        this.setup = setup;
        this.options = setup.options();
        this.out = out;
        this.console = console;
    }

    /**
     * Says it.
     *
     * @throws BadInput if a step diverges or does not fit, or the disk has too little room
     */
    void run() throws IOException {
        say("images", "%d of %s", setup.source().size(), setup.source().description());
        say("parameters", "%s", parameters());
        try (Trainer trainer = setup.trainer()) {
            double probe = probeSeconds(trainer);
            double step = stepSeconds(trainer);
            double save = saveSeconds(trainer);
            tellTime(step, probe, save);
            tellMemory();
            tellDisk(trainer.variables());
        } catch (ArithmeticException e) {
            throw new BadInput("the training diverges in its first steps: " + e.getMessage());
        } catch (OutOfNativeMemoryException e) {
            throw new BadInput("--batch, --micro-batch or --crop is too large: " + e.getMessage());
        }
    }

    /** The numbers of weights: {@code encoder 1,000, projector 100}. */
    private String parameters() {
        StepGraph step = StepGraph.training(Collections.nCopies(
                setup.method().views(), Shape.of(options.microBatch(), setup.crop(), setup.crop(), 3)));
        step.record(setup.method(), List.of());
        Map<String, Long> counts = new LinkedHashMap<>();
        step.trained().forEach(parameter -> count(counts, parameter.path().replaceFirst("/.*", ""), parameter));
        step.parameters().stream()
                .filter(parameter -> !parameter.name().startsWith("online/"))
                .forEach(parameter -> count(counts, "target", parameter));
        StringBuilder text = new StringBuilder();
        counts.forEach((part, count) ->
                text.append(text.isEmpty() ? "" : ", ").append(String.format(Locale.ROOT, "%s %,d", part, count)));
        return text.toString();
    }

    private static void count(Map<String, Long> counts, String part, ParameterNode parameter) {
        counts.merge(part, (long) parameter.shape().size(), Long::sum);
    }

    /** Seconds of one probe of all labelled images, from some of them; 0 without labels. */
    private double probeSeconds(Trainer trainer) {
        if (!(setup.labels() instanceof Data.Labelled set)) {
            return 0;
        }
        long started = System.nanoTime();
        ImageSource train = some(set.train());
        ImageSource test = some(set.test());
        Evaluation.of(
                Evaluation.embed(train, setup.crop(), trainer::embed).features(),
                Evaluation.embed(test, setup.crop(), trainer::embed).features());
        double share = (double) (train.size() + test.size())
                / (set.train().size() + set.test().size());
        return since(started) / share;
    }

    /** Spread over all, so that every class is likely to be among them. */
    private static ImageSource some(ImageSource source) {
        int apart = Math.max(1, source.size() / PROBED);
        return Sources.subset(
                source,
                IntStream.iterate(0, i -> i < source.size(), i -> i + apart).toArray());
    }

    private double stepSeconds(Trainer trainer) {
        return Rehearsal.of(setup.loader(), WARM_UP + STEPS, batch -> {
                    try (Prefetched sent = setup.prefetch(trainer, batch)) {
                        return trainer.step(Set.of(), sent).loss();
                    }
                })
                .seconds()
                .stream()
                .skip(WARM_UP)
                .mapToDouble(s -> s)
                .average()
                .orElseThrow();
    }

    /** Seconds of one checkpoint, in a temporary file. */
    private static double saveSeconds(Trainer trainer) throws IOException {
        Path file = Files.createTempFile("byol-dry-run", ".safetensors");
        try {
            long started = System.nanoTime();
            trainer.save(file);
            return since(started);
        } finally {
            Files.delete(file);
        }
    }

    private static double since(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    private void tellTime(double step, double probe, double save) {
        double training = step * setup.steps();
        double steps = (double) setup.steps();
        double apart = Math.min( // steps
                options.checkpointSteps > 0 ? options.checkpointSteps : steps,
                options.checkpointMinutes > 0 ? options.checkpointMinutes * 60 / step : steps);
        long checkpoints = 1 + (long) Math.ceil(Math.max(1, steps / apart)); // the first before any step
        double all = training + 2 * probe + checkpoints * save;
        say(
                "speed",
                "%.1f images a second, %.2f s a step (mean of %d steps after the first)",
                options.batch / step,
                step,
                STEPS);
        say(
                "time",
                "about %s (%.1f h): %d steps %s, two probes %s, %d checkpoints %s",
                Progress.duration(all),
                all / 3600,
                setup.steps(),
                Progress.duration(training),
                Progress.duration(2 * probe),
                checkpoints,
                Progress.duration(checkpoints * save));
    }

    private void tellMemory() {
        OptionalLong peak = ResidentMemory.peak();
        say(
                "memory",
                "about %.0f MiB at the highest%s",
                setup.need().peak() / MIB,
                peak.isPresent()
                        ? String.format(Locale.ROOT, "; %.0f MiB in these first steps", peak.getAsLong() / MIB)
                        : "");
    }

    private void tellDisk(Map<String, Shape> variables) throws IOException {
        double checkpoint = bytes(variables, "");
        double encoder = bytes(variables, "online/encoder/");
        int files = options.keep + (options.onCollapse == Pretrain.OnCollapse.BACK ? 1 : 0) + 1;
        double need = files * checkpoint + 2 * encoder + NUMBERS * setup.steps() + REPORTS;
        double free = Files.getFileStore(OutputFile.existing(out.path())).getUsableSpace();
        say(
                "disk",
                "about %.0f MiB in %s, where %.0f MiB are free: %d checkpoints of %.1f MiB, of which one is being written;"
                        + " the encoder twice, %.1f MiB each",
                need / MIB,
                out.path(),
                free / MIB,
                files,
                checkpoint / MIB,
                encoder / MIB);
        requireRoom(out.path(), need, free);
    }

    static void requireRoom(Path out, double need, double free) {
        BadInput.require(
                need <= free,
                String.format(
                        Locale.ROOT,
                        "--out %s needs about %.0f MiB for this run, its disk has %.0f MiB: lower --keep or --mlp, take a"
                                + " smaller --encoder, or another --out",
                        out,
                        need / MIB,
                        free / MIB));
    }

    private static double bytes(Map<String, Shape> variables, String prefix) {
        return variables.entrySet().stream()
                .filter(variable -> variable.getKey().startsWith(prefix))
                .mapToDouble(
                        variable -> (double) Float.BYTES * variable.getValue().size())
                .sum();
    }

    private void say(String what, String line, Object... values) {
        console.println(String.format(Locale.ROOT, "%-12s", what) + String.format(Locale.ROOT, line, values));
        console.flush();
    }
}
