package dev.byol.augment.load;

import dev.byol.augment.Canvas;
import dev.byol.augment.TableLayout;
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

/**
 * Prepares batches of random views. Everything in them is a function of the source, the views and the seed: the order of an
 * epoch depends on (seed, epoch), what a view draws on (seed, epoch, sample, view), and neither on threads, batch size or
 * how far batches are prepared ahead. What comes at a position of an epoch is therefore the same in every run, and a run can
 * go on from any (epoch, position).
 *
 * <p>An image that cannot be read is counted, named in the log, once, and {@link Unreadable} says what takes its place.
 * Images have {@link Builder#channels(int)} samples a pixel, of unsigned bytes or, by {@link Builder#floats(boolean)}, of
 * floats; another image is an error with its name.
 *
 * <p>A loader may be shared between threads; it holds memory for its batches, and no thread.
 */
public final class Loader {
    private final ImageSource source;
    private final List<View> views;
    private final Kind kind;
    private final boolean reduced;
    private final List<TableLayout> layouts; // of sources; empty where views are made
    private final int batch;
    private final long seed;
    private final int threads;
    private final boolean dropLast;
    private final long capacity;
    private final Unreadable policy;

    private final SortedSet<Integer> unreadable = new ConcurrentSkipListSet<>();

    private final Object lock = new Object();
    private final Deque<Memory> free = new ArrayDeque<>();
    private Statistics statistics = Statistics.NONE;

    private Loader(Builder builder) {
        source = builder.source;
        views = builder.views;
        kind = builder.kind;
        reduced = builder.reduced;
        layouts = builder.layouts();
        batch = builder.batch;
        seed = builder.seed;
        threads = builder.threads;
        dropLast = builder.dropLast;
        capacity = 1L + builder.prefetch;
        policy = builder.policy;
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

    /** What has been taken since the loader was made, all epochs added up. */
    public Statistics statistics() {
        synchronized (lock) {
            return statistics;
        }
    }

    /** Starts an epoch from its beginning. The caller closes it. */
    public Epoch epoch(long number) {
        return epoch(number, 0);
    }

    /**
     * Starts an epoch at one of its positions, as if the earlier images had been taken. The caller closes it. With {@code
     * dropLast}, images that do not fill a batch from there on are left out.
     *
     * @param position images that come before, as {@link Epoch#position()} counts them; any number of them, whatever the batch
     * @throws IllegalArgumentException if {@code position} is outside [0, images of the source]
     */
    public Epoch epoch(long number, int position) {
        if (position < 0 || position > source.size()) {
            throw new IllegalArgumentException(
                    "the position in an epoch must be in [0, " + source.size() + "], got " + position);
        }
        Order order = Order.of(source.size(), seed, number);
        return Epoch.start(new Pipeline(this, number, order, position), threads);
    }

    /** The position at which an epoch that starts at another ends. */
    int end(int position) {
        int left = source.size() - position;
        return position + (dropLast ? left - left % batch : left);
    }

    /** Batches that there is memory for: the one in use, and those prepared ahead. */
    long capacity() {
        return capacity;
    }

    long seed() {
        return seed;
    }

    Kind kind() {
        return kind;
    }

    boolean reduced() {
        return reduced;
    }

    Unreadable policy() {
        return policy;
    }

    Renderer renderer(long epoch, Order order) {
        return new Renderer(this, source, epoch, order);
    }

    Batch begin(Pipeline pipeline, int position, int end) {
        return new Batch(pipeline, position, Math.min(batch, end - position), memory());
    }

    private Memory memory() {
        synchronized (lock) {
            if (!free.isEmpty()) {
                return free.remove();
            }
        }
        if (!layouts.isEmpty()) {
            return new Memory(new Sources(layouts, batch));
        }
        int[] lengths = views.stream().mapToInt(view -> batch * samples(view)).toArray();
        return kind.memory(lengths);
    }

    void recycle(Memory memory) {
        synchronized (lock) {
            if (free.size() < capacity) {
                free.add(memory);
            }
        }
    }

    void count(Statistics more) {
        synchronized (lock) {
            statistics = statistics.plus(more);
        }
    }

    void unreadable(int sample, IOException cause) {
        if (unreadable.add(sample)) {
            Problem.log(source, sample, cause);
        }
    }

    /** Samples of a view of one image. */
    int samples(View view) {
        return view.side() * view.side() * kind.channels();
    }

    /** The settings that say what comes out. */
    @Override
    public String toString() {
        return "Loader[source=" + source.description() + ", views=" + views + ", channels=" + kind.channels()
                + ", floats="
                + kind.floats() + ", reduced=" + reduced + ", batch=" + batch + ", seed=" + seed + ", dropLast="
                + dropLast + (layouts.isEmpty() ? "" : ", sources=true")
                + ", unreadable=" + policy + "]";
    }

    /** Settings of a loader. */
    public static final class Builder {
        private final ImageSource source;
        private List<View> views =
                List.of(View.appendix().build(), View.appendix().build());
        private Kind kind = new Kind(3, false);
        private boolean reduced;
        private boolean sources;
        private int batch = 256;
        private long seed;
        private int threads = 1;
        private boolean dropLast = true;
        private int prefetch = 2;
        private Unreadable policy = Unreadable.skip();

        private Builder(ImageSource source) {
            this.source = source;
        }

        /**
         * The recipes of the views of an image, by default two of {@link View#appendix()}. Their sizes may differ.
         *
         * @throws IllegalArgumentException if there is none
         */
        public Builder views(List<View> recipes) {
            if (recipes.isEmpty()) {
                throw new IllegalArgumentException("a batch must have at least 1 view, got 0");
            }
            views = List.copyOf(recipes);
            return this;
        }

        /**
         * The recipes of the views of an image, one by one.
         *
         * @throws IllegalArgumentException if there is none
         */
        public Builder views(View... recipes) {
            return views(List.of(recipes));
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
         * Whether views are made in floats in [0, 1] and asked for by {@link Batch#floats(int)}, for sources of more than 8
         * bits; false by default. Bytes are then divided by 255 before anything else; without it, images of floats are refused.
         */
        public Builder floats(boolean inFloats) {
            kind = kind.floats(inFloats);
            return this;
        }

        /**
         * Whether images may be decoded at a smaller size where their files allow that (see {@link
         * dev.byol.augment.io.LazyImage#reduced}) and no view has to enlarge its crop because of it; false by default. Large
         * photos then load several times as fast, and views differ a little from those of the whole images. They remain a
         * function of (seed, epoch, sample, view) and the set of views.
         */
        public Builder reduced(boolean allowed) {
            reduced = allowed;
            return this;
        }

        /**
         * Whether batches hold the images themselves and what was drawn for their views, {@link Batch#sources()}, in the place of the views,
         * for views that are made elsewhere; false by default. What is drawn is the same. Smaller images of a batch are padded to the
         * largest, so that this is for images of one size, or nearly. For RGB in bytes.
         */
        public Builder sources(boolean inPlaceOfViews) {
            sources = inPlaceOfViews;
            return this;
        }

        /** How the draws are written down; empty where views are made. */
        private List<TableLayout> layouts() {
            return sources ? views.stream().map(TableLayout::of).toList() : List.of();
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
         * Batches prepared ahead of the one that is being used; 2 by default. They, and the one in use, are all the memory
         * that batches take.
         *
         * @throws IllegalArgumentException if below 1
         */
        public Builder prefetch(int batches) {
            atLeast("prefetch", batches, 1);
            prefetch = batches;
            return this;
        }

        /** What happens about an image that cannot be read; {@link Unreadable#skip()} by default. */
        public Builder unreadable(Unreadable what) {
            policy = what;
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
         *     dropped, the batches need more memory than there is, the image that replaces others is not of the kind that
         *     is loaded, or sources are asked for and are not RGB in bytes or a view's draws {@linkplain TableLayout#of cannot be written down}
         */
        public Loader build() {
            if (source.size() == 0) {
                throw new IllegalArgumentException(source.description() + " has no images");
            }
            if (dropLast && batch > source.size()) {
                throw new IllegalArgumentException("a batch of " + batch + " is larger than the " + source.size()
                        + " images of " + source.description());
            }
            if (policy instanceof Unreadable.Replace replace) {
                Canvas canvas = new Canvas();
                canvas.load(replace.image());
                kind.convert(canvas);
            }
            if (sources && (kind.channels() != 3 || kind.floats())) {
                throw new IllegalArgumentException("sources are RGB in bytes, got channels " + kind.channels()
                        + (kind.floats() ? " in floats" : ""));
            }
            checkMemory();
            return new Loader(this);
        }

        private void checkMemory() {
            double bytes = 0;
            double largest = 0;
            for (View view : views) {
                double samples = (double) view.side() * view.side() * kind.channels();
                largest = Math.max(largest, samples);
                bytes += samples * kind.sampleBytes() * batch * (1L + prefetch);
            }
            bytes += largest * threads * 2 * (kind.sampleBytes() + Integer.BYTES); // what a canvas holds of a view
            long heap = Runtime.getRuntime().maxMemory();
            if (largest * batch > Integer.MAX_VALUE - 8 || bytes > heap) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT,
                        "views of %s need %.0f MiB at batch %d, prefetch %d and %d threads, and %.0f million samples in one "
                                + "array; the heap has %d MiB and an array holds 2147 million",
                        views.stream()
                                .map(v -> v.side() + "x" + v.side() + "x" + kind.channels())
                                .distinct()
                                .toList(),
                        bytes / (1 << 20),
                        batch,
                        prefetch,
                        threads,
                        largest * batch / 1e6,
                        heap >> 20));
            }
        }
    }
}
