package dev.byol.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What no probe can be fitted on or scored on, and what each says of it. */
class BadFeaturesTest {
    private static final Features GOOD = Features.of(new float[] {0, 1, 2, 3, 4, 5, 1, 0}, 2, new int[] {0, 1, 0, 1});
    private static final List<Probe> PROBES = List.of(
            LogisticRegression.builder().build(), new CSweep(), new OneVsRest(), Knn.uniform(1), Knn.weighted(1, 0.07));

    private static void refused(String message, Runnable what) {
        assertThatThrownBy(what::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void of_nanOrInfinite_namesRowAndColumn() {
        refused(
                "features must be finite, got NaN at row 1, column 2",
                () -> Features.of(new float[] {0, 0, 0, 0, 0, Float.NaN}, 3, new int[2]));
        refused(
                "features must be finite, got -Infinity at row 0, column 1",
                () -> Features.unlabelled(new float[] {0, Float.NEGATIVE_INFINITY}, 2));
    }

    @Test
    void of_lengthsThatDoNotFit() {
        refused("2 rows of 3 columns need 6 values, got 5", () -> Features.of(new float[5], 3, new int[2]));
        refused("1 rows of 3 columns need 3 values, got 5", () -> Features.unlabelled(new float[5], 3));
    }

    @Test
    void of_emptySet() {
        refused("features must have at least one row, got none", () -> Features.of(new float[0], 3, new int[0]));
        refused(
                "features must have at least one column, got a dimension of 0",
                () -> Features.of(new float[0], 0, new int[0]));
    }

    @Test
    void of_labelBelowMinusOne() {
        refused(
                "labels must be class indices from 0, or -1 for unlabelled rows, got -2 at row 1",
                () -> Features.of(new float[2], 1, new int[] {0, -2}));
    }

    @TestFactory
    Stream<DynamicTest> everyProbe() {
        return PROBES.stream().flatMap(BadFeaturesTest::checks);
    }

    private static Stream<DynamicTest> checks(Probe probe) {
        String name = probe.name();
        Features wide = Features.of(new float[6], 3, new int[] {0, 1});
        Features none = Features.of(new float[] {1, 2, 3, 4}, 2, new int[] {-1, -1});
        Features alike = Features.of(new float[] {3, 4, 3, 4, 3, 4, 3, 4}, 2, new int[] {0, 1, 0, 1});
        return Stream.of(
                dynamicTest(
                        name + ": another dimension",
                        () -> refused(
                                "features have 3 columns, expected 2 as in training", () -> probe.score(GOOD, wide))),
                dynamicTest(
                        name + ": another dimension, straight",
                        () -> refused(
                                "features have 3 columns, expected 2 as in training", () -> probe.predict(GOOD, wide))),
                dynamicTest(
                        name + ": no label to fit",
                        () -> refused("no row is labelled: all 2 have the label -1", () -> probe.score(none, GOOD))),
                dynamicTest(
                        name + ": no label to score",
                        () -> refused("no row is labelled: all 2 have the label -1", () -> probe.score(GOOD, none))),
                dynamicTest(
                        name + ": constant",
                        () -> refused(
                                name
                                        + " needs features that differ between rows, but all 4 rows are the same in all 2 columns"
                                        + " (column 0 is 3.0 throughout)",
                                () -> probe.score(alike, GOOD))),
                dynamicTest(
                        name + ": good",
                        () -> assertThat(probe.score(GOOD, GOOD).testRows()).isEqualTo(4)));
    }

    /** Neighbours vote for the only class there is; what is fitted needs two. */
    @Test
    void fit_aSingleClass() {
        Features one = Features.of(new float[] {1, 2, 3}, 1, new int[] {2, 2, 2});
        for (Probe probe : List.of(LogisticRegression.builder().build(), new CSweep(), new OneVsRest())) {
            assertThatThrownBy(() -> probe.score(one, one))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("needs rows of at least two classes, but all")
                    .hasMessageContaining("rows have the label 2");
        }
        assertThat(Knn.uniform(1).score(one, one).top1()).isEqualTo(1);
    }

    @Test
    void fit_fewerRowsThanClasses() {
        Features few = Features.of(new float[] {1, 2, 3}, 1, new int[] {0, 5, 3});
        refused(
                "logistic regression of 6 classes needs at least as many rows, got 3",
                () -> LogisticRegression.builder().build().score(few, few));
    }

    @Test
    void fit_oneConstantColumn_isNoError() {
        Features dead = Features.of(new float[] {0, 1, 0, 3, 0, -1, 0, -2}, 2, new int[] {0, 0, 1, 1});
        for (Probe probe : List.of(LogisticRegression.builder().build(), Knn.uniform(1), new OneVsRest())) {
            assertThat(probe.score(dead, dead).top1()).isEqualTo(1);
        }
    }
}
