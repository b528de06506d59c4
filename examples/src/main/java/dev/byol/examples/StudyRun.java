package dev.byol.examples;

/**
 * One training of the study: a name, what it trains, and how at each scale.
 *
 * @param name of its folder, and on the command line
 * @param setup what it trains
 * @param paper the appendix's own budget
 * @param quick the same for minutes
 */
record StudyRun(String name, StudySetup setup, Budget paper, Budget quick) {
    /**
     * How long, and how fast.
     *
     * @param epochs that are run
     * @param horizon epochs that the schedules of rate and tau are made for
     * @param learningRate at the start; not scaled by the batch
     * @param weightDecay share of a parameter added to its gradient
     * @param trustCoefficient LARS's, where it is used
     * @param tau the target's decay at the start
     * @param widening by how much each layer of the scale's encoder is wider
     * @param side of a view in pixels
     */
    record Budget(
            int epochs,
            int horizon,
            double learningRate,
            double weightDecay,
            double trustCoefficient,
            double tau,
            int widening,
            int side) {
        private static final double TAU = 0.996;

        /** The appendix's tau, and the scale's encoder. */
        Budget(int epochs, int horizon, double learningRate, double weightDecay, double trustCoefficient, int side) {
            this(epochs, horizon, learningRate, weightDecay, trustCoefficient, TAU, 1, side);
        }

        /** The appendix's trust coefficient and views. */
        Budget(int epochs, int horizon, double learningRate, double weightDecay) {
            this(epochs, horizon, learningRate, weightDecay, 1e-3, 96);
        }

        Budget(int epochs, double learningRate, double weightDecay) {
            this(epochs, epochs, learningRate, weightDecay);
        }

        /** The table in minutes: 1,984 steps where the appendix has 4,100, and a rate that falls by a half meanwhile. */
        static Budget table(double learningRate) {
            return new Budget(32, 64, learningRate, 1e-4, 1e-3, 48);
        }

        /** For minutes: views of a quarter of the pixels, and schedules that have hardly moved, as in the appendix's first epochs. */
        static Budget small(int epochs, double learningRate, double weightDecay) {
            return new Budget(epochs, 320, learningRate, weightDecay, 1e-3, 48);
        }

        /** What the way out of the collapse by the early layers alone takes, in minutes: docs/appendix.md tells how it was found. */
        static Budget early() {
            return new Budget(80, 320, 0.05, 1.5e-6, 1.4e-2, 0.98, 2, 32);
        }

        @Override
        public String toString() {
            return epochs + " epochs" + (horizon == epochs ? "" : " of a schedule of " + horizon) + ", learning rate "
                    + learningRate + ", weight decay " + weightDecay + ", trust coefficient " + trustCoefficient
                    + (tau == TAU ? "" : ", tau from " + tau)
                    + (widening == 1 ? "" : ", encoder " + widening + " times as wide")
                    + ", views of " + side + " pixels";
        }
    }

    /** The budget at a scale. */
    Budget budget(StudyScale scale) {
        return scale == StudyScale.PAPER ? paper : quick;
    }
}
