package dev.byol.examples;

import dev.byol.augment.View;
import dev.byol.augment.io.ImageSource;
import dev.byol.eval.Measures;
import dev.byol.eval.MeasuresAccumulator;
import dev.byol.tf.FrozenEncoder;
import dev.byol.tf.Versions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows on one page how good the features of an exported encoder are. */
@Command(
        name = "evaluate",
        description = "Probes an exported encoder in many ways, and shows on one page how good its features are.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class Evaluate implements Callable<Integer> {
    static final String PAGE = "evaluation.html";
    static final String REPORT = "evaluation.json";

    private static final int MISTAKES = 12;
    private static final int POINTS = 2000;

    @Mixin
    private ModelOption model = new ModelOption();

    @Option(
            names = "--untrained",
            paramLabel = "DIR",
            description =
                    "The same network before its training, to compare with; DIR-untrained beside the model, if it is there.")
    private @Nullable Path untrained;

    @Option(
            names = "--labelled",
            required = true,
            paramLabel = "DATA",
            description = "Labelled images: " + Data.KINDS + ".")
    private String labelled = "";

    @Option(
            names = "--unlabelled",
            paramLabel = "DATA",
            description = "More images for the measures that need no labels, and for neighbours among them.")
    private @Nullable String unlabelled;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Where " + PAGE + " and " + REPORT + " go.")
    private Path out = Path.of("");

    @Mixin
    private ReadingOptions reading = new ReadingOptions();

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Draws views, and the split of a folder without one (${DEFAULT-VALUE}).")
    private long seed = 1;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        reading.validate();
        OutputFile page = OutputFile.open("--out", out.resolve(PAGE));
        OutputFile json = OutputFile.open("--out", out.resolve(REPORT));
        try (FrozenEncoder encoder = model.load()) {
            Data.Labelled set = Data.open(labelled, seed, this::say).labelled();
            Optional<ImageSource> more = unlabelled == null
                    ? Optional.empty()
                    : Optional.of(Data.open(unlabelled, seed, this::say).unlabelled());
            Examined learned = examine("learned", encoder, set, more);
            Optional<Examined> before = examineUntrained(set, more);
            EvaluationReport report = new EvaluationReport(
                    model.path().toString(),
                    set.classNames(),
                    learned,
                    before,
                    Mistakes.worst(set, learned.test(), learned.scores().predictions(), MISTAKES),
                    config(set, more, learned),
                    versions());
            json.write(report.json());
            List<ReportPage.Neighbours> alike = more.map(s -> Neighbourhoods.of(s, encoder.height(), encoder::embed))
                    .orElse(List.of());
            page.write(
                    new EvaluationPage(report, Neighbourhoods.of(set, learned.train(), learned.test()), alike).html());
        }
        say("page " + page.path());
        return 0;
    }

    private Optional<Examined> examineUntrained(Data.Labelled set, Optional<ImageSource> more) throws IOException {
        Path place = untrained == null ? Encoders.untrained(model.path()) : untrained;
        if (untrained == null && !Files.isDirectory(place)) {
            say("no untrained network at " + place + " to compare with");
            return Optional.empty();
        }
        try (FrozenEncoder encoder = Encoders.load(place)) {
            return Optional.of(examine("untrained", encoder, set, more));
        }
    }

    private Examined examine(String what, FrozenEncoder encoder, Data.Labelled set, Optional<ImageSource> more) {
        Evaluation.Embedded train = embed(encoder, set.train());
        Evaluation.Embedded test = embed(encoder, set.test());
        FeatureScores scores = FeatureScores.of(train.features(), test.features());
        say(String.format(
                Locale.ROOT,
                "%s network: linear %.1f %%, %s-nn %.1f %%",
                what,
                100 * scores.linear().top1(),
                scores.nearest().settings().get("k"),
                100 * scores.nearest().top1()));
        Measures plain = more.isPresent() ? measure(encoder, more.get()) : Measures.of(train.features());
        Measures views = FeatureMeasures.ofViews(
                more.orElse(set.train()), encoder.height(), encoder::embed, seed, reading.threads());
        return new Examined(
                train, test, scores, new FeatureMeasures(plain, views), PrincipalMap.of(test.features(), POINTS));
    }

    private Evaluation.Embedded embed(FrozenEncoder encoder, ImageSource source) {
        try (Countdown countdown = countdown(source)) {
            return Evaluation.embed(
                    source,
                    View.center(encoder.height()),
                    encoder::embed,
                    reading.batch(),
                    reading.threads(),
                    part -> countdown.done(part.images()));
        }
    }

    /** Measures of any number of images, none of whose features are kept. */
    private Measures measure(FrozenEncoder encoder, ImageSource source) {
        MeasuresAccumulator measures = MeasuresAccumulator.of(encoder.features());
        try (Countdown countdown = countdown(source);
                FeatureStream stream = new FeatureStream(
                        source, View.center(encoder.height()), encoder::embed, reading.batch(), reading.threads())) {
            while (stream.hasNext()) {
                FeatureStream.Part part = stream.next();
                measures.add(part.values());
                countdown.done(part.images());
            }
        }
        Evaluation.requireAny(measures.rows(), source);
        return measures.measures();
    }

    private Countdown countdown(ImageSource source) {
        return new Countdown(StatusLine.standard(), "embedded", source.size());
    }

    private Map<String, Object> config(Data.Labelled set, Optional<ImageSource> more, Examined learned) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("model", model.path());
        config.put("labelled", set.train().description() + " and " + set.test().description());
        config.put("split", set.split());
        config.put("unreadable", learned.train().skipped() + learned.test().skipped());
        more.ifPresent(source -> config.put("unlabelled", source.description() + ", " + source.size() + " images"));
        config.putAll(learned.scores().linear().settings());
        config.put("views for cosines", View.appendix().build().toString());
        config.put("seed", seed);
        return config;
    }

    private static Map<String, String> versions() {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("device", Device.name());
        versions.putAll(Versions.all());
        return versions;
    }

    private void say(String line) {
        PrintWriter console = spec.commandLine().getOut();
        console.println(line);
        console.flush();
    }
}
