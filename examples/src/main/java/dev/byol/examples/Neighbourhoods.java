package dev.byol.examples;

import dev.byol.augment.io.ImageSource;
import dev.byol.augment.io.Sources;
import dev.byol.eval.Features;
import dev.byol.eval.NearestNeighbours;
import dev.byol.eval.Neighbours;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/** A few images and what the network takes for alike, for the report's page. */
final class Neighbourhoods {
    private static final int QUERIES = 6;
    private static final int HITS = 6;
    private static final int UNLABELLED_IMAGES = 1000;
    /** The longer side of a picture, in pixels: what the pages show them at. */
    private static final int LARGEST = 128;

    private Neighbourhoods() {}

    /** Test images, each of another class where there are enough, among the training images. */
    static List<ReportPage.Neighbours> of(Data.Labelled set, Evaluation.Embedded train, Evaluation.Embedded test) {
        Features features = test.features();
        Set<Integer> rows = new LinkedHashSet<>();
        Set<Integer> seen = new LinkedHashSet<>();
        for (int row = 0; row < features.rows() && rows.size() < QUERIES; row++) {
            if (seen.add(features.label(row))) {
                rows.add(row);
            }
        }
        for (int row = 0; row < features.rows() && rows.size() < QUERIES; row++) {
            rows.add(row);
        }
        return find(set.test(), test, List.copyOf(rows), set.train(), train, set.classNames());
    }

    /** The first images of a source without labels, among the first thousand. */
    static List<ReportPage.Neighbours> of(ImageSource source, int side, Function<byte[], float[][]> encoder) {
        ImageSource some = Sources.range(source, 0, Math.min(UNLABELLED_IMAGES, source.size()));
        Evaluation.Embedded embedded = Evaluation.embed(some, side, encoder);
        List<Integer> rows = IntStream.range(0, Math.min(QUERIES, embedded.indices().length))
                .boxed()
                .toList();
        return find(some, embedded, rows, some, embedded, List.of());
    }

    /** Where the queries are among the images, none is a neighbour of itself. */
    private static List<ReportPage.Neighbours> find(
            ImageSource querySource,
            Evaluation.Embedded queries,
            List<Integer> rows,
            ImageSource source,
            Evaluation.Embedded images,
            List<String> classNames) {
        int k = Math.min(HITS + 1, images.features().rows());
        Neighbours nearest = NearestNeighbours.of(images.features()).neighbours(select(queries.features(), rows), k);
        List<ReportPage.Neighbours> all = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            int query = queries.indices()[rows.get(i)];
            List<ReportPage.Neighbour> hits = new ArrayList<>();
            for (int rank = 0; rank < k && hits.size() < HITS; rank++) {
                int hit = images.indices()[nearest.index(i, rank)];
                if (source != querySource || hit != query) {
                    hits.add(new ReportPage.Neighbour(
                            picture(source, hit), name(source, hit, classNames), nearest.similarity(i, rank)));
                }
            }
            all.add(new ReportPage.Neighbours(picture(querySource, query), name(querySource, query, classNames), hits));
        }
        return all;
    }

    private static Features select(Features features, List<Integer> rows) {
        int width = features.dimension();
        float[] values = new float[rows.size() * width];
        for (int i = 0; i < rows.size(); i++) {
            for (int c = 0; c < width; c++) {
                values[i * width + c] = features.value(rows.get(i), c);
            }
        }
        return Features.unlabelled(values, width);
    }

    private static Optional<String> name(ImageSource source, int index, List<String> classNames) {
        int label = source.label(index);
        if (label < 0) {
            return Optional.empty();
        }
        return Optional.of(Data.className(classNames, label));
    }

    static Picture picture(ImageSource source, int index) {
        try {
            return Pictures.of(source.image(index), LARGEST);
        } catch (IOException e) {
            throw new UncheckedIOException("an image that could be read before cannot be read now", e);
        }
    }
}
