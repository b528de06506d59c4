package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.api.TargetUpdater;
import dev.byol.api.method.Byol;
import dev.byol.api.nn.Mlp;
import dev.byol.api.nn.Norm;
import dev.byol.api.nn.ResNet;
import dev.byol.tf.ImageFormat;
import dev.byol.tf.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command from end to end, on an untrained encoder of tiny shapes. */
class LinearCommandTest {
    @TempDir
    private Path temp;

    private Cli linear(String... more) throws IOException {
        Path model = temp.resolve("encoder");
        Mlp mlp = new Mlp(2, 16, 8, Norm.batch());
        try (Trainer trainer = Trainer.builder()
                .method(new Byol(ResNet.resNet10Tiny().withStem(ResNet.Stem.SMALL), mlp, mlp, TargetUpdater.frozen()))
                .optimizer((parameter, gradient, update) -> gradient)
                .images(ImageFormat.rgb(16))
                .batch(2)
                .build()) {
            trainer.exportEncoder(model);
        }
        String data = "stl10:" + new ShapesData(16, 10, 200, 60, 1).in(temp.resolve("cache"), line -> {}) + "?size=16";
        String[] args = new String[more.length + 5];
        System.arraycopy(new String[] {"linear", "--model", model.toString(), "--labelled", data}, 0, args, 0, 5);
        System.arraycopy(more, 0, args, 5, more.length);
        return Cli.run(args);
    }

    private static double number(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return Double.parseDouble(matcher.group(1));
    }

    @Test
    void deepMind_sweepsTheRates_andTellsTheBestOfTheHeldOutImages() throws IOException {
        Cli cli = linear("--protocol", "deepmind", "--epochs", "8", "--batch", "20");
        assertThat(cli.code()).as(cli.err()).isZero();
        assertThat(cli.out())
                .contains(
                        "8 epochs of 9 steps, rates [0.4, 0.3, 0.2, 0.1, 0.05]",
                        "epoch 8/8: loss {0.4=",
                        "best on held-out images: rate 0.",
                        "images      180 to fit, 60 to score",
                        "% interval",
                        "nesterov=true");
        double first = number(cli.out(), "epoch 1/8: loss \\{0.4=([\\d.]+)");
        double last = number(cli.out(), "epoch 8/8: loss \\{0.4=([\\d.]+)");
        assertThat(last).isLessThan(first);
        double top1 = number(cli.out(), "linear +([\\d.]+) % top-1");
        assertThat(number(cli.out(), "([\\d.]+) % top-5")).isBetween(top1, 100.0);
    }

    @Test
    void appendix_hasOneRate() throws IOException {
        Cli cli = linear("--epochs", "3", "--batch", "50");
        assertThat(cli.code()).as(cli.err()).isZero();
        assertThat(cli.out())
                .contains("3 epochs of 4 steps, rates [30.0]", "images      200 to fit, 60 to score", "MultiStep")
                .containsPattern("  disc +[\\d.]+ % of \\d+")
                .doesNotContain("held-out");
    }

    @Test
    void settings_thatDoNotFit_areToldInASentence() throws IOException {
        assertThat(linear().err()).contains("batch must be from 1 to the 200 images, got 256");
        Cli few = linear("--batch", "50", "--epochs", "2");
        assertThat(few.code()).isEqualTo(Main.BAD_INPUT);
        assertThat(few.err()).contains("epochs must be at least 3, got 2");
        Cli none = Cli.run("linear", "--model", temp.toString(), "--labelled", "shapes");
        assertThat(none.code()).isEqualTo(Main.BAD_INPUT);
        assertThat(none.err()).contains("is no exported encoder");
    }
}
