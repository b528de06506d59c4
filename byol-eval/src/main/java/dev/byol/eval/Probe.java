package dev.byol.eval;

import java.util.Map;

/**
 * A classifier that is fitted on frozen features and predicts the classes of others: what the quality of the features is measured
 * with. It sees test rows only after it has been fitted, and never their labels.
 *
 * <p>A probe of one's own is a class with these three methods; everything that takes a probe takes it too.
 */
public interface Probe {
    /** What it is, such as {@code logistic regression}. */
    String name();

    /** Its settings by name, with the seed of whatever it draws, as results tell them. */
    Map<String, String> settings();

    /**
     * Fits the training rows and predicts the test rows.
     *
     * @param train rows {@code [N, D]}, all of them labelled
     * @param test rows {@code [M, D]}; labels are not looked at (those of {@link #score(Features, Features)} come without)
     * @return scores {@code [M, K]}, for the classes of the training set
     * @throws IllegalArgumentException if the number of columns differs, or if the rows cannot be fitted; the message says why
     */
    Predictions predict(Features train, Features test);

    /**
     * Fits the labelled training rows and scores the labelled test rows; rows labelled -1 are left out of both, and counted.
     *
     * @param bootstrap draws the confidence interval
     * @throws IllegalArgumentException if a set has no labelled row, if the training rows are all alike, or as
     *     {@link #predict(Features, Features)}
     */
    default ProbeResult score(Features train, Features test, Bootstrap bootstrap) {
        Features fit = train.labelledOnly().requireVaried(name());
        test.requireDimension(train.dimension()).requireAnyLabel();
        return ProbeResult.of(name(), settings(), train, test, predict(fit, test.withoutLabels()), bootstrap);
    }

    /** The same with {@link Bootstrap#Bootstrap() 2,000 resamples at a level of 0.95}. */
    default ProbeResult score(Features train, Features test) {
        return score(train, test, new Bootstrap());
    }
}
