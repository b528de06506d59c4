package dev.byol.examples;

import dev.byol.api.Method;
import dev.byol.api.Schedule;
import dev.byol.api.method.Cosines;
import dev.byol.api.method.Deviation;
import dev.byol.augment.View;
import dev.byol.augment.io.ImageSource;
import dev.byol.augment.load.Batch;
import dev.byol.augment.load.Epoch;
import dev.byol.augment.load.Loader;
import dev.byol.eval.CollapseEvent;
import dev.byol.eval.CollapseEvidence;
import dev.byol.eval.CollapseWatch;
import dev.byol.optim.Schedules;
import dev.byol.tf.EventFile;
import dev.byol.tf.ImageFormat;
import dev.byol.tf.StepReport;
import dev.byol.tf.Trainer;
import dev.byol.tf.Versions;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** One run of {@code pretrain}: probe the untrained network, train, probe again, write everything down. */
final class PretrainRun {
    /** Untrained networks start near a collapse: before this step only those that were healthy are watched. */
    private static final long WATCH_FROM = 200;
    /** What the methods call the projections of the first view. */
    private static final String PROJECTIONS = "z0";

    private final Pretrain options;
    private final ImageSource source;
    private final Data.Labels labels;
    private final int crop;
    private final OutputFolder out;
    private final PrintWriter console;
    private final Loader loader;
    private final long steps;
    private final Schedule rate;
    private final Schedule tau;
    private final Method method;
    private final CollapseWatch watch;
    private final List<CollapseEvent> events = new ArrayList<>();
    private boolean stopped;
    private final MetricsCsv metrics = new MetricsCsv();
    private final long started = System.nanoTime();

    /**
     * @param source what is pretrained on
     * @param labels what is probed with
     * @param crop side of a view in pixels
     * @throws BadInput if the settings do not fit the data or the machine
     */
    PretrainRun(
            Pretrain options, ImageSource source, Data.Labels labels, int crop, OutputFolder out, PrintWriter console) {
        this.options = options;
        this.source = source;
        this.labels = labels;
        this.crop = crop;
        this.out = out;
        this.console = console;
        if (options.batch > source.size()) {
            throw new BadInput("--batch " + options.batch + " is larger than the data: " + source.description()
                    + " has " + source.size() + " images");
        }
        MemoryNeed.check(options.method(Schedules.constant(1)), options.batch, crop);
        this.loader = loader(options, source, crop);
        this.steps = Math.multiplyExact((long) options.epochs, loader.batches());
        this.rate = Schedules.warmupCosine(options.learningRate(), steps / 20, steps);
        this.tau = options.method == Pretrain.MethodName.BYOL
                ? Schedules.tau(options.tau, steps)
                : Schedules.constant(0); // SimSiam's target is the online network itself
        this.method = options.method(tau);
        this.watch =
                CollapseWatch.builder().warmUp(Math.max(WATCH_FROM, steps / 20)).build();
    }

    private static Loader loader(Pretrain options, ImageSource source, int crop) {
        View view = options.view(crop);
        try {
            return Loader.builder(source)
                    .views(view, view)
                    .batch(options.batch)
                    .seed(options.seed)
                    .threads(options.threads)
                    .build();
        } catch (IllegalArgumentException e) {
            throw new BadInput(String.valueOf(e.getMessage())); // a size that does not fit the heap
        }
    }

    /** Returns whether it went to the end; false if it was stopped because it collapsed. */
    boolean run() throws IOException {
        say(source.description() + ": " + source.size() + " images; " + options.epochs + " epochs of "
                + loader.batches() + " steps");
        List<ReportPage.ViewPair> views = Pictures.views(loader, source);
        try (Trainer trainer = Trainer.builder()
                .method(method)
                .optimizer(options.optimizer(rate))
                .images(ImageFormat.rgb(crop))
                .batch(options.batch)
                .precision(options.precision)
                .seed(options.seed)
                .measure(new Cosines())
                .measure(new Deviation())
                .build()) {
            Optional<Probed> untrained = probe(trainer, "untrained");
            out.begin();
            trainer.exportEncoder(out.untrained());
            double seconds = train(trainer);
            trainer.save(out.checkpoint());
            trainer.exportEncoder(out.encoder());
            Optional<Probed> learned = probe(trainer, "learned");
            Report report = report(trainer, untrained, learned, seconds);
            report.write(out.report());
            new ReportPage(report, metrics.rows(), views, neighbours(trainer, learned)).write(out.page());
        }
        say("report " + out.page());
        return !stopped;
    }

    /** Test accuracies, and the features that they came from. */
    private record Probed(Evaluation evaluation, Evaluation.Embedded train, Evaluation.Embedded test) {}

    /** Empty without labels. */
    private Optional<Probed> probe(Trainer trainer, String what) {
        if (!(labels instanceof Data.Labelled set)) {
            return Optional.empty();
        }
        Evaluation.Embedded train = Evaluation.embed(set.train(), crop, trainer::embed);
        Evaluation.Embedded test = Evaluation.embed(set.test(), crop, trainer::embed);
        Evaluation evaluation = Evaluation.of(train.features(), test.features());
        say(String.format(
                Locale.ROOT,
                "%s network: linear %.1f %%, %d-nn %.1f %%",
                what,
                evaluation.linearTop1(),
                evaluation.neighbours(),
                evaluation.knnTop1()));
        return Optional.of(new Probed(evaluation, train, test));
    }

    private List<ReportPage.Neighbours> neighbours(Trainer trainer, Optional<Probed> learned) {
        return learned.isPresent() && labels instanceof Data.Labelled set
                ? Neighbourhoods.of(set, learned.get().train(), learned.get().test())
                : Neighbourhoods.of(source, crop, trainer::embed);
    }

    /** Returns the seconds that it took. */
    private double train(Trainer trainer) throws IOException {
        long start = System.nanoTime();
        try (EventFile scalars = EventFile.create(out.path());
                Progress progress =
                        new Progress(StatusLine.standard(), options.epochs, loader.batches(), options.batch)) {
            for (int number = 0; number < options.epochs && !stopped; number++) {
                try (Epoch epoch = loader.epoch(number)) {
                    while (epoch.hasNext() && !stopped) {
                        step(trainer, epoch, number, scalars, progress);
                    }
                }
                metrics.write(out.metrics());
                scalars.flush();
                trainer.save(out.checkpoint());
            }
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private void step(Trainer trainer, Epoch epoch, int number, EventFile scalarFile, Progress progress)
            throws IOException {
        long step = trainer.steps();
        boolean ranked = step % options.rankEvery == 0;
        StepReport report;
        try (Batch batch = epoch.next()) {
            report = trainer.step(ranked ? Set.of(PROJECTIONS) : Set.of(), batch.view(0), batch.view(1));
        } catch (ArithmeticException e) {
            throw new BadInput("the training has diverged, " + e.getMessage());
        }
        CollapseEvidence evidence = CollapseEvidence.at(step, (float) report.loss())
                .cosines((float) report.report("positive_cosine"), (float) report.report("negative_cosine"))
                .deviation((float) report.report("z_deviation"));
        if (ranked) {
            evidence = evidence.effectiveRank(report.observed(PROJECTIONS));
        }
        MetricsCsv.Row row = new MetricsCsv.Row(
                step,
                number,
                (float) report.loss(),
                (float) report.report("positive_cosine"),
                (float) report.report("negative_cosine"),
                (float) report.report("z_deviation"),
                rate.at(step),
                tau.at(step),
                evidence.effectiveRank());
        metrics.add(row);
        progress.step(row);
        Map<String, Double> scalars = new LinkedHashMap<>(report.reports());
        scalars.put("loss", report.loss());
        scalars.put("learning_rate", row.learningRate());
        scalars.put("tau", row.tau());
        row.effectiveRank().ifPresent(rank -> scalars.put("effective_rank", rank));
        scalarFile.scalars(step, scalars);
        watch(evidence, progress);
    }

    private void watch(CollapseEvidence evidence, Progress progress) {
        for (CollapseEvent event : watch.observe(evidence)) {
            if (event instanceof CollapseEvent.NonFinite) {
                throw new BadInput("the training has diverged. " + event);
            }
            progress.close();
            say(event.toString());
            events.add(event);
            stopped |= options.onCollapse == Pretrain.OnCollapse.STOP && !(event instanceof CollapseEvent.Recovering);
        }
    }

    private Report report(Trainer trainer, Optional<Probed> untrained, Optional<Probed> learned, double seconds) {
        return new Report(
                options.method.name().toLowerCase(Locale.ROOT),
                options.seed,
                trainer.steps(),
                lastEpoch(MetricsCsv.Row::loss),
                lastEpoch(MetricsCsv.Row::positiveCosine),
                lastEpoch(MetricsCsv.Row::negativeCosine),
                accuracy(untrained, learned),
                events,
                stopped,
                trainer.steps() * options.batch / seconds,
                (System.nanoTime() - started) / 1e9,
                config(trainer, learned),
                versions());
    }

    private static Map<String, String> versions() {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("device", Device.name());
        versions.putAll(Versions.all());
        return versions;
    }

    private double lastEpoch(ToDoubleFunction<MetricsCsv.Row> column) {
        List<MetricsCsv.Row> rows = metrics.rows();
        return rows.subList(Math.max(0, rows.size() - loader.batches()), rows.size()).stream()
                .mapToDouble(column)
                .average()
                .orElseThrow();
    }

    private Report.Accuracy accuracy(Optional<Probed> untrained, Optional<Probed> learned) {
        if (untrained.isEmpty() || learned.isEmpty()) {
            String reason = labels instanceof Data.Unlabelled none ? none.reason() : "";
            return new Report.NotMeasured(
                    reason + ": name labelled images with --labelled to see what the features are worth");
        }
        Evaluation before = untrained.get().evaluation();
        Evaluation after = learned.get().evaluation();
        return new Report.Measured(after.linearTop1(), before.linearTop1(), after.knnTop1(), before.knnTop1());
    }

    private Map<String, Object> config(Trainer trainer, Optional<Probed> learned) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("data", source.description());
        config.put("images", source.size());
        config.put("unreadable", loader.unreadable().size());
        if (labels instanceof Data.Labelled set && learned.isPresent()) {
            Evaluation.Embedded train = learned.get().train();
            Evaluation.Embedded test = learned.get().test();
            config.put(
                    "labelled", set.train().description() + " and " + set.test().description());
            config.put("split", set.split());
            config.put("images to fit", train.features().rows());
            config.put("images to score", test.features().rows());
            config.put("unreadable labelled", train.skipped() + test.skipped());
            config.put("linear probe", "multinomial logistic regression, C = 1, standardised features");
            config.put("neighbours", learned.get().evaluation().neighbours());
        }
        config.put("method", method.toString());
        if (options.encoderNorm == Pretrain.EncoderNorm.GROUP) {
            config.put("groups", Networks.groups(options.encoder()));
        }
        config.put("optimizer", options.optimizer(rate).toString());
        config.put("view", loader.views().get(0).toString());
        config.put("crop", crop);
        config.put("batch", options.batch);
        config.put("epochs", options.epochs);
        config.put("steps an epoch", loader.batches());
        config.put("learning rate", options.learningRate());
        config.put("weight decay", options.weightDecay());
        config.put("tau", options.method == Pretrain.MethodName.BYOL ? options.tau : "none");
        config.put("on collapse", options.onCollapse.name().toLowerCase(Locale.ROOT));
        config.put("precision", options.precision.name().toLowerCase(Locale.ROOT));
        config.put("loader threads", options.threads);
        config.put("seed", options.seed);
        config.put("digest", trainer.digest());
        return config;
    }

    private void say(String line) {
        console.println(line);
        console.flush();
    }
}
