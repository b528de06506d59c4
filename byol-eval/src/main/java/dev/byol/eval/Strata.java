package dev.byol.eval;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntBinaryOperator;
import java.util.stream.IntStream;

/** The labelled rows class by class, each class in an order drawn by a seed: what stratified draws are taken from. */
final class Strata {
    /** By class index; some may be empty. */
    private final List<ImmutableIntArray> classes;

    private Strata(List<ImmutableIntArray> classes) {
        this.classes = classes;
    }

    /** The rows of all classes. A class's order depends on the seed, the class and its rows alone. */
    static Strata of(Features features, long seed) {
        ImmutableList.Builder<ImmutableIntArray> classes = ImmutableList.builder();
        for (int k = 0; k < features.classes(); k++) {
            int label = k;
            int[] rows = IntStream.range(0, features.rows())
                    .filter(row -> features.label(row) == label)
                    .toArray();
            shuffle(rows, new SplittableRandom(seed * 0x9E3779B97F4A7C15L + k));
            classes.add(ImmutableIntArray.copyOf(rows));
        }
        return new Strata(classes.build());
    }

    /** The first rows of each class, as many as are said for a class and its number of rows, in the data's order. */
    int[] first(IntBinaryOperator count) {
        return each((rows, split) -> rows.subArray(0, split), count);
    }

    /** All rows but the first ones, in the data's order. */
    int[] rest(IntBinaryOperator count) {
        return each((rows, split) -> rows.subArray(split, rows.length()), count);
    }

    private interface Part {
        ImmutableIntArray of(ImmutableIntArray rows, int split);
    }

    private int[] each(Part part, IntBinaryOperator count) {
        return IntStream.range(0, classes.size())
                .filter(k -> !classes.get(k).isEmpty())
                .flatMap(k -> {
                    ImmutableIntArray rows = classes.get(k);
                    return part.of(rows, count.applyAsInt(k, rows.length())).stream();
                })
                .sorted()
                .toArray();
    }

    private static void shuffle(int[] rows, SplittableRandom random) {
        for (int i = rows.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int row = rows[i];
            rows[i] = rows[j];
            rows[j] = row;
        }
    }
}
