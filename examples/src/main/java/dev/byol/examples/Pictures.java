package dev.byol.examples;

import dev.byol.augment.Canvas;
import dev.byol.augment.Image;
import dev.byol.augment.ResizedCrop;
import dev.byol.augment.Size;
import dev.byol.augment.io.ImageSource;
import dev.byol.augment.load.Batch;
import dev.byol.augment.load.Epoch;
import dev.byol.augment.load.Loader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Pictures for the report's page, small ones: a page must not weigh what the photos do. */
final class Pictures {
    /** The longer side of a picture, in pixels. */
    static final int LARGEST = 160;

    private static final int VIEW_PAIRS = 9;

    private Pictures() {}

    /**
     * Some images with the two views that the first epoch makes of them.
     *
     * @throws java.io.UncheckedIOException if none of the images can be read
     */
    static List<ReportPage.ViewPair> views(Loader loader, ImageSource source) throws IOException {
        List<ReportPage.ViewPair> pairs = new ArrayList<>();
        try (Epoch epoch = loader.epoch(0);
                Batch batch = epoch.next()) {
            int side = loader.views().get(0).side();
            int[] indices = batch.indices();
            for (int i = 0; i < Math.min(VIEW_PAIRS, batch.size()); i++) {
                pairs.add(new ReportPage.ViewPair(
                        of(source.image(indices[i])), of(batch.view(0), i, side), of(batch.view(1), i, side)));
            }
        }
        return pairs;
    }

    /** The image in its proportions, no larger than {@value #LARGEST} pixels. */
    static Picture of(Image image) {
        return of(image, LARGEST);
    }

    /** The image in its proportions, its longer side no larger than so many pixels. */
    static Picture of(Image image, int largest) {
        int longer = Math.max(image.width(), image.height());
        if (longer <= largest) {
            return new Picture(image.samples(), image.height(), image.width());
        }
        double scale = (double) largest / longer;
        Size size = new Size(reduced(image.width(), scale), reduced(image.height(), scale));
        byte[] samples = new byte[3 * size.width() * size.height()];
        new Canvas().render(image, List.of(new ResizedCrop(0, 0, image.height(), image.width(), size)), samples, 0);
        return new Picture(samples, size.height(), size.width());
    }

    private static int reduced(int side, double scale) {
        return Math.max(1, (int) Math.round(side * scale));
    }

    private static Picture of(byte[] images, int index, int side) {
        int size = 3 * side * side;
        return of(new Image(side, side, 3, Arrays.copyOfRange(images, index * size, (index + 1) * size)));
    }
}
