package dev.byol.examples;

/**
 * What one network's features of the labelled images are worth, and what they look like.
 *
 * @param train features to fit probes on
 * @param test features to score them with
 */
record Examined(
        Evaluation.Embedded train,
        Evaluation.Embedded test,
        FeatureScores scores,
        FeatureMeasures measures,
        PrincipalMap map) {}
