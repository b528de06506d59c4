package dev.byol.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.byol.golden.Golden;
import dev.byol.golden.GoldenCase;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The distribution of what is drawn against torchvision's, within what two samples of this size may differ. */
class AugmentStatsGoldenTest {
    private static final int DRAWS = 40_000;
    private static final double[] QUANTILES = {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99};

    /** Five standard errors of the difference of two means, in standard deviations. */
    private static final double TOLERANCE = 5 * Math.sqrt(2.0 / DRAWS);

    private final Optional<Golden> golden = Golden.find("augment_stats");

    /** The settings stand in the fixture's text alone. */
    private double[] settings(String call) {
        Matcher matcher = Pattern.compile(call + "\\(([-\\d., ]+)\\)")
                .matcher(golden.orElseThrow().header().string("doc"));
        assertThat(matcher.find()).as("%s(...) in the doc", call).isTrue();
        return Arrays.stream(matcher.group(1).split(","))
                .mapToDouble(number -> Double.parseDouble(number.strip()))
                .toArray();
    }

    @TestFactory
    Stream<DynamicTest> everyDistribution() {
        if (golden.isEmpty()) {
            return Stream.of(
                    dynamicTest("augment_stats", () -> Assumptions.abort("the folder has no fixture augment_stats")));
        }
        return golden.orElseThrow().cases().stream()
                .map(c -> dynamicTest(
                        c.string("kind") + (c.has("H") ? " of " + c.integer("W") + "x" + c.integer("H") : ""),
                        () -> check(c)));
    }

    private void check(GoldenCase c) {
        switch (c.string("kind")) {
            case "random_resized_crop" -> crops(c, new Size(c.integer("W"), c.integer("H")));
            case "color_jitter" -> jitters(c);
            default -> throw new IllegalArgumentException("no distribution " + c.string("kind"));
        }
    }

    private void crops(GoldenCase c, Size size) {
        List<ResizedCrop> crops = draws(new RandomResizedCrop(8, settings("scale ")[0]), size).stream()
                .map(drawn -> (ResizedCrop) drawn.get(0))
                .toList();
        compare(c, "area_fraction", crops, k -> (double) k.width() * k.height() / (size.width() * size.height()));
        compare(c, "log_ratio", crops, k -> Math.log((double) k.width() / k.height()));
        compare(c, "height", crops, ResizedCrop::height);
        compare(c, "width", crops, ResizedCrop::width);
        compare(c, "top_rel", crops, k -> k.top() / Math.max(1.0, size.height() - k.height()));
        compare(c, "left_rel", crops, k -> k.left() / Math.max(1.0, size.width() - k.width()));
        double whole = crops.stream()
                        .filter(k -> k.width() == size.width() && k.height() == size.height())
                        .count()
                / (double) DRAWS;
        proportion(whole, c.number("full_frame_fraction"));
    }

    private void jitters(GoldenCase c) {
        double[] jitter = settings("ColorJitter");
        List<List<Operation>> draws =
                draws(new ColorJitter(jitter[0], jitter[1], jitter[2], jitter[3]), new Size(96, 96));
        double[] first = c.numbers("first_op_freq");
        List<Class<? extends Operation>> kinds = List.of(Brightness.class, Contrast.class, Saturation.class, Hue.class);
        for (int i = 0; i < kinds.size(); i++) {
            Class<? extends Operation> kind = kinds.get(i);
            long count = draws.stream().filter(d -> kind.isInstance(d.get(0))).count();
            proportion(count / (double) DRAWS, first[i]);
        }
        compare(c, "brightness", draws, d -> only(d, Brightness.class).factor());
        compare(c, "hue", draws, d -> only(d, Hue.class).shift());
        if (jitter[1] == jitter[0] && jitter[2] == jitter[0]) { // one distribution for all three
            compare(c, "brightness", draws, d -> only(d, Contrast.class).factor());
            compare(c, "brightness", draws, d -> only(d, Saturation.class).factor());
        }
    }

    private static <T> T only(List<Operation> drawn, Class<T> kind) {
        List<T> found = drawn.stream().filter(kind::isInstance).map(kind::cast).toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private static List<List<Operation>> draws(Augmentation augmentation, Size size) {
        return IntStream.range(0, DRAWS)
                .mapToObj(i -> augmentation.draw(CounterRandom.of(7, 0, i, 0), size))
                .toList();
    }

    private static <T> void compare(GoldenCase c, String name, List<T> draws, ToDoubleFunction<T> value) {
        GoldenCase expected = c.child(name);
        double[] values = draws.stream().mapToDouble(value).toArray();
        double mean = Arrays.stream(values).average().orElseThrow();
        double deviation = Math.sqrt(
                Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / values.length);
        double room = TOLERANCE * expected.number("std") + 1e-9;
        assertThat(mean).as(name + " mean").isCloseTo(expected.number("mean"), within(room));
        assertThat(deviation).as(name + " std").isCloseTo(expected.number("std"), within(room));
        if (!expected.has("q")) {
            return;
        }
        double[] quantiles = expected.numbers("q");
        for (int i = 0; i < quantiles.length; i++) {
            double q = QUANTILES[i];
            double at = quantiles[i];
            double slack = TOLERANCE * Math.sqrt(q * (1 - q));
            double below = Arrays.stream(values).filter(v -> v < at - 1e-9).count() / (double) DRAWS;
            double upTo = Arrays.stream(values).filter(v -> v <= at + 1e-9).count() / (double) DRAWS;
            assertThat(below).as("share of " + name + " below quantile " + q).isLessThanOrEqualTo(q + slack);
            assertThat(upTo).as("share of " + name + " up to quantile " + q).isGreaterThanOrEqualTo(q - slack);
        }
    }

    private static void proportion(double found, double expected) {
        double room = TOLERANCE * Math.sqrt(expected * (1 - expected)) + 5.0 / DRAWS;
        assertThat(found).isCloseTo(expected, within(room));
    }
}
