package dev.byol.augment.load;

import dev.byol.augment.Operation;
import dev.byol.augment.Size;
import java.io.IOException;
import java.util.List;

/** Long and narrow images: where the shorter side is resized, a few pixels of them become more than memory holds. */
final class Strips {
    static final long MOST_ELONGATED = 100;

    private Strips() {}

    /** Refuses an image that operations would enlarge to a strip. One that already is as large, or is cropped first, will do. */
    static void refuse(List<Operation> drawn, Size image) throws IOException {
        Size size = image;
        for (Operation operation : drawn) {
            size = operation.resultOf(size);
            if (isElongated(size) && pixels(size) > pixels(image)) {
                throw new IOException(image + " pixels are too elongated, they would become " + size
                        + "; images are enlarged to at most " + MOST_ELONGATED + " times as long as wide");
            }
        }
    }

    private static boolean isElongated(Size size) {
        return Math.max(size.width(), size.height()) > MOST_ELONGATED * Math.min(size.width(), size.height());
    }

    private static long pixels(Size size) {
        return (long) size.width() * size.height();
    }
}
