package dev.byol.eval;

import java.util.Locale;

/** What a {@link CollapseWatch} tells. As a text, each is a sentence for a log, with its evidence. */
public sealed interface CollapseEvent {
    /** What was known when it was told. */
    CollapseEvidence evidence();

    /** The step at which it was told. */
    default long step() {
        return evidence().step();
    }

    /**
     * All images have nearly the same projection. The loss is near its minimum: it does not show there.
     *
     * @param since the first step of those that it was seen in
     */
    record FullCollapse(CollapseEvidence evidence, long since) implements CollapseEvent {
        @Override
        public String toString() {
            return "Full collapse at step " + step()
                    + ": different images have had nearly the same projection since step " + since + " (" + evidence
                    + ").";
        }
    }

    /**
     * The projections of different images differ, but in few directions.
     *
     * @param since the first step of those that it was seen in
     * @param bestRank the highest effective rank that was seen before, after the warm-up
     */
    record DimensionalCollapse(CollapseEvidence evidence, long since, double bestRank) implements CollapseEvent {
        @Override
        public String toString() {
            return "Dimensional collapse at step " + step() + ": the effective rank has been low since step " + since
                    + String.format(Locale.ROOT, ", and was %.1f at best (", bestRank) + evidence + ").";
        }
    }

    /**
     * A collapse that was told is over for now. In the appendix of Fetterman and Albrecht (2020) some networks stay apart from here on,
     * and others collapse again, several times: then that is told again.
     *
     * @param from what was told
     * @param since the first step of those that it was seen in
     * @param lowestLoss the lowest loss since the collapse was told: rising from there is the sign of recovery
     */
    record Recovering(CollapseEvidence evidence, CollapseEvent from, long since, double lowestLoss)
            implements CollapseEvent {
        @Override
        public String toString() {
            String what = from instanceof FullCollapse ? "full" : "dimensional";
            return "Recovering at step " + step() + " from the " + what + " collapse of step " + from.step()
                    + ": better since step " + since
                    + String.format(Locale.ROOT, ", the loss was %.3g at its lowest (", lowestLoss) + evidence + ").";
        }
    }

    /**
     * The loss or a measure is NaN or infinite. Parameters that were updated with it are lost, as a rule.
     *
     * @param what the first such value, such as "the loss is NaN"
     */
    record NonFinite(CollapseEvidence evidence, String what) implements CollapseEvent {
        @Override
        public String toString() {
            return "Not finite at step " + step() + ": " + what + " (" + evidence + ").";
        }
    }
}
