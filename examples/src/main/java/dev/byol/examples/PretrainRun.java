package dev.byol.examples;

import dev.byol.api.Method;
import dev.byol.api.Schedule;
import dev.byol.api.method.Cosines;
import dev.byol.augment.View;
import dev.byol.augment.load.Batch;
import dev.byol.augment.load.Epoch;
import dev.byol.augment.load.Loader;
import dev.byol.optim.Schedules;
import dev.byol.tf.EventFile;
import dev.byol.tf.ImageFormat;
import dev.byol.tf.StepReport;
import dev.byol.tf.Trainer;
import dev.byol.tf.Versions;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** One run of {@code pretrain}: probe the untrained network, train, probe again, write everything down. */
final class PretrainRun {
    private final Pretrain options;
    private final Data data;
    private final Optional<Data.Labelled> probes;
    private final OutputFolder out;
    private final PrintWriter console;
    private final Loader loader;
    private final long steps;
    private final Schedule rate;
    private final Schedule tau;
    private final Method method;
    private final MetricsCsv metrics = new MetricsCsv();
    private final long started = System.nanoTime();

    PretrainRun(Pretrain options, Data data, Optional<Data.Labelled> probes, OutputFolder out, PrintWriter console) {
        this.options = options;
        this.data = data;
        this.probes = probes;
        this.out = out;
        this.console = console;
        int images = data.unlabelled().size();
        if (options.batch > images) {
            throw new BadInput("--batch " + options.batch + " is larger than the data: "
                    + data.unlabelled().description() + " has " + images + " images");
        }
        MemoryNeed.check(options.method(Schedules.constant(1)), options.batch, options.crop);
        this.loader = loader(options, data);
        this.steps = Math.multiplyExact((long) options.epochs, loader.batches());
        this.rate = Schedules.warmupCosine(options.learningRate(), steps / 20, steps);
        this.tau = options.method == Pretrain.MethodName.BYOL
                ? Schedules.tau(options.tau, steps)
                : Schedules.constant(0); // SimSiam's target is the online network itself
        this.method = options.method(tau);
    }

    private static Loader loader(Pretrain options, Data data) {
        View view = options.view(options.crop);
        try {
            return Loader.builder(data.unlabelled())
                    .views(view, view)
                    .batch(options.batch)
                    .seed(options.seed)
                    .threads(options.threads)
                    .build();
        } catch (IllegalArgumentException e) {
            throw new BadInput(String.valueOf(e.getMessage())); // a size that does not fit the heap
        }
    }

    void run() throws IOException {
        say(data.unlabelled().description() + ": " + data.unlabelled().size() + " images; " + options.epochs
                + " epochs of " + loader.batches() + " steps");
        try (Trainer trainer = Trainer.builder()
                .method(method)
                .optimizer(options.optimizer(rate))
                .images(ImageFormat.rgb(options.crop))
                .batch(options.batch)
                .precision(options.precision)
                .seed(options.seed)
                .measure(new Cosines())
                .build()) {
            Probed untrained = probe(trainer, "untrained");
            double seconds = train(trainer);
            Probed learned = probe(trainer, "learned");
            trainer.save(out.checkpoint());
            trainer.exportEncoder(out.encoder());
            write(trainer, untrained, learned, seconds);
        }
    }

    /** Test accuracies, and the features that they came from; empty without labels. */
    private record Probed(Optional<Evaluation> evaluation, Neighbourhoods neighbourhoods) {}

    private Probed probe(Trainer trainer, String what) {
        if (probes.isEmpty()) {
            return new Probed(Optional.empty(), Neighbourhoods.of(data.unlabelled(), options.crop, trainer::embed));
        }
        Data.Labelled set = probes.get();
        Evaluation.Embedded train = Evaluation.embed(set.train(), options.crop, trainer::embed);
        Evaluation.Embedded test = Evaluation.embed(set.test(), options.crop, trainer::embed);
        Evaluation evaluation = Evaluation.of(train.features(), test.features());
        say(String.format(
                Locale.ROOT,
                "%s network: linear %.1f %%, %d-nn %.1f %%",
                what,
                evaluation.linearTop1(),
                evaluation.neighbours(),
                evaluation.knnTop1()));
        return new Probed(Optional.of(evaluation), Neighbourhoods.of(set, train, test, options.crop));
    }

    /** Returns the seconds that it took. */
    @SuppressWarnings("ClosingStandardOutputStreams") // a progress line that ends leaves the stream open
    private double train(Trainer trainer) throws IOException {
        long start = System.nanoTime();
        try (EventFile events = EventFile.create(out.path());
                Progress progress = new Progress(
                        System.out,
                        Boolean.getBoolean("byol.terminal"),
                        options.epochs,
                        loader.batches(),
                        options.batch)) {
            for (int number = 0; number < options.epochs; number++) {
                try (Epoch epoch = loader.epoch(number)) {
                    while (epoch.hasNext()) {
                        step(trainer, epoch, number, events, progress);
                    }
                }
                metrics.write(out.metrics());
                events.flush();
                trainer.save(out.checkpoint());
            }
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private void step(Trainer trainer, Epoch epoch, int number, EventFile events, Progress progress)
            throws IOException {
        long step = trainer.steps();
        StepReport report;
        try (Batch batch = epoch.next()) {
            report = trainer.step(batch.view(0), batch.view(1));
        }
        MetricsCsv.Row row = new MetricsCsv.Row(
                step,
                number,
                (float) report.loss(),
                (float) report.report("positive_cosine"),
                (float) report.report("negative_cosine"),
                rate.at(step),
                tau.at(step));
        metrics.add(row);
        progress.step(row);
        Map<String, Double> scalars = new LinkedHashMap<>(report.reports());
        scalars.put("loss", report.loss());
        scalars.put("learning_rate", row.learningRate());
        scalars.put("tau", row.tau());
        events.scalars(step, scalars);
    }

    private void write(Trainer trainer, Probed untrained, Probed learned, double seconds) throws IOException {
        Report report = new Report(
                options.method.name().toLowerCase(Locale.ROOT),
                options.seed,
                trainer.steps(),
                lastEpoch(MetricsCsv.Row::loss),
                lastEpoch(MetricsCsv.Row::positiveCosine),
                lastEpoch(MetricsCsv.Row::negativeCosine),
                accuracy(untrained, learned),
                steps * options.batch / seconds,
                (System.nanoTime() - started) / 1e9,
                config(trainer),
                Versions.all());
        report.write(out.report());
        new ReportPage(
                        report,
                        metrics.rows(),
                        Pictures.views(loader, data.unlabelled()),
                        learned.neighbourhoods().all())
                .write(out.page());
        say("report " + out.page());
    }

    private double lastEpoch(ToDoubleFunction<MetricsCsv.Row> column) {
        List<MetricsCsv.Row> rows = metrics.rows();
        return rows.subList(rows.size() - loader.batches(), rows.size()).stream()
                .mapToDouble(column)
                .average()
                .orElseThrow();
    }

    private Report.Accuracy accuracy(Probed untrained, Probed learned) {
        if (untrained.evaluation().isEmpty() || learned.evaluation().isEmpty()) {
            return new Report.NotMeasured(data.unlabelled().description()
                    + " has no labels: name labelled images with --labelled to see what the features are worth");
        }
        Evaluation before = untrained.evaluation().get();
        Evaluation after = learned.evaluation().get();
        return new Report.Measured(after.linearTop1(), before.linearTop1(), after.knnTop1(), before.knnTop1());
    }

    private Map<String, Object> config(Trainer trainer) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("data", data.unlabelled().description());
        config.put("images", data.unlabelled().size());
        config.put("unreadable", loader.unreadable().size());
        probes.ifPresent(set -> {
            config.put(
                    "labelled", set.train().description() + " and " + set.test().description());
            config.put("split", set.split());
            config.put("linear probe", "multinomial logistic regression, C = 1, standardised features");
            config.put("neighbours", Evaluation.NEIGHBOURS);
        });
        config.put("method", method.toString());
        if (options.encoderNorm == Pretrain.EncoderNorm.GROUP) {
            config.put("groups", Networks.groups(options.encoder()));
        }
        config.put("optimizer", options.optimizer(rate).toString());
        config.put("view", loader.views().get(0).toString());
        config.put("crop", options.crop);
        config.put("batch", options.batch);
        config.put("epochs", options.epochs);
        config.put("steps an epoch", loader.batches());
        config.put("learning rate", options.learningRate());
        config.put("weight decay", options.weightDecay());
        config.put("tau", options.method == Pretrain.MethodName.BYOL ? options.tau : "none");
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
