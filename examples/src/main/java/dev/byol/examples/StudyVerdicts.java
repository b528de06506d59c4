package dev.byol.examples;

import dev.byol.examples.StudyFigure.Histories;
import dev.byol.examples.StudyFigure.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Whether a figure of ours says what the published one says: each a sentence with the numbers that it rests on. */
final class StudyVerdicts {
    /** A mean negative cosine above this is a collapse: all images lie on one point. */
    static final double COLLAPSED = 0.99;
    /** Below this the representations of different images have come apart. */
    private static final double SEPARATE = 0.9;
    /** Steps that a value is averaged over. */
    private static final int WINDOW = 31;

    private StudyVerdicts() {}

    /** Means over {@value #WINDOW} steps, one for each such stretch. */
    private static double[] stretches(StudyHistory history, ToDoubleFunction<StudyHistory.Step> value) {
        List<StudyHistory.Step> steps = history.steps();
        int count = Math.max(1, steps.size() / WINDOW);
        double[] means = new double[count];
        for (int i = 0; i < count; i++) {
            int end = i == count - 1 ? steps.size() : (i + 1) * WINDOW;
            means[i] = StudyFigure.mean(steps.subList(i * WINDOW, end), value);
        }
        return means;
    }

    private static double last(double[] values) {
        return values[values.length - 1];
    }

    private static double lastAccuracy(StudyHistory history) {
        List<StudyHistory.Accuracy> all = history.accuracies();
        return all.get(all.size() - 1).percent();
    }

    private static double untrained(StudyHistory history) {
        return history.accuracies().get(0).percent();
    }

    private static int lowest(double[] values) {
        int at = 0;
        for (int i = 1; i < values.length; i++) {
            at = values[i] < values[at] ? i : at;
        }
        return at;
    }

    private static int highest(double[] values) {
        int at = 0;
        for (int i = 1; i < values.length; i++) {
            at = values[i] > values[at] ? i : at;
        }
        return at;
    }

    private static double epochOf(StudyHistory history, int stretch) {
        return history.steps()
                .get(Math.min(stretch * WINDOW + WINDOW / 2, history.steps().size() - 1))
                .epoch();
    }

    private static String say(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    static Verdict batchNormAccuracy(Histories runs) {
        double best = lastAccuracy(runs.of("bn-sgd-bn"));
        double lars = lastAccuracy(runs.of("bn-lars"));
        double none = lastAccuracy(runs.of("bn-sgd"));
        double[] larsNegative = stretches(runs.of("bn-lars"), StudyHistory.Step::negative);
        boolean ordered = best > lars && lars > none;
        return new Verdict(
                ordered,
                say(
                        "Ours ends at %.1f %% with SGD and BN, %.1f %% with LARS and no BN (negative cosine %.3f), and %.1f %%"
                                + " with SGD and no BN, from %.1f %% untrained: the order is %s. The recovery of SGD"
                                + " without BN takes hundreds of epochs and does not show in so few.",
                        best,
                        lars,
                        last(larsNegative),
                        none,
                        untrained(runs.of("bn-sgd")),
                        ordered ? "the published one" : "another one"));
    }

    static Verdict groupNormAccuracy(Histories runs) {
        double withNorm = lastAccuracy(runs.of("gn-sgd-bn"));
        double lars = lastAccuracy(runs.of("gn-lars"));
        double slow = lastAccuracy(runs.of("gn-lars-slow"));
        double sgd = lastAccuracy(runs.of("gn-sgd"));
        double negative = last(stretches(runs.of("gn-sgd"), StudyHistory.Step::negative));
        boolean agrees = withNorm > sgd && negative > COLLAPSED;
        return new Verdict(
                agrees,
                say(
                        "Ours: BN in the MLPs %.1f %%, LARS at the higher rate %.1f %%, at the lower rate %.1f %%, SGD without any"
                                + " BN %.1f %% with a negative cosine of %.4f, so that SGD without any BN %s.",
                        withNorm,
                        lars,
                        slow,
                        sgd,
                        negative,
                        negative > COLLAPSED
                                ? "collapses as published"
                                : "does not collapse, unlike the published run"));
    }

    /** Both cosines at 1 first, then the negative one falls. */
    static Verdict leavesCollapse(Histories runs, String name) {
        StudyHistory run = runs.of(name);
        double[] negative = stretches(run, StudyHistory.Step::negative);
        int peak = highest(negative);
        double after = Double.POSITIVE_INFINITY;
        for (int i = peak; i < negative.length; i++) {
            after = Math.min(after, negative[i]);
        }
        boolean agrees = negative[peak] > COLLAPSED && after < SEPARATE;
        return new Verdict(
                agrees,
                say(
                        "Ours reaches a negative cosine of %.4f at epoch %.1f and comes down to %.4f afterwards%s.",
                        negative[peak],
                        epochOf(run, peak),
                        after,
                        agrees
                                ? ", as published"
                                : after > COLLAPSED
                                        ? ": it stays collapsed, for the recovery takes about 100 epochs of the real data"
                                        : ": a part of what was published"));
    }

    static Verdict lossRisesAgain(Histories runs, String name) {
        StudyHistory run = runs.of(name);
        double[] loss = stretches(run, StudyHistory.Step::loss);
        int low = lowest(loss);
        double end = last(loss);
        boolean agrees = end > 3 * loss[low] && loss[low] < loss[0] / 3;
        return new Verdict(
                agrees,
                say(
                        "Ours falls from %.2g to %.2g at epoch %.1f and ends at %.2g%s.",
                        loss[0],
                        loss[low],
                        epochOf(run, low),
                        end,
                        agrees
                                ? ": it rises from its floor, as published"
                                : ": no rise from its floor in so few epochs"));
    }

    static Verdict standardisationSeparates(Histories runs) {
        StudyHistory run = runs.of("weight-standardisation");
        double[] negative = stretches(run, StudyHistory.Step::negative);
        int low = lowest(negative);
        boolean agrees = negative[low] < SEPARATE && negative[highest(negative)] > SEPARATE;
        return new Verdict(
                agrees,
                say(
                        "Ours separates to a negative cosine of %.3f at epoch %.1f, is as high as %.4f, and ends at %.3f%s.",
                        negative[low],
                        epochOf(run, low),
                        negative[highest(negative)],
                        last(negative),
                        agrees
                                ? ": it comes apart without any batch norm, as published"
                                : ", unlike the published run"));
    }

    static Verdict standardisationLoss(Histories runs) {
        StudyHistory run = runs.of("weight-standardisation");
        double[] loss = stretches(run, StudyHistory.Step::loss);
        int turns = 0;
        for (int i = 1; i + 1 < loss.length; i++) {
            turns += (loss[i] > 1.5 * loss[i - 1] && loss[i] > 1.5 * loss[i + 1])
                            || (loss[i] < loss[i - 1] / 1.5 && loss[i] < loss[i + 1] / 1.5)
                    ? 1
                    : 0;
        }
        return new Verdict(
                turns > 0,
                say(
                        "Ours lies between %.2g and %.2g with %d sharp turns%s.",
                        loss[lowest(loss)],
                        loss[highest(loss)],
                        turns,
                        turns > 0 ? ": it oscillates, as published" : ": no oscillation in so few epochs"));
    }

    static Verdict localRate(Histories runs) {
        StudyHistory run = runs.of("lars-layer12");
        double[] rate = stretches(run, s -> StudyHistory.rate(s, "layer1"));
        double[] negative = stretches(run, StudyHistory.Step::negative);
        int peak = highest(rate);
        double end = last(rate);
        boolean agrees = rate[peak] > 2 * rate[0] && end < rate[peak] / 3 && negative[peak] > COLLAPSED;
        return new Verdict(
                agrees,
                say(
                        "In ours the rate of layer1 goes from %.2g to %.2g at epoch %.1f, where the negative cosine is %.4f, and"
                                + " is %.2g at the end, where it is %.3f: it %s.",
                        rate[0],
                        rate[peak],
                        epochOf(run, peak),
                        negative[peak],
                        end,
                        last(negative),
                        agrees
                                ? "rises while the network is collapsed and falls as it recovers, as published"
                                : "does not rise and fall as published"));
    }

    static Verdict larsRecovers(Histories runs) {
        double lars = last(stretches(runs.of("lars-layer12"), StudyHistory.Step::negative));
        double sgd = last(stretches(runs.of("gn-sgd"), StudyHistory.Step::negative));
        double faster = last(stretches(runs.of("sgd-layer12-faster"), StudyHistory.Step::negative));
        boolean agrees = lars < SEPARATE && sgd > COLLAPSED && faster > COLLAPSED;
        return new Verdict(
                agrees,
                say(
                        "Ours ends at a negative cosine of %.3f with LARS on layer1 and layer2, %.4f with SGD, and %.4f with SGD at"
                                + " a higher rate there: LARS %s.",
                        lars,
                        sgd,
                        faster,
                        agrees
                                ? "recovers where SGD does not, as published"
                                : "does not set itself apart as published"));
    }

    static Verdict mlpRate(Histories runs) {
        StudyHistory run = runs.of("lars-mlps");
        double projector = highestOf(run, "projector");
        double predictor = highestOf(run, "predictor");
        boolean agrees = Math.max(projector, predictor) < 10;
        return new Verdict(
                agrees,
                say(
                        "In ours the rates reach %.2g (projection) and %.2g (prediction): %s.",
                        projector,
                        predictor,
                        agrees
                                ? "far below those of layer1 and layer2, as published"
                                : "higher than the published 4.5"));
    }

    private static double highestOf(StudyHistory run, String rate) {
        double[] values = stretches(run, s -> StudyHistory.rate(s, rate));
        return values[highest(values)];
    }

    static Verdict mlpsCollapse(Histories runs) {
        StudyHistory run = runs.of("lars-mlps");
        double[] negative = stretches(run, StudyHistory.Step::negative);
        double end = last(negative);
        boolean agrees = end > COLLAPSED;
        return new Verdict(
                agrees,
                say(
                        "Ours is as low as a negative cosine of %.4f and ends at %.4f: %s.",
                        negative[lowest(negative)],
                        end,
                        agrees
                                ? "it stays with the collapse, as published"
                                : "it has left the collapse, unlike the published run"));
    }

    static Verdict timing(Histories runs) {
        StudyHistory fast = runs.of("gn-lars-fast");
        StudyHistory slow = runs.of("gn-lars-slow");
        double[] fastRate = stretches(fast, s -> StudyHistory.rate(s, "layer1"));
        double[] slowRate = stretches(slow, s -> StudyHistory.rate(s, "layer1"));
        double fastPeak = epochOf(fast, highest(fastRate));
        double slowPeak = epochOf(slow, highest(slowRate));
        boolean agrees = fastPeak <= slowPeak && last(fastRate) < fastRate[highest(fastRate)] / 3;
        return new Verdict(
                agrees,
                say(
                        "In ours the higher base rate peaks at %.2g at epoch %.1f and ends at %.2g; the lower one peaks at %.2g at"
                                + " epoch %.1f and ends at %.2g%s.",
                        fastRate[highest(fastRate)],
                        fastPeak,
                        last(fastRate),
                        slowRate[highest(slowRate)],
                        slowPeak,
                        last(slowRate),
                        agrees
                                ? ": the earlier peak is followed by recovery, as published"
                                : ", another picture than the published one"));
    }

    static Verdict timingOfLoss(Histories runs) {
        double[] fast = stretches(runs.of("gn-lars-fast"), StudyHistory.Step::loss);
        double[] slow = stretches(runs.of("gn-lars-slow"), StudyHistory.Step::loss);
        boolean agrees = last(fast) > 3 * fast[lowest(fast)] && last(slow) < last(fast);
        return new Verdict(
                agrees,
                say(
                        "Ours dips to %.2g and ends at %.2g with the higher base rate, and dips to %.2g and ends at %.2g with the"
                                + " lower one%s.",
                        fast[lowest(fast)],
                        last(fast),
                        slow[lowest(slow)],
                        last(slow),
                        agrees ? ", as published" : ", another picture than the published one"));
    }
}
