package dev.byol.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * A figure of the appendix: which runs it draws, what the appendix's own shows, and how ours is judged.
 *
 * @param name of its files, and on the command line
 * @param title above both plots
 * @param yLabel of the vertical axis
 * @param logarithmic whether that axis is
 * @param caption what is shown, a sentence or two
 * @param curves what is drawn
 * @param published key values that were read from the appendix's plot
 * @param says what the published plot says, in words
 * @param lastEpoch where the published plot ends; at the paper's scale, where an epoch is the published one, ours ends there, too
 * @param verdict whether ours agrees
 */
record StudyFigure(
        String name,
        String title,
        String yLabel,
        boolean logarithmic,
        String caption,
        List<Curve> curves,
        List<Plot.Series> published,
        String says,
        double lastEpoch,
        Function<Histories, Verdict> verdict) {
    private static final int BINS = 160;

    /**
     * One curve.
     *
     * @param label in the legend
     * @param run whose numbers it draws
     * @param quantity of them
     */
    record Curve(String label, String run, Quantity quantity) {}

    /** The history of each run that a figure draws, by name. */
    @FunctionalInterface
    interface Histories {
        StudyHistory of(String run);
    }

    /** What a curve shows over the epochs. */
    enum Quantity {
        ACCURACY,
        LOSS,
        POSITIVE,
        NEGATIVE,
        RATE_LAYER1,
        RATE_LAYER2,
        RATE_PROJECTOR,
        RATE_PREDICTOR;

        /** Of one step; the accuracy is measured once an epoch instead. */
        double of(StudyHistory.Step step) {
            return switch (this) {
                case ACCURACY -> Double.NaN;
                case LOSS -> step.loss();
                case POSITIVE -> step.positive();
                case NEGATIVE -> step.negative();
                case RATE_LAYER1 -> StudyHistory.rate(step, "layer1");
                case RATE_LAYER2 -> StudyHistory.rate(step, "layer2");
                case RATE_PROJECTOR -> StudyHistory.rate(step, "projector");
                case RATE_PREDICTOR -> StudyHistory.rate(step, "predictor");
            };
        }
    }

    /**
     * Whether ours agrees with what was published.
     *
     * @param judged whether it could be said
     * @param agrees if it does
     * @param sentence why, with the numbers
     */
    record Verdict(boolean judged, boolean agrees, String sentence) {
        static Verdict of(boolean agrees, String sentence) {
            return new Verdict(true, agrees, sentence);
        }

        static Verdict notJudged(String why) {
            return new Verdict(false, false, why);
        }

        /** In a word or two. */
        String words() {
            return !judged ? "Not judged" : agrees ? "Agrees" : "Differs";
        }
    }

    StudyFigure {
        curves = List.copyOf(curves);
        published = List.copyOf(published);
    }

    /** The names of the runs that it draws. */
    List<String> runs() {
        return curves.stream().map(Curve::run).distinct().toList();
    }

    /** Ours. */
    Plot ours(StudyScale scale, Histories histories) {
        List<Plot.Series> series = new ArrayList<>();
        for (Curve curve : curves) {
            series.add(Plot.Series.line(curve.label, points(drawn(scale, histories.of(curve.run)), curve.quantity)));
        }
        return new Plot(title, "epoch", yLabel, logarithmic, series);
    }

    /** Whether ours, as far as it is drawn, says the same. */
    Verdict judge(StudyScale scale, Histories histories) {
        return verdict.apply(run -> drawn(scale, histories.of(run)));
    }

    private StudyHistory drawn(StudyScale scale, StudyHistory history) {
        return scale == StudyScale.PAPER ? history.upTo(lastEpoch) : history;
    }

    /** The appendix's, of its key values. */
    Plot theirs() {
        return new Plot(title, "epoch", yLabel, logarithmic, published);
    }

    /** Means over at most {@value #BINS} stretches of equal length; every measurement of the accuracy. */
    static List<Plot.Point> points(StudyHistory history, Quantity quantity) {
        List<Plot.Point> points = new ArrayList<>();
        if (quantity == Quantity.ACCURACY) {
            history.accuracies().forEach(a -> points.add(new Plot.Point(a.epoch(), a.percent())));
            return points;
        }
        List<StudyHistory.Step> steps = history.steps();
        int bins = Math.min(BINS, steps.size());
        for (int bin = 0; bin < bins; bin++) {
            List<StudyHistory.Step> part = steps.subList(
                    (int) ((long) steps.size() * bin / bins), (int) ((long) steps.size() * (bin + 1) / bins));
            points.add(new Plot.Point(mean(part, StudyHistory.Step::epoch), mean(part, quantity::of)));
        }
        return points;
    }

    static double mean(List<StudyHistory.Step> steps, ToDoubleFunction<StudyHistory.Step> value) {
        return steps.stream().mapToDouble(value).average().orElse(Double.NaN);
    }
}
