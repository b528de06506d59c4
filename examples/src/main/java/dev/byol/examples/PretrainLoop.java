package dev.byol.examples;

import dev.byol.augment.load.Batch;
import dev.byol.augment.load.Epoch;
import dev.byol.eval.CollapseEvent;
import dev.byol.eval.CollapseEvidence;
import dev.byol.eval.CollapseWatch;
import dev.byol.tf.Checkpoint;
import dev.byol.tf.Checkpoints;
import dev.byol.tf.OutOfNativeMemoryException;
import dev.byol.tf.StepReport;
import dev.byol.tf.Trainer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The steps of a run that are left: taken, written down, watched for a collapse, saved, and taken back where the run goes back to a
 * checkpoint.
 */
final class PretrainLoop {
    /** Untrained networks start near a collapse: before this step only those that were healthy are watched. */
    private static final long WATCH_FROM = 200;
    /** What the methods call the projections of the first view. */
    private static final String PROJECTIONS = "z0";

    private final PretrainSetup setup;
    private final Pretrain options;
    private final Map<String, String> fixed;
    private final Consumer<String> console;
    private final long started;
    private final Trainer trainer;
    private final Checkpoints checkpoints;
    private final RunLog log;
    private final Interruption interruption;
    private final RunNotes before;
    private final Progress progress;
    private final long begun = System.nanoTime();
    private CollapseWatch watch;
    private final List<CollapseEvent> events = new ArrayList<>();
    private final List<String> returns;
    private Optional<String> goesBack = Optional.empty(); // and why
    private boolean stopped;
    private int epoch;
    private int position;
    private double trainedSeconds;
    private long savedStep = -1;

    /**
     * The steps after those that a trainer has done.
     *
     * @param fixed what every checkpoint of the run notes
     * @param console is told what happens
     * @param started when the process began with the run, by {@link System#nanoTime}
     * @param before what the last checkpoint noted
     */
    PretrainLoop(
            PretrainSetup setup,
            Map<String, String> fixed,
            Consumer<String> console,
            long started,
            Trainer trainer,
            Checkpoints checkpoints,
            RunLog log,
            Interruption interruption,
            RunNotes before) {
        this.setup = setup;
        this.options = setup.options();
        this.fixed = fixed;
        this.console = console;
        this.started = started;
        this.trainer = trainer;
        this.checkpoints = checkpoints;
        this.log = log;
        this.interruption = interruption;
        this.before = before;
        this.progress = new Progress(
                StatusLine.standard(), options.epochs, setup.loader().batches(), options.batch);
        this.watch = newWatch();
        this.epoch = before.epoch();
        this.position = before.position();
        this.returns = new ArrayList<>(before.returns());
        setup.rate().lower(Math.pow(options.backRate, returns.size()));
        log.rows().forEach(row -> goesBackAfter(watched(row, trainer.steps() - 1), row.step()));
    }

    private CollapseWatch newWatch() {
        return CollapseWatch.builder()
                .warmUp(Math.max(WATCH_FROM, setup.steps() / 20))
                .build();
    }

    /** To the last step, to a collapse that ends the run, or until it is interrupted. */
    void train() throws IOException {
        takeSteps();
        trainedSeconds = trainingSeconds();
    }

    Trainer trainer() {
        return trainer;
    }

    /** The numbers of all steps so far, oldest first. */
    List<MetricsCsv.Row> rows() {
        return log.rows();
    }

    /** What the untrained network's features are worth; empty without labels. */
    Optional<Evaluation> untrained() {
        return before.untrained();
    }

    /** Returns to healthy checkpoints, in words. */
    List<String> returns() {
        return returns;
    }

    /** What the watch told. */
    List<CollapseEvent> events() {
        return events;
    }

    /** Whether a collapse has ended the run. */
    boolean isStopped() {
        return stopped;
    }

    /** Of all steps, until the end of the training. */
    double trainedSeconds() {
        return trainedSeconds;
    }

    private void takeSteps() throws IOException {
        try (progress) {
            while (epoch < options.epochs && goesOn()) {
                if (goesBack.isPresent()) {
                    goBack(goesBack.get());
                    continue;
                }
                try (Epoch batches = setup.loader().epoch(epoch, position);
                        SentAhead<Batch> sent = new SentAhead<>(trainer, batch -> setup.prefetch(trainer, batch))) {
                    while (batches.hasNext() && goesOn() && goesBack.isEmpty()) {
                        step(batches, sent);
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

    private void step(Epoch batches, SentAhead<Batch> sent) {
        long step = trainer.steps();
        boolean ranked = step % options.rankEvery == 0;
        StepReport report;
        try (Batch batch = batches.next()) {
            report = sent.step(ranked ? Set.of(PROJECTIONS) : Set.of(), batch, batches::peek);
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
                setup.rate().at(step),
                setup.tau().at(step),
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
        setup.rate().lower(Math.pow(options.backRate, returns.size() + 1));
        String told = reason + " Went back to step " + trainer.steps() + ", with " + setup.rate() + ".";
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
            tell("the numbers of the run could not be written: " + e.getClass().getSimpleName() + ": " + e.getMessage()
                    + "; it is tried again");
        }
    }

    private Map<String, String> notes() {
        Map<String, String> notes = new LinkedHashMap<>(fixed);
        notes.putAll(new RunNotes(
                        epoch, position, trainingSeconds(), totalSeconds(), unreadable(), returns, before.untrained())
                .text());
        return notes;
    }

    /** Images found so far, by index. */
    NavigableSet<Integer> unreadable() {
        NavigableSet<Integer> all = new TreeSet<>(before.unreadable());
        all.addAll(setup.loader().unreadable());
        return all;
    }

    private double trainingSeconds() {
        return before.trainingSeconds() + (System.nanoTime() - begun) / 1e9;
    }

    double totalSeconds() {
        return before.totalSeconds() + (System.nanoTime() - started) / 1e9;
    }

    /** On a line of its own. */
    private void tell(String line) {
        progress.close();
        console.accept(line);
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
}
