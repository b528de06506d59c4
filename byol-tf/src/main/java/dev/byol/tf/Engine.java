package dev.byol.tf;

import dev.byol.tf.Environment.Finding;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tensorflow.TensorFlow;

/** Starts TensorFlow, once in a process. */
final class Engine {
    private static boolean started;
    private static Optional<Finding> failure = Optional.empty();

    private Engine() {}

    /**
     * Loads the native library, unless that has been done. Must be called before anything else of TensorFlow.
     *
     * @throws EngineException if that cannot be: what is at fault, and what to do
     */
    static synchronized void start() {
        if (started) {
            return;
        }
        Examination examination = new Examination(Machine.here(), Engine.class.getClassLoader());
        List<Finding> before = examination.beforeStart();
        if (!before.isEmpty()) {
            throw failed(before, null);
        }
        @Nullable LinkageError cause = load();
        if (failure.isPresent()) {
            throw failed(examination.afterFailure(failure.get()), cause);
        }
        started = true;
    }

    /** A class that failed to load fails the second time without a reason: the first one is kept. */
    private static @Nullable LinkageError load() {
        if (failure.isEmpty()) {
            try {
                TensorFlow.version();
            } catch (LinkageError e) {
                failure = Optional.of(LinkFailure.finding(e));
                return e;
            }
        }
        return null;
    }

    /** Why the native library did not load; empty if it did, or if that was not tried. */
    static synchronized Optional<Finding> failure() {
        return failure;
    }

    private static EngineException failed(List<Finding> faults, @Nullable Throwable cause) {
        return new EngineException("TensorFlow cannot start", faults, cause);
    }
}
