package dev.byol.augment.load;

import dev.byol.augment.Canvas;
import dev.byol.augment.Operation;
import dev.byol.augment.View;
import dev.byol.augment.io.ImageSource;
import dev.byol.augment.io.LazyImage;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * Images as they are, without augmentation, for embedding and testing: those of the wanted size untouched, others by
 * {@link View#center(int)}. Images that are {@linkplain Unreadable unreadable} are left out, counted and named in the log.
 */
public final class PlainImages {
    private static final RandomGenerator NOTHING_RANDOM = () -> {
        throw new IllegalStateException("a plain image draws nothing");
    };

    private final int side;
    private final int channels;
    private final Memory memory;
    private final int[] indices;
    private final int[] labels;
    private final int skipped;

    private PlainImages(int side, int channels, Memory memory, int[] indices, int[] labels, int skipped) {
        this.side = side;
        this.channels = channels;
        this.memory = memory;
        this.indices = indices;
        this.labels = labels;
        this.skipped = skipped;
    }

    /** Reads all RGB images of a source, in their order; see {@link Builder#read(int, int)}. */
    public static PlainImages read(ImageSource source, int side) {
        return read(source, side, 0, source.size());
    }

    /** Reads the RGB images from index {@code from} to before index {@code to}; see {@link Builder#read(int, int)}. */
    public static PlainImages read(ImageSource source, int side, int from, int to) {
        return builder(source, side).read(from, to);
    }

    /**
     * Starts the settings for images that are not RGB bytes.
     *
     * @param side width and height of the results in pixels
     */
    public static Builder builder(ImageSource source, int side) {
        return builder(source, View.center(side));
    }

    /**
     * Starts the settings of reading images of this source by a recipe of their own, such as that of a published evaluation.
     *
     * @param view that draws nothing at random
     */
    public static Builder builder(ImageSource source, View view) {
        return new Builder(source, view);
    }

    /** The number of images {@code N} that could be read. */
    public int size() {
        return indices.length;
    }

    /** Width and height of every image in pixels. */
    public int side() {
        return side;
    }

    /** The channels {@code C}, samples a pixel. */
    public int channels() {
        return channels;
    }

    /**
     * The bytes themselves {@code [N, side, side, C]}, not a copy.
     *
     * @throws IllegalStateException if the images were read as floats
     */
    public byte[] samples() {
        if (memory.isFloat()) {
            throw new IllegalStateException("the images were read as floats, which floatSamples() gives");
        }
        return memory.bytes(0);
    }

    /**
     * The floats in [0, 1] themselves {@code [N, side, side, C]}, not a copy.
     *
     * @throws IllegalStateException if the images were read as bytes
     */
    public float[] floatSamples() {
        if (!memory.isFloat()) {
            throw new IllegalStateException("the images were read as bytes, which samples() gives");
        }
        return memory.floats(0);
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

    /** What kind of images is read. */
    public static final class Builder {
        private final ImageSource source;
        private final View view;
        private Kind kind = new Kind(3, false);

        private Builder(ImageSource source, View view) {
            this.source = source;
            this.view = view;
        }

        /**
         * Samples a pixel of every image; 3 by default.
         *
         * @throws IllegalArgumentException if below 1
         */
        public Builder channels(int samples) {
            kind = kind.channels(samples);
            return this;
        }

        /**
         * Whether results are floats in [0, 1], for sources of more than 8 bits; false by default. Bytes are then divided by
         * 255; without it, images of floats are refused.
         */
        public Builder floats(boolean inFloats) {
            kind = kind.floats(inFloats);
            return this;
        }

        /** Reads all images, in their order; see {@link #read(int, int)}. */
        public PlainImages read() {
            return read(0, source.size());
        }

        /**
         * Reads the images from index {@code from} to before index {@code to}, in their order.
         *
         * @throws IllegalArgumentException if there are too many for one array
         * @throws IllegalStateException if an image is of another kind or reading it fails otherwise, with its name
         * @throws IndexOutOfBoundsException if the range does not lie in the source
         */
        public PlainImages read(int from, int to) {
            Objects.checkFromToIndex(from, to, source.size());
            Memory memory = kind.memory(length(to - from));
            int[] indices = new int[to - from];
            int count = 0;
            Canvas image = new Canvas();
            Canvas canvas = new Canvas();
            for (int i = from; i < to; i++) {
                try {
                    LazyImage lazy = source.open(i);
                    List<Operation> drawn = view.draw(NOTHING_RANDOM, lazy.size(), kind.channels());
                    Strips.refuse(drawn, lazy.size());
                    lazy.decode(Renderer.reads(drawn, lazy.size()), image);
                    kind.convert(image);
                    memory.render(image, drawn, canvas, 0, length(count));
                    indices[count++] = i;
                } catch (IOException e) {
                    Problem.log(source, i, e);
                } catch (RuntimeException e) {
                    throw new IllegalStateException(Problem.describe(source.name(i), e), e);
                }
            }
            int[] kept = Arrays.copyOf(indices, count);
            int[] labels = Arrays.stream(kept).map(source::label).toArray();
            return new PlainImages(
                    view.side(), kind.channels(), memory.truncated(length(count)), kept, labels, to - from - count);
        }

        /** Samples of so many images. */
        private int length(int images) {
            long one = (long) view.side() * view.side() * kind.channels();
            if (one * images > Integer.MAX_VALUE - 8) {
                throw new IllegalArgumentException(images + " images of " + view.side() + "x" + view.side() + "x"
                        + kind.channels() + " do not fit in one array; at most " + Integer.MAX_VALUE / one + " do");
            }
            return (int) (one * images);
        }
    }
}
