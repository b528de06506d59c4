package dev.byol.examples;

import dev.byol.augment.Image;
import dev.byol.augment.io.ImageSource;
import dev.byol.augment.load.Batch;
import dev.byol.augment.load.Epoch;
import dev.byol.augment.load.Loader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Pictures for the report's page. */
final class Pictures {
    private static final int VIEW_PAIRS = 9;

    private Pictures() {}

    /** Some images with the two views that the first epoch made of them. */
    static List<ReportPage.ViewPair> views(Loader loader, ImageSource source) throws IOException {
        List<ReportPage.ViewPair> pairs = new ArrayList<>();
        try (Epoch epoch = loader.epoch(0);
                Batch batch = epoch.next()) {
            int side = loader.views().get(0).side();
            for (int i = 0; i < Math.min(VIEW_PAIRS, batch.size()); i++) {
                pairs.add(new ReportPage.ViewPair(
                        of(source.image(batch.indices()[i])), of(batch.view(0), i, side), of(batch.view(1), i, side)));
            }
        }
        return pairs;
    }

    static ReportPage.Picture of(Image image) {
        return new ReportPage.Picture(image.samples(), image.height(), image.width());
    }

    private static ReportPage.Picture of(byte[] images, int index, int side) {
        int size = 3 * side * side;
        return ReportPage.Picture.square(Arrays.copyOfRange(images, index * size, (index + 1) * size), side);
    }
}
