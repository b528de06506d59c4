package dev.byol.examples;

import dev.byol.examples.StudyFigure.Histories;
import dev.byol.examples.StudyFigure.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Whether a figure of ours says what the published one says: each a sentence with the numbers that it rests on, which claims
 * nothing else.
 */
final class StudyVerdicts {
    /** A mean negative cosine above this is a collapse: all images lie on one point. */
    static final double COLLAPSED = 0.99;
    /** Below this the representations of different images have come apart. */
    private static final double APART = 0.9;
    /** Points of accuracy that are more than noise. */
    private static final double POINTS = 3;
    /** Steps that a value is averaged over. */
    private static final int WINDOW = 31;

    private StudyVerdicts() {}

    /** A quantity over a run, as means over stretches of {@value #WINDOW} steps. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Curve(StudyHistory history, double[] means) {
        static Curve of(StudyHistory history, ToDoubleFunction<StudyHistory.Step> value) {
            List<StudyHistory.Step> steps = history.steps();
            int count = Math.max(1, steps.size() / WINDOW);
            double[] means = new double[count];
            for (int i = 0; i < count; i++) {
                int end = i == count - 1 ? steps.size() : (i + 1) * WINDOW;
                means[i] = StudyFigure.mean(steps.subList(i * WINDOW, end), value);
            }
            return new Curve(history, means);
        }

        double first() {
            return means[0];
        }

        double last() {
            return means[means.length - 1];
        }

        double at(int stretch) {
            return means[stretch];
        }

        int highest() {
            return highestFrom(0);
        }

        int highestFrom(int from) {
            int at = from;
            for (int i = from; i < means.length; i++) {
                at = means[i] > means[at] ? i : at;
            }
            return at;
        }

        int lowest() {
            return lowestFrom(0);
        }

        int lowestFrom(int from) {
            int at = from;
            for (int i = from; i < means.length; i++) {
                at = means[i] < means[at] ? i : at;
            }
            return at;
        }

        /** The first stretch in the collapse, or the first of all; what comes before is the untrained network's way into it. */
        int collapse() {
            for (int i = 0; i < means.length; i++) {
                if (means[i] > COLLAPSED) {
                    return i;
                }
            }
            return 0;
        }

        double epoch(int stretch) {
            List<StudyHistory.Step> steps = history.steps();
            return steps.get(Math.min(stretch * WINDOW + WINDOW / 2, steps.size() - 1))
                    .epoch();
        }
    }

    private static Curve negative(StudyHistory history) {
        return Curve.of(history, StudyHistory.Step::negative);
    }

    private static Curve loss(StudyHistory history) {
        return Curve.of(history, StudyHistory.Step::loss);
    }

    private static Curve rate(StudyHistory history, String layer) {
        return Curve.of(history, step -> StudyHistory.rate(step, layer));
    }

    private static double accuracy(StudyHistory history) {
        List<StudyHistory.Accuracy> all = history.accuracies();
        return all.get(all.size() - 1).percent();
    }

    private static double untrained(StudyHistory history) {
        return history.accuracies().get(0).percent();
    }

    private static Verdict say(boolean agrees, String format, Object... values) {
        return Verdict.of(agrees, String.format(Locale.ROOT, format, values));
    }

    /** A network that has recovered is no longer collapsed and better than untrained. */
    private static boolean learned(StudyHistory run) {
        return negative(run).last() < COLLAPSED && accuracy(run) > untrained(run) + POINTS;
    }

    static Verdict batchNormAccuracy(Histories runs) {
        StudyHistory norm = runs.of("bn-sgd-bn");
        StudyHistory lars = runs.of("bn-lars");
        StudyHistory none = runs.of("bn-sgd");
        Curve larsNegative = negative(lars);
        double worst = larsNegative.at(larsNegative.highest());
        boolean ordered = accuracy(norm) > accuracy(lars) && accuracy(lars) > accuracy(none);
        return say(
                ordered && worst < COLLAPSED && learned(none),
                "SGD with BN ends at %.1f %%, LARS without at %.1f %% with a negative cosine of at most %.3f on the way, SGD"
                        + " without BN at %.1f %% and %.4f, from %.1f %% untrained. The order is %s; LARS %s; SGD without BN"
                        + " %s.",
                accuracy(norm),
                accuracy(lars),
                worst,
                accuracy(none),
                negative(none).last(),
                untrained(none),
                ordered ? "the published one" : "another one",
                worst < COLLAPSED ? "never collapses" : "collapses on the way",
                learned(none) ? "recovers" : "does not recover within these epochs");
    }

    static Verdict groupNormAccuracy(Histories runs) {
        StudyHistory norm = runs.of("gn-sgd-bn");
        StudyHistory lars = runs.of("gn-lars");
        StudyHistory slow = runs.of("gn-lars-slow");
        StudyHistory none = runs.of("gn-sgd");
        boolean collapses = negative(none).last() > COLLAPSED;
        return say(
                learned(norm) && learned(lars) && !learned(slow) && collapses,
                "From %.1f %% untrained: SGD with BN in the MLPs %.1f %% (%s), LARS at the higher rate %.1f %% (%s), at the lower"
                        + " rate %.1f %% (%s), SGD without any BN %.1f %% (negative cosine %.4f, %s).",
                untrained(none),
                accuracy(norm),
                learned(norm) ? "it learns" : "it does not learn here",
                accuracy(lars),
                learned(lars) ? "it learns" : "it does not learn here",
                accuracy(slow),
                learned(slow) ? "it learns, unlike the published one" : "it does not learn",
                accuracy(none),
                negative(none).last(),
                collapses ? "collapsed" : "not collapsed, unlike the published one");
    }

    /** Both cosines at 1 first, then the negative one falls. */
    static Verdict leavesCollapse(Histories runs, String name) {
        Curve negative = negative(runs.of(name));
        int peak = negative.highest();
        int after = negative.lowestFrom(peak);
        boolean collapsed = negative.at(peak) > COLLAPSED;
        boolean leaves = negative.at(after) < APART;
        return say(
                collapsed && leaves,
                "The negative cosine is as high as %.4f, at epoch %.1f, and afterwards as low as %.4f: it %s.",
                negative.at(peak),
                negative.epoch(peak),
                negative.at(after),
                !collapsed
                        ? "never collapses"
                        : leaves ? "leaves the collapse" : "does not leave the collapse within these epochs");
    }

    /** A fall to a third or less of the beginning, then a rise to three times the floor or more. */
    static Verdict lossRisesAgain(Histories runs, String name) {
        Curve loss = loss(runs.of(name));
        int floor = loss.lowest();
        boolean falls = loss.at(floor) < loss.first() / 3;
        boolean rises = loss.last() > 3 * loss.at(floor);
        return say(
                falls && rises,
                "The loss begins at %.2g, is lowest at epoch %.1f with %.2g, and ends at %.2g: it %s.",
                loss.first(),
                loss.epoch(floor),
                loss.at(floor),
                loss.last(),
                !falls ? "never falls far" : rises ? "rises from its floor" : "stays at its floor within these epochs");
    }

    static Verdict standardisationSeparates(Histories runs) {
        Curve negative = negative(runs.of("weight-standardisation"));
        int low = negative.lowestFrom(negative.collapse());
        int back = negative.highestFrom(low);
        boolean apart = negative.at(low) < APART;
        boolean bounces = apart && negative.at(back) > APART;
        return say(
                apart,
                "From the collapse on, the negative cosine is lowest at epoch %.1f with %.3f, as high as %.3f afterwards, and ends"
                        + " at %.3f: without any batch norm the network %s.",
                negative.epoch(low),
                negative.at(low),
                negative.at(back),
                negative.last(),
                !apart
                        ? "does not come apart within these epochs"
                        : bounces ? "comes apart, and bounces back" : "comes apart, and stays so");
    }

    static Verdict standardisationLoss(Histories runs) {
        Curve loss = loss(runs.of("weight-standardisation"));
        int turns = 0;
        for (int i = 1; i + 1 < loss.means().length; i++) {
            boolean up = loss.at(i) > 1.5 * loss.at(i - 1) && loss.at(i) > 1.5 * loss.at(i + 1);
            boolean down = loss.at(i) < loss.at(i - 1) / 1.5 && loss.at(i) < loss.at(i + 1) / 1.5;
            turns += up || down ? 1 : 0;
        }
        return say(
                turns > 1,
                "The loss lies between %.2g and %.2g and turns sharply %d times: it %s.",
                loss.at(loss.lowest()),
                loss.at(loss.highest()),
                turns,
                turns > 1 ? "oscillates" : "does not oscillate within these epochs");
    }

    /** The rate's highest value in the collapse, and its value where the representations are farthest apart afterwards. */
    static Verdict localRate(Histories runs) {
        StudyHistory run = runs.of("lars-layer12");
        Curve rate = rate(run, "layer1");
        Curve negative = negative(run);
        int peak = rate.highest();
        int apart = negative.lowestFrom(peak);
        boolean rises = rate.at(peak) > 2 * rate.first() && negative.at(peak) > COLLAPSED;
        boolean falls = rate.at(apart) < rate.at(peak) / 3 && negative.at(apart) < COLLAPSED;
        return say(
                rises && falls,
                "The rate of layer1 begins at %.2g, is highest at epoch %.1f with %.2g, where the negative cosine is %.4f, is %.2g at"
                        + " epoch %.1f, where the negative cosine is lowest with %.3f, and ends at %.2g: it %s.",
                rate.first(),
                rate.epoch(peak),
                rate.at(peak),
                negative.at(peak),
                rate.at(apart),
                negative.epoch(apart),
                negative.at(apart),
                rate.last(),
                !rises
                        ? "does not rise while the network is collapsed"
                        : falls
                                ? "rises with the collapse and falls with the recovery"
                                : "rises with the collapse, which stays");
    }

    /** LARS comes out of its collapse, if only for a while, and neither control falls below it after its own highest value. */
    static Verdict larsRecovers(Histories runs) {
        Curve lars = negative(runs.of("lars-layer12"));
        int low = lars.lowestFrom(lars.highest());
        Curve sgd = negative(runs.of("sgd-control"));
        Curve faster = negative(runs.of("sgd-layer12-faster"));
        double sgdLow = sgd.at(sgd.lowestFrom(sgd.highest()));
        double fasterLow = faster.at(faster.lowestFrom(faster.highest()));
        boolean collapsed = lars.at(lars.highest()) > COLLAPSED;
        boolean recovers = lars.at(low) < APART;
        boolean others = sgdLow > COLLAPSED && fasterLow > COLLAPSED;
        return say(
                collapsed && recovers && others,
                "From its highest value on, the negative cosine falls from %.4f to %.3f at epoch %.1f and ends at %.3f with LARS on"
                        + " layer1 and layer2; with SGD it falls to %.4f, with SGD at a higher rate there to %.4f: LARS %s, SGD %s.",
                lars.at(lars.highest()),
                lars.at(low),
                lars.epoch(low),
                lars.last(),
                sgdLow,
                fasterLow,
                !collapsed ? "never collapses" : recovers ? "recovers" : "does not recover within these epochs",
                others ? "stays collapsed" : "is not collapsed");
    }

    static Verdict mlpRate(Histories runs) {
        StudyHistory run = runs.of("lars-mlps");
        Curve projector = rate(run, "projector");
        Curve predictor = rate(run, "predictor");
        double most = Math.max(projector.at(projector.highest()), predictor.at(predictor.highest()));
        return say(
                most <= 4.5,
                "The rates reach %.2g (projection) and %.2g (prediction), where the published ones stay at or below 4.5.",
                projector.at(projector.highest()),
                predictor.at(predictor.highest()));
    }

    static Verdict mlpsCollapse(Histories runs) {
        Curve negative = negative(runs.of("lars-mlps"));
        int low = negative.lowestFrom(negative.collapse());
        boolean collapsed = negative.last() > COLLAPSED;
        return say(
                collapsed,
                "Once collapsed, the negative cosine is as low as %.4f, at epoch %.1f, and ends at %.4f: it %s.",
                negative.at(low),
                negative.epoch(low),
                negative.last(),
                collapsed ? "ends in the collapse" : "has left the collapse");
    }

    static Verdict timing(Histories runs) {
        StudyHistory fast = runs.of("gn-lars-fast");
        Curve fastRate = rate(fast, "layer1");
        Curve slowRate = rate(runs.of("gn-lars-slow"), "layer1");
        double fastPeak = fastRate.epoch(fastRate.highest());
        double slowPeak = slowRate.epoch(slowRate.highest());
        Curve negative = negative(fast);
        boolean earlier = fastPeak < slowPeak;
        boolean recovers = negative.last() < negative.at(negative.highest()) - 0.02
                && fastRate.last() < fastRate.at(fastRate.highest()) / 3;
        return say(
                earlier && recovers,
                "At the base rate 0.5 the local rate peaks at epoch %.1f with %.2g and ends at %.2g, with the negative cosine from"
                        + " %.3f at its highest to %.3f; at 0.1 it peaks at epoch %.1f with %.2g and ends at %.2g. The higher base"
                        + " rate peaks %s and its network %s.",
                fastPeak,
                fastRate.at(fastRate.highest()),
                fastRate.last(),
                negative.at(negative.highest()),
                negative.last(),
                slowPeak,
                slowRate.at(slowRate.highest()),
                slowRate.last(),
                earlier ? "earlier" : "no earlier",
                recovers ? "moves out of the collapse" : "stays where it is");
    }

    static Verdict timingOfLoss(Histories runs) {
        Curve fast = loss(runs.of("gn-lars-fast"));
        Curve slow = loss(runs.of("gn-lars-slow"));
        boolean rises = fast.last() > 3 * fast.at(fast.lowest());
        boolean stays = slow.last() < 3 * slow.at(slow.lowest()) && slow.last() < fast.last() / 3;
        return say(
                rises && stays,
                "At the base rate 0.5 the loss dips to %.2g at epoch %.1f and ends at %.2g; at 0.1 it dips to %.2g and ends at"
                        + " %.2g: the first %s, the second %s.",
                fast.at(fast.lowest()),
                fast.epoch(fast.lowest()),
                fast.last(),
                slow.at(slow.lowest()),
                slow.last(),
                rises ? "rises from its floor" : "stays at its floor",
                stays ? "stays down" : "does not stay down");
    }
}
