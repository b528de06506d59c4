package dev.byol.examples;

import dev.byol.tf.Checkpoint;
import dev.byol.tf.Checkpoints;
import dev.byol.tf.Trainer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One run of {@code pretrain}: probe the untrained network, train, probe again, write everything down; from its start or from a checkpoint. */
final class PretrainRun {
    private final PretrainSetup setup;
    private final OutputFolder out;
    private final PrintWriter console;
    private final Map<String, String> fixed;
    private final PretrainReport report;
    private final long started = System.nanoTime();

    /** How a run ended. */
    enum End {
        FINISHED,
        COLLAPSED,
        INTERRUPTED
    }

    /**
     * @param settings as checkpoints keep them
     * @throws IOException if the first images cannot be read
     */
    PretrainRun(PretrainSetup setup, Map<String, String> settings, OutputFolder out, PrintWriter console)
            throws IOException {
        this.setup = setup;
        this.out = out;
        this.console = console;
        this.fixed = new LinkedHashMap<>(settings);
        fixed.put("data fingerprint", DataFingerprint.of(setup.source()));
        if (setup.labels() instanceof Data.Labelled set) {
            fixed.put("labelled fingerprint", DataFingerprint.of(set.train()) + " " + DataFingerprint.of(set.test()));
        }
        fixed.put("device", Device.name());
        // the first images are read before anything is made on the disk
        this.report = new PretrainReport(setup, Pictures.views(setup.shown(), setup.source()), this::say);
    }

    /** From the start. What an earlier run left is taken away. */
    End begin(Checkpoints checkpoints) throws IOException {
        say(setup.source().description() + ": " + setup.source().size() + " images; " + setup.options().epochs
                + " epochs of " + setup.loader().batches() + " steps");
        try (Interruption interruption = interruption();
                Trainer trainer = setup.trainer()) {
            Optional<Evaluation> untrained = report.untrained(trainer);
            checkpoints.clear();
            out.begin();
            trainer.exportEncoder(out.untrained());
            try (RunLog log = new RunLog(out, 0)) {
                PretrainLoop training = loop(trainer, checkpoints, log, interruption, RunNotes.start(untrained));
                training.save(); // from here on the run can be resumed
                return run(training, log, interruption);
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
            Pretrain options = setup.options();
            BadInput.require(
                    expected.equals(found),
                    "these are not the data that the run began with: the " + name + " in " + checkpoint.file() + " is "
                            + expected + ", that of " + options.data
                            + (options.labelled == null ? "" : " and " + options.labelled) + " is " + found);
        }
        RunNotes notes = RunNotes.of(checkpoint);
        say("goes on after step " + checkpoint.step() + " of " + setup.steps() + ", from " + checkpoint.file());
        try (Interruption interruption = interruption();
                Trainer trainer = setup.trainer()) {
            out.sweep();
            if (!Files.exists(out.untrained())) {
                trainer.exportEncoder(out.untrained());
            }
            trainer.restore(checkpoint);
            try (RunLog log = new RunLog(out, trainer.steps())) {
                return run(loop(trainer, checkpoints, log, interruption, notes), log, interruption);
            }
        }
    }

    private Interruption interruption() {
        return new Interruption(console, "the step is finished and saved");
    }

    private PretrainLoop loop(
            Trainer trainer, Checkpoints checkpoints, RunLog log, Interruption interruption, RunNotes before) {
        return new PretrainLoop(setup, fixed, this::say, started, trainer, checkpoints, log, interruption, before);
    }

    private End run(PretrainLoop training, RunLog log, Interruption interruption) throws IOException {
        training.train();
        boolean isSaved = training.isSaved() || training.save();
        Trainer trainer = training.trainer();
        if (interruption.isAsked()) {
            String stopped = "stopped after step " + trainer.steps() + " of " + setup.steps();
            say(
                    isSaved
                            ? stopped + ", all of it is saved in " + out.checkpoints()
                                    + ": go on with ./byol pretrain --resume " + out.path()
                            : stopped + ", and not saved: go on with ./byol pretrain --resume " + out.path()
                                    + " from the last checkpoint");
            return End.INTERRUPTED;
        }
        log.write();
        if (!Files.exists(out.untrained())) { // the folder was deleted meanwhile
            try (Trainer untrained = setup.trainer()) {
                untrained.exportEncoder(out.untrained());
            }
        }
        trainer.exportEncoder(out.encoder());
        report.write(training, out);
        return training.isStopped() ? End.COLLAPSED : End.FINISHED;
    }

    private void say(String line) {
        console.println(line);
        console.flush();
    }
}
