package dev.byol.examples;

import dev.byol.tf.Trainer;
import dev.byol.tf.Versions;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/** What a network's features are worth, before the run and after it, and the report and page that the run ends with. */
final class PretrainReport {
    private final PretrainSetup setup;
    private final Pretrain options;
    private final Consumer<String> console;
    private final List<ReportPage.ViewPair> views;

    /**
     * @param views for the page
     * @param console is told the accuracies
     */
    PretrainReport(PretrainSetup setup, List<ReportPage.ViewPair> views, Consumer<String> console) {
        this.setup = setup;
        this.options = setup.options();
        this.views = List.copyOf(views);
        this.console = console;
    }

    /** Test accuracies, and the features that they came from. */
    private record Probed(Evaluation evaluation, Evaluation.Embedded train, Evaluation.Embedded test) {}

    /** Test accuracies of the untrained network; empty without labels. */
    Optional<Evaluation> untrained(Trainer trainer) {
        return probe(trainer, "untrained").map(Probed::evaluation);
    }

    private Optional<Probed> probe(Trainer trainer, String what) {
        if (!(setup.labels() instanceof Data.Labelled set)) {
            return Optional.empty();
        }
        Evaluation.Embedded train = Evaluation.embed(set.train(), setup.crop(), trainer::embed);
        Evaluation.Embedded test = Evaluation.embed(set.test(), setup.crop(), trainer::embed);
        Evaluation evaluation = Evaluation.of(train.features(), test.features());
        console.accept(String.format(
                Locale.ROOT,
                "%s network: linear %.1f %%, %d-nn %.1f %%",
                what,
                evaluation.linearTop1(),
                evaluation.neighbours(),
                evaluation.knnTop1()));
        return Optional.of(new Probed(evaluation, train, test));
    }

    /** Probes the trained network and writes everything down. */
    void write(PretrainLoop training, OutputFolder out) throws IOException {
        Trainer trainer = training.trainer();
        Optional<Probed> learned = probe(trainer, "learned");
        Report report = report(training, learned);
        report.write(out.report());
        new ReportPage(report, training.rows(), views, neighbours(trainer, learned)).write(out.page());
        console.accept("report " + out.page());
    }

    private List<ReportPage.Neighbours> neighbours(Trainer trainer, Optional<Probed> learned) {
        return learned.isPresent() && setup.labels() instanceof Data.Labelled set
                ? Neighbourhoods.of(set, learned.get().train(), learned.get().test())
                : Neighbourhoods.of(setup.source(), setup.crop(), trainer::embed);
    }

    private Report report(PretrainLoop training, Optional<Probed> learned) {
        Trainer trainer = training.trainer();
        List<MetricsCsv.Row> rows = training.rows();
        return new Report(
                options.method.name().toLowerCase(Locale.ROOT),
                options.seed,
                trainer.steps(),
                lastEpoch(rows, MetricsCsv.Row::loss),
                lastEpoch(rows, MetricsCsv.Row::positiveCosine),
                lastEpoch(rows, MetricsCsv.Row::negativeCosine),
                accuracy(training.untrained(), learned),
                training.returns(),
                training.events(),
                training.isStopped(),
                trainer.steps() * options.batch / training.trainedSeconds(),
                training.totalSeconds(),
                config(training, learned),
                versions());
    }

    private static Map<String, String> versions() {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("device", Device.name());
        versions.putAll(Versions.all());
        return versions;
    }

    private double lastEpoch(List<MetricsCsv.Row> rows, ToDoubleFunction<MetricsCsv.Row> column) {
        return rows.subList(Math.max(0, rows.size() - setup.loader().batches()), rows.size()).stream()
                .mapToDouble(column)
                .average()
                .orElseThrow();
    }

    private Report.Accuracy accuracy(Optional<Evaluation> untrained, Optional<Probed> learned) {
        if (untrained.isEmpty() || learned.isEmpty()) {
            String reason = setup.labels() instanceof Data.Unlabelled none ? none.reason() : "";
            return new Report.NotMeasured(
                    reason + ": name labelled images with --labelled to see what the features are worth");
        }
        Evaluation before = untrained.get();
        Evaluation after = learned.get().evaluation();
        return new Report.Measured(after.linearTop1(), before.linearTop1(), after.knnTop1(), before.knnTop1());
    }

    private Map<String, Object> config(PretrainLoop training, Optional<Probed> learned) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("data", setup.source().description());
        config.put("images", setup.source().size());
        config.put("unreadable", training.unreadable().size());
        if (setup.labels() instanceof Data.Labelled set && learned.isPresent()) {
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
        config.put("method", setup.method().toString());
        if (options.encoderNorm == Pretrain.EncoderNorm.GROUP) {
            config.put("groups", Networks.groups(options.encoder()));
        }
        config.put("optimizer", options.optimizer(setup.rate()).toString());
        config.put("view", setup.loader().views().get(0).toString());
        config.put("views made by", setup.isOnDevice() ? "the step's graph" : "loader threads");
        config.put("crop", setup.crop());
        config.put("batch", options.batch);
        config.put("micro-batch", options.microBatch());
        config.put("epochs", options.epochs);
        config.put("steps an epoch", setup.loader().batches());
        config.put("learning rate", options.learningRate());
        config.put("weight decay", options.weightDecay());
        config.put("tau", options.method == Pretrain.MethodName.BYOL ? options.tau : "none");
        config.put("on collapse", options.onCollapse.name().toLowerCase(Locale.ROOT));
        config.put("precision", options.precision.name().toLowerCase(Locale.ROOT));
        config.put("loader threads", options.threads);
        config.put("seed", options.seed);
        config.put("digest", training.trainer().digest());
        return config;
    }
}
