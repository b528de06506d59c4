package dev.byol.examples;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.byol.api.Schedule;
import dev.byol.api.method.Cosines;
import dev.byol.augment.Canvas;
import dev.byol.augment.CenterCrop;
import dev.byol.augment.Image;
import dev.byol.augment.Operation;
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
import java.util.Map;

/**
 * Trains one run of the study, with one seed, in a folder of its own. A finished run is read, not done again; an interrupted
 * one goes on from its last checkpoint, which is made after every epoch.
 */
final class StudyTraining {
    private static final String CHECKPOINT = "checkpoint.safetensors";
    private static final String RESULT = "result.json";

    private final StudyScale scale;
    private final Data data;
    private final int threads;
    private final PrintWriter console;

    /**
     * @param data what is pretrained on, and labelled test images
     * @param threads that make views
     */
    StudyTraining(StudyScale scale, Data data, int threads, PrintWriter console) {
        this.scale = scale;
        this.data = data;
        this.threads = threads;
        this.console = console;
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
     * @param config settings and versions, in the order to show them
     */
    record Result(
            StudyHistory history,
            double accuracy,
            double untrained,
            double positive,
            double negative,
            double seconds,
            Map<String, String> config) {}

    /** Whether a run is finished. */
    boolean isDone(Path folder) {
        return Files.exists(folder.resolve(RESULT));
    }

    /** The result of a run: read if it is there, trained otherwise. */
    Result result(StudyRun run, long seed, Path folder) throws IOException {
        Map<String, String> settings = settings(run, seed);
        Path done = folder.resolve(RESULT);
        if (Files.exists(done)) {
            Map<String, Object> found = JSON.std.mapFrom(Files.readString(done));
            requireSame(settings, found, folder);
            return result(StudyHistory.read(folder), found);
        }
        Files.createDirectories(folder);
        return train(run, seed, folder, settings);
    }

    private Map<String, String> settings(StudyRun run, long seed) throws IOException {
        StudyRun.Budget budget = run.budget(scale);
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("run", run.name());
        settings.put("changes", run.setup().changes());
        settings.put("scale", StudySetup.words(scale));
        settings.put("seed", Long.toString(seed));
        settings.put(
                "data",
                data.unlabelled().description() + ", " + data.unlabelled().size() + " images");
        settings.put("batch", Integer.toString(scale.batch));
        settings.put("budget", budget.toString());
        StudyNetworks networks = networks(run);
        settings.put("method", networks.method(networks.tau()).toString());
        settings.put("recipe", networks.recipe().toString());
        settings.put("view", view(budget).toString());
        return settings;
    }

    private static void requireSame(Map<String, String> settings, Map<String, Object> found, Path folder) {
        settings.forEach((name, value) -> {
            if (!value.equals(found.get(name))) {
                throw new BadInput(folder + " holds a run with the " + name + " " + found.get(name) + ", expected "
                        + value + ": take another --out, or delete it");
            }
        });
    }

    private StudyNetworks networks(StudyRun run) throws IOException {
        return new StudyNetworks(
                run.setup(), scale, run.budget(scale), data.unlabelled().size());
    }

    private static View view(StudyRun.Budget budget) {
        return View.appendix().side(budget.side()).build();
    }

    private Result train(StudyRun run, long seed, Path folder, Map<String, String> settings) throws IOException {
        StudyRun.Budget budget = run.budget(scale);
        View view = view(budget);
        Loader loader = Loader.builder(data.unlabelled())
                .views(view, view)
                .batch(scale.batch)
                .seed(seed)
                .threads(threads)
                .build();
        int batches = loader.batches();
        StudyNetworks networks = networks(run);
        Recipe recipe = networks.recipe();
        long started = System.nanoTime();
        try (Trainer trainer = Trainer.builder()
                .method(networks.method(networks.tau()))
                .optimizer(recipe.optimizer())
                .images(ImageFormat.rgb(budget.side()))
                .batch(scale.batch)
                .seed(seed)
                .measure(new Cosines())
                .build()) {
            Path checkpoint = folder.resolve(CHECKPOINT);
            StudyHistory history = new StudyHistory();
            double before = 0;
            if (Files.exists(checkpoint)) {
                trainer.restore(checkpoint);
                int epoch = (int) (trainer.steps() / batches);
                history = StudyHistory.read(folder).until(trainer.steps(), epoch);
                before = seconds(folder);
                say(run, seed, "goes on after epoch " + epoch);
            } else {
                history.accuracies().add(new StudyHistory.Accuracy(0, accuracy(trainer, budget.side())));
            }
            for (int number = (int) (trainer.steps() / batches); number < budget.epochs(); number++) {
                epoch(trainer, loader, number, recipe.learningRate(), history);
                history.accuracies().add(new StudyHistory.Accuracy(number + 1, accuracy(trainer, budget.side())));
                history.write(folder);
                AtomicFiles.write(folder.resolve("seconds"), Double.toString(before + since(started)));
                trainer.save(checkpoint);
                tell(run, seed, number + 1, budget.epochs(), batches, history);
            }
            Map<String, Object> result = new LinkedHashMap<>(settings);
            List<StudyHistory.Step> last = lastEpoch(history, batches);
            result.put(
                    "accuracy",
                    history.accuracies().get(history.accuracies().size() - 1).percent());
            result.put("untrained", history.accuracies().get(0).percent());
            result.put("positive", StudyFigure.mean(last, StudyHistory.Step::positive));
            result.put("negative", StudyFigure.mean(last, StudyHistory.Step::negative));
            result.put("seconds", before + since(started));
            result.put("device", Device.name());
            result.putAll(Versions.all());
            AtomicFiles.write(
                    folder.resolve(RESULT),
                    JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(result) + "\n");
            Files.deleteIfExists(checkpoint);
            return result(history, result);
        } catch (ArithmeticException e) {
            throw new BadInput("the run " + run.name() + " with seed " + seed + " has diverged, " + e.getMessage());
        }
    }

    private static double since(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    private static double seconds(Path folder) throws IOException {
        return Double.parseDouble(Files.readString(folder.resolve("seconds")));
    }

    private static List<StudyHistory.Step> lastEpoch(StudyHistory history, int batches) {
        List<StudyHistory.Step> steps = history.steps();
        return steps.subList(Math.max(0, steps.size() - batches), steps.size());
    }

    private static Result result(StudyHistory history, Map<String, Object> json) {
        Map<String, String> config = new LinkedHashMap<>();
        json.forEach((name, value) -> {
            if (value instanceof String text) {
                config.put(name, text);
            }
        });
        return new Result(
                history,
                number(json, "accuracy"),
                number(json, "untrained"),
                number(json, "positive"),
                number(json, "negative"),
                number(json, "seconds"),
                config);
    }

    private static double number(Map<String, Object> json, String name) {
        if (json.get(name) instanceof Number number) {
            return number.doubleValue();
        }
        throw new BadInput("a result has no number " + name + ", found " + json.get(name));
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
     * view's and whose centre is cut out; a one-vs-rest classifier fitted on the first half, scored on the second.
     */
    private double accuracy(Trainer trainer, int side) throws IOException {
        ImageSource test = data.labelled().test();
        List<Operation> operations = List.of(new ResizeShorterSide(Math.round(side * 128 / 96f)), new CenterCrop(side));
        Canvas canvas = new Canvas();
        int length = side * side * 3;
        int part = 500;
        float[] values = {};
        int width = 0;
        int[] labels = new int[test.size()];
        for (int from = 0; from < test.size(); from += part) {
            int count = Math.min(part, test.size() - from);
            byte[] samples = new byte[count * length];
            for (int i = 0; i < count; i++) {
                Image image = test.image(from + i);
                canvas.render(image, operations, samples, i * length);
                labels[from + i] = test.label(from + i);
            }
            float[][] features = trainer.embed(samples);
            if (width == 0) {
                width = features[0].length;
                values = new float[test.size() * width];
            }
            for (int i = 0; i < count; i++) {
                System.arraycopy(features[i], 0, values, (from + i) * width, width);
            }
        }
        return new OneVsRest().halves(Features.of(values, width, labels).labelledOnly());
    }

    private void tell(StudyRun run, long seed, int epoch, int epochs, int batches, StudyHistory history) {
        List<StudyHistory.Step> last = lastEpoch(history, batches);
        say(
                run,
                seed,
                String.format(
                        java.util.Locale.ROOT,
                        "epoch %d/%d  loss %.3g  positive %.3f  negative %.3f  accuracy %.1f %%",
                        epoch,
                        epochs,
                        StudyFigure.mean(last, StudyHistory.Step::loss),
                        StudyFigure.mean(last, StudyHistory.Step::positive),
                        StudyFigure.mean(last, StudyHistory.Step::negative),
                        history.accuracies()
                                .get(history.accuracies().size() - 1)
                                .percent()));
    }

    private void say(StudyRun run, long seed, String line) {
        console.println(run.name() + ", seed " + seed + ": " + line);
        console.flush();
    }
}
