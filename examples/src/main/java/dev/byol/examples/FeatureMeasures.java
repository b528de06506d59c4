package dev.byol.examples;

import dev.byol.augment.View;
import dev.byol.augment.io.ImageSource;
import dev.byol.augment.load.Batch;
import dev.byol.augment.load.Epoch;
import dev.byol.augment.load.Loader;
import dev.byol.eval.Measures;
import dev.byol.eval.MeasuresAccumulator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * What features say about themselves, without labels.
 *
 * @param plain of images as they are
 * @param views of two random views of each of some images
 */
record FeatureMeasures(Measures plain, Measures views) {
    private static final int IMAGES_WITH_VIEWS = 1024;
    private static final int BATCH = 64;

    /**
     * One measure, in words.
     *
     * @param key in JSON
     * @param healthy what to expect of good features
     */
    record Row(String key, String name, ToDoubleFunction<FeatureMeasures> value, String healthy) {
        String text(FeatureMeasures measures) {
            double number = value.applyAsDouble(measures);
            return Double.isFinite(number) ? Html.fixed(number, number >= 10 ? 1 : 3) : "&ndash;";
        }
    }

    /** All measures in the order to show them. */
    static final List<Row> ROWS = List.of(
            new Row(
                    "effectiveRank",
                    "Effective rank (RankMe)",
                    m -> m.plain.effectiveRank(),
                    "High among networks of one kind on the same images; 1 where everything lies on a line."),
            new Row(
                    "firstDirection",
                    "Share of the longest direction",
                    m -> m.plain.spectrum().explained(1),
                    "Below 1; features behind a ReLU all point into one corner, so 0.5 to 0.9 is usual."),
            new Row(
                    "positiveCosine",
                    "Positive cosine",
                    m -> m.views.positiveCosine().orElse(Double.NaN),
                    "Two views of one image: high, and well above the negative cosine."),
            new Row(
                    "negativeCosine",
                    "Negative cosine",
                    m -> m.views.negativeCosine(),
                    "Views of different images: below the positive cosine; above 0.99 is a collapse."),
            new Row(
                    "deviation",
                    "Deviation of the dimensions",
                    m -> m.plain.deviation(),
                    "1 where features are spread evenly, 0 on collapse; behind a ReLU 0.3 and more is usual."),
            new Row(
                    "deadDimensions",
                    "Dead dimensions",
                    m -> m.plain.deadDimensions(),
                    "0: the share of dimensions that say nothing."),
            new Row(
                    "alignment",
                    "Alignment",
                    m -> m.views.alignment().orElse(Double.NaN),
                    "Squared distance of two views: low, as long as uniformity is low, too."),
            new Row(
                    "uniformity",
                    "Uniformity",
                    m -> m.plain.uniformity(),
                    "Towards \u22124, where features are spread over the sphere evenly; 0 on collapse."));

    /** Measures of two views of about a thousand images, drawn by the seed. */
    static Measures ofViews(ImageSource source, int side, Function<byte[], float[][]> encoder, long seed, int threads) {
        View view = View.appendix().side(side).build();
        Loader loader = Loader.builder(source)
                .views(view, view)
                .batch(Math.min(BATCH, source.size()))
                .seed(seed)
                .threads(threads)
                .build();
        List<float[]> first = new ArrayList<>();
        List<float[]> second = new ArrayList<>();
        try (Epoch epoch = loader.epoch(0)) {
            while (epoch.hasNext() && first.size() < IMAGES_WITH_VIEWS) {
                try (Batch batch = epoch.next()) {
                    first.addAll(List.of(encoder.apply(batch.view(0))));
                    second.addAll(List.of(encoder.apply(batch.view(1))));
                }
            }
        }
        MeasuresAccumulator measures = MeasuresAccumulator.of(first.get(0).length);
        for (int i = 0; i < first.size(); i++) {
            measures.add(first.get(i), second.get(i));
        }
        return measures.measures();
    }

    /** Such as {@code 380 images}. */
    static String images(Measures measures) {
        return String.format(Locale.ROOT, "%,d images", measures.rows());
    }
}
