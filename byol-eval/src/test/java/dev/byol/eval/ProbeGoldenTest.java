package dev.byol.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.byol.golden.Golden;
import dev.byol.golden.GoldenCase;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The probes against scikit-learn's logistic regression and nearest neighbours, and InstDisc's weighted vote. */
class ProbeGoldenTest {
    private static final double CLOSE = 1e-6;

    private final Golden golden = Golden.open("probe");
    private final Features train;
    private final Features test;

    ProbeGoldenTest() {
        int rows = golden.tensor("x").dimension(0);
        int d = golden.tensor("x").dimension(1);
        int split = golden.header().integer("n_train");
        float[] x = golden.tensor("x").floats();
        int[] labels = Arrays.stream(golden.tensor("labels").longs())
                .mapToInt(Math::toIntExact)
                .toArray();
        train = Features.of(Arrays.copyOf(x, split * d), d, Arrays.copyOf(labels, split));
        test = Features.of(Arrays.copyOfRange(x, split * d, rows * d), d, Arrays.copyOfRange(labels, split, rows));
    }

    @TestFactory
    Stream<DynamicTest> cases() {
        return golden.cases().stream().map(c -> dynamicTest(name(c), () -> check(c)));
    }

    private static String name(GoldenCase c) {
        String name = c.string("kind");
        for (String key : new String[] {"C", "k", "T"}) {
            name += c.has(key) ? " " + key + "=" + c.number(key) : "";
        }
        return name;
    }

    private void check(GoldenCase c) {
        switch (c.string("kind")) {
            case "logreg_multinomial" -> multinomial(c);
            case "logreg_multinomial_standardised" -> standardised(c);
            case "logreg_liblinear_ovr" -> oneVsRest(c);
            case "knn_uniform_cosine" -> uniform(c);
            case "knn_weighted_instdisc" -> weighted(c);
            default -> Assumptions.abort("not built yet: " + c.string("kind"));
        }
    }

    /**
     * The fixture's solver stops when its objective falls too slowly, somewhat short of the optimum (by up to 6e-8 of the
     * objective in the project's copy), while this fit goes on to a vanishing gradient. How short is measured, not assumed:
     * the objective is 1-strongly convex in the coefficients, so that one that is {@code gap} above the minimum has coefficients
     * within {@code sqrt(2 gap)} of the solution. The tolerances are widened by that and nothing else.
     */
    private void multinomial(GoldenCase c) {
        LogisticModel model = fit(c, false);
        String prefix = tensorPrefix("logreg_C(.+)\\.coef", c.number("C"));
        float[] coefficients = golden.tensor(prefix + ".coef").floats();
        float[] intercepts = golden.tensor(prefix + ".intercept").floats();
        float[] probabilities = golden.tensor(prefix + ".proba").floats();

        double gap = c.number("objective") - model.objective();
        assertThat(Math.abs(gap)).isLessThanOrEqualTo(1e-6 * c.number("objective"));
        double shortfall = Math.sqrt(2 * Math.max(0, gap));
        assertThat(norm(model.coefficients())).isCloseTo(c.number("coef_norm"), within(1e-3 + shortfall));
        assertClose("coef", model.coefficients(), coefficients, 1e-3 + shortfall);
        assertClose("intercept", model.intercepts(), intercepts, 1e-3 + shortfall);
        assertThat(model.intercepts()).containsExactly(c.numbers("intercept"), within(1e-3 + shortfall));
        Predictions predictions = model.predict(test);
        assertClose("proba", scores(predictions), probabilities, 1e-4 + shortfall);
        assertThat(logLoss(predictions)).isCloseTo(c.number("test_logloss"), within(1e-4 + shortfall));
        assertAccuracies(c, model);

        LogisticModel reference = new LogisticModel(
                doubles(coefficients), doubles(intercepts), Optional.empty(), c.number("objective"), 0, 0, true);
        assertClose("proba of the fixture's coefficients", scores(reference.predict(test)), probabilities, 1e-5);
    }

    private double logLoss(Predictions predictions) {
        double loss = 0;
        for (int i = 0; i < test.rows(); i++) {
            loss -= Math.log(predictions.score(i, test.label(i))) / test.rows();
        }
        return loss;
    }

    private static double[] doubles(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    /** The fixture has no objective here: it is taken to fall short by no more than is asked of one, 1e-6. */
    private void standardised(GoldenCase c) {
        LogisticModel model = fit(c, true);

        double shortfall = Math.sqrt(2 * 1e-6 * model.objective());
        assertThat(norm(model.coefficients())).isCloseTo(c.number("coef_norm"), within(1e-3 + shortfall));
        assertAccuracies(c, model);
    }

    /** The fixture's solver stops at a relative tolerance of 1e-4. */
    private void oneVsRest(GoldenCase c) {
        OneVsRestModel model = new OneVsRest(c.number("C"), 1e-8, 5000).fit(train);

        double norm = norm(model.coefficients());
        assertThat(norm).isCloseTo(c.number("coef_norm"), within(5e-3 * norm));
        assertThat(model.predict(train).accuracy(train)).isCloseTo(c.number("train_acc"), oneOf(train));
        assertThat(model.predict(test).accuracy(test)).isCloseTo(c.number("test_acc"), oneOf(test));
    }

    private LogisticModel fit(GoldenCase c, boolean standardise) {
        LogisticModel model = LogisticRegression.builder()
                .c(c.number("C"))
                .tolerance(1e-8)
                .standardise(standardise)
                .build()
                .fit(train);
        assertThat(model.converged()).isTrue();
        return model;
    }

    private void assertAccuracies(GoldenCase c, LogisticModel model) {
        assertThat(model.predict(train).accuracy(train)).isCloseTo(c.number("train_acc"), oneOf(train));
        assertThat(model.predict(test).accuracy(test)).isCloseTo(c.number("test_acc"), oneOf(test));
    }

    private void uniform(GoldenCase c) {
        int k = c.integer("k");
        Predictions predictions =
                NearestNeighbours.of(train).neighbours(test, k).vote();

        assertThat(predictions.accuracy(test)).isCloseTo(c.number("test_acc"), oneOf(test));
        long[] expected = golden.tensor("knn" + k + ".pred").longs();
        for (int i : decidedRows(k).toArray()) {
            assertThat(predictions.label(i)).as("prediction of test row %s", i).isEqualTo((int) expected[i]);
        }
    }

    private void weighted(GoldenCase c) {
        int k = c.integer("k");
        double temperature = c.number("T");
        Predictions predictions =
                NearestNeighbours.of(train).neighbours(test, k).vote(k, temperature);
        String prefix = tensorPrefix("wknn" + k + "_T(.+)\\.score", temperature);
        float[] expectedScores = golden.tensor(prefix + ".score").floats();
        long[] expected = golden.tensor(prefix + ".pred").longs();

        assertThat(predictions.accuracy(test)).isCloseTo(c.number("test_acc"), oneOf(test));
        int classes = predictions.classes();
        for (int i : decidedRows(k).toArray()) {
            double[] scores = IntStream.range(0, classes)
                    .mapToDouble(label -> predictions.score(i, label))
                    .toArray();
            assertClose(
                    "scores of test row " + i,
                    scores,
                    Arrays.copyOfRange(expectedScores, i * classes, (i + 1) * classes),
                    1e-4);
            double[] sorted = Arrays.stream(scores).sorted().toArray();
            if (classes == 1 || sorted[classes - 1] - sorted[classes - 2] > CLOSE) {
                assertThat(predictions.label(i))
                        .as("prediction of test row %s", i)
                        .isEqualTo((int) expected[i]);
            }
        }
    }

    /** The test rows whose k-th neighbour is clearly nearer than the next, so that float32 and float64 find the same ones. */
    private IntStream decidedRows(int k) {
        if (k == train.rows()) {
            return IntStream.range(0, test.rows());
        }
        Neighbours more = NearestNeighbours.of(train).neighbours(test, k + 1);
        return IntStream.range(0, test.rows()).filter(i -> more.similarity(i, k - 1) - more.similarity(i, k) > CLOSE);
    }

    /** The name, without its last part, of the tensor whose name matches, with the number wanted in the pattern's group. */
    private String tensorPrefix(String pattern, double wanted) {
        Pattern compiled = Pattern.compile(pattern);
        return golden.names().stream()
                .filter(name -> {
                    Matcher matcher = compiled.matcher(name);
                    return matcher.matches() && Double.parseDouble(matcher.group(1)) == wanted;
                })
                .map(name -> name.substring(0, name.lastIndexOf('.')))
                .findFirst()
                .orElseThrow(
                        () -> new AssertionError("no tensor like " + pattern + " for " + wanted + " in the fixture"));
    }

    private static double[] scores(Predictions predictions) {
        return IntStream.range(0, predictions.rows() * predictions.classes())
                .mapToDouble(i -> predictions.score(i / predictions.classes(), i % predictions.classes()))
                .toArray();
    }

    private static Offset<Double> oneOf(Features features) {
        return within(1.001 / features.rows());
    }

    private static double norm(double[] values) {
        return Math.sqrt(Arrays.stream(values).map(v -> v * v).sum());
    }

    private static void assertClose(String what, double[] actual, float[] expected, double tolerance) {
        assertThat(actual).as(what).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).as("%s at %s", what, i).isCloseTo(expected[i], within(tolerance));
        }
    }
}
