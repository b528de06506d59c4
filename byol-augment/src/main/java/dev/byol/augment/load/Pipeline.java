package dev.byol.augment.load;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Threads that fill the batches of an epoch, position by position in the epoch's order, and hand them over in that order. No
 * more batches are begun than there is memory for.
 *
 * <p>The threads know the epoch's consumer by a weak reference only, and end when it is gone.
 */
final class Pipeline {
    private static final long LOOK_FOR_CONSUMER_MILLIS = 250;

    private final Loader loader;
    private final long number;
    private final Order order;
    private final int end;
    private final List<Thread> workers = new ArrayList<>();
    private WeakReference<Epoch> consumer = new WeakReference<>(null);

    private final Object lock = new Object();
    /** Batches begun and not yet taken, in their order; the last one may have slots that nobody has claimed. */
    private final Deque<Batch> prepared = new ArrayDeque<>();

    private int claimed;
    private int taken;
    private int inWork;
    private int held;
    private boolean closed;
    private @Nullable Throwable failure;
    private int failedPosition = Integer.MAX_VALUE;

    private Statistics statistics = Statistics.NONE;
    private long lastTaken = System.nanoTime();

    Pipeline(Loader loader, long number, Order order, int position) {
        this.loader = loader;
        this.number = number;
        this.order = order;
        this.end = loader.end(position);
        this.claimed = position;
        this.taken = position;
    }

    void start(Epoch epoch, int threads) {
        consumer = new WeakReference<>(epoch);
        try {
            for (int i = 0; i < threads; i++) {
                Thread worker = new Thread(null, this::work, "byol-loader-" + i, 0, false);
                worker.setDaemon(true);
                worker.start();
                workers.add(worker);
            }
        } catch (Throwable e) { // the system gives no more threads
            close();
            throw e;
        }
    }

    long number() {
        return number;
    }

    int position() {
        synchronized (lock) {
            return taken;
        }
    }

    Statistics statistics() {
        synchronized (lock) {
            return statistics;
        }
    }

    boolean hasNext() {
        synchronized (lock) {
            return taken < end;
        }
    }

    /** The batch that is taken next, if it is ready. */
    Optional<Batch> peek() {
        synchronized (lock) {
            return closed || !isReady() ? Optional.empty() : Optional.ofNullable(prepared.peek());
        }
    }

    Batch take() {
        synchronized (lock) {
            if (taken >= end) {
                throw new NoSuchElementException("epoch " + number + " ends at position " + end);
            }
            if (held == loader.capacity()) {
                throw new IllegalStateException(
                        held + " batches are held; close one before taking the next, or prefetch more");
            }
            long began = System.nanoTime();
            awaitBatch();
            if (closed) {
                throw new IllegalStateException("epoch " + number + " is closed");
            }
            if (!isReady() && failure != null) {
                throw failed(failure);
            }
            Batch batch = prepared.remove();
            batch.taken = true;
            taken += batch.size();
            held++;
            count(batch, began);
            return batch;
        }
    }

    private void count(Batch batch, long began) {
        long now = System.nanoTime();
        Statistics more = new Statistics(batch.size(), 1, batch.skipped, (now - lastTaken) / 1e9, (now - began) / 1e9);
        lastTaken = now;
        statistics = statistics.plus(more);
        loader.count(more);
    }

    private boolean isReady() {
        Batch first = prepared.peek();
        return first != null && first.missing == 0;
    }

    /** Whether nothing is being loaded that comes before the failure. */
    private boolean hasFailed() {
        return failure != null && inWork == 0;
    }

    private void awaitBatch() {
        try {
            while (!closed && !isReady() && !hasFailed()) {
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

    void close() {
        cancel();
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

    private void cancel() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
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
        try {
            Renderer renderer = loader.renderer(number, order);
            for (Claim claim = claim(); claim != null; claim = claim()) {
                fill(claim, renderer);
            }
        } catch (InterruptedException e) {
            fail(new IllegalStateException("a thread of the loader was interrupted", e), end);
        } catch (Throwable e) {
            fail(e, end);
        }
    }

    private void fill(Claim claim, Renderer renderer) {
        try {
            boolean skipped = renderer.fill(claim.batch, claim.slot, claim.position);
            synchronized (lock) {
                inWork--;
                claim.batch.skipped += skipped ? 1 : 0;
                if (--claim.batch.missing == 0 || hasFailed()) {
                    lock.notifyAll();
                }
            }
        } catch (Throwable e) { // whatever it is, it surfaces in the consumer
            synchronized (lock) {
                inWork--;
                fail(e, claim.position);
            }
        }
    }

    /** Of several failures, the one that comes first in the epoch is the one that surfaces. */
    private void fail(Throwable e, int position) {
        synchronized (lock) {
            if (position < failedPosition) {
                failure = e;
                failedPosition = position;
            }
            lock.notifyAll();
        }
    }

    /** The next place to fill, as soon as there is memory for it; null when there is nothing left to do. */
    private @Nullable Claim claim() throws InterruptedException {
        synchronized (lock) {
            while (isWorkLeft() && isFull()) {
                lock.wait(LOOK_FOR_CONSUMER_MILLIS);
            }
            if (!isWorkLeft()) {
                return null;
            }
            if (isFirstOfBatch()) {
                prepared.add(loader.begin(this, claimed, end));
            }
            Batch batch = prepared.getLast();
            inWork++;
            return new Claim(batch, claimed - batch.position(), claimed++);
        }
    }

    private boolean isWorkLeft() {
        if (consumer.refersTo(null)) {
            cancel();
        }
        return failure == null && !closed && claimed < end;
    }

    /** Whether the next place begins a batch for which there is no memory. */
    private boolean isFull() {
        return isFirstOfBatch() && held + prepared.size() == loader.capacity();
    }

    private boolean isFirstOfBatch() {
        return prepared.isEmpty()
                || claimed == prepared.getLast().position() + prepared.getLast().size();
    }

    private record Claim(Batch batch, int slot, int position) {}
}
