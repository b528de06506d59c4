package dev.byol.eval;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.Ints;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The k-nearest-neighbours probe: the nearest training rows vote, each with one vote or weighted by its similarity. It has nothing
 * to fit, and so no setting that a paper may have tuned but k and the temperature.
 *
 * @param k how many neighbours vote, at least 1
 * @param metric what nearness is measured by
 * @param temperature of the weighted vote of {@link Neighbours#vote(int, double)}, positive; none for one vote each
 */
public record Knn(int k, Metric metric, OptionalDouble temperature) implements Probe {
    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public Knn {
        checkArgument(k >= 1, "k must be at least 1, got %s", k);
        temperature.ifPresent(
                t -> checkArgument(t > 0 && Double.isFinite(t), "temperature must be positive and finite, got %s", t));
    }

    /** One vote for each of the k nearest by cosine. */
    public static Knn uniform(int k) {
        return new Knn(k, Metric.COSINE, OptionalDouble.empty());
    }

    /** Votes of the k nearest by cosine, weighted as in instance discrimination, which takes k = 200 and a temperature of 0.07. */
    public static Knn weighted(int k, double temperature) {
        return new Knn(k, Metric.COSINE, OptionalDouble.of(temperature));
    }

    /** The same votes by another metric. */
    public Knn by(Metric other) {
        return new Knn(k, other, temperature);
    }

    @Override
    public String name() {
        return temperature.isPresent() ? "weighted k nearest neighbours" : "k nearest neighbours";
    }

    @Override
    public Map<String, String> settings() {
        ImmutableMap.Builder<String, String> settings = ImmutableMap.<String, String>builder()
                .put("k", Integer.toString(k))
                .put("metric", metric.name());
        temperature.ifPresent(t -> settings.put("temperature", Double.toString(t)));
        return settings.buildOrThrow();
    }

    @Override
    public Predictions predict(Features train, Features test) {
        return vote(NearestNeighbours.of(train, metric).neighbours(test, k));
    }

    private Predictions vote(Neighbours neighbours) {
        return temperature.isPresent() ? neighbours.vote(k, temperature.getAsDouble()) : neighbours.vote(k);
    }

    private Knn withK(int other) {
        return new Knn(other, metric, temperature);
    }

    /**
     * Scores several numbers of voters with one search.
     *
     * @param ks the numbers of voters, at least one, each from 1 to the number of labelled training rows
     * @return a result for each, in the same order
     * @throws IllegalArgumentException if one is out of its range, or as {@link #score(Features, Features, Bootstrap)}
     */
    public List<ProbeResult> grid(Features train, Features test, Collection<Integer> ks, Bootstrap bootstrap) {
        checkArgument(!ks.isEmpty(), "a grid needs at least one k, got none");
        List<Knn> probes = ks.stream().map(this::withK).collect(ImmutableList.toImmutableList());
        Features fit = train.labelledOnly().requireVaried(name());
        test.requireDimension(train.dimension()).requireAnyLabel();
        Neighbours neighbours =
                NearestNeighbours.of(fit, metric).neighbours(test.withoutLabels(), Ints.max(Ints.toArray(ks)));
        return probes.stream()
                .map(p -> ProbeResult.of(p.name(), p.settings(), train, test, p.vote(neighbours), bootstrap))
                .collect(ImmutableList.toImmutableList());
    }
}
