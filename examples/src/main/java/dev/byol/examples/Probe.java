package dev.byol.examples;

import dev.byol.tf.FrozenEncoder;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How good are the features of an exported encoder? */
@Command(
        name = "probe",
        description = "Linear probe and nearest neighbours on an exported encoder.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class Probe implements Callable<Integer> {
    @Mixin
    private ModelOption model = new ModelOption();

    @Option(
            names = "--labelled",
            required = true,
            paramLabel = "DATA",
            description = "Labelled images: " + Data.KINDS + ".")
    private String labelled = "";

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Draws the split of a folder without one (${DEFAULT-VALUE}).")
    private long seed = 1;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        try (FrozenEncoder encoder = model.load()) {
            Data.Labelled data = Data.open(labelled, seed, out::println).labelled();
            Evaluation.Embedded train = Evaluation.embed(data.train(), encoder.height(), encoder::embed);
            Evaluation.Embedded test = Evaluation.embed(data.test(), encoder.height(), encoder::embed);
            Evaluation evaluation = Evaluation.of(train.features(), test.features());
            out.printf("features    %d%n", encoder.features());
            out.printf(
                    "images      %d to fit, %d to score (%s)%n",
                    train.features().rows(), test.features().rows(), data.split());
            if (train.skipped() + test.skipped() > 0) {
                out.printf("unreadable  %d%n", train.skipped() + test.skipped());
            }
            out.printf("linear      %.2f %% top-1%n", evaluation.linearTop1());
            out.printf("%-11s %.2f %% top-1%n", evaluation.neighbours() + "-nn", evaluation.knnTop1());
            out.flush();
        }
        return 0;
    }
}
