package dev.byol.examples;

import dev.byol.augment.View;
import dev.byol.augment.io.ImageSource;
import dev.byol.eval.NpyWriter;
import dev.byol.tf.FrozenEncoder;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes the features of images, for whatever one wants to do with them. */
@Command(
        name = "embed",
        description =
                "Writes the features of images to features.npy, float32 [N, D], and what its rows are to names.csv.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class Embed implements Callable<Integer> {
    static final String FEATURES = "features.npy";
    static final String NAMES = "names.csv";

    enum Part {
        ALL,
        UNLABELLED,
        TRAIN,
        TEST;

        ImageSource of(Data data) throws IOException {
            return switch (this) {
                case ALL -> data.everything();
                case UNLABELLED -> data.unlabelled();
                case TRAIN -> data.labelled().train();
                case TEST -> data.labelled().test();
            };
        }
    }

    @Mixin
    private ModelOption model = new ModelOption();

    @Option(names = "--data", required = true, paramLabel = "DATA", description = "Images: " + Data.KINDS + ".")
    private String data = "";

    @Option(
            names = "--part",
            description = "${COMPLETION-CANDIDATES}: everything, what pretraining takes, or the labelled images that a"
                    + " probe is fitted on or scored on (${DEFAULT-VALUE}).")
    private Part part = Part.ALL;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Where " + FEATURES + " and " + NAMES + " (row, name, label; -1 for none) go.")
    private Path out = Path.of("");

    @Mixin
    private ReadingOptions reading = new ReadingOptions();

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Draws the split of a folder without one (${DEFAULT-VALUE}).")
    private long seed = 1;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        PrintWriter console = spec.commandLine().getOut();
        reading.validate();
        Path features = OutputFile.open("--out", out.resolve(FEATURES)).path();
        Path names = OutputFile.open("--out", out.resolve(NAMES)).path();
        try (FrozenEncoder encoder = model.load();
                Drafts drafts = new Drafts()) {
            ImageSource source = part.of(Data.open(data, seed, console::println));
            console.println(source.description() + ": " + source.size() + " images");
            Files.createDirectories(out);
            long rows = write(encoder, source, drafts.of(features), drafts.of(names));
            Evaluation.requireAny(rows, source);
            drafts.commit();
            console.printf("features    %d of %d columns%n", rows, encoder.features());
            if (rows < source.size()) {
                console.printf("unreadable  %d%n", source.size() - rows);
            }
            console.printf("written     %s, %s%n", features, names);
            console.flush();
        }
        return 0;
    }

    /** Returns how many rows there are. */
    private long write(FrozenEncoder encoder, ImageSource source, Path features, Path names) throws IOException {
        try (NpyWriter npy = NpyWriter.create(features, encoder.features());
                BufferedWriter csv = Files.newBufferedWriter(names);
                Countdown countdown = new Countdown(StatusLine.standard(), "embedded", source.size());
                FeatureStream stream = new FeatureStream(
                        source, View.center(encoder.height()), encoder::embed, reading.batch(), reading.threads())) {
            csv.write("row,name,label\n");
            while (stream.hasNext()) {
                FeatureStream.Part next = stream.next();
                long row = npy.rows();
                for (int i = 0; i < next.indices().length; i++) {
                    csv.write(row++ + "," + quoted(source.name(next.indices()[i])) + "," + next.labels()[i] + "\n");
                }
                npy.write(next.values());
                countdown.done(next.images());
            }
            return npy.rows();
        }
    }

    /** A field of a CSV file (RFC 4180): in quotes where it needs them. */
    static String quoted(String field) {
        return field.matches("[^\",\r\n]*") ? field : '"' + field.replace("\"", "\"\"") + '"';
    }
}
