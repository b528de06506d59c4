package dev.byol.augment.load;

import dev.byol.augment.Canvas;
import dev.byol.augment.Image;
import dev.byol.augment.Size;
import dev.byol.augment.View;
import dev.byol.augment.io.ImageSource;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * Images as they are, without augmentation, for embedding and testing: those of the wanted size untouched, others by
 * {@link View#center(int)}. Images that cannot be read, or are more than {@value #MOST_ELONGATED} times as long as wide, are
 * left out, counted and named in the log.
 */
public final class PlainImages {
    private static final int MOST_ELONGATED = 100;

    private static final RandomGenerator NOTHING_RANDOM = () -> {
        throw new IllegalStateException("a plain image draws nothing");
    };

    private final int side;
    private final byte[] samples;
    private final int[] indices;
    private final int[] labels;
    private final int skipped;

    private PlainImages(int side, byte[] samples, int[] indices, int[] labels, int skipped) {
        this.side = side;
        this.samples = samples;
        this.indices = indices;
        this.labels = labels;
        this.skipped = skipped;
    }

    /** Reads all images of a source, in their order; see {@link #read(ImageSource, int, int, int)}. */
    public static PlainImages read(ImageSource source, int side) {
        return read(source, side, 0, source.size());
    }

    /**
     * Reads the images from index {@code from} to before index {@code to}, in their order.
     *
     * @param side width and height of the results in pixels
     * @throws IllegalArgumentException if there are too many for one array
     * @throws IllegalStateException if an image has not 3 channels or reading it fails otherwise, with its name
     * @throws IndexOutOfBoundsException if the range does not lie in the source
     */
    public static PlainImages read(ImageSource source, int side, int from, int to) {
        Objects.checkFromToIndex(from, to, source.size());
        View view = View.center(side);
        long length = 3L * side * side;
        if (length * (to - from) > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException((to - from) + " images of " + side + "x" + side
                    + "x3 do not fit in one array; at most " + Integer.MAX_VALUE / length + " do");
        }
        byte[] samples = new byte[(int) length * (to - from)];
        int[] indices = new int[to - from];
        int count = 0;
        Canvas canvas = new Canvas();
        for (int i = from; i < to; i++) {
            try {
                Image image = source.image(i);
                if (image.channels() != 3) {
                    throw new IllegalArgumentException(image.channels() + " channels, expected 3");
                }
                requireCompact(image.size());
                canvas.render(image, view.draw(NOTHING_RANDOM, image.size()), samples, (int) length * count);
                indices[count++] = i;
            } catch (IOException e) {
                Problem.log(source, i, e);
            } catch (RuntimeException e) {
                throw new IllegalStateException(Problem.describe(source.name(i), e), e);
            }
        }
        int[] kept = Arrays.copyOf(indices, count);
        int[] labels = Arrays.stream(kept).map(source::label).toArray();
        byte[] whole = count == to - from ? samples : Arrays.copyOf(samples, (int) length * count);
        return new PlainImages(side, whole, kept, labels, to - from - count);
    }

    /** The shorter side is resized before the centre is cut out: of a strip, that would be a very long image. */
    private static void requireCompact(Size size) throws IOException {
        long longer = Math.max(size.width(), size.height());
        if (longer > (long) MOST_ELONGATED * Math.min(size.width(), size.height())) {
            throw new IOException(size + " pixels are too elongated, at most " + MOST_ELONGATED + " to 1 are used");
        }
    }

    /** The number of images {@code N} that could be read. */
    public int size() {
        return indices.length;
    }

    /** Width and height of every image in pixels. */
    public int side() {
        return side;
    }

    /** The samples themselves {@code [N, side, side, 3]}, not a copy. */
    public byte[] samples() {
        return samples;
    }

    /** The images' indices in the source {@code [N]}. */
    public int[] indices() {
        return indices.clone();
    }

    /** The images' labels {@code [N]}, -1 for those without. */
    public int[] labels() {
        return labels.clone();
    }

    /** How many images could not be read or used. */
    public int skipped() {
        return skipped;
    }
}
