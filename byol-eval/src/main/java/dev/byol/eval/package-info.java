/**
 * How good are frozen features? Two answers that need no training of the network, and no engine.
 *
 * <ul>
 *   <li>{@link dev.byol.eval.Features} holds rows of floats {@code [N, D]} and a label for each;
 *   <li>{@link dev.byol.eval.LogisticRegression} fits the linear probe, {@link dev.byol.eval.LogisticModel};
 *   <li>{@link dev.byol.eval.NearestNeighbours} finds the closest training rows by cosine, and lets them vote;
 *   <li>{@link dev.byol.eval.Predictions} is what both say about test rows.
 * </ul>
 *
 * <pre>{@code
 * Features train = Features.of(trainValues, dimension, trainLabels);
 * Features test = Features.of(testValues, dimension, testLabels);
 * double linear = LogisticRegression.builder().build().fit(train).predict(test).accuracy(test);
 * double knn = NearestNeighbours.of(train).neighbours(test, 20).vote().accuracy(test);
 * }</pre>
 *
 * Everything here is single-threaded arithmetic in double precision in a fixed order: the same input gives the same bits.
 * All classes are immutable and safe to share between threads.
 */
package dev.byol.eval;
