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
import dev.byol.tf.Checkpoint;
import dev.byol.tf.Checkpoints;
import dev.byol.tf.ImageFormat;
import dev.byol.tf.OutOfNativeMemoryException;
import dev.byol.tf.StepReport;
import dev.byol.tf.Trainer;
import dev.byol.tf.Versions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/** One run of {@code pretrain}: probe the untrained network, train, probe again, write everything down; from its start or from a checkpoint. */
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
    private final LoweredRate rate;
    private final Schedule tau;
    private final Method method;
    private CollapseWatch watch;
    private final List<CollapseEvent> events = new ArrayList<>();
    private boolean stopped;
    private final Map<String, String> fixed;
    private final List<ReportPage.ViewPair> views;
    private final long started = System.nanoTime();

    /** How a run ended. */
    enum End {
        FINISHED,
        COLLAPSED,
        INTERRUPTED
    }

    /**
     * @param source what is pretrained on
     * @param labels what is probed with
     * @param crop side of a view in pixels
     * @param settings as checkpoints keep them
     * @throws IOException if the first images cannot be read
     * @throws BadInput if the settings do not fit the data or the machine
     */
    PretrainRun(
            Pretrain options,
            ImageSource source,
            Data.Labels labels,
            int crop,
            Map<String, String> settings,
            OutputFolder out,
            PrintWriter console)
            throws IOException {
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
        MemoryNeed.check(options.method(Schedules.constant(1)), options.microBatch(), crop);
        this.loader = loader(options, source, crop, isOnDevice());
        this.steps = Math.multiplyExact((long) options.epochs, loader.batches());
        this.rate = new LoweredRate(Schedules.warmupCosine(options.learningRate(), steps / 20, steps));
        this.tau = options.method == Pretrain.MethodName.BYOL
                ? Schedules.tau(options.tau, steps)
                : Schedules.constant(0); // SimSiam's target is the online network itself
        this.method = options.method(tau);
        this.fixed = new LinkedHashMap<>(settings);
        fixed.put("data fingerprint", DataFingerprint.of(source));
        if (labels instanceof Data.Labelled set) {
            fixed.put("labelled fingerprint", DataFingerprint.of(set.train()) + " " + DataFingerprint.of(set.test()));
        }
        fixed.put("device", Device.name());
        Loader shown = isOnDevice() ? loader(options, source, crop, false) : loader;
        this.views = Pictures.views(shown, source); // the first images are read before anything is made on the disk
        this.watch = newWatch();
    }

    private CollapseWatch newWatch() {
        return CollapseWatch.builder().warmUp(Math.max(WATCH_FROM, steps / 20)).build();
    }

    private static Loader loader(Pretrain options, ImageSource source, int crop, boolean sources) {
        View view = options.view(crop);
        try {
            return Loader.builder(source)
                    .views(view, view)
                    .sources(sources)
                    .batch(options.batch)
                    .seed(options.seed)
                    .threads(options.threads)
                    .build();
        } catch (IllegalArgumentException e) {
            throw new BadInput(String.valueOf(e.getMessage())); // a size that does not fit the heap
        }
    }

    /** From the start. What an earlier run left is taken away. */
    End begin(Checkpoints checkpoints) throws IOException {
        say(source.description() + ": " + source.size() + " images; " + options.epochs + " epochs of "
                + loader.batches() + " steps");
        try (Interruption interruption = interruption();
                Trainer trainer = trainer()) {
            Optional<Evaluation> untrained = probe(trainer, "untrained").map(Probed::evaluation);
            checkpoints.clear();
            out.begin();
            trainer.exportEncoder(out.untrained());
            try (RunLog log = new RunLog(out, 0)) {
                Training training = new Training(trainer, checkpoints, log, interruption, RunNotes.start(untrained));
                training.save(); // from here on the run can be resumed
                return run(training);
            }
        }
    }

    /**
     * From a checkpoint.
     *
     * @throws BadInput if the data are others than the run's
     */
    End goOn(Checkpoints checkpoints, Checkpoint checkpoint) throws IOException {
        for (String name : List.of("data fingerprint", "labelled fingerprint")) {
            String expected = checkpoint.notes().getOrDefault(name, "none");
            String found = fixed.getOrDefault(name, "none");
            BadInput.require(
                    expected.equals(found),
                    "these are not the data that the run began with: the " + name + " in " + checkpoint.file() + " is "
                            + expected + ", that of " + options.data
                            + (options.labelled == null ? "" : " and " + options.labelled) + " is " + found);
        }
        RunNotes notes = RunNotes.of(checkpoint);
        say("goes on after step " + checkpoint.step() + " of " + steps + ", from " + checkpoint.file());
        try (Interruption interruption = interruption();
                Trainer trainer = trainer()) {
            out.sweep();
            if (!Files.exists(out.untrained())) {
                trainer.exportEncoder(out.untrained());
            }
            trainer.restore(checkpoint);
            try (RunLog log = new RunLog(out, trainer.steps())) {
                rate.lower(Math.pow(options.backRate, notes.returns().size()));
                Training training = new Training(trainer, checkpoints, log, interruption, notes);
                for (MetricsCsv.Row row : log.rows()) {
                    training.goesBackAfter(watched(row, trainer.steps() - 1), row.step());
                }
                return run(training);
            }
        }
    }

    private boolean isOnDevice() {
        return options.views == Pretrain.ViewsOn.DEVICE;
    }

    private Interruption interruption() {
        return new Interruption(console, "the step is finished and saved");
    }

    private Trainer trainer() {
        return Trainer.builder()
                .method(method)
                .optimizer(options.optimizer(rate))
                .images(ImageFormat.rgb(crop))
                .views(isOnDevice() ? GraphViews.recipes(loader.views()) : List.of())
                .batch(options.batch)
                .microBatch(options.microBatch())
                .precision(options.precision)
                .seed(options.seed)
                .measure(new Cosines())
                .measure(new Deviation())
                .build();
    }

    private End run(Training training) throws IOException {
        Trainer trainer = training.trainer;
        training.train();
        boolean isSaved = training.isSaved() || training.save();
        if (training.interruption.isAsked()) {
            say(
                    isSaved
                            ? "stopped after step " + trainer.steps() + " of " + steps + ", all of it is saved in "
                                    + out.checkpoints() + ": go on with ./byol pretrain --resume " + out.path()
                            : "stopped after step " + trainer.steps() + " of " + steps + ", and not saved: go on with"
                                    + " ./byol pretrain --resume " + out.path() + " from the last checkpoint");
            return End.INTERRUPTED;
        }
        training.log.write();
        trainer.exportEncoder(out.encoder());
        Optional<Probed> learned = probe(trainer, "learned");
        Report report = report(training, learned);
        report.write(out.report());
        new ReportPage(report, training.log.rows(), views, neighbours(trainer, learned)).write(out.page());
        say("report " + out.page());
        return stopped ? End.COLLAPSED : End.FINISHED;
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

    /** The steps that are left, and what they leave behind. */
    private final class Training {
        private final Trainer trainer;
        private final Checkpoints checkpoints;
        private final RunLog log;
        private final Interruption interruption;
        private final RunNotes before;
        private final Progress progress =
                new Progress(StatusLine.standard(), options.epochs, loader.batches(), options.batch);
        private final long begun = System.nanoTime();
        private int epoch;
        private int position;
        private final List<String> returns;
        private Optional<String> goesBack = Optional.empty(); // and why
        private double trainedSeconds;
        private long savedStep = -1;

        Training(Trainer trainer, Checkpoints checkpoints, RunLog log, Interruption interruption, RunNotes before) {
            this.trainer = trainer;
            this.checkpoints = checkpoints;
            this.log = log;
            this.interruption = interruption;
            this.before = before;
            this.epoch = before.epoch();
            this.position = before.position();
            this.returns = new ArrayList<>(before.returns());
        }

        void train() throws IOException {
            takeSteps();
            trainedSeconds = trainingSeconds();
        }

        private void takeSteps() throws IOException {
            try (progress) {
                while (epoch < options.epochs && goesOn()) {
                    if (goesBack.isPresent()) {
                        goBack(goesBack.get());
                        continue;
                    }
                    try (Epoch batches = loader.epoch(epoch, position)) {
                        while (batches.hasNext() && goesOn() && goesBack.isEmpty()) {
                            step(batches);
                            position = batches.position();
                            if (!batches.hasNext()) {
                                epoch++;
                                position = 0;
                                write();
                            }
                            if (goesBack.isEmpty() && checkpoints.isDue(trainer.steps())) {
                                save();
                            }
                        }
                    }
                }
            }
        }

        private boolean goesOn() {
            return !stopped && !interruption.isAsked();
        }

        private void step(Epoch batches) {
            long step = trainer.steps();
            boolean ranked = step % options.rankEvery == 0;
            StepReport report;
            try (Batch batch = batches.next()) {
                Set<String> observed = ranked ? Set.of(PROJECTIONS) : Set.of();
                report = isOnDevice()
                        ? trainer.step(observed, GraphViews.of(batch))
                        : trainer.step(observed, batch.view(0), batch.view(1));
            } catch (ArithmeticException e) {
                if (options.onCollapse != Pretrain.OnCollapse.BACK || returns.size() >= options.backMost) {
                    throw new BadInput("the training has diverged, " + e.getMessage());
                }
                goesBack = Optional.of("The training has diverged, " + e.getMessage() + ".");
                return;
            } catch (OutOfNativeMemoryException e) {
                throw new BadInput("--batch, --micro-batch or --crop is too large: " + e.getMessage());
            }
            MetricsCsv.Row row = new MetricsCsv.Row(
                    step,
                    epoch,
                    (float) report.loss(),
                    (float) report.report("positive_cosine"),
                    (float) report.report("negative_cosine"),
                    (float) report.report("z_deviation"),
                    rate.at(step),
                    tau.at(step),
                    ranked
                            ? CollapseEvidence.at(step, report.loss())
                                    .effectiveRank(report.observed(PROJECTIONS))
                                    .effectiveRank()
                            : OptionalDouble.empty());
            log.add(row, report);
            progress.step(row);
            List<CollapseEvent> told = watched(row, step);
            for (CollapseEvent event : told) {
                tell(event.toString());
            }
            goesBackAfter(told, step);
        }

        /** What was told of the last step sends the run back; what was told before had gone on. */
        private void goesBackAfter(List<CollapseEvent> told, long step) {
            if (options.onCollapse == Pretrain.OnCollapse.BACK && step == trainer.steps() - 1) {
                goesBack = told.stream()
                        .filter(event -> !(event instanceof CollapseEvent.Recovering))
                        .map(CollapseEvent::toString)
                        .findFirst();
            }
        }

        /** To the last checkpoint of a healthy network, with a lower learning rate; the run ends if there is none, or it has done so too often. */
        private void goBack(String reason) throws IOException {
            goesBack = Optional.empty();
            Optional<Checkpoints.Found> found = checkpoints.best();
            if (returns.size() >= options.backMost || found.isEmpty()) {
                tell(
                        found.isEmpty()
                                ? "there is no checkpoint of a healthy network to go back to: the run ends here"
                                : reason + " The run has gone back " + options.backMost
                                        + " times already (--back-most): it ends here.");
                stopped = true;
                return;
            }
            Checkpoint checkpoint = found.get().checkpoint();
            RunNotes notes = RunNotes.of(checkpoint);
            trainer.restore(checkpoint);
            epoch = notes.epoch();
            position = notes.position();
            log.rewind(trainer.steps());
            watch = newWatch();
            events.clear();
            log.rows().forEach(row -> watched(row, -1));
            rate.lower(Math.pow(options.backRate, returns.size() + 1));
            String told = reason + " Went back to step " + trainer.steps() + ", with " + rate + ".";
            returns.add(told);
            tell(told);
            save(); // a run that is killed now goes on from here, and not from its collapse
        }

        /** Saves, whatever the disk says: it is told, and tried again. */
        boolean save() {
            write();
            Checkpoints.Outcome outcome = watch.isHealthy() // the latest healthy one is the best to go back to
                    ? checkpoints.save(trainer, notes(), (double) trainer.steps())
                    : checkpoints.save(trainer, notes());
            if (!(outcome instanceof Checkpoints.Saved saved)) {
                tell(outcome.toString());
                return false;
            }
            savedStep = trainer.steps();
            if (!saved.remark().isEmpty()) {
                tell(saved.toString());
            }
            return true;
        }

        boolean isSaved() {
            return savedStep == trainer.steps();
        }

        /** Brings the numbers to the disk; if it does not take them now, it is told, and they come with the next. */
        private void write() {
            try {
                log.write();
            } catch (IOException e) {
                tell("the numbers of the run could not be written: "
                        + e.getClass().getSimpleName() + ": " + e.getMessage() + "; it is tried again");
            }
        }

        private Map<String, String> notes() {
            Map<String, String> notes = new LinkedHashMap<>(fixed);
            notes.putAll(new RunNotes(
                            epoch,
                            position,
                            trainingSeconds(),
                            totalSeconds(),
                            unreadable(),
                            returns,
                            before.untrained())
                    .text());
            return notes;
        }

        private NavigableSet<Integer> unreadable() {
            NavigableSet<Integer> all = new TreeSet<>(before.unreadable());
            all.addAll(loader.unreadable());
            return all;
        }

        private double trainingSeconds() {
            return before.trainingSeconds() + (System.nanoTime() - begun) / 1e9;
        }

        private double totalSeconds() {
            return before.totalSeconds() + (System.nanoTime() - started) / 1e9;
        }

        /** On a line of its own. */
        private void tell(String line) {
            progress.close();
            say(line);
        }
    }

    /** What the watch tells of a step. A run is stopped by its last step alone: what was told before it had gone on. */
    private List<CollapseEvent> watched(MetricsCsv.Row row, long last) {
        List<CollapseEvent> told = watch.observe(evidence(row));
        for (CollapseEvent event : told) {
            if (event instanceof CollapseEvent.NonFinite && options.onCollapse != Pretrain.OnCollapse.BACK) {
                throw new BadInput("the training has diverged. " + event);
            }
            events.add(event);
            stopped |= row.step() == last
                    && options.onCollapse == Pretrain.OnCollapse.STOP
                    && !(event instanceof CollapseEvent.Recovering);
        }
        return told;
    }

    /** What a row of the numbers says, one that was read back too. */
    private CollapseEvidence evidence(MetricsCsv.Row row) {
        CollapseEvidence evidence = CollapseEvidence.at(row.step(), row.loss())
                .cosines(row.positiveCosine(), row.negativeCosine())
                .deviation(row.deviation());
        int highest = Math.min(options.batch, options.mlp.get(1)); // z is [B, K]
        return row.effectiveRank().isPresent()
                ? evidence.effectiveRank(row.effectiveRank().getAsDouble(), highest)
                : evidence;
    }

    private Report report(Training training, Optional<Probed> learned) {
        Trainer trainer = training.trainer;
        List<MetricsCsv.Row> rows = training.log.rows();
        return new Report(
                options.method.name().toLowerCase(Locale.ROOT),
                options.seed,
                trainer.steps(),
                lastEpoch(rows, MetricsCsv.Row::loss),
                lastEpoch(rows, MetricsCsv.Row::positiveCosine),
                lastEpoch(rows, MetricsCsv.Row::negativeCosine),
                accuracy(training.before.untrained(), learned),
                training.returns,
                events,
                stopped,
                trainer.steps() * options.batch / training.trainedSeconds,
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
        return rows.subList(Math.max(0, rows.size() - loader.batches()), rows.size()).stream()
                .mapToDouble(column)
                .average()
                .orElseThrow();
    }

    private Report.Accuracy accuracy(Optional<Evaluation> untrained, Optional<Probed> learned) {
        if (untrained.isEmpty() || learned.isEmpty()) {
            String reason = labels instanceof Data.Unlabelled none ? none.reason() : "";
            return new Report.NotMeasured(
                    reason + ": name labelled images with --labelled to see what the features are worth");
        }
        Evaluation before = untrained.get();
        Evaluation after = learned.get().evaluation();
        return new Report.Measured(after.linearTop1(), before.linearTop1(), after.knnTop1(), before.knnTop1());
    }

    private Map<String, Object> config(Training training, Optional<Probed> learned) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("data", source.description());
        config.put("images", source.size());
        config.put("unreadable", training.unreadable().size());
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
        config.put("views made by", isOnDevice() ? "the step's graph" : "loader threads");
        config.put("crop", crop);
        config.put("batch", options.batch);
        config.put("micro-batch", options.microBatch());
        config.put("epochs", options.epochs);
        config.put("steps an epoch", loader.batches());
        config.put("learning rate", options.learningRate());
        config.put("weight decay", options.weightDecay());
        config.put("tau", options.method == Pretrain.MethodName.BYOL ? options.tau : "none");
        config.put("on collapse", options.onCollapse.name().toLowerCase(Locale.ROOT));
        config.put("precision", options.precision.name().toLowerCase(Locale.ROOT));
        config.put("loader threads", options.threads);
        config.put("seed", options.seed);
        config.put("digest", training.trainer.digest());
        return config;
    }

    private void say(String line) {
        console.println(line);
        console.flush();
    }
}
