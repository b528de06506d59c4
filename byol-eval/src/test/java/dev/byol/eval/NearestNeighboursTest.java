package dev.byol.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NearestNeighboursTest {
    /** Directions at 0, 90, 180 and 45 degrees, of different lengths. */
    private final Features compass = Features.of(new float[] {5, 0, 0, 0.1f, -3, 0, 2, 2}, 2, new int[] {0, 1, 2, 1});

    @Test
    void neighbours_knownAngles() {
        Neighbours n = NearestNeighbours.of(compass).neighbours(Features.unlabelled(new float[] {7, 0}, 2), 4);

        assertThat(IntStream.range(0, 4).map(rank -> n.index(0, rank))).containsExactly(0, 3, 1, 2);
        assertThat(n.similarity(0, 0)).isCloseTo(1, within(1e-12));
        assertThat(n.similarity(0, 1)).isCloseTo(Math.sqrt(0.5), within(1e-12));
        assertThat(n.similarity(0, 2)).isCloseTo(0, within(1e-12));
        assertThat(n.similarity(0, 3)).isCloseTo(-1, within(1e-12));
    }

    @Test
    void neighbours_equalSimilarities_lowestIndexFirst() {
        Features same = Features.of(new float[] {1, 1, 1, 1, 1}, 1, new int[5]);
        Neighbours n = NearestNeighbours.of(same).neighbours(Features.unlabelled(new float[] {2}, 1), 3);

        assertThat(IntStream.range(0, 3).map(rank -> n.index(0, rank))).containsExactly(0, 1, 2);
    }

    @Test
    void neighbours_ofZero_haveSimilarityZero() {
        Neighbours n = NearestNeighbours.of(compass).neighbours(Features.unlabelled(new float[] {0, 0}, 2), 2);

        assertThat(n.index(0, 0)).isZero();
        assertThat(n.similarity(0, 0)).isZero();
    }

    @Test
    void neighbours_manyBlocks_equalASortOfAllPairs() {
        Random random = new Random(1);
        Features train = gaussian(random, 700, 19);
        Features query = gaussian(random, 150, 19);
        int k = 30;
        Neighbours n = NearestNeighbours.of(train).neighbours(query, k);

        assertThat(n.rows()).isEqualTo(150);
        for (int q = 0; q < query.rows(); q++) {
            int row = q;
            int[] expected = IntStream.range(0, train.rows())
                    .boxed()
                    .sorted(Comparator.comparingDouble(i -> -cosine(query, row, train, i)))
                    .limit(k)
                    .mapToInt(i -> i)
                    .toArray();
            assertThat(IntStream.range(0, k).map(rank -> n.index(row, rank))).containsExactly(box(expected));
            assertThat(n.similarity(q, k - 1)).isCloseTo(cosine(query, q, train, expected[k - 1]), within(1e-12));
        }
    }

    @Test
    void neighbours_ofAll_sortsAll() {
        Features train = gaussian(new Random(2), 300, 3);
        Neighbours n = NearestNeighbours.of(train).neighbours(train, 300);

        assertThat(IntStream.range(0, 300).map(rank -> n.index(4, rank)).distinct())
                .hasSize(300);
        for (int rank = 1; rank < 300; rank++) {
            assertThat(n.similarity(4, rank)).isLessThanOrEqualTo(n.similarity(4, rank - 1));
        }
        assertThat(n.index(4, 0)).isEqualTo(4);
    }

    @Test
    void neighbours_byDistance_knownPoints() {
        Neighbours n = NearestNeighbours.of(compass, Metric.EUCLIDEAN)
                .neighbours(Features.unlabelled(new float[] {5, 1}, 2), 4);

        assertThat(IntStream.range(0, 4).map(rank -> n.index(0, rank))).containsExactly(0, 3, 1, 2);
        assertThat(n.metric()).isEqualTo(Metric.EUCLIDEAN);
        assertThat(n.similarity(0, 0)).isCloseTo(-1, within(1e-12));
        assertThat(n.similarity(0, 1)).isCloseTo(-Math.sqrt(10), within(1e-12));
        assertThat(n.similarity(0, 3)).isCloseTo(-Math.sqrt(65), within(1e-12));
    }

    /**
     * Sets on which single precision alone would be wrong: shifted far from zero, of tiny or huge numbers, nearly collapsed, with
     * one row far out, with rows that are there twice, with rows of zeros. A naive search in double precision knows better.
     */
    @Test
    void neighbours_whereSinglePrecisionFails_equalANaiveSearch() {
        Features plain = gaussian(new Random(3), 1400, 11); // more than a block
        check(plain, map(plain, (i, v) -> v));
        check(map(plain, (i, v) -> v + 1e4f), map(plain, (i, v) -> v + 1e4f));
        check(map(plain, (i, v) -> v * 1e-30f), map(plain, (i, v) -> v * 1e-30f));
        check(map(plain, (i, v) -> v * 1e30f), map(plain, (i, v) -> v * 1e30f));
        check(map(plain, (i, v) -> v * 1e-12f), plain);
        check(plain, map(plain, (i, v) -> v * 1e25f));
        check(map(plain, (i, v) -> 1 + 1e-6f * v), map(plain, (i, v) -> 1 + 1e-6f * v));
        check(map(plain, (i, v) -> i / 11 == 700 ? 1e9f * v : v), plain);
        check(map(plain, (i, v) -> Math.round(v)), plain);
        check(map(plain, (i, v) -> i / 11 % 3 == 0 ? 0 : v), map(plain, (i, v) -> i / 11 == 5 ? 0 : v));
        check(map(plain, (i, v) -> plain.value(i / 11 % 100, i % 11)), plain);
        check(map(plain, (i, v) -> i % 11), map(plain, (i, v) -> v));
    }

    /** Differences between rows that single precision cannot see: it alone would throw away some of the nearest. */
    @Test
    void neighbours_ofRowsAlmostEquallyNear_equalANaiveSearch() {
        Random random = new Random(8);
        int d = 65;
        float[] values = new float[1400 * d];
        for (int i = 0; i < values.length; i += d) {
            double square = 0;
            for (int j = 1; j < d; j++) {
                values[i + j] = (float) random.nextGaussian();
                square += values[i + j] * values[i + j];
            }
            for (int j = 1; j < d; j++) {
                values[i + j] /= (float) Math.sqrt(square);
            }
            values[i] = 1 + (float) (1e-7 * random.nextGaussian());
        }
        float[] queries = new float[70 * d];
        for (int i = 0; i < queries.length; i += d) {
            queries[i] = 1 + random.nextInt(100) / 100f; // along the first axis, from which all rows are one away
        }
        check(Features.unlabelled(values, d), Features.unlabelled(queries, d));
    }

    private interface Change {
        float of(int index, float value);
    }

    private static Features map(Features x, Change change) {
        float[] values = x.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] = change.of(i, values[i]);
        }
        return Features.of(values, x.dimension(), x.labels());
    }

    private static void check(Features train, Features queries) {
        Features query = queries.select(IntStream.range(0, 70).toArray());
        int k = 7;
        for (Metric metric : Metric.values()) {
            Neighbours n = NearestNeighbours.of(train, metric).neighbours(query, k);
            for (int q = 0; q < query.rows(); q++) {
                double[] similarities = new double[train.rows()];
                for (int i = 0; i < similarities.length; i++) {
                    similarities[i] =
                            metric == Metric.COSINE ? cosineOrZero(query, q, train, i) : -distance(query, q, train, i);
                }
                double[] best = Arrays.stream(similarities)
                        .map(s -> -s)
                        .sorted()
                        .limit(k)
                        .toArray();
                for (int rank = 0; rank < k; rank++) {
                    double rounding = 1e-13 * (metric == Metric.COSINE ? 1 : Math.abs(best[rank]));
                    int index = n.index(q, rank);
                    assertThat(n.similarity(q, rank)).isCloseTo(-best[rank], within(rounding));
                    assertThat(similarities[index]).isCloseTo(-best[rank], within(rounding));
                    if (rank > 0 && same(train, index, n.index(q, rank - 1))) {
                        assertThat(index).isGreaterThan(n.index(q, rank - 1));
                    }
                }
            }
        }
    }

    private static boolean same(Features x, int i, int j) {
        return IntStream.range(0, x.dimension()).allMatch(c -> x.value(i, c) == x.value(j, c));
    }

    private static double cosineOrZero(Features a, int i, Features b, int j) {
        double cosine = cosine(a, i, b, j);
        return Double.isNaN(cosine) ? 0 : cosine;
    }

    private static double distance(Features a, int i, Features b, int j) {
        double sum = 0;
        for (int c = 0; c < a.dimension(); c++) {
            double v = (double) a.value(i, c) - b.value(j, c);
            sum += v * v;
        }
        return Math.sqrt(sum);
    }

    @Test
    void neighbours_moreQueriesThanAChunk() {
        Features train = gaussian(new Random(5), 40, 3);
        Features many = gaussian(new Random(6), 4500, 3);
        Neighbours all = NearestNeighbours.of(train).neighbours(many, 3);
        Neighbours last = NearestNeighbours.of(train).neighbours(many.select(4499), 3);
        for (int rank = 0; rank < 3; rank++) {
            assertThat(all.index(4499, rank)).isEqualTo(last.index(0, rank));
            assertThat(all.similarity(4499, rank)).isEqualTo(last.similarity(0, rank));
        }
    }

    @Test
    void neighbours_kOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NearestNeighbours.of(compass).neighbours(compass, 5))
                .withMessage("k must be in [1, 4], the number of training rows, got 5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NearestNeighbours.of(compass).neighbours(compass, 0));
    }

    @Test
    void neighbours_otherDimension() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NearestNeighbours.of(compass).neighbours(Features.unlabelled(new float[3], 3), 1))
                .withMessage("features have 3 columns, expected 2 as in training");
    }

    @Test
    void vote_uniform_countsAndBreaksTiesByTheLowestClass() {
        Neighbours n = NearestNeighbours.of(compass).neighbours(Features.unlabelled(new float[] {1, 1.1f}, 2), 4);

        assertThat(n.vote(1).label(0)).isEqualTo(1);
        assertThat(n.vote().score(0, 1)).isEqualTo(0.5);
        assertThat(n.vote().score(0, 2)).isEqualTo(0.25);

        Neighbours tie = NearestNeighbours.of(Features.of(new float[] {1, 1}, 1, new int[] {1, 0}))
                .neighbours(Features.unlabelled(new float[] {1}, 1), 2);
        assertThat(tie.index(0, 0)).isZero(); // of class 1, but as many votes for class 0
        assertThat(tie.vote().label(0)).isZero();
    }

    @Test
    void vote_weighted_closedForm() {
        Neighbours n = NearestNeighbours.of(compass).neighbours(Features.unlabelled(new float[] {1, 0}, 2), 4);
        double t = 0.5;
        double[] w = {Math.exp(1 / t), Math.exp(Math.sqrt(0.5) / t) + Math.exp(0), Math.exp(-1 / t)};
        double sum = w[0] + w[1] + w[2];
        Predictions p = n.vote(4, t);

        for (int c = 0; c < 3; c++) {
            assertThat(p.score(0, c)).isCloseTo(w[c] / sum, within(1e-12));
        }
        assertThat(p.accuracy(Features.of(new float[2], 2, new int[] {0}))).isEqualTo(1);
    }

    @Test
    void vote_weighted_tinyTemperature_isTheNearest() {
        Neighbours n = NearestNeighbours.of(compass).neighbours(Features.unlabelled(new float[] {1, 0}, 2), 4);

        assertThat(n.vote(4, 1e-6).score(0, 0)).isEqualTo(1);
    }

    @Test
    void vote_outOfRange() {
        Neighbours n = NearestNeighbours.of(compass).neighbours(compass, 2);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> n.vote(3))
                .withMessage("the number of voters must be in [1, 2], got 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> n.vote(2, 0))
                .withMessage("temperature must be positive and finite, got 0.0");
    }

    @Test
    void vote_ofUnlabelledRows() {
        Features train = Features.of(new float[] {1, -1}, 1, new int[] {-1, 0});
        Neighbours n = NearestNeighbours.of(train).neighbours(Features.unlabelled(new float[] {1}, 1), 1);

        assertThat(n.index(0, 0)).isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(n::vote)
                .withMessage(
                        "training row 0, which should vote, is unlabelled; leave such rows out with labelledOnly()");
    }

    private static Features gaussian(Random random, int rows, int dimension) {
        float[] x = new float[rows * dimension];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return Features.of(x, dimension, new int[rows]);
    }

    private static double cosine(Features a, int i, Features b, int j) {
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int c = 0; c < a.dimension(); c++) {
            ab += (double) a.value(i, c) * b.value(j, c);
            aa += (double) a.value(i, c) * a.value(i, c);
            bb += (double) b.value(j, c) * b.value(j, c);
        }
        return ab / Math.sqrt(aa * bb);
    }

    private static Integer[] box(int[] values) {
        return IntStream.of(values).boxed().toArray(Integer[]::new);
    }
}
