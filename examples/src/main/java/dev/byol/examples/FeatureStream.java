package dev.byol.examples;

import dev.byol.augment.View;
import dev.byol.augment.io.ImageSource;
import dev.byol.augment.load.PlainImages;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Features of the images of a source, part by part, in the order of the source whatever the threads: these read images ahead
 * of the encoder, which is called by the consumer's thread. Images that cannot be read are left out, counted and named in
 * the log. Not thread-safe; must be closed.
 */
final class FeatureStream implements Iterator<FeatureStream.Part>, AutoCloseable {
    private final ImageSource source;
    private final View view;
    private final Function<byte[], float[][]> encoder;
    private final int size;
    private final int threads;
    private final ExecutorService readers;
    private final Deque<Future<PlainImages>> ahead = new ArrayDeque<>();
    private int requested;

    /**
     * Some images in a row.
     *
     * @param indices of those that can be read, in the source
     * @param labels of these
     * @param rows their features, {@code [N][D]}, finite
     * @param skipped how many cannot be read
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Part(int[] indices, int[] labels, float[][] rows, int skipped) {
        /** How many images there were, those that cannot be read too. */
        int images() {
            return indices.length + skipped;
        }

        /** The rows one after another, {@code [N, D]}. */
        float[] values() {
            int width = rows.length == 0 ? 0 : rows[0].length;
            float[] values = new float[rows.length * width];
            for (int i = 0; i < rows.length; i++) {
                System.arraycopy(rows[i], 0, values, i * width, width);
            }
            return values;
        }
    }

    /**
     * @param view that draws nothing at random
     * @param encoder uint8 {@code [N, side, side, 3]} to {@code [N][D]}
     * @param size images in a part, at least 1
     * @param threads that read images, at least 1
     */
    FeatureStream(ImageSource source, View view, Function<byte[], float[][]> encoder, int size, int threads) {
        this.source = source;
        this.view = view;
        this.encoder = encoder;
        this.size = size;
        this.threads = threads;
        this.readers = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "byol-embed");
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public boolean hasNext() {
        return !ahead.isEmpty() || requested < source.size();
    }

    /** @throws BadInput if features are not finite, or the images are of another kind than the encoder takes */
    @Override
    public Part next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        while (requested < source.size() && ahead.size() <= threads) {
            int from = requested;
            int to = (int) Math.min((long) from + size, source.size());
            ahead.add(readers.submit(() -> PlainImages.builder(source, view).read(from, to)));
            requested = to;
        }
        PlainImages images = images(ahead.remove());
        int[] indices = images.indices();
        float[][] rows = indices.length == 0 ? new float[0][] : encoder.apply(images.samples());
        for (int i = 0; i < rows.length; i++) {
            requireFinite(rows[i], source.name(indices[i]));
        }
        return new Part(indices, images.labels(), rows, images.skipped());
    }

    private static PlainImages images(Future<PlainImages> reading) {
        try {
            return reading.get();
        } catch (ExecutionException e) {
            Throwable cause = java.util.Objects.requireNonNull(e.getCause());
            if (cause instanceof IllegalArgumentException || cause.getCause() instanceof IllegalArgumentException) {
                throw new BadInput(String.valueOf(cause.getMessage())); // another kind of images, or too large a part
            }
            throw new IllegalStateException(cause.getMessage(), cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while images were read", e);
        }
    }

    private static void requireFinite(float[] row, String image) {
        for (float value : row) {
            if (!Float.isFinite(value)) {
                throw new BadInput("the features of " + image + " are not finite, one is " + value
                        + ": the training has diverged, lower the learning rate");
            }
        }
    }

    @Override
    public void close() {
        readers.shutdownNow();
    }
}
