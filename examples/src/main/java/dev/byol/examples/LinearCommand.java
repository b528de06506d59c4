package dev.byol.examples;

import dev.byol.augment.CenterCrop;
import dev.byol.augment.HorizontalFlip;
import dev.byol.augment.Presets;
import dev.byol.augment.RandomApply;
import dev.byol.augment.RandomResizedCrop;
import dev.byol.augment.ResizeShorterSide;
import dev.byol.augment.View;
import dev.byol.augment.io.ImageSource;
import dev.byol.augment.io.Sources;
import dev.byol.augment.load.Batch;
import dev.byol.augment.load.Epoch;
import dev.byol.augment.load.Loader;
import dev.byol.augment.load.PlainImages;
import dev.byol.eval.Bootstrap;
import dev.byol.eval.ProbeResult;
import dev.byol.optim.LinearRecipe;
import dev.byol.optim.Recipes;
import dev.byol.tf.FrozenEncoder;
import dev.byol.tf.LinearEvaluation;
import dev.byol.tf.LinearResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The published linear evaluations of an exported encoder, with training augmentation and a sweep over learning rates. */
@Command(
        name = "linear",
        description = "Trains linear classifiers on a frozen encoder as the papers did, streaming.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class LinearCommand implements Callable<Integer> {
    private static final int PART = 512;
    private static final int HELD_OUT = 10;

    enum Protocol {
        APPENDIX,
        DEEPMIND;

        Recipes.Linear recipe() {
            return this == APPENDIX ? Recipes.linearAppendix() : Recipes.linearDeepMind();
        }

        View train(int side) {
            return this == DEEPMIND
                    ? Presets.linearTrain(side)
                    : new View(
                            side,
                            List.of(new RandomResizedCrop(side, 0.08), new RandomApply(0.5, new HorizontalFlip())));
        }

        View test(int side) {
            return this == DEEPMIND
                    ? Presets.linearTest(side)
                    : new View(
                            side, List.of(new ResizeShorterSide(Math.round(side * 128 / 96f)), new CenterCrop(side)));
        }
    }

    @Mixin
    private ModelOption model = new ModelOption();

    @Option(
            names = "--labelled",
            required = true,
            paramLabel = "DATA",
            description = "Labelled images: " + Data.KINDS + ".")
    private String labelled = "";

    @Option(
            names = "--protocol",
            description = "${COMPLETION-CANDIDATES}: SGD at rate 30, or Nesterov at the best of five rates on one in "
                    + HELD_OUT + " training images that are held out (${DEFAULT-VALUE}).")
    private Protocol protocol = Protocol.APPENDIX;

    @Option(names = "--epochs", paramLabel = "N", description = "Passes; the protocol's 100 or 80 by default.")
    private @Nullable Integer epochs;

    @Option(names = "--batch", paramLabel = "N", description = "Images a step; the protocol's 256 or 1024 by default.")
    private @Nullable Integer batch;

    @Option(names = "--seed", paramLabel = "N", description = "Of start values, order and views (${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(names = "--threads", paramLabel = "N", description = "Threads that make views (${DEFAULT-VALUE}).")
    private int threads = Device.loaderThreads();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        try (FrozenEncoder encoder = model.load()) {
            Data.Labelled data = Data.open(labelled, seed, out::println).labelled();
            boolean sweeps = protocol == Protocol.DEEPMIND;
            List<ImageSource> parts = sweeps
                    ? Sources.split(data.train(), seed, 1 - 1.0 / HELD_OUT, 1.0 / HELD_OUT)
                    : List.of(data.train());
            ImageSource train = parts.get(0);
            LinearRecipe recipe = recipe(train.size());
            out.println(recipe.source() + ": " + recipe.epochs() + " epochs of " + recipe.stepsPerEpoch()
                    + " steps, rates " + recipe.heads().keySet());
            LinearEvaluation.Builder settings = LinearEvaluation.builder()
                    .encoder(encoder::embed, encoder.features())
                    .classes(classes(data))
                    .batch(recipe.batch())
                    .seed(seed);
            recipe.heads().forEach(settings::head);
            try (LinearEvaluation evaluation = settings.build()) {
                fit(evaluation, recipe, train, encoder.height(), out);
                List<LinearResult> results = test(evaluation, data.test(), encoder.height());
                if (sweeps) {
                    String best = LinearResult.best(test(evaluation, parts.get(1), encoder.height()))
                            .head();
                    out.println("best on held-out images: rate " + best);
                    results =
                            results.stream().filter(r -> r.head().equals(best)).toList();
                }
                print(results.get(0), recipe, train, data.classNames(), out);
            }
        }
        return 0;
    }

    private LinearRecipe recipe(int images) {
        Recipes.Linear recipe = protocol.recipe().images(images).extrapolated();
        try {
            if (epochs != null) {
                recipe.epochs(epochs);
            }
            if (batch != null) {
                recipe.batch(batch);
            }
            return recipe.build();
        } catch (IllegalArgumentException e) {
            throw new BadInput(String.valueOf(e.getMessage()));
        }
    }

    private static int classes(Data.Labelled data) {
        int known = Math.max(highest(data.train()), highest(data.test())) + 1;
        return Math.max(known, data.classNames().size());
    }

    private static int highest(ImageSource source) {
        return IntStream.range(0, source.size()).map(source::label).max().orElse(-1);
    }

    private void fit(LinearEvaluation evaluation, LinearRecipe recipe, ImageSource train, int side, PrintWriter out) {
        Loader loader;
        try {
            loader = Loader.builder(train)
                    .views(protocol.train(side))
                    .batch(recipe.batch())
                    .seed(seed)
                    .threads(threads)
                    .build();
        } catch (IllegalArgumentException e) {
            throw new BadInput(String.valueOf(e.getMessage()));
        }
        for (int number = 0; number < recipe.epochs(); number++) {
            Map<String, Double> losses = Map.of();
            try (Epoch epoch = loader.epoch(number)) {
                while (epoch.hasNext()) {
                    try (Batch images = epoch.next()) {
                        losses = evaluation.step(images.view(0), images.labels());
                    }
                }
            }
            out.println("epoch " + (number + 1) + "/" + recipe.epochs() + ": loss " + losses);
            out.flush();
        }
    }

    private List<LinearResult> test(LinearEvaluation evaluation, ImageSource source, int side) {
        LinearEvaluation.Test test = evaluation.test();
        for (int from = 0; from < source.size(); from += PART) {
            PlainImages images =
                    PlainImages.builder(source, protocol.test(side)).read(from, Math.min(from + PART, source.size()));
            test.add(images.samples(), images.labels());
        }
        return test.results();
    }

    /** The engine's rows as a result like that of all probes. */
    static ProbeResult scored(LinearResult result, LinearRecipe recipe, ImageSource train) {
        ProbeResult.Tally tally = ProbeResult.tally(result.classes());
        for (LinearResult.Row row : result.rows()) {
            tally.add(row.label(), row.predicted(), row.rank() <= 5);
        }
        for (int i = 0; i < result.unlabelled(); i++) {
            tally.addUnlabelled();
        }
        int unlabelled = (int)
                IntStream.range(0, train.size()).filter(i -> train.label(i) < 0).count();
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("rate", result.head());
        settings.put("epochs", String.valueOf(recipe.epochs()));
        settings.put("batch", String.valueOf(recipe.batch()));
        settings.put("seed", String.valueOf(result.seed()));
        return tally.result(recipe.source(), settings, train.size() - unlabelled, unlabelled, new Bootstrap());
    }

    private static void print(
            LinearResult result, LinearRecipe recipe, ImageSource train, List<String> names, PrintWriter out) {
        ProbeResult scored = scored(result, recipe, train);
        out.printf(
                Locale.ROOT,
                "images      %d to fit, %d to score%nlinear      %.2f %% top-1 (%.0f %% interval %.2f to %.2f),"
                        + " %.2f %% top-5, cross entropy %.4f%nrule        %s%n",
                scored.trainRows(),
                scored.testRows(),
                100 * scored.top1(),
                100 * scored.interval().level(),
                100 * scored.interval().low(),
                100 * scored.interval().high(),
                100 * scored.top5(),
                result.loss(),
                result.optimizer());
        for (int k = 0; k < result.classes(); k++) {
            String name = k < names.size() ? names.get(k) : "class " + k;
            int rows = scored.confusion().rows(k);
            scored.confusion()
                    .accuracy(k)
                    .ifPresent(share -> out.printf(Locale.ROOT, "  %-24s %6.2f %% of %d%n", name, 100 * share, rows));
        }
        out.flush();
    }
}
