package dev.byol.augment.load;

import dev.byol.augment.Canvas;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * One pass over the images: the batches in their order, prepared by background threads that live as long as the epoch.
 * Taking batches is for one thread; closing may happen at any moment from any thread, and leaves no thread behind.
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
 */
public final class Epoch implements Iterator<Batch>, AutoCloseable {
    private final Loader loader;
    private final long number;
    private final int[] order;
    private final List<Thread> workers = new ArrayList<>();

    private final Object lock = new Object();
    /** Batches begun and not yet taken, in their order; the last one may have slots that nobody has claimed. */
    private final Deque<Batch> prepared = new ArrayDeque<>();

    private int nextPosition;
    private int nextBatch;
    private int held;
    private boolean closed;
    private @Nullable Throwable failure;

    Epoch(Loader loader, long number, int[] order, int firstBatch) {
        this.loader = loader;
        this.number = number;
        this.order = order;
        this.nextBatch = firstBatch;
        this.nextPosition = firstBatch * loader.batch();
    }

    Epoch start(int threads) {
        for (int i = 0; i < threads; i++) {
            Thread worker = new Thread(this::work, "byol-loader-" + i);
            worker.setDaemon(true);
            workers.add(worker);
            worker.start();
        }
        return this;
    }

    /** The epoch's number. */
    public long number() {
        return number;
    }

    @Override
    public boolean hasNext() {
        synchronized (lock) {
            return nextBatch < loader.batches();
        }
    }

    /**
     * Waits for the next batch. The caller closes it.
     *
     * @throws NoSuchElementException if there is none left
     * @throws UncheckedIOException if none of the images can be read, or the thread was interrupted
     * @throws IllegalStateException if preparing a batch failed, with the image's name; if the epoch is closed; or if so many
     *     batches have been taken without closing them that there is no memory for another
     */
    @Override
    public Batch next() {
        synchronized (lock) {
            if (nextBatch >= loader.batches()) {
                throw new NoSuchElementException("epoch " + number + " has " + loader.batches() + " batches");
            }
            if (held == loader.capacity()) {
                throw new IllegalStateException(
                        held + " batches are held; close one before taking the next, or prefetch more");
            }
            awaitBatch();
            if (failure != null) {
                throw failed(failure);
            }
            if (closed) {
                throw new IllegalStateException("epoch " + number + " is closed");
            }
            nextBatch++;
            held++;
            return prepared.remove();
        }
    }

    private boolean isReady() {
        Batch first = prepared.peek();
        return first != null && first.missing == 0;
    }

    private void awaitBatch() {
        try {
            while (failure == null && !closed && !isReady()) {
                lock.wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException("interrupted while waiting for a batch"));
        }
    }

    private static RuntimeException failed(Throwable failure) {
        return failure instanceof IOException io
                ? new UncheckedIOException(io.getMessage(), io)
                : new IllegalStateException(failure.getMessage(), failure);
    }

    /** Ends the threads, after the images that they are at, and gives the memory back. Batches already taken stay valid. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
        boolean interrupted = false;
        for (Thread worker : workers) {
            while (worker.isAlive()) {
                try {
                    worker.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        synchronized (lock) {
            while (!prepared.isEmpty()) {
                loader.recycle(prepared.remove().memory());
            }
        }
    }

    void release(Batch batch) {
        synchronized (lock) {
            held--;
            loader.recycle(batch.memory());
            lock.notifyAll();
        }
    }

    private void work() {
        Canvas canvas = new Canvas();
        try {
            for (Claim claim = claim(); claim != null; claim = claim()) {
                loader.fill(claim.batch, claim.slot, number, order, claim.position, canvas);
                done(claim.batch);
            }
        } catch (Throwable e) { // whatever it is, it surfaces in the consumer
            synchronized (lock) {
                failure = failure == null ? e : failure;
                lock.notifyAll();
            }
        }
    }

    private void done(Batch batch) {
        synchronized (lock) {
            if (--batch.missing == 0) {
                lock.notifyAll();
            }
        }
    }

    /** The next place to fill, as soon as there is memory for it; null when there is nothing left to do. */
    private @Nullable Claim claim() throws InterruptedException {
        synchronized (lock) {
            while (isWorkLeft() && isFull()) {
                lock.wait();
            }
            if (!isWorkLeft()) {
                return null;
            }
            int slot = nextPosition % loader.batch();
            if (slot == 0) {
                prepared.add(loader.begin(this, nextPosition / loader.batch()));
            }
            return new Claim(prepared.getLast(), slot, nextPosition++);
        }
    }

    private boolean isWorkLeft() {
        return failure == null && !closed && nextPosition < loader.positions();
    }

    /** Whether the next place begins a batch for which there is no memory. */
    private boolean isFull() {
        return nextPosition % loader.batch() == 0 && held + prepared.size() == loader.capacity();
    }

    private record Claim(Batch batch, int slot, int position) {}
}
