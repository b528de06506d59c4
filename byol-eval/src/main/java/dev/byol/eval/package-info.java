/**
 * How good are frozen features, and have they collapsed? Answers that need no training of the network, and no engine.
 *
 * <ul>
 *   <li>{@link dev.byol.eval.Features} holds rows of floats {@code [N, D]} and a label for each;
 *   <li>{@link dev.byol.eval.LogisticRegression} fits the linear probe, {@link dev.byol.eval.LogisticModel};
 *   <li>{@link dev.byol.eval.NearestNeighbours} finds the closest training rows by cosine, and lets them vote;
 *   <li>{@link dev.byol.eval.Predictions} is what both say about test rows;
 *   <li>{@link dev.byol.eval.Measures} need no labels: cosines, deviation, effective rank (RankMe) and {@link dev.byol.eval.Spectrum},
 *       alignment and uniformity, of a whole set or, by {@link dev.byol.eval.MeasuresAccumulator}, of a stream of batches;
 *   <li>{@link dev.byol.eval.CollapseWatch} reads such measures while a network trains, and tells when it collapses and recovers;
 *   <li>{@link dev.byol.eval.NpyReader} and {@link dev.byol.eval.NpyWriter} exchange features with NumPy.
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
 * Classes are immutable and safe to share between threads, unless they say that they take one thing after another.
 */
package dev.byol.eval;
