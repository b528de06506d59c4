package dev.byol.examples;

import dev.byol.augment.io.ImageSource;
import dev.byol.eval.Features;
import dev.byol.eval.NearestNeighbours;
import dev.byol.eval.Neighbours;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A few images and what the network takes for alike, for the report's page. */
record Neighbourhoods(List<ReportPage.Neighbours> all) {
    private static final int QUERIES = 6;
    private static final int HITS = 6;
    private static final int UNLABELLED_IMAGES = 1000;

    /** Test images, each of another class where there are enough, among the training images. */
    static Neighbourhoods of(Data.Labelled set, Evaluation.Embedded train, Evaluation.Embedded test, int side) {
        List<Integer> rows = new ArrayList<>();
        List<Integer> seen = new ArrayList<>();
        Features features = test.features();
        for (int row = 0; row < features.rows() && rows.size() < QUERIES; row++) {
            if (!seen.contains(features.label(row))) {
                seen.add(features.label(row));
                rows.add(row);
            }
        }
        for (int row = 0; row < features.rows() && rows.size() < QUERIES; row++) {
            if (!rows.contains(row)) {
                rows.add(row);
            }
        }
        return find(set.test(), test, rows, set.train(), train, set.classNames(), 0);
    }

    /** The first images of a source without labels, among the first thousand. */
    static Neighbourhoods of(ImageSource source, int side, Function<byte[], float[][]> encoder) {
        List<Integer> first = new ArrayList<>();
        for (int i = 0; i < Math.min(UNLABELLED_IMAGES, source.size()); i++) {
            first.add(i);
        }
        ImageSource some = new Subset(source, first);
        Evaluation.Embedded embedded = Evaluation.embed(some, side, encoder);
        List<Integer> rows = new ArrayList<>();
        for (int row = 0; row < Math.min(QUERIES, embedded.features().rows()); row++) {
            rows.add(row);
        }
        return find(some, embedded, rows, some, embedded, List.of(), 1);
    }

    /** @param skip how many of the nearest to leave out: the query itself, where it is among the images */
    private static Neighbourhoods find(
            ImageSource querySource,
            Evaluation.Embedded queries,
            List<Integer> rows,
            ImageSource source,
            Evaluation.Embedded images,
            List<String> classNames,
            int skip) {
        int k = Math.min(HITS + skip, images.features().rows());
        Features asked = select(queries.features(), rows);
        Neighbours nearest = NearestNeighbours.of(images.features()).neighbours(asked, k);
        List<ReportPage.Neighbours> all = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            int query = queries.indices()[rows.get(i)];
            List<ReportPage.Neighbour> hits = new ArrayList<>();
            for (int rank = skip; rank < k; rank++) {
                int hit = images.indices()[nearest.index(i, rank)];
                hits.add(new ReportPage.Neighbour(
                        picture(source, hit), name(source, hit, classNames), nearest.similarity(i, rank)));
            }
            all.add(new ReportPage.Neighbours(picture(querySource, query), name(querySource, query, classNames), hits));
        }
        return new Neighbourhoods(all);
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
        return Optional.of(label < classNames.size() ? classNames.get(label) : "class " + label);
    }

    private static ReportPage.Picture picture(ImageSource source, int index) {
        try {
            return Pictures.of(source.image(index));
        } catch (IOException e) {
            throw new UncheckedIOException("an image that could be read before cannot be read now", e);
        }
    }
}
