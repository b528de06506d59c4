package dev.byol.augment.load;

import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * One pass over the images: the batches in their order, prepared by background threads that live as long as the epoch.
 * Taking batches is for one thread at a time; closing may happen at any moment from any thread, and leaves no thread behind.
 *
 * <pre>{@code
 * try (Epoch epoch = loader.epoch(0)) {
 *     while (epoch.hasNext()) {
 *         try (Batch batch = epoch.next()) {
 *             // ... batch.view(0), batch.view(1)
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>The threads are daemons. Those of an epoch that nobody closes, because its consumer was killed, end once nothing refers
 * to it any more and the garbage collector has noticed.
 */
public final class Epoch implements Iterator<Batch>, AutoCloseable {
    private final Pipeline
            pipeline; // which must not refer to this object: that is how the threads notice that it is gone

    private Epoch(Pipeline pipeline) {
        this.pipeline = pipeline;
    }

    static Epoch start(Pipeline pipeline, int threads) {
        Epoch epoch = new Epoch(pipeline);
        pipeline.start(epoch, threads);
        return epoch;
    }

    /** The epoch's number. */
    public long number() {
        return pipeline.number();
    }

    /**
     * How many images of the epoch have been taken, those before its start included: the place to continue from, with
     * {@link Loader#epoch(long, int)}.
     */
    public int position() {
        return pipeline.position();
    }

    /** What has been taken from this epoch object so far. */
    public Statistics statistics() {
        return pipeline.statistics();
    }

    @Override
    public boolean hasNext() {
        return pipeline.hasNext();
    }

    /**
     * Waits for the next batch. The caller closes it.
     *
     * <p>A failure surfaces at the batch it belongs to, after all earlier ones, and again at every later call.
     *
     * @throws NoSuchElementException if there is none left
     * @throws UncheckedIOException if an image that is needed cannot be read (see {@link Unreadable}), with its name, or
     *     the thread was interrupted
     * @throws IllegalStateException if preparing a batch failed otherwise, with the image's name; if the epoch is closed; or
     *     if so many batches have been taken without closing them that there is no memory for another
     */
    @Override
    public Batch next() {
        try {
            return pipeline.take();
        } finally {
            Reference.reachabilityFence(this); // or the threads might end while the last batch is awaited
        }
    }

    /**
     * The batch that {@link #next()} will give, if it is prepared: to look at, or to send somewhere ahead. It is not taken, so that it is
     * not to be closed and {@link #position()} stays, and it is valid until it was taken and closed, or this epoch is closed.
     */
    public Optional<Batch> peek() {
        return pipeline.peek();
    }

    /**
     * Ends the threads, after the images that they are at, and gives the memory back. Batches already taken stay valid, and
     * a thread that waits in {@link #next()} gets an {@link IllegalStateException}. Closing twice does nothing.
     */
    @Override
    public void close() {
        pipeline.close();
    }

    @Override
    public String toString() {
        return "Epoch[number=" + number() + ", position=" + position() + "]";
    }
}
