package dev.byol.examples;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.byol.api.Schedule;
import dev.byol.api.method.Cosines;
import dev.byol.augment.CenterCrop;
import dev.byol.augment.ResizeShorterSide;
import dev.byol.augment.View;
import dev.byol.augment.io.ImageSource;
import dev.byol.augment.load.Batch;
import dev.byol.augment.load.Epoch;
import dev.byol.augment.load.Loader;
import dev.byol.eval.Features;
import dev.byol.eval.OneVsRest;
import dev.byol.optim.Lars;
import dev.byol.optim.Recipe;
import dev.byol.tf.Checkpoint;
import dev.byol.tf.Checkpoints;
import dev.byol.tf.ImageFormat;
import dev.byol.tf.StepReport;
import dev.byol.tf.Trainer;
import dev.byol.tf.Versions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Trains one run of the study, with one seed, in a folder of its own. A finished run is read, not done again; an interrupted
 * one goes on from its last good checkpoint, one of which is made after every epoch. A disk that takes none for a while stops
 * no run. What a folder holds of other settings is refused.
 */
final class StudyTraining {
    private static final String CHECKPOINTS = "checkpoint";
    private static final String SECONDS = "seconds";
    private static final String SETTINGS = "settings.json";
    private static final String RESULT = "result.json";

    private final StudyScale scale;
    private final ImageSource images;
    private final ImageSource test;
    private final int threads;
    private final PrintWriter console;

    /**
     * @param images what is pretrained on
     * @param test labelled images
     * @param threads that make views
     * @throws BadInput if there are too few images for a batch, or too few labels for a classifier
     */
    StudyTraining(StudyScale scale, ImageSource images, ImageSource test, int threads, PrintWriter console) {
        this.scale = scale;
        this.images = images;
        this.test = test;
        this.threads = threads;
        this.console = console;
        if (images.size() < scale.batch) {
            throw new BadInput("a batch of " + scale.batch + " at the scale " + StudySetup.words(scale)
                    + " is larger than the data: " + images.description() + " has " + images.size() + " images");
        }
        long classes = IntStream.range(0, test.size())
                .map(test::label)
                .filter(label -> label != ImageSource.UNLABELLED)
                .distinct()
                .count();
        if (classes < 2) {
            throw new BadInput("the accuracy needs labelled test images of at least two classes, found " + classes
                    + " in " + test.description());
        }
    }

    /**
     * What a run came to.
     *
     * @param history of its steps and accuracies
     * @param accuracy of the last measurement, percent
     * @param untrained accuracy before the first step, percent
     * @param positive cosine, mean over the last epoch
     * @param negative cosine, mean over the last epoch
     * @param seconds that it took
     * @param diverged at which step and why the training ended early; empty if it did not
     * @param config settings and versions, in the order to show them
     */
    record Result(
            StudyHistory history,
            double accuracy,
            double untrained,
            double positive,
            double negative,
            double seconds,
            String diverged,
            Map<String, String> config) {}

    /** Whether a run is finished. */
    boolean isDone(Path folder) {
        return Files.exists(folder.resolve(RESULT));
    }

    /**
     * The result of a run: read if it is there, trained otherwise.
     *
     * @throws BadInput if the folder holds a run with other settings, or a damaged one
     */
    Result result(StudyRun run, long seed, Path folder) throws IOException {
        requireSame(run, seed, folder);
        if (isDone(folder)) {
            return read(folder);
        }
        Files.createDirectories(folder);
        AtomicFiles.write(folder.resolve(SETTINGS), json(settings(run, seed)));
        return train(run, seed, folder);
    }

    /** Says before anything is trained that a folder holds a run with other settings. */
    void requireSame(StudyRun run, long seed, Path folder) throws IOException {
        Path file = folder.resolve(SETTINGS);
        if (!Files.exists(file)) {
            return;
        }
        Map<String, Object> found = object(file);
        settings(run, seed).forEach((name, value) -> {
            if (!value.equals(found.get(name))) {
                throw new BadInput(folder + " holds a run with the " + name + " " + found.get(name) + ", expected "
                        + value + ": take another --out, or delete it");
            }
        });
    }

    private Map<String, String> settings(StudyRun run, long seed) {
        StudyRun.Budget budget = run.budget(scale);
        StudyNetworks networks = networks(run);
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("run", run.name());
        settings.put("changes", run.setup().changes());
        settings.put("scale", StudySetup.words(scale));
        settings.put("seed", Long.toString(seed));
        settings.put("data", images.description() + ", " + images.size() + " images");
        settings.put("test data", test.description() + ", " + test.size() + " images");
        settings.put("batch", Integer.toString(scale.batch));
        settings.put("budget", budget.toString());
        settings.put("method", networks.method().toString());
        String groups = Networks.groups(networks.encoder());
        if (!groups.isEmpty()) {
            settings.put("groups", groups);
        }
        settings.put("optimizer", networks.recipe().optimizer().toString());
        settings.put("view", view(budget).toString());
        return settings;
    }

    private StudyNetworks networks(StudyRun run) {
        return new StudyNetworks(run.setup(), scale, run.budget(scale), images.size());
    }

    private static View view(StudyRun.Budget budget) {
        return View.appendix().side(budget.side()).build();
    }

    private Loader loader(StudyRun.Budget budget, long seed) {
        View view = view(budget);
        try {
            return Loader.builder(images)
                    .views(view, view)
                    .batch(scale.batch)
                    .seed(seed)
                    .threads(threads)
                    .build();
        } catch (IllegalArgumentException e) {
            throw new BadInput(String.valueOf(e.getMessage())); // a size that does not fit the heap
        }
    }

    private Result train(StudyRun run, long seed, Path folder) throws IOException {
        StudyRun.Budget budget = run.budget(scale);
        Loader loader = loader(budget, seed);
        int batches = loader.batches();
        StudyNetworks networks = networks(run);
        Recipe recipe = networks.recipe();
        long started = System.nanoTime();
        try (Trainer trainer = trainer(networks, recipe, budget, seed);
                Checkpoints checkpoints =
                        Checkpoints.in(folder.resolve(CHECKPOINTS)).keep(2).open()) {
            StudyHistory history = new StudyHistory();
            double before = 0;
            Optional<Checkpoints.Found> found = found(checkpoints);
            if (found.isPresent()) {
                found.get().damaged().forEach(damage -> say(run, seed, "passed over: " + damage));
                Checkpoint checkpoint = found.get().checkpoint();
                trainer.restore(checkpoint);
                int epoch = (int) (trainer.steps() / batches);
                history = history(folder).until(trainer.steps(), epoch);
                before = seconds(checkpoint);
                say(run, seed, "goes on after epoch " + epoch);
            } else {
                history.accuracies().add(new StudyHistory.Accuracy(0, accuracy(trainer, budget.side())));
            }
            String diverged = "";
            for (int number = (int) (trainer.steps() / batches);
                    number < budget.epochs() && diverged.isEmpty();
                    number++) {
                try {
                    epoch(trainer, loader, number, recipe.learningRate(), history);
                    if ((number + 1) % scale.examinedEvery == 0 || number + 1 == budget.epochs()) {
                        history.accuracies()
                                .add(new StudyHistory.Accuracy(number + 1, accuracy(trainer, budget.side())));
                    }
                } catch (ArithmeticException e) {
                    diverged = "at step " + trainer.steps() + ": " + e.getMessage();
                }
                boolean written = isWritten(history, folder, problem -> say(run, seed, problem));
                if (written && diverged.isEmpty()) { // a checkpoint is of no use without the numbers before it
                    Checkpoints.Outcome outcome =
                            checkpoints.save(trainer, Map.of(SECONDS, Double.toString(before + since(started))));
                    if (!(outcome instanceof Checkpoints.Saved saved
                            && saved.remark().isEmpty())) {
                        say(run, seed, outcome.toString());
                    }
                }
                tell(run, seed, number + 1, budget.epochs(), batches, history, diverged);
            }
            Map<String, Object> result = new LinkedHashMap<>(settings(run, seed));
            List<StudyHistory.Step> last = lastEpoch(history, batches);
            result.put("accuracy", last(history.accuracies()).percent());
            result.put("untrained", history.accuracies().get(0).percent());
            result.put("positive", StudyFigure.mean(last, StudyHistory.Step::positive));
            result.put("negative", StudyFigure.mean(last, StudyHistory.Step::negative));
            result.put("seconds", before + since(started));
            result.put("diverged", diverged);
            result.put("device", Device.name());
            result.putAll(Versions.all());
            history.write(folder);
            AtomicFiles.write(folder.resolve(RESULT), json(result));
            checkpoints.clear();
            return read(folder);
        }
    }

    private static Optional<Checkpoints.Found> found(Checkpoints checkpoints) {
        try {
            return checkpoints.newest();
        } catch (IOException e) {
            throw new BadInput(e.getMessage() + "; delete its folder to train it anew");
        }
    }

    /** Whether the disk took the numbers; if not, it is told why, and they come with the next. */
    private static boolean isWritten(StudyHistory history, Path folder, Consumer<String> tell) {
        try {
            Files.createDirectories(folder);
            history.write(folder);
            return true;
        } catch (IOException e) {
            tell.accept("the numbers could not be written, and no checkpoint is made: "
                    + e.getClass().getSimpleName() + ": " + e.getMessage()
                    + "; it is tried again after the next epoch");
            return false;
        }
    }

    private Trainer trainer(StudyNetworks networks, Recipe recipe, StudyRun.Budget budget, long seed) {
        return Trainer.builder()
                .method(networks.method())
                .optimizer(recipe.optimizer())
                .images(ImageFormat.rgb(budget.side()))
                .batch(scale.batch)
                .seed(seed)
                .measure(new Cosines())
                .build();
    }

    /**
     * Takes the first steps of a run, keeps nothing, and says what they came to and how long the whole will take here.
     *
     * @throws ArithmeticException if the loss is not finite
     */
    void rehearse(StudyRun run, long seed, int steps) {
        StudyRun.Budget budget = run.budget(scale);
        Loader loader = loader(budget, seed);
        StudyNetworks networks = networks(run);
        try (Trainer trainer = trainer(networks, networks.recipe(), budget, seed)) {
            Rehearsal rehearsal = Rehearsal.of(
                    loader,
                    steps,
                    batch -> trainer.step(batch.view(0), batch.view(1)).loss());
            double fastest =
                    rehearsal.seconds().stream().mapToDouble(s -> s).min().orElseThrow();
            say(
                    run,
                    seed,
                    String.format(
                            Locale.ROOT,
                            "%d steps, loss %.4f to %.4f, %.2f s a step, the whole run about %s",
                            steps,
                            rehearsal.losses().get(0),
                            last(rehearsal.losses()),
                            fastest,
                            Progress.duration(fastest * loader.batches() * budget.epochs())));
        }
    }

    private static <T> T last(List<T> list) {
        return list.get(list.size() - 1);
    }

    private static double since(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    private static List<StudyHistory.Step> lastEpoch(StudyHistory history, int batches) {
        List<StudyHistory.Step> steps = history.steps();
        return steps.subList(Math.max(0, steps.size() - batches), steps.size());
    }

    private static String json(Map<String, ?> values) throws IOException {
        return JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(values) + "\n";
    }

    private static Map<String, Object> object(Path file) {
        try {
            return JSON.std.mapFrom(Files.readString(file));
        } catch (IOException e) {
            throw damaged(file, "no JSON object", "one");
        }
    }

    private static BadInput damaged(Path file, String found, String expected) {
        return new BadInput(file + " is damaged: found " + found + ", expected " + expected
                + "; delete its folder to train it anew");
    }

    private static double seconds(Checkpoint checkpoint) {
        String text = checkpoint.notes().getOrDefault(SECONDS, "none");
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw damaged(checkpoint.file(), text, "a number of seconds");
        }
    }

    private static StudyHistory history(Path folder) {
        try {
            StudyHistory history = StudyHistory.read(folder);
            if (history.accuracies().isEmpty()) {
                throw damaged(folder.resolve("accuracy.csv"), "no row", "at least one");
            }
            return history;
        } catch (IOException e) {
            throw new BadInput(e.getMessage() + "; delete its folder to train it anew");
        }
    }

    private static Result read(Path folder) {
        Path file = folder.resolve(RESULT);
        Map<String, Object> json = object(file);
        Map<String, String> config = new LinkedHashMap<>();
        json.forEach((name, value) -> {
            if (value instanceof String text && !text.isEmpty()) {
                config.put(name, text);
            }
        });
        return new Result(
                history(folder),
                number(file, json, "accuracy"),
                number(file, json, "untrained"),
                number(file, json, "positive"),
                number(file, json, "negative"),
                number(file, json, "seconds"),
                config.getOrDefault("diverged", ""),
                config);
    }

    /** Not-a-number is written as text: of a run that diverged in its first step. */
    private static double number(Path file, Map<String, Object> json, String name) {
        Object value = json.get(name);
        if (value instanceof Number number) {
            return number.doubleValue();
        } else if ("NaN".equals(value)) {
            return Double.NaN;
        }
        throw damaged(file, name + " " + value, "a number");
    }

    private static void epoch(Trainer trainer, Loader loader, int number, Schedule rate, StudyHistory history) {
        try (Epoch epoch = loader.epoch(number)) {
            while (epoch.hasNext()) {
                long step = trainer.steps();
                try (Batch batch = epoch.next()) {
                    StepReport report = trainer.step(batch.view(0), batch.view(1));
                    List<Double> rates = new ArrayList<>();
                    StudyHistory.RATES
                            .values()
                            .forEach(path ->
                                    rates.add(report.reports().getOrDefault(Lars.LOCAL_RATE + "/" + path, Double.NaN)
                                            / rate.at(step)));
                    history.steps()
                            .add(new StudyHistory.Step(
                                    step,
                                    (double) step / loader.batches(),
                                    report.loss(),
                                    report.report("positive_cosine"),
                                    report.report("negative_cosine"),
                                    rates));
                }
            }
        }
    }

    /**
     * The appendix's accuracy in percent: features of the labelled test images, whose shorter side is resized to 4/3 of the
     * view's and whose centre is cut out; a one-vs-rest classifier fitted on one half, scored on the other.
     *
     * @throws ArithmeticException if the features are not finite
     */
    private double accuracy(Trainer trainer, int side) {
        View view = new View(side, List.of(new ResizeShorterSide(Math.round(side * 128 / 96f)), new CenterCrop(side)));
        Features features;
        try {
            features = Evaluation.embed(test, view, trainer::embed).features().labelledOnly();
        } catch (BadInput e) {
            throw new ArithmeticException(e.getMessage());
        }
        try {
            return new OneVsRest().halves(features);
        } catch (IllegalArgumentException e) {
            throw new BadInput("the accuracy cannot be measured on " + test.description() + ": " + e.getMessage());
        }
    }

    private void tell(
            StudyRun run, long seed, int epoch, int epochs, int batches, StudyHistory history, String diverged) {
        List<StudyHistory.Step> last = lastEpoch(history, batches);
        String line = String.format(
                Locale.ROOT,
                "epoch %d/%d  loss %.3g  positive %.3f  negative %.3f  accuracy %.1f %%",
                epoch,
                epochs,
                StudyFigure.mean(last, StudyHistory.Step::loss),
                StudyFigure.mean(last, StudyHistory.Step::positive),
                StudyFigure.mean(last, StudyHistory.Step::negative),
                last(history.accuracies()).percent());
        say(run, seed, diverged.isEmpty() ? line : line + "  DIVERGED " + diverged);
    }

    private void say(StudyRun run, long seed, String line) {
        console.println(run.name() + ", seed " + seed + ": " + line);
        console.flush();
    }
}
