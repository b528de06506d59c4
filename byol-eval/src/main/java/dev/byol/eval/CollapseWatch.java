package dev.byol.eval;

import static com.google.common.base.Preconditions.checkArgument;

import dev.byol.eval.CollapseEvent.DimensionalCollapse;
import dev.byol.eval.CollapseEvent.FullCollapse;
import dev.byol.eval.CollapseEvent.NonFinite;
import dev.byol.eval.CollapseEvent.Recovering;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Watches a network for collapse while it trains. It is fed evidence every step, or every few steps, and tells each change once; what to
 * do about it is the user's choice. It holds nothing but what it was fed: the same evidence gives the same events.
 *
 * <pre>{@code
 * CollapseWatch watch = CollapseWatch.builder().warmUp(500).listener(CollapseListener.logging()).build();
 * ...
 * for (CollapseEvent event : watch.observe(CollapseEvidence.at(step, loss).cosines(positive, negative))) {
 *     if (event instanceof CollapseEvent.FullCollapse) {
 *         ...
 *     }
 * }
 * }</pre>
 *
 * <p><b>Full collapse</b>: the negative cosine is above 0.99 in all evidence of 20 consecutive steps. An untrained network starts near 1,
 * too, and comes down from there. So the watch counts only after it is armed, which it is as soon as the negative cosine has been below
 * 0.98 for 20 steps, and at the end of the warm-up at the latest. A network that never comes down, such as one without normalisation, is
 * told 20 steps after the warm-up; one that does, 20 steps after its collapse.
 *
 * <p><b>Dimensional collapse</b>: after the warm-up, the effective rank is below a quarter of the highest one since then, or below 2 % of
 * the highest possible, min(B, D), in all evidence of 20 consecutive steps. It is not told of a network whose negative cosine is
 * above 0.99, where it says nothing new.
 *
 * <p><b>Recovering</b>: after full collapse, the negative cosine is below 0.98 for 20 steps; after dimensional collapse, the effective
 * rank is above twice the bound for as long. If the network collapses again, that is told again.
 *
 * <p><b>Not finite</b>: a value is NaN or infinite. Told at once, also in the warm-up, and again only after a step without.
 *
 * <p>Where evidence comes every n steps, 20 steps are those from its first to its last, of two pieces of evidence at least. Evidence
 * that lacks a measure leaves what is known of it as it is. Not safe for use by several threads at once.
 */
public final class CollapseWatch {
    private final long warmUp;
    private final double collapsedAbove;
    private final double apartBelow;
    private final double rankShare;
    private final double lowestRankShare;
    private final List<CollapseListener> listeners;

    private final Run together;
    private final Run apart;
    private final Run flat;
    private final Run wide;
    private long last = -1;
    private boolean armed;
    private boolean finite = true;
    private boolean suspicious;
    private double bestRank;
    private Optional<Standing> full = Optional.empty();
    private Optional<Standing> dimensional = Optional.empty();

    private CollapseWatch(Builder builder) {
        this.warmUp = builder.warmUp;
        this.collapsedAbove = builder.collapsedAbove;
        this.apartBelow = builder.apartBelow;
        this.rankShare = builder.rankShare;
        this.lowestRankShare = builder.lowestRankShare;
        this.listeners = List.copyOf(builder.listeners);
        this.together = new Run(builder.patience);
        this.apart = new Run(builder.patience);
        this.flat = new Run(builder.patience);
        this.wide = new Run(builder.patience);
    }

    /** Settings of a watch; all have defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Takes the evidence of a step, and tells what is new: to the listeners first, in their order, then to the caller.
     *
     * @return the events of this step, nearly always none
     * @throws IllegalArgumentException if the step is not after that of the evidence before
     */
    public List<CollapseEvent> observe(CollapseEvidence evidence) {
        long step = evidence.step();
        checkArgument(
                step > last,
                "evidence must come in the order of steps, got step %s after %s; rewind first",
                step,
                last);
        last = step;
        List<CollapseEvent> events = new ArrayList<>();
        Optional<String> notFinite = evidence.notFinite();
        if (notFinite.isPresent()) {
            if (finite) {
                events.add(new NonFinite(evidence, notFinite.get()));
            }
            forgetRuns();
        } else {
            full = full.map(s -> s.with(evidence.loss()));
            dimensional = dimensional.map(s -> s.with(evidence.loss()));
            evidence.negativeCosine().ifPresent(cosine -> observeCosine(cosine, evidence, events));
            evidence.effectiveRank().ifPresent(rank -> observeRank(rank, evidence, events));
        }
        finite = notFinite.isEmpty();
        for (CollapseEvent event : events) {
            listeners.forEach(listener -> listener.told(event));
        }
        return List.copyOf(events);
    }

    private void observeCosine(double cosine, CollapseEvidence evidence, List<CollapseEvent> events) {
        long step = evidence.step();
        suspicious = cosine > collapsedAbove;
        boolean isApart = apart.holds(cosine < apartBelow, step);
        armed |= isApart;
        boolean isTogether = together.holds((armed || step >= warmUp) && suspicious, step);
        if (full.isEmpty() && isTogether) {
            FullCollapse event = new FullCollapse(evidence, together.since());
            full = Optional.of(new Standing(event, evidence.loss()));
            dimensional = Optional.empty();
            events.add(event);
        } else if (full.isPresent() && isApart) {
            events.add(full.get().recovering(evidence, apart.since()));
            full = Optional.empty();
        }
    }

    private void observeRank(double rank, CollapseEvidence evidence, List<CollapseEvent> events) {
        long step = evidence.step();
        if (step < warmUp || suspicious || full.isPresent()) {
            flat.forget();
            wide.forget();
            return;
        }
        double bound = Math.max(rankShare * bestRank, lowestRankShare * evidence.highestRank());
        boolean isFlat = flat.holds(rank < bound, step);
        boolean isWide = wide.holds(rank > 2 * bound, step);
        if (dimensional.isEmpty() && isFlat) {
            DimensionalCollapse event = new DimensionalCollapse(evidence, flat.since(), bestRank);
            dimensional = Optional.of(new Standing(event, evidence.loss()));
            events.add(event);
        } else if (dimensional.isPresent() && isWide) {
            events.add(dimensional.get().recovering(evidence, wide.since()));
            dimensional = Optional.empty();
        }
        bestRank = Math.max(bestRank, rank);
    }

    /**
     * Whether nothing that was told still holds, and the last evidence gave no cause for suspicion: a checkpoint of such a moment is one
     * to go back to.
     */
    public boolean isHealthy() {
        return full.isEmpty() && dimensional.isEmpty() && finite && !suspicious && !flat.isRunning();
    }

    /**
     * Goes on at an earlier step, as after a return to a checkpoint: what was told is over, and all counts begin anew. What the network
     * has shown that it can do is remembered: that it came down from 1, and its highest effective rank.
     *
     * @param step of the next evidence, or an earlier one; at least 0
     * @throws IllegalArgumentException if the step is negative
     */
    public void rewind(long step) {
        checkArgument(step >= 0, "step must be at least 0, got %s", step);
        last = step - 1;
        full = Optional.empty();
        dimensional = Optional.empty();
        finite = true;
        suspicious = false;
        forgetRuns();
    }

    private void forgetRuns() {
        together.forget();
        apart.forget();
        flat.forget();
        wide.forget();
    }

    /** A collapse that was told and is not over. */
    private record Standing(CollapseEvent event, double lowestLoss) {
        Standing with(double loss) {
            return new Standing(event, Math.min(lowestLoss, loss));
        }

        Recovering recovering(CollapseEvidence evidence, long since) {
            return new Recovering(evidence, event, since, lowestLoss);
        }
    }

    /** Consecutive evidence that all agrees. */
    private static final class Run {
        private final long patience;
        private long since = -1;

        Run(long patience) {
            this.patience = patience;
        }

        /** Whether all evidence of as many steps as the patience agrees, this included. */
        boolean holds(boolean agrees, long step) {
            since = !agrees ? -1 : since < 0 ? step : since;
            return agrees && step - since + 1 >= patience;
        }

        void forget() {
            since = -1;
        }

        boolean isRunning() {
            return since >= 0;
        }

        long since() {
            return since;
        }
    }

    /** Settings of a {@link CollapseWatch}. */
    public static final class Builder {
        private long warmUp = 200;
        private long patience = 20;
        private double collapsedAbove = 0.99;
        private double apartBelow = 0.98;
        private double rankShare = 0.25;
        private double lowestRankShare = 0.02;
        private final List<CollapseListener> listeners = new ArrayList<>();

        private Builder() {}

        /**
         * Steps in which a network may stay near its start without being told; as long as the warm-up of the learning rate, or longer.
         * From 0; default 200.
         */
        public Builder warmUp(long steps) {
            checkArgument(steps >= 0, "warm-up must be at least 0 steps, got %s", steps);
            this.warmUp = steps;
            return this;
        }

        /** Consecutive steps that must agree before anything is told. From 1; default 20. */
        public Builder patience(long steps) {
            checkArgument(steps >= 1, "patience must be at least 1 step, got %s", steps);
            this.patience = steps;
            return this;
        }

        /**
         * The negative cosine above which a network is collapsed, and that below which it is not; in between it stays what it was. In
         * (-1, 1), the second at most the first; default 0.99 and 0.98.
         */
        public Builder negativeCosine(double collapsedAbove, double apartBelow) {
            checkArgument(
                    -1 < apartBelow && apartBelow <= collapsedAbove && collapsedAbove < 1,
                    "the negative cosine must be collapsed above a number in (-1, 1), and apart below one that is not greater, got %s and %s",
                    collapsedAbove,
                    apartBelow);
            this.collapsedAbove = collapsedAbove;
            this.apartBelow = apartBelow;
            return this;
        }

        /**
         * The effective rank below which a network is collapsed, as a share of its highest one after the warm-up, and of the highest
         * possible; 0 switches one off. In [0, 0.5); default 0.25 and 0.02.
         */
        public Builder effectiveRank(double shareOfBest, double shareOfHighest) {
            checkArgument(
                    shareOfBest >= 0 && shareOfBest < 0.5 && shareOfHighest >= 0 && shareOfHighest < 0.5,
                    "shares of the effective rank must be in [0, 0.5), got %s and %s",
                    shareOfBest,
                    shareOfHighest);
            this.rankShare = shareOfBest;
            this.lowestRankShare = shareOfHighest;
            return this;
        }

        /** Tells a listener, after those that were given before. */
        public Builder listener(CollapseListener listener) {
            listeners.add(listener);
            return this;
        }

        public CollapseWatch build() {
            return new CollapseWatch(this);
        }
    }
}
