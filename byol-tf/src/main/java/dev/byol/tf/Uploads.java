package dev.byol.tf;

import dev.byol.api.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TFResourceExhaustedException;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.MapStage;
import org.tensorflow.op.core.MapUnstage;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;

/**
 * The way of images to a GPU ahead of the step on them: a run of its own copies them there, while another step runs, and leaves them under
 * a key; the step takes what lies under its key. What it takes may be fed in its place, as ever.
 */
final class Uploads implements AutoCloseable {
    /** What images lie under, in the memory of a session. */
    static final String NAME = "uploads";

    private final List<Placeholder<TUint8>> sent = new ArrayList<>();
    private final List<Operand<TUint8>> taken = new ArrayList<>();
    private final Placeholder<TInt64> key;
    private final Op send;
    private final Op take;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread upload = new Thread(task, "byol-upload");
        upload.setDaemon(true);
        return upload;
    });
    private long keys;

    /**
     * Describes it.
     *
     * @param count how many arrays of images a step takes
     */
    Uploads(Ops tf, int count) {
        int[] all = new int[count];
        for (int i = 0; i < count; i++) {
            all[i] = i;
            sent.add(tf.placeholder(TUint8.class));
        }
        Operand<TInt32> indices = tf.constant(all);
        key = tf.placeholder(TInt64.class, Placeholder.shape(org.tensorflow.ndarray.Shape.scalar()));
        send = tf.mapStage(
                key, indices, List.copyOf(sent), Collections.nCopies(count, TUint8.class), MapStage.sharedName(NAME));
        MapUnstage unstage =
                tf.mapUnstage(key, indices, Collections.nCopies(count, TUint8.class), MapUnstage.sharedName(NAME));
        take = unstage;
        unstage.values().forEach(value -> taken.add(bytes(value)));
    }

    @SuppressWarnings("unchecked") // of the type that was asked for
    private static Operand<TUint8> bytes(Operand<?> value) {
        return (Operand<TUint8>) value;
    }

    /** What a step reads, of unknown shape: what was uploaded for it, or what it is fed. */
    Operand<TUint8> value(int index) {
        return taken.get(index);
    }

    /** Images of one step, on their way. The arrays must stay as they are until it is over. */
    final class Upload {
        private final Session session;
        private final TInt64 at = TInt64.scalarOf(keys++);
        private final List<TUint8> tensors = Collections.synchronizedList(new ArrayList<>());
        private final Future<?> arrival;

        private Upload(Session session, List<byte[]> arrays, List<Shape> shapes) {
            this.session = session;
            this.arrival = thread.submit(() -> run(arrays, shapes));
        }

        private void run(List<byte[]> arrays, List<Shape> shapes) {
            Session.Runner runner = session.runner().feed(key, at);
            for (int i = 0; i < arrays.size(); i++) {
                TUint8 tensor = Memory.bytes(shapes.get(i), arrays.get(i), 0);
                tensors.add(tensor);
                runner.feed(sent.get(i), tensor);
            }
            runner.addTarget(send).run().close();
        }

        /** Waits, and has a step take it: from here on all belongs to that step. False if it did not fit: the step may fit without. */
        boolean give(StepRun run) {
            if (!arrived()) {
                return false;
            }
            run.feedOnce(key, at);
            for (int i = 0; i < tensors.size(); i++) {
                run.taken(taken.get(i), tensors.get(i));
            }
            return true;
        }

        /** Forgets it, on the device too. */
        void discard() {
            try {
                if (failure().isEmpty() && !thread.isShutdown()) {
                    session.runner().feed(key, at).addTarget(take).run().close();
                }
            } finally {
                close();
            }
        }

        private void close() {
            tensors.forEach(TUint8::close);
            at.close();
        }

        /** Waits for it; false if there was no memory for it. What else went wrong is thrown. */
        boolean arrived() {
            Optional<Throwable> failure = failure();
            failure.filter(e -> !(e instanceof OutOfMemoryError || e instanceof TFResourceExhaustedException))
                    .ifPresent(e -> {
                        throw new IllegalStateException("images could not be sent to the device: " + e, e);
                    });
            return failure.isEmpty();
        }

        /** Waits, and says why it did not arrive. */
        private Optional<Throwable> failure() {
            boolean interrupted = false;
            try {
                while (true) {
                    try {
                        arrival.get();
                        return Optional.empty();
                    } catch (InterruptedException e) {
                        interrupted = true; // what is copied is not to be changed under way
                    } catch (ExecutionException e) {
                        return Optional.ofNullable(e.getCause());
                    }
                }
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    /** Begins an upload. */
    Upload send(Session session, List<byte[]> arrays, List<Shape> shapes) {
        return new Upload(session, arrays, shapes);
    }

    /** Waits for what is under way. */
    @Override
    public void close() {
        thread.shutdown();
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = thread.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
