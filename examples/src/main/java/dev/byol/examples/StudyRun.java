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
     * @param side of a view in pixels
     */
    record Budget(int epochs, int horizon, double learningRate, double weightDecay, double trustCoefficient, int side) {
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

        @Override
        public String toString() {
            return epochs + " epochs" + (horizon == epochs ? "" : " of a schedule of " + horizon) + ", learning rate "
                    + learningRate + ", weight decay " + weightDecay + ", trust coefficient " + trustCoefficient
                    + ", views of " + side + " pixels";
        }
    }

    /** The budget at a scale. */
    Budget budget(StudyScale scale) {
        return scale == StudyScale.PAPER ? paper : quick;
    }
}
