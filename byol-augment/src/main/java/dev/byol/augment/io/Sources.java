package dev.byol.augment.io;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Sources made of others. They read nothing before it is asked for, and hold indices, not images. */
public final class Sources {
    private static final double ROUNDING = 1e-9;

    private Sources() {}

    /**
     * Some images of a source, in the order of the indices; the same index may come twice.
     *
     * @throws IndexOutOfBoundsException if an index is not one of the source's
     */
    public static ImageSource subset(ImageSource source, int... indices) {
        int[] own = indices.clone();
        for (int index : own) {
            Objects.checkIndex(index, source.size());
        }
        return new Subset(source, own, own.length + " of its " + source.size() + " images");
    }

    /**
     * The images from index {@code from} to before index {@code to}.
     *
     * @throws IndexOutOfBoundsException if the range does not lie in the source
     */
    public static ImageSource range(ImageSource source, int from, int to) {
        Objects.checkFromToIndex(from, to, source.size());
        return new Subset(source, IntStream.range(from, to).toArray(), "images " + from + " to " + to);
    }

    /** The images that have a label. */
    public static ImageSource labelled(ImageSource source) {
        return new Subset(source, indices(source, label -> label != ImageSource.UNLABELLED), "labelled part");
    }

    /** The images that have no label. */
    public static ImageSource unlabelled(ImageSource source) {
        return new Subset(source, indices(source, label -> label == ImageSource.UNLABELLED), "unlabelled part");
    }

    private static int[] indices(ImageSource source, IntPredicate labels) {
        return IntStream.range(0, source.size())
                .filter(i -> labels.test(source.label(i)))
                .toArray();
    }

    /**
     * The images of all sources, one source after the other. Classes are brought together by name: if the sources have different
     * ones, the result has each name once, in the order in which they first appear, and the labels follow. Labels without
     * names stay as they are, and then no source may have names. Unlabelled images go with everything.
     *
     * @throws IllegalArgumentException if there is no source, too many images for an index, or if one source has names for its
     *     labels and another has labels without a name
     */
    public static ImageSource concatenate(List<? extends ImageSource> sources) {
        List<ImageSource> parts = List.copyOf(sources);
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("no source, expected at least one");
        }
        long size = parts.stream().mapToLong(ImageSource::size).sum();
        if (size > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "the sources have " + size + " images together, expected at most " + Integer.MAX_VALUE);
        }
        List<String> names = parts.stream()
                .map(ImageSource::classNames)
                .flatMap(Collection::stream)
                .collect(Collectors.collectingAndThen(Collectors.toCollection(LinkedHashSet::new), List::copyOf));
        List<int[]> labels = new ArrayList<>();
        for (ImageSource part : parts) {
            requireNames(part, names);
            labels.add(part.classNames().stream().mapToInt(names::indexOf).toArray());
        }
        return new Concatenation(parts, names, labels);
    }

    private static void requireNames(ImageSource part, List<String> names) {
        int known = part.classNames().size();
        for (int i = 0; i < part.size() && !names.isEmpty(); i++) {
            if (part.label(i) >= known) {
                throw new IllegalArgumentException(part.name(i) + " has label " + part.label(i)
                        + " without a name, expected one, as other sources have the classes " + names);
            }
        }
    }

    /**
     * Divides a source at random, each class in the same proportion; images without a label count as a class. Each part gets at least
     * one image of a class that has as many as there are parts. The order within a part is the source's.
     *
     * @param seed decides, with the labels, which image comes where
     * @param fractions of each part, above 0; what is missing to 1 is left out
     * @throws IllegalArgumentException if there is no fraction, one is not above 0, or the sum is above 1
     */
    public static List<ImageSource> split(ImageSource source, long seed, double... fractions) {
        double sum = 0;
        for (double fraction : fractions) {
            if (!(fraction > 0)) {
                throw new IllegalArgumentException("fractions must be above 0, got " + Arrays.toString(fractions));
            }
            sum += fraction;
        }
        if (fractions.length == 0 || sum > 1 + ROUNDING) {
            throw new IllegalArgumentException(
                    "fractions must be at least one, with a sum of at most 1, got " + Arrays.toString(fractions));
        }
        List<IntStream.Builder> parts = builders(fractions.length);
        for (List<Integer> members : shuffledClasses(source, seed)) {
            int[] counts = shares(members.size(), fractions);
            int at = 0;
            for (int p = 0; p < counts.length; p++) {
                members.subList(at, at + counts[p]).forEach(parts.get(p)::add);
                at += counts[p];
            }
        }
        return parts(source, seed, parts);
    }

    /**
     * Divides a source at random into parts of given sizes, each class in proportion to its images, as closely as whole images
     * allow; images without a label count as a class. The order within a part is the source's.
     *
     * @param seed decides, with the labels, which image comes where
     * @param counts images of each part, at least 1; the others are left out
     * @throws IllegalArgumentException if there is no count, one is below 1, or the source has fewer images
     */
    public static List<ImageSource> splitCounts(ImageSource source, long seed, int... counts) {
        long sum = 0;
        for (int count : counts) {
            if (count < 1) {
                throw new IllegalArgumentException("counts must be at least 1, got " + Arrays.toString(counts));
            }
            sum += count;
        }
        if (counts.length == 0 || sum > source.size()) {
            throw new IllegalArgumentException("counts must be at least one, with a sum of at most the source's "
                    + source.size() + " images, got " + Arrays.toString(counts));
        }
        List<Placed> placed = new ArrayList<>();
        for (List<Integer> members : shuffledClasses(source, seed)) {
            for (int i = 0; i < members.size(); i++) {
                placed.add(new Placed(members.get(i), (i + 0.5) / members.size()));
            }
        }
        placed.sort(Comparator.comparingDouble(Placed::place)); // every stretch has all classes in proportion
        List<IntStream.Builder> parts = builders(counts.length);
        int at = 0;
        for (int p = 0; p < counts.length; p++) {
            for (int i = 0; i < counts[p]; i++) {
                parts.get(p).add(placed.get(at++).index);
            }
        }
        return parts(source, seed, parts);
    }

    /** An image and its place among those of its class, from 0 to 1. */
    private record Placed(int index, double place) {}

    private static Collection<List<Integer>> shuffledClasses(ImageSource source, long seed) {
        SortedMap<Integer, List<Integer>> classes = new TreeMap<>();
        for (int i = 0; i < source.size(); i++) {
            classes.computeIfAbsent(source.label(i), label -> new ArrayList<>()).add(i);
        }
        Random random = new Random(seed);
        classes.values().forEach(members -> Collections.shuffle(members, random));
        return classes.values();
    }

    /** Whole numbers close to the fractions of a size: the largest remainders are rounded up, and none is 0 if that can be. */
    private static int[] shares(int size, double[] fractions) {
        int total = (int) Math.min(size, Math.round(Arrays.stream(fractions).sum() * size));
        int[] shares = Arrays.stream(fractions)
                .mapToInt(fraction -> (int) (fraction * size + ROUNDING))
                .toArray();
        while (IntStream.of(shares).sum() < total) {
            shares[largest(shares.length, p -> fractions[p] * size - shares[p])]++;
        }
        for (int p = 0; p < shares.length && size >= shares.length; p++) {
            if (shares[p] == 0) {
                if (IntStream.of(shares).sum() == size) {
                    shares[largest(shares.length, q -> shares[q])]--;
                }
                shares[p]++;
            }
        }
        return shares;
    }

    private static int largest(int count, IntToDoubleFunction values) {
        return IntStream.range(0, count)
                .boxed()
                .max(Comparator.comparingDouble(values::applyAsDouble))
                .orElseThrow();
    }

    private static List<IntStream.Builder> builders(int count) {
        return IntStream.range(0, count).mapToObj(i -> IntStream.builder()).toList();
    }

    private static List<ImageSource> parts(ImageSource source, long seed, List<IntStream.Builder> parts) {
        List<ImageSource> result = new ArrayList<>();
        for (int p = 0; p < parts.size(); p++) {
            int[] indices = parts.get(p).build().sorted().toArray();
            String what = "part " + (p + 1) + " of " + parts.size() + ", drawn by seed " + seed;
            result.add(new Subset(source, indices, what));
        }
        return List.copyOf(result);
    }

    /**
     * The images with three channels of bytes, for what takes no others: grey ones get three equal channels, and floats are rounded
     * to 256 levels. Reading an image with neither one channel nor three is an error.
     */
    public static ImageSource rgb(ImageSource source) {
        return new RgbImages(source);
    }
}
