package dev.byol.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.byol.eval.CollapseEvent.DimensionalCollapse;
import dev.byol.eval.CollapseEvent.FullCollapse;
import dev.byol.eval.CollapseEvent.NonFinite;
import dev.byol.eval.CollapseEvent.Recovering;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CollapseWatchTest {
    private static final double HEALTHY = 0.4;
    private static final double COLLAPSED = 0.999;

    private static CollapseEvidence cosine(long step, double negative) {
        return CollapseEvidence.at(step, 2 - 2 * negative).cosines(0.95, negative);
    }

    private static CollapseEvidence rank(long step, double rank) {
        return cosine(step, HEALTHY).effectiveRank(rank, 100);
    }

    /** The events of a negative cosine at each step {@code from, from + every, ...} below {@code to}. */
    private static List<CollapseEvent> cosines(
            CollapseWatch watch, long from, long to, int every, LongToDoubleFunction negative) {
        List<CollapseEvent> events = new ArrayList<>();
        for (long step = from; step < to; step += every) {
            events.addAll(watch.observe(cosine(step, negative.applyAsDouble(step))));
        }
        return events;
    }

    private static List<CollapseEvent> ranks(CollapseWatch watch, long from, long to, LongToDoubleFunction rank) {
        List<CollapseEvent> events = new ArrayList<>();
        for (long step = from; step < to; step++) {
            events.addAll(watch.observe(rank(step, rank.applyAsDouble(step))));
        }
        return events;
    }

    private static CollapseWatch watch() {
        return CollapseWatch.builder().warmUp(100).build();
    }

    @Test
    void fullCollapse_isToldOnce_afterTwentySteps() {
        List<CollapseEvent> events = cosines(watch(), 0, 1000, 1, step -> step < 300 ? HEALTHY : COLLAPSED);

        assertThat(events).hasSize(1);
        FullCollapse event = (FullCollapse) events.get(0);
        assertThat(event.step()).isEqualTo(319);
        assertThat(event.since()).isEqualTo(300);
        assertThat(event.evidence()).isEqualTo(cosine(319, COLLAPSED));
    }

    @Test
    void fullCollapse_nineteenSteps_areNotEnough() {
        List<CollapseEvent> events = cosines(watch(), 0, 1000, 1, step -> step % 20 == 0 ? HEALTHY : COLLAPSED);

        assertThat(events).isEmpty();
    }

    @Test
    void fullCollapse_atTheThreshold_isNone() {
        assertThat(cosines(watch(), 0, 1000, 1, step -> 0.99)).isEmpty();
    }

    /** An untrained network starts near 1, comes down as the rate warms up, and stays there. */
    @Test
    void untrained_thatComesDownInTheWarmUp_isHealthy() {
        CollapseWatch watch = watch();

        assertThat(cosines(watch, 0, 1000, 1, step -> Math.max(0.3, 0.9999 - step * 1.5e-4)))
                .isEmpty();
        assertThat(watch.isHealthy()).isTrue();
    }

    /** Without normalisation it never comes down: it is told when the warm-up is over. */
    @Test
    void untrained_thatNeverComesDown_isToldAfterTheWarmUp() {
        List<CollapseEvent> events = cosines(watch(), 0, 1000, 1, step -> 0.9995);

        assertThat(events).hasSize(1).first().isInstanceOf(FullCollapse.class);
        assertThat(events.get(0).step()).isEqualTo(119);
    }

    /** Who has been apart and is so no more has collapsed, though the warm-up is not over. */
    @Test
    void fullCollapse_inTheWarmUp_afterTwentyStepsApart() {
        List<CollapseEvent> events =
                cosines(CollapseWatch.builder().warmUp(10_000).build(), 0, 200, 1, step -> step < 20 ? 0.97 : 0.995);

        assertThat(events).hasSize(1);
        assertThat(events.get(0).step()).isEqualTo(39);
    }

    @Test
    void fullCollapse_inTheWarmUp_afterAFewStepsApart_waits() {
        List<CollapseEvent> events = cosines(watch(), 0, 200, 1, step -> step == 3 || step == 8 ? 0.97 : 0.995);

        assertThat(events).hasSize(1);
        assertThat(events.get(0).step()).isEqualTo(119);
    }

    @ParameterizedTest
    @CsvSource({"1, 19", "5, 20", "10, 20", "19, 19", "20, 20", "30, 30", "50, 50"})
    void fullCollapse_isToldWithinFiftySteps_howeverSeldomEvidenceComes(int every, int later) {
        long collapse = 30L * every;

        List<CollapseEvent> events = cosines(watch(), 0, 10_000, every, step -> step < collapse ? HEALTHY : COLLAPSED);

        assertThat(events).hasSize(1);
        assertThat(events.get(0).step()).isEqualTo(collapse + later);
    }

    @Test
    void recovering_thenCollapsedAgain_areTold() {
        List<CollapseEvent> events =
                cosines(watch(), 0, 1000, 1, step -> step < 300 || (step >= 500 && step < 700) ? HEALTHY : COLLAPSED);

        assertThat(events).hasSize(3);
        assertThat(events.get(0)).isInstanceOf(FullCollapse.class);
        Recovering recovering = (Recovering) events.get(1);
        assertThat(recovering.step()).isEqualTo(519);
        assertThat(recovering.since()).isEqualTo(500);
        assertThat(recovering.from()).isSameAs(events.get(0));
        assertThat(recovering.lowestLoss()).isEqualTo(2 - 2 * COLLAPSED);
        assertThat(events.get(2)).isInstanceOf(FullCollapse.class);
        assertThat(events.get(2).step()).isEqualTo(719);
    }

    /** The appendix's partial escapes (LARS on the perceptrons only) do not count, those that are over at once neither. */
    @Test
    void recovering_partialEscapes_areNotTold() {
        List<CollapseEvent> events = cosines(
                watch(), 0, 2000, 1, step -> step < 660 ? 0.9998 : step < 910 ? 0.985 : step < 920 ? 0.956 : 0.9998);

        assertThat(events).hasSize(1);
    }

    @Test
    void dimensionalCollapse_belowAQuarterOfTheBest() {
        List<CollapseEvent> events = ranks(watch(), 0, 1000, step -> step < 400 ? 40 : step < 600 ? 10.1 : 9.9);

        assertThat(events).hasSize(1);
        DimensionalCollapse event = (DimensionalCollapse) events.get(0);
        assertThat(event.step()).isEqualTo(619);
        assertThat(event.since()).isEqualTo(600);
        assertThat(event.bestRank()).isEqualTo(40);
    }

    @Test
    void dimensionalCollapse_fromTheStart_belowAShareOfTheHighest() {
        List<CollapseEvent> events = ranks(watch(), 0, 1000, step -> 1.9);

        assertThat(events).hasSize(1).first().isInstanceOf(DimensionalCollapse.class);
        assertThat(events.get(0).step()).isEqualTo(119);
        assertThat(ranks(watch(), 0, 1000, step -> 2.1)).isEmpty();
    }

    /** Features of an untrained network may have a high rank: it is no measure of what training should keep. */
    @Test
    void dimensionalCollapse_theWarmUpDoesNotCount() {
        assertThat(ranks(watch(), 0, 1000, step -> step < 100 ? 90 : 12)).isEmpty();
    }

    @Test
    void dimensionalCollapse_aShortDip_isNone() {
        assertThat(ranks(watch(), 0, 1000, step -> step % 50 < 19 ? 5 : 40)).isEmpty();
    }

    @Test
    void dimensionalCollapse_recovering() {
        List<CollapseEvent> events =
                ranks(watch(), 0, 1000, step -> step < 300 ? 40 : step < 500 ? 5 : step < 600 ? 15 : 21);

        assertThat(events).hasSize(2);
        Recovering recovering = (Recovering) events.get(1);
        assertThat(recovering.from()).isSameAs(events.get(0));
        assertThat(recovering.step()).isEqualTo(619);
    }

    @Test
    void dimensionalCollapse_switchedOff() {
        CollapseWatch watch =
                CollapseWatch.builder().warmUp(100).effectiveRank(0, 0).build();

        assertThat(ranks(watch, 0, 1000, step -> step < 300 ? 40 : 1)).isEmpty();
    }

    /** Full collapse takes the rank along: that is one event, not two. */
    @Test
    void dimensionalCollapse_ofAFullCollapse_isNotTold() {
        CollapseWatch watch = watch();
        List<CollapseEvent> events = new ArrayList<>();
        for (long step = 0; step < 1000; step++) {
            double negative = step < 300 ? HEALTHY : COLLAPSED;
            events.addAll(watch.observe(cosine(step, negative).effectiveRank(step < 300 ? 40 : 1.1, 100)));
        }

        assertThat(events).hasSize(1).first().isInstanceOf(FullCollapse.class);
    }

    /** On the way into full collapse the rank falls first; what is told is where the network ends. */
    @Test
    void dimensionalCollapse_onTheWayIntoFullCollapse_isNotTold() {
        CollapseWatch watch = watch();
        List<CollapseEvent> events = new ArrayList<>();
        for (long step = 0; step < 1000; step++) {
            double negative = step < 300 ? HEALTHY : step < 310 ? 0.985 : COLLAPSED;
            events.addAll(watch.observe(cosine(step, negative).effectiveRank(step < 300 ? 40 : 1.1, 100)));
        }

        assertThat(events).hasSize(1).first().isInstanceOf(FullCollapse.class);
        assertThat(events.get(0).step()).isEqualTo(329);
    }

    /** The rank may be measured seldom, and the cosines at every step. */
    @Test
    void dimensionalCollapse_rankOfEveryTenthStep() {
        CollapseWatch watch = watch();
        List<CollapseEvent> events = new ArrayList<>();
        for (long step = 0; step < 1000; step++) {
            CollapseEvidence evidence = cosine(step, HEALTHY);
            events.addAll(watch.observe(step % 10 == 0 ? evidence.effectiveRank(step < 500 ? 40 : 5, 100) : evidence));
        }

        assertThat(events).hasSize(1);
        assertThat(events.get(0).step()).isEqualTo(520);
        assertThat(((DimensionalCollapse) events.get(0)).since()).isEqualTo(500);
    }

    @Test
    void nonFinite_isToldOnceAnEpisode_evenInTheWarmUp() {
        CollapseWatch watch = watch();
        List<CollapseEvent> events = new ArrayList<>();
        for (long step = 0; step < 50; step++) {
            boolean bad = step == 7 || step == 8 || step == 30;
            events.addAll(watch.observe(CollapseEvidence.at(step, bad ? Double.NaN : 1)));
        }

        assertThat(events).hasSize(2).allMatch(e -> e instanceof NonFinite);
        assertThat(events.get(0).step()).isEqualTo(7);
        assertThat(events.get(1).step()).isEqualTo(30);
        assertThat(((NonFinite) events.get(0)).what()).isEqualTo("the loss is NaN");
        assertThat(watch.isHealthy()).isTrue();
    }

    @Test
    void nonFinite_anyMeasure() {
        double bad = Double.POSITIVE_INFINITY;
        List<CollapseEvidence> evidence = List.of(
                CollapseEvidence.at(0, 1).cosines(bad, 0),
                CollapseEvidence.at(0, 1).cosines(0, bad),
                CollapseEvidence.at(0, 1).deviation(bad),
                CollapseEvidence.at(0, 1).effectiveRank(bad, 3));

        assertThat(evidence)
                .extracting(e -> ((NonFinite) watch().observe(e).get(0)).what())
                .containsExactly(
                        "the positive cosine is Infinity",
                        "the negative cosine is Infinity",
                        "the deviation is Infinity",
                        "the effective rank is Infinity");
    }

    @Test
    void nonFinite_breaksAConsecutiveRun() {
        CollapseWatch watch = watch();
        List<CollapseEvent> events = cosines(watch, 0, 300, 1, step -> HEALTHY);
        events.addAll(cosines(watch, 300, 400, 1, step -> step == 310 ? Double.NaN : COLLAPSED));

        assertThat(events).extracting(CollapseEvent::step).containsExactly(310L, 330L);
    }

    @Test
    void isHealthy_isFalseFromTheFirstSuspicion() {
        CollapseWatch watch = watch();
        cosines(watch, 0, 300, 1, step -> HEALTHY);
        assertThat(watch.isHealthy()).isTrue();

        watch.observe(cosine(300, COLLAPSED));
        assertThat(watch.isHealthy()).isFalse();

        cosines(watch, 301, 400, 1, step -> COLLAPSED);
        cosines(watch, 400, 410, 1, step -> HEALTHY); // not yet recovered
        assertThat(watch.isHealthy()).isFalse();

        cosines(watch, 410, 420, 1, step -> HEALTHY);
        assertThat(watch.isHealthy()).isTrue();
    }

    @Test
    void isHealthy_rank() {
        CollapseWatch watch = watch();
        ranks(watch, 0, 300, step -> 40);
        assertThat(watch.isHealthy()).isTrue();

        watch.observe(rank(300, 2));
        assertThat(watch.isHealthy()).isFalse();
    }

    @Test
    void rewind_goesOnAtAnEarlierStep_andForgetsWhatWasTold() {
        CollapseWatch watch = watch();
        cosines(watch, 0, 400, 1, step -> step < 300 ? HEALTHY : COLLAPSED);

        watch.rewind(250);

        assertThat(watch.isHealthy()).isTrue();
        List<CollapseEvent> events = cosines(watch, 250, 400, 1, step -> step < 300 ? HEALTHY : COLLAPSED);
        assertThat(events).hasSize(1).first().isInstanceOf(FullCollapse.class);
        assertThat(events.get(0).step()).isEqualTo(319);
    }

    @Test
    void rewind_intoTheWarmUp_ofANetworkThatNeverCameDown_waitsForItsEndAgain() {
        CollapseWatch watch = CollapseWatch.builder().warmUp(200).build();
        assertThat(cosines(watch, 0, 300, 1, step -> COLLAPSED)).hasSize(1);

        watch.rewind(0);

        List<CollapseEvent> events = cosines(watch, 0, 300, 1, step -> COLLAPSED);
        assertThat(events).hasSize(1);
        assertThat(events.get(0).step()).isEqualTo(200 + 20 - 1);
    }

    @Test
    void observe_stepsOutOfOrder() {
        CollapseWatch watch = watch();
        watch.observe(cosine(5, HEALTHY));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> watch.observe(cosine(5, HEALTHY)))
                .withMessage("evidence must come in the order of steps, got step 5 after 5; rewind first");
        watch.rewind(5);
        assertThat(watch.observe(cosine(5, HEALTHY))).isEmpty();
    }

    @Test
    void listeners_areToldInOrder_andMayThrow() {
        List<String> told = new ArrayList<>();
        CollapseWatch watch = CollapseWatch.builder()
                .warmUp(0)
                .patience(1)
                .listener(event -> told.add("first " + event.step()))
                .listener(event -> {
                    told.add("second");
                    throw new IllegalStateException(event.toString());
                })
                .build();

        assertThatIllegalStateException()
                .isThrownBy(() -> watch.observe(cosine(3, COLLAPSED)))
                .withMessageStartingWith("Full collapse at step 3");
        assertThat(told).containsExactly("first 3", "second");
        assertThat(watch.observe(cosine(4, COLLAPSED))).isEmpty();
    }

    @Test
    void events_areSentences() {
        CollapseEvidence evidence = CollapseEvidence.at(1240, 3.1e-5)
                .cosines(0.9999, 0.9993)
                .deviation(0.026)
                .effectiveRank(1.23, 64);
        FullCollapse full = new FullCollapse(evidence, 1221);

        assertThat(full)
                .hasToString(
                        "Full collapse at step 1240: different images have had nearly the same projection since step 1221"
                                + " (loss 3.10e-05, positive cosine 0.9999, negative cosine 0.9993, deviation 0.0260, effective rank 1.2 of 64).");
        assertThat(new DimensionalCollapse(CollapseEvidence.at(90, 0.5).effectiveRank(3.2, 64), 71, 41))
                .hasToString(
                        "Dimensional collapse at step 90: the effective rank has been low since step 71, and was 41.0 at best"
                                + " (loss 0.500, effective rank 3.2 of 64).");
        assertThat(new Recovering(CollapseEvidence.at(1500, 0.12), full, 1481, 2e-6))
                .hasToString("Recovering at step 1500 from the full collapse of step 1240: better since step 1481,"
                        + " the loss was 2.00e-06 at its lowest (loss 0.120).");
        assertThat(new NonFinite(CollapseEvidence.at(3, Double.NaN), "the loss is NaN"))
                .hasToString("Not finite at step 3: the loss is NaN (loss NaN).");
    }

    @Test
    void evidence_ofMeasures() {
        Features z = Gaussian.features(30, 8, 1);
        Features other = Gaussian.features(30, 8, 2);
        Measures measures = Measures.of(z, other);

        CollapseEvidence evidence = CollapseEvidence.at(7, 0.5).measures(measures);

        assertThat(evidence)
                .isEqualTo(CollapseEvidence.at(7, 0.5)
                        .cosines(measures.positiveCosine().orElseThrow(), measures.negativeCosine())
                        .deviation(measures.deviation())
                        .effectiveRank(measures.effectiveRank(), 8));
        assertThat(CollapseEvidence.at(0, 1).measures(Measures.of(Gaussian.features(1, 8, 3))))
                .satisfies(e -> assertThat(e.negativeCosine()).isEmpty())
                .satisfies(e -> assertThat(e.highestRank()).isEqualTo(1));
    }

    @Test
    void evidence_effectiveRankOfABatch() {
        float[][] z = {{3, 0, 0}, {0, 3, 0}};
        assertThat(CollapseEvidence.at(7, 0.5).effectiveRank(z).effectiveRank().orElseThrow())
                .isCloseTo(2, within(1e-4));
        assertThat(CollapseEvidence.at(7, 0.5).effectiveRank(z).highestRank()).isEqualTo(2);
        z[1][2] = Float.NaN;
        assertThat(CollapseWatch.builder()
                        .build()
                        .observe(CollapseEvidence.at(7, 0.5).effectiveRank(z)))
                .singleElement()
                .isInstanceOf(NonFinite.class);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CollapseEvidence.at(7, 0.5).effectiveRank(new float[][] {{1, 2}, {3}}))
                .withMessage("all rows must be as long as the first, 2, row 1 has 1 values");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CollapseEvidence.at(7, 0.5).effectiveRank(new float[0][]))
                .withMessage("the effective rank needs at least one row, got none");
    }

    @Test
    void evidence_outOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CollapseEvidence.at(-1, 0))
                .withMessage("step must be at least 0, got -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CollapseEvidence.at(0, 0).effectiveRank(1, 0))
                .withMessage("the highest rank must be at least 1 with an effective rank, and 0 without one, got 0");
    }

    @ParameterizedTest
    @CsvSource({"1, 0.5", "0.9, 0.95", "0.5, -1", "NaN, 0.5", "0.5, NaN"})
    void settings_cosineOutOfRange(double above, double below) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CollapseWatch.builder().negativeCosine(above, below))
                .withMessageEndingWith("got " + above + " and " + below);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 0.5, Double.NaN})
    void settings_rankOutOfRange(double share) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CollapseWatch.builder().effectiveRank(share, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CollapseWatch.builder().effectiveRank(0, share));
    }

    @Test
    void settings_stepsOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CollapseWatch.builder().warmUp(-1))
                .withMessage("warm-up must be at least 0 steps, got -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CollapseWatch.builder().patience(0))
                .withMessage("patience must be at least 1 step, got 0");
    }

    /**
     * The negative cosines of every step of five runs of {@code ./byol pretrain} on the made shapes (ResNet-10-tiny, batch 64, SGD at
     * 0.2), with and without norms in the perceptrons: what healthy and collapsing networks look like.
     */
    @ParameterizedTest
    @CsvSource({"byol, 1", "no_projection_norm, 1", "no_prediction_norm, 1", "byol, 10", "no_projection_norm, 10"})
    void observe_healthyRun_isSilent(String run, int every) throws IOException {
        double[] negative = run(run);
        for (int warmUp : new int[] {0, 62, 200}) {
            CollapseWatch watch = CollapseWatch.builder().warmUp(warmUp).build();

            assertThat(cosines(watch, 0, negative.length, every, step -> negative[(int) step]))
                    .isEmpty();
            assertThat(watch.isHealthy()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"no_norm, 1", "layer_norm, 1", "no_norm, 10", "layer_norm, 10"})
    void observe_collapsingRun_isToldWithinFiftySteps(String run, int every) throws IOException {
        double[] negative = run(run);
        int collapse = negative.length;
        while (negative[collapse - 1] > 0.99) {
            collapse--;
        }
        for (int warmUp : new int[] {0, 62, 200}) {
            CollapseWatch watch = CollapseWatch.builder().warmUp(warmUp).build();

            List<CollapseEvent> events = cosines(watch, 0, negative.length, every, step -> negative[(int) step]);

            assertThat(events).hasSize(1).first().isInstanceOf(FullCollapse.class);
            assertThat(events.get(0).step()).isBetween((long) collapse, Math.max(collapse, warmUp) + 50L);
        }
    }

    private static double[] run(String name) throws IOException {
        try (InputStream in = CollapseWatchTest.class.getResourceAsStream("negative-cosines.csv")) {
            assertThat(in).isNotNull();
            BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
            int column = Arrays.asList(reader.readLine().split(",", -1)).indexOf(name);
            return reader.lines()
                    .map(line -> line.split(",", -1)[column])
                    .filter(value -> !value.isEmpty())
                    .mapToDouble(Double::parseDouble)
                    .toArray();
        }
    }
}
