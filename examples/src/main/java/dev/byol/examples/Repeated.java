package dev.byol.examples;

import dev.byol.augment.Image;
import dev.byol.augment.io.ImageSource;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A few images in memory, again and again, for as many as one likes.
 *
 * @param size how many they seem to be
 */
record Repeated(List<Image> images, int size) implements ImageSource {
    Repeated {
        images = List.copyOf(images);
    }

    /** Shapes of a side. */
    static Repeated shapes(int side, int different, int size) {
        ShapesData data = new ShapesData(side, different, 1, 1, 0);
        return new Repeated(
                IntStream.range(0, different)
                        .mapToObj(i -> new Image(side, side, 3, data.image(ShapesData.Split.UNLABELLED, i)))
                        .toList(),
                size);
    }

    @Override
    public Image image(int index) {
        return images.get(index % images.size());
    }

    @Override
    public String description() {
        return images.size() + " images in memory, again and again";
    }
}
