/**
 * How good are frozen features, and have they collapsed? Answers that need no training of the network, and no engine.
 *
 * <ul>
 *   <li>{@link dev.byol.eval.Features} holds rows of floats {@code [N, D]} and a label for each;
 *   <li>a {@link dev.byol.eval.Probe} is fitted on labelled rows and scored on others: {@link dev.byol.eval.LogisticRegression},
 *       {@link dev.byol.eval.CSweep} with its C chosen on held-out rows, {@link dev.byol.eval.Knn}, and {@link
 *       dev.byol.eval.OneVsRest}, by which the appendix measured during training;
 *   <li>each ends in a {@link dev.byol.eval.ProbeResult}: top-1 with a confidence interval, top-5, {@link
 *       dev.byol.eval.Confusion} and accuracy by class, settings; {@link dev.byol.eval.FewLabels} fits one on draws of few rows;
 *   <li>{@link dev.byol.eval.NearestNeighbours} finds the closest training rows themselves;
 *   <li>{@link dev.byol.eval.Measures} need no labels: cosines, deviation, effective rank (RankMe) and {@link dev.byol.eval.Spectrum},
 *       alignment and uniformity, of a whole set or, by {@link dev.byol.eval.MeasuresAccumulator}, of a stream of batches;
 *   <li>{@link dev.byol.eval.CollapseWatch} reads such measures while a network trains, and tells when it collapses and recovers;
 *   <li>{@link dev.byol.eval.NpyReader} and {@link dev.byol.eval.NpyWriter} exchange features with NumPy.
 * </ul>
 *
 * <pre>{@code
 * Features train = Features.of(trainValues, dimension, trainLabels);
 * Features test = Features.of(testValues, dimension, testLabels);
 * ProbeResult linear = new CSweep().score(train, test);
 * List<ProbeResult> knn = Knn.weighted(20, 0.07).grid(train, test, List.of(1, 5, 20, 200), new Bootstrap());
 * FewLabels.Outcome few = new FewLabels(LogisticRegression.builder().build(), new FewLabels.Share(0.01), 5, 1)
 *         .score(train, test, new Bootstrap());
 * }</pre>
 *
 * Everything here is single-threaded arithmetic in a fixed order: the same input gives the same bits. Products in single precision
 * shorten the way to results, which are computed in double precision.
 * Classes are immutable and safe to share between threads, unless they say that they take one thing after another.
 */
package dev.byol.eval;
