package dev.byol.examples;

import dev.byol.augment.View;
import dev.byol.augment.io.ImageSource;
import dev.byol.eval.Features;
import dev.byol.eval.LogisticRegression;
import dev.byol.eval.NearestNeighbours;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What frozen features of labelled images are worth.
 *
 * @param linearTop1 percent of the test images that a multinomial logistic regression (C = 1, on standardised features)
 *     gets right
 * @param knnTop1 the same for the vote of the nearest training images by cosine
 * @param neighbours voters
 */
record Evaluation(double linearTop1, double knnTop1, int neighbours) {
    /** The number of neighbours that vote, where there are as many. */
    static final int NEIGHBOURS = 20;

    private static final int PART = 512;

    /**
     * Features of the images of a source.
     *
     * @param features one row an image
     * @param indices of the images in the source, less those that cannot be read
     * @param skipped how many cannot be read
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Embedded(Features features, int[] indices, int skipped) {}

    /**
     * Embeds a source part by part.
     *
     * @param encoder uint8 {@code [N, side, side, 3]} to {@code [N][D]}
     * @throws BadInput if no image can be read, or features are not finite
     */
    static Embedded embed(ImageSource source, int side, Function<byte[], float[][]> encoder) {
        return embed(source, View.center(side), encoder);
    }

    /** The same of images as a view that draws nothing shows them. */
    static Embedded embed(ImageSource source, View view, Function<byte[], float[][]> encoder) {
        return embed(source, view, encoder, PART, 1, part -> {});
    }

    /**
     * The same.
     *
     * @param size images that are embedded at a time
     * @param threads that read images
     * @param seen is told of each part
     */
    static Embedded embed(
            ImageSource source,
            View view,
            Function<byte[], float[][]> encoder,
            int size,
            int threads,
            Consumer<FeatureStream.Part> seen) {
        float[] values = {};
        int[] labels = new int[source.size()];
        int[] indices = new int[source.size()];
        int width = 0;
        int rows = 0;
        try (FeatureStream stream = new FeatureStream(source, view, encoder, size, threads)) {
            while (stream.hasNext()) {
                FeatureStream.Part part = stream.next();
                int count = part.rows().length;
                if (rows == 0 && count > 0) {
                    width = part.rows()[0].length;
                    BadInput.require(
                            (long) source.size() * width <= Integer.MAX_VALUE - 8,
                            source.size() + " images of " + source.description() + " with " + width
                                    + " features each do not fit in one array, at most "
                                    + (Integer.MAX_VALUE - 8) / width + " do");
                    values = new float[source.size() * width];
                }
                System.arraycopy(part.labels(), 0, labels, rows, count);
                System.arraycopy(part.indices(), 0, indices, rows, count);
                System.arraycopy(part.values(), 0, values, rows * width, count * width);
                rows += count;
                seen.accept(part);
            }
        }
        requireAny(rows, source);
        Features features = Features.of(Arrays.copyOf(values, rows * width), width, Arrays.copyOf(labels, rows));
        return new Embedded(features, Arrays.copyOf(indices, rows), source.size() - rows);
    }

    /** @throws BadInput if there is no row */
    static void requireAny(long rows, ImageSource source) {
        if (rows == 0) {
            throw new BadInput("none of the images of " + source.description() + " can be read");
        }
    }

    /**
     * Fits on the first and scores on the second; rows without a label are left out of both. Of features that are all the same
     * the accuracies are those of chance.
     *
     * @throws BadInput if there are too few images, or the features are too large
     */
    static Evaluation of(Features train, Features test) {
        try {
            Features fit = train.labelledOnly();
            Features score = test.labelledOnly();
            long classes =
                    IntStream.range(0, fit.rows()).map(fit::label).distinct().count();
            if (classes < 2) {
                throw new BadInput("a probe needs labelled images of at least two classes to fit, found " + fit.rows()
                        + " images of " + classes + " classes");
            }
            double linear = fit.isConstant()
                    ? shareOfTheMostFrequent(fit, score)
                    : LogisticRegression.builder()
                            .build()
                            .fit(fit)
                            .predict(score)
                            .accuracy(score);
            int k = Math.min(NEIGHBOURS, fit.rows());
            double knn = NearestNeighbours.of(fit).neighbours(score, k).vote().accuracy(score);
            return new Evaluation(100 * linear, 100 * knn, k);
        } catch (IllegalArgumentException e) {
            throw new BadInput("these features cannot be probed: " + e.getMessage());
        }
    }

    /** What is right for a classifier that is shown nothing: of a collapsed network, whose report is wanted all the more. */
    private static double shareOfTheMostFrequent(Features fit, Features score) {
        int[] counts = new int[fit.classes()];
        int most = 0;
        for (int i = 0; i < fit.rows(); i++) {
            counts[fit.label(i)]++;
        }
        for (int k = 1; k < counts.length; k++) {
            most = counts[k] > counts[most] ? k : most;
        }
        int named = most;
        return IntStream.range(0, score.rows())
                        .filter(i -> score.label(i) == named)
                        .count()
                / (double) score.rows();
    }
}
