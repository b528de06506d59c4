package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Verdicts on runs whose numbers are made: that each claim stands and falls with what it is about. */
class StudyVerdictsTest {
    private static final int STEPS = 620;

    /** A run of 20 epochs; quantities as functions of the share of the run that is done. */
    private static StudyHistory run(
            DoubleUnaryOperator loss, DoubleUnaryOperator negative, DoubleUnaryOperator rate, double... accuracies) {
        StudyHistory history = new StudyHistory();
        for (int i = 0; i < STEPS; i++) {
            double x = (double) i / STEPS;
            double r = rate.applyAsDouble(x);
            history.steps()
                    .add(new StudyHistory.Step(
                            i, 20 * x, loss.applyAsDouble(x), 1, negative.applyAsDouble(x), List.of(r, r, r, r)));
        }
        for (int i = 0; i < accuracies.length; i++) {
            history.accuracies().add(new StudyHistory.Accuracy(20.0 * i / (accuracies.length - 1), accuracies[i]));
        }
        return history;
    }

    private static double none(double share) {
        return Double.NaN;
    }

    private static StudyHistory learns(double accuracy) {
        return run(x -> 1 - x, x -> 0.4, StudyVerdictsTest::none, 20, accuracy);
    }

    private static StudyHistory collapses() {
        return run(x -> x < 0.1 ? 0.1 : 1e-6, x -> x < 0.1 ? 0.7 : 0.9999, x -> x < 0.1 ? 1 : 50, 20, 19);
    }

    /** Collapsed in the middle, with a high rate and a low loss there. */
    private static StudyHistory recovers() {
        return run(
                x -> x < 0.2 ? 0.1 : x < 0.6 ? 1e-5 : 0.1,
                x -> x < 0.2 ? 0.9 : x < 0.6 ? 0.999 : 0.5,
                x -> x < 0.2 ? 1 : x < 0.6 ? 50 : 0.5,
                20,
                19,
                50);
    }

    private static StudyFigure.Verdict judge(String figure, Map<String, StudyHistory> runs) {
        return Study.figure(figure).judge(StudyScale.PAPER, name -> {
            StudyHistory history = runs.get(name);
            if (history == null) {
                throw new IllegalArgumentException("the verdict on " + figure + " looks at " + name);
            }
            return history;
        });
    }

    @Test
    void batchNormAccuracy_needsOrderAndNoCollapseOfLars() {
        Map<String, StudyHistory> published =
                Map.of("bn-sgd-bn", learns(80), "bn-lars", learns(70), "bn-sgd", recovers());
        assertThat(judge("accuracy_resnet_batch_norm", published).agrees()).isTrue();
        StudyFigure.Verdict dead = judge(
                "accuracy_resnet_batch_norm",
                Map.of("bn-sgd-bn", learns(80), "bn-lars", learns(70), "bn-sgd", collapses()));
        assertThat(dead.agrees()).isFalse();
        assertThat(dead.sentence()).contains("SGD without BN does not recover");
        assertThat(judge(
                                "accuracy_resnet_batch_norm",
                                Map.of("bn-sgd-bn", learns(80), "bn-lars", collapses(), "bn-sgd", recovers()))
                        .sentence())
                .contains("LARS collapses on the way", "another one");
    }

    @Test
    void groupNormAccuracy_looksAtEveryCurve() {
        StudyHistory good = learns(70);
        StudyHistory bad = collapses();
        assertThat(groupNorm(good, good, bad, bad).agrees()).isTrue();
        assertThat(groupNorm(bad, good, bad, bad).agrees()).isFalse();
        assertThat(groupNorm(good, bad, bad, bad).agrees()).isFalse();
        assertThat(groupNorm(good, good, good, bad).agrees()).isFalse();
        assertThat(groupNorm(good, good, bad, good).agrees()).isFalse();
    }

    private static StudyFigure.Verdict groupNorm(
            StudyHistory norm, StudyHistory lars, StudyHistory slow, StudyHistory none) {
        return judge(
                "accuracy_resnet_group_norm",
                Map.of("gn-sgd-bn", norm, "gn-lars", lars, "gn-lars-slow", slow, "gn-sgd", none));
    }

    @Test
    void leavingTheCollapse_isItsOrder() {
        assertThat(judge("weight_decay_distance", Map.of("weight-decay", recovers()))
                        .agrees())
                .isTrue();
        assertThat(judge("weight_decay_distance", Map.of("weight-decay", collapses()))
                        .sentence())
                .contains("does not leave the collapse");
        assertThat(judge("weight_decay_distance", Map.of("weight-decay", learns(60)))
                        .sentence())
                .contains("never collapses");
    }

    @Test
    void loss_fallsAndRises() {
        Map<String, StudyHistory> others =
                Map.of("weight-decay-higher", collapses(), "weight-decay-lower", collapses());
        assertThat(judge("weight_decay_train_loss", with(others, "weight-decay", recovers()))
                        .agrees())
                .isTrue();
        assertThat(judge("weight_decay_train_loss", with(others, "weight-decay", collapses()))
                        .sentence())
                .contains("stays at its floor");
        StudyHistory rising = run(x -> 0.1 + x, x -> 0.4, StudyVerdictsTest::none, 20, 20);
        assertThat(judge("weight_decay_train_loss", with(others, "weight-decay", rising))
                        .sentence())
                .contains("never falls far");
    }

    private static Map<String, StudyHistory> with(Map<String, StudyHistory> runs, String name, StudyHistory run) {
        Map<String, StudyHistory> all = new java.util.HashMap<>(runs);
        all.put(name, run);
        return all;
    }

    @Test
    void standardisation_comesApart_andMayBounce() {
        StudyHistory bounces = run(
                x -> 0.1 + 0.09 * Math.sin(12 * Math.PI * x),
                x -> x < 0.3 ? 0.99 : x < 0.6 ? 0.3 : 0.95,
                StudyVerdictsTest::none,
                20,
                20);
        assertThat(judge("weight_std_distance", Map.of("weight-standardisation", bounces))
                        .sentence())
                .contains("comes apart, and bounces back");
        assertThat(judge("weight_std_distance", Map.of("weight-standardisation", collapses()))
                        .agrees())
                .as("apart first, collapsed ever after: lowest before the collapse")
                .isFalse();
        assertThat(judge("weight_std_train_loss", Map.of("weight-standardisation", collapses()))
                        .agrees())
                .isFalse();
    }

    @Test
    void localRate_risesWithTheCollapse_andFallsWithTheRecovery() {
        assertThat(judge("lars_layer12_lr", Map.of("lars-layer12", recovers())).agrees())
                .isTrue();
        assertThat(judge("lars_layer12_lr", Map.of("lars-layer12", collapses())).sentence())
                .contains("rises with the collapse, which stays");
        StudyHistory never = run(x -> 1, x -> 0.4, x -> 1, 20, 20);
        assertThat(judge("lars_layer12_lr", Map.of("lars-layer12", never)).sentence())
                .contains("does not rise");
        assertThat(judge("lars_layer12_lr", Map.of("lars-layer12", relapses())).agrees())
                .as("low where the cosine is lowest, and high again in the next collapse")
                .isTrue();
    }

    /** A collapse, a recovery, and a collapse again. */
    private static StudyHistory relapses() {
        return run(
                x -> 1,
                x -> x < 0.1 || (x > 0.4 && x < 0.6) ? 0.6 : 0.9999,
                x -> x < 0.1 ? 1 : x > 0.4 && x < 0.6 ? 0.1 : 80,
                20,
                20);
    }

    @Test
    void larsRecovers_whereBothControlsDoNot() {
        StudyHistory dead = collapses();
        StudyHistory alive = recovers();
        assertThat(larsLayer12(alive, dead, dead).agrees()).isTrue();
        assertThat(larsLayer12(dead, dead, dead).agrees()).isFalse();
        assertThat(larsLayer12(alive, alive, dead).agrees()).isFalse();
        assertThat(larsLayer12(alive, dead, alive).agrees()).isFalse();
        assertThat(larsLayer12(learns(60), dead, dead).sentence()).contains("LARS never collapses");
        StudyFigure.Verdict relapse = larsLayer12(relapses(), dead, dead);
        assertThat(relapse.agrees()).isTrue();
        assertThat(relapse.sentence())
                .contains("falls from 0.9999 to 0.600 at epoch")
                .contains("ends at 1.000");
        assertThat(larsLayer12(alive, relapses(), dead).agrees()).isFalse();
    }

    private static StudyFigure.Verdict larsLayer12(StudyHistory lars, StudyHistory sgd, StudyHistory faster) {
        return judge(
                "lars_layer12_distance",
                Map.of("lars-layer12", lars, "sgd-control", sgd, "sgd-layer12-faster", faster));
    }

    @Test
    void mlps_areBoundedAndEndCollapsed() {
        StudyHistory low = run(x -> 1, x -> 0.9999, x -> 4.4, 20, 20);
        assertThat(judge("lars_mlp_lr", Map.of("lars-mlps", low)).agrees()).isTrue();
        assertThat(judge("lars_mlp_lr", Map.of("lars-mlps", collapses())).agrees())
                .isFalse();
        assertThat(judge("lars_mlp_distance", Map.of("lars-mlps", low)).agrees())
                .isTrue();
        assertThat(judge("lars_mlp_distance", Map.of("lars-mlps", recovers())).agrees())
                .isFalse();
    }

    @Test
    void timing_isAnEarlierPeakAndARecovery() {
        StudyHistory late = run(x -> 1e-6, x -> 0.999, x -> x < 0.9 ? 1 : 40, 20, 20);
        assertThat(judge("lars_lr", Map.of("gn-lars-fast", recovers(), "gn-lars-slow", late))
                        .agrees())
                .isTrue();
        assertThat(judge("lars_lr", Map.of("gn-lars-fast", recovers(), "gn-lars-slow", recovers()))
                        .agrees())
                .as("peaks at the same time")
                .isFalse();
        assertThat(judge("lars_lr", Map.of("gn-lars-fast", collapses(), "gn-lars-slow", late))
                        .sentence())
                .contains("stays where it is");
        assertThat(judge("lars_loss", Map.of("gn-lars-fast", recovers(), "gn-lars-slow", late))
                        .agrees())
                .isTrue();
        assertThat(judge("lars_loss", Map.of("gn-lars-fast", recovers(), "gn-lars-slow", recovers()))
                        .agrees())
                .isFalse();
    }

    /** Beyond the published plot's end nothing is drawn or judged, where an epoch is the published one; a quick one has fewer steps. */
    @Test
    void figure_endsWhereThePublishedOneDoes_atThePapersScale() {
        StudyHistory run = recovers();
        StudyHistory longer = new StudyHistory();
        run.steps()
                .forEach(s -> longer.steps()
                        .add(new StudyHistory.Step(
                                s.step(), 4 * s.epoch(), s.loss(), s.positive(), s.negative(), s.rates())));
        longer.accuracies().addAll(run.accuracies());
        StudyFigure figure = Study.figure("lars_layer12_lr");
        assertThat(figure.judge(StudyScale.PAPER, name -> longer).agrees()).isFalse();
        assertThat(figure.judge(StudyScale.QUICK, name -> longer).agrees()).isTrue();
        assertThat(figure.ours(StudyScale.PAPER, name -> longer).series().get(0).points())
                .allMatch(point -> point.x() < 20);
        assertThat(figure.ours(StudyScale.QUICK, name -> longer).series().get(0).points())
                .anyMatch(point -> point.x() > 20);
    }
}
