package dev.byol.augment.load;

import dev.byol.augment.Canvas;
import dev.byol.augment.CounterRandom;
import dev.byol.augment.Image;
import dev.byol.augment.Size;
import dev.byol.augment.View;
import dev.byol.augment.io.ImageSource;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.random.RandomGenerator;

/**
 * Prepares batches of random views. Everything in them is a function of the source, the views and the seed: the order of an
 * epoch depends on (seed, epoch), what a view draws on (seed, epoch, sample, view), and neither on threads, batch size or
 * how far batches are prepared ahead.
 *
 * <p>An image that cannot be read is named in the log, once, and its place is taken by the next readable one in the epoch's
 * order. Images are RGB. A loader may be shared between threads; it holds memory for its batches, and no thread.
 */
public final class Loader {
    private static final int CHANNELS = 3;
    private static final long NO_SAMPLE = -1;

    private final ImageSource source;
    private final List<View> views;
    private final int batch;
    private final long seed;
    private final int threads;
    private final boolean dropLast;
    private final int capacity;

    private final SortedSet<Integer> unreadable = new ConcurrentSkipListSet<>();
    private final Deque<byte[][]> free = new ArrayDeque<>();

    private Loader(Builder builder) {
        source = builder.source;
        views = builder.views;
        batch = builder.batch;
        seed = builder.seed;
        threads = builder.threads;
        dropLast = builder.dropLast;
        capacity = builder.prefetch + 1;
    }

    /** Starts the settings of a loader of this source. */
    public static Builder builder(ImageSource source) {
        return new Builder(source);
    }

    /** The number of batches in an epoch. */
    public int batches() {
        return source.size() / batch + (dropLast || source.size() % batch == 0 ? 0 : 1);
    }

    /** Images a batch. */
    public int batch() {
        return batch;
    }

    /** The recipes of the views of an image, in their order. */
    public List<View> views() {
        return views;
    }

    /** The images found to be unreadable so far, by index. */
    public SortedSet<Integer> unreadable() {
        return Collections.unmodifiableSortedSet(unreadable);
    }

    /** Starts an epoch from its beginning. The caller closes it. */
    public Epoch epoch(long number) {
        return epoch(number, 0);
    }

    /**
     * Starts an epoch at one of its batches, as if the earlier ones had been taken. The caller closes it.
     *
     * @throws IllegalArgumentException if {@code firstBatch} is outside [0, {@link #batches()}]
     */
    public Epoch epoch(long number, int firstBatch) {
        if (firstBatch < 0 || firstBatch > batches()) {
            throw new IllegalArgumentException("the first batch must be in [0, " + batches() + "], got " + firstBatch);
        }
        return new Epoch(this, number, order(number), firstBatch).start(threads);
    }

    /** The order in which an epoch visits the images: a permutation of all indices, by Fisher and Yates. */
    int[] order(long epoch) {
        int[] order = new int[source.size()];
        RandomGenerator random = CounterRandom.of(seed, epoch, NO_SAMPLE, NO_SAMPLE);
        for (int i = 0; i < order.length; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    int capacity() {
        return capacity;
    }

    int positions() {
        return dropLast ? batches() * batch : source.size();
    }

    Batch begin(Epoch epoch, int index) {
        int size = Math.min(batch, source.size() - index * batch);
        return new Batch(epoch, index, size, memory());
    }

    private byte[][] memory() {
        synchronized (free) {
            if (!free.isEmpty()) {
                return free.remove();
            }
        }
        return views.stream().map(view -> new byte[batch * samples(view)]).toArray(byte[][]::new);
    }

    void recycle(byte[][] memory) {
        synchronized (free) {
            if (free.size() < capacity) {
                free.add(memory);
            }
        }
    }

    private static int samples(View view) {
        return view.side() * view.side() * CHANNELS;
    }

    /** Loads the image at a position of the epoch's order, or the first readable one after it, into a slot of a batch. */
    void fill(Batch into, int slot, long epoch, int[] order, int position, Canvas canvas) throws IOException {
        for (int i = 0; i < order.length; i++) {
            int sample = order[(position + i) % order.length];
            if (unreadable.contains(sample)) {
                continue;
            }
            try {
                Image image = source.image(sample);
                render(image, sample, epoch, into, slot, canvas);
                into.put(slot, sample, source.label(sample));
                return;
            } catch (IOException e) {
                if (unreadable.add(sample)) {
                    Skipped.log(source, sample, e);
                }
            } catch (RuntimeException e) {
                throw new IllegalStateException(source.name(sample) + ": " + e.getMessage(), e);
            }
        }
        throw new IOException("none of the " + order.length + " images of " + source.description() + " can be read");
    }

    private void render(Image image, int sample, long epoch, Batch into, int slot, Canvas canvas) {
        if (image.channels() != CHANNELS) {
            throw new IllegalArgumentException(image.channels() + " channels, expected " + CHANNELS);
        }
        Size size = image.size();
        for (int v = 0; v < views.size(); v++) {
            View view = views.get(v);
            RandomGenerator random = CounterRandom.of(seed, epoch, sample, v);
            canvas.render(image, view.draw(random, size), into.memory()[v], slot * samples(view));
        }
    }

    /** Settings of a loader. */
    public static final class Builder {
        private final ImageSource source;
        private List<View> views =
                List.of(View.appendix().build(), View.appendix().build());
        private int batch = 256;
        private long seed;
        private int threads = 1;
        private boolean dropLast = true;
        private int prefetch = 2;

        private Builder(ImageSource source) {
            this.source = source;
        }

        /**
         * The recipes of the views of an image; by default two of {@link View#appendix()}.
         *
         * @throws IllegalArgumentException if there is none
         */
        public Builder views(View... recipes) {
            if (recipes.length == 0) {
                throw new IllegalArgumentException("a batch must have at least 1 view, got 0");
            }
            views = List.of(recipes);
            return this;
        }

        /**
         * Images a batch; 256 by default.
         *
         * @throws IllegalArgumentException if below 1
         */
        public Builder batch(int images) {
            atLeast("batch", images, 1);
            batch = images;
            return this;
        }

        /** Where all randomness comes from; 0 by default. */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /**
         * Background threads of an epoch; 1 by default.
         *
         * @throws IllegalArgumentException if below 1
         */
        public Builder threads(int count) {
            atLeast("threads", count, 1);
            threads = count;
            return this;
        }

        /** Whether images that do not fill a last batch are left out of an epoch; true by default. */
        public Builder dropLast(boolean drop) {
            dropLast = drop;
            return this;
        }

        /**
         * Batches prepared ahead of the one that is being used; 2 by default.
         *
         * @throws IllegalArgumentException if below 1
         */
        public Builder prefetch(int batches) {
            atLeast("prefetch", batches, 1);
            prefetch = batches;
            return this;
        }

        private static void atLeast(String name, int value, int least) {
            if (value < least) {
                throw new IllegalArgumentException(name + " must be at least " + least + ", got " + value);
            }
        }

        /**
         * The loader with these settings.
         *
         * @throws IllegalArgumentException if the source has no image, a batch is larger than the source and would be
         *     dropped, or the batches need more memory than there is
         */
        public Loader build() {
            if (source.size() == 0) {
                throw new IllegalArgumentException(source.description() + " has no images");
            }
            if (dropLast && batch > source.size()) {
                throw new IllegalArgumentException("a batch of " + batch + " is larger than the " + source.size()
                        + " images of " + source.description());
            }
            checkMemory();
            return new Loader(this);
        }

        private void checkMemory() {
            double bytes = 0;
            double largest = 0;
            for (View view : views) {
                double image = (double) view.side() * view.side() * CHANNELS;
                largest = Math.max(largest, image);
                bytes += image * batch * (prefetch + 1);
            }
            bytes += largest * threads * (2 + 2 * Integer.BYTES); // what a canvas holds of a view
            long heap = Runtime.getRuntime().maxMemory();
            if (largest * batch > Integer.MAX_VALUE - 8 || bytes > heap) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT,
                        "views of %s need %.0f MiB at batch %d, prefetch %d and %d threads, and %.0f MiB in one array; "
                                + "the heap has %d MiB and an array holds 2047 MiB",
                        views.stream()
                                .map(v -> v.side() + "x" + v.side())
                                .distinct()
                                .toList(),
                        bytes / (1 << 20),
                        batch,
                        prefetch,
                        threads,
                        largest * batch / (1 << 20),
                        heap >> 20));
            }
        }
    }
}
