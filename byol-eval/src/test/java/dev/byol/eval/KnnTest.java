package dev.byol.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KnnTest {
    private static final Bootstrap BOOTSTRAP = new Bootstrap(100, 0.9, 1);

    private static Features blobs(int rows, long seed) {
        Random random = new Random(seed);
        float[] values = new float[rows * 4];
        int[] labels = new int[rows];
        for (int i = 0; i < values.length; i++) {
            labels[i / 4] = i / 4 % 3;
            values[i] = (float) (random.nextGaussian() + (i % 4 == labels[i / 4] ? 1.5 : 0));
        }
        return Features.of(values, 4, labels);
    }

    @Test
    void grid_isTheResultOfEachKAlone() {
        Features train = blobs(90, 1);
        Features test = blobs(60, 2);
        for (Metric metric : Metric.values()) {
            for (Knn knn :
                    List.of(Knn.uniform(1).by(metric), Knn.weighted(1, 0.5).by(metric))) {
                List<ProbeResult> grid = knn.grid(train, test, List.of(20, 1, 5), BOOTSTRAP);
                int next = 0;
                for (int k : new int[] {20, 1, 5}) {
                    ProbeResult alone = new Knn(k, metric, knn.temperature()).score(train, test, BOOTSTRAP);
                    ProbeResult of = grid.get(next++);
                    assertThat(of.top1()).isEqualTo(alone.top1()).isGreaterThan(0.4);
                    assertThat(of.top5()).isEqualTo(1);
                    assertThat(of.settings()).isEqualTo(alone.settings()).containsEntry("metric", metric.name());
                    assertThat(of.interval()).isEqualTo(alone.interval());
                }
            }
        }
    }

    @Test
    void score_leavesUnlabelledRowsOut() {
        Features train = Features.of(new float[] {1, 0, 0, 1, 1, 0.1f}, 2, new int[] {0, 1, -1});
        Features test = Features.of(new float[] {1, 0.1f, 0.1f, 1, 3, 3}, 2, new int[] {0, 1, -1});
        ProbeResult result = Knn.uniform(1).score(train, test, BOOTSTRAP);

        assertThat(result.top1()).isEqualTo(1); // the nearest row of the first query is not labelled
        assertThat(result.trainRows()).isEqualTo(2);
        assertThat(result.unlabelledTrainRows()).isEqualTo(1);
        assertThat(result.testRows()).isEqualTo(2);
        assertThat(result.unlabelledTestRows()).isEqualTo(1);
    }

    @Test
    void settings_outOfRange() {
        Features train = blobs(9, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Knn.uniform(0))
                .withMessage("k must be at least 1, got 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Knn(1, Metric.COSINE, OptionalDouble.of(-1)))
                .withMessage("temperature must be positive and finite, got -1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Knn.uniform(10).score(train, train, BOOTSTRAP))
                .withMessage("k must be in [1, 9], the number of training rows, got 10");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Knn.uniform(1).grid(train, train, List.of(), BOOTSTRAP))
                .withMessage("a grid needs at least one k, got none");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Knn.uniform(1).grid(train, train, List.of(1, 0), BOOTSTRAP))
                .withMessage("k must be at least 1, got 0");
    }

    @Test
    void score_ofRowsThatAreAllAlike() {
        Features same = Features.of(new float[] {7, 8, 7, 8}, 2, new int[] {0, 1});
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Knn.uniform(1).score(same, same))
                .withMessage(
                        "k nearest neighbours needs features that differ between rows, but all 2 rows are the same in"
                                + " all 2 columns (column 0 is 7.0 throughout)");
    }

    /**
     * Neighbours that scikit-learn 1.2.1 finds among rows that anyone can make again, {@code x[i][j] = ((37 i i + 101 j + 13 i j)
     * mod 211) / 8}: {@code NearestNeighbors(n_neighbors=4, algorithm="brute", metric=metric).fit(x[:40]).kneighbors(x[40:44])},
     * on float64; ties (none here) would be in no order there.
     */
    @Test
    void neighbours_areThoseOfScikitLearn() {
        int d = 9;
        float[] x = new float[44 * d];
        for (int i = 0; i < 44; i++) {
            for (int j = 0; j < d; j++) {
                x[i * d + j] = (37 * i * i + 101 * j + 13 * i * j) % 211 / 8f;
            }
        }
        Features train = Features.unlabelled(Arrays.copyOf(x, 40 * d), d);
        Features query = Features.unlabelled(Arrays.copyOfRange(x, 40 * d, 44 * d), d);
        assertThat(found(train, query, Metric.EUCLIDEAN)).isEqualTo(EUCLIDEAN);
        assertThat(found(train, query, Metric.COSINE)).isEqualTo(COSINE);
    }

    private static final List<List<Integer>> EUCLIDEAN =
            List.of(List.of(9, 11, 10, 23), List.of(25, 24, 18, 4), List.of(25, 12, 1, 9), List.of(26, 6, 29, 11));
    private static final List<List<Integer>> COSINE =
            List.of(List.of(26, 10, 25, 33), List.of(25, 9, 24, 18), List.of(9, 25, 24, 12), List.of(26, 20, 24, 6));

    private static List<List<Integer>> found(Features train, Features query, Metric metric) {
        Neighbours n = NearestNeighbours.of(train, metric).neighbours(query, 4);
        return IntStream.range(0, n.rows())
                .mapToObj(q ->
                        IntStream.range(0, 4).mapToObj(rank -> n.index(q, rank)).toList())
                .toList();
    }
}
