package dev.byol.tf;

import dev.byol.tf.Environment.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.tensorflow.TensorFlow;
import org.tensorflow.types.TFloat32;

/** Starts TensorFlow, once in a process, and finds it a device. */
final class Engine {
    /** What a start left behind. */
    private static final class State {
        private boolean started;
        private Optional<Finding> failure = Optional.empty();
        /** Why there can be no GPU any more. */
        private Optional<Finding> withoutCuda = Optional.empty();
        /** The GPU that a convolution ran on: TensorFlow shows a process one and the same from then on. */
        private OptionalInt gpu = OptionalInt.empty();

        private boolean told;
    }

    private static final System.Logger LOG = System.getLogger(DeviceChoice.class.getName());

    private static final State STATE = new State();

    private Engine() {}

    /**
     * Loads the native library, with what it needs for a GPU where there is one, unless that has been done. Must be called before
     * anything else of TensorFlow.
     *
     * @throws EngineException if that cannot be: what is at fault, and what to do
     */
    static void start() {
        start(true);
    }

    /** As the other one, with or without a GPU. */
    static void start(boolean withGpu) {
        synchronized (STATE) {
            if (STATE.started) {
                return;
            }
            Examination examination = Examination.here();
            List<Finding> before = examination.beforeStart();
            if (!before.isEmpty()) {
                throw failed(before, null);
            }
            if (STATE.failure.isEmpty()) {
                STATE.withoutCuda = withGpu
                        ? examination.preloadCuda()
                        : Optional.of(Finding.fault(
                                Cuda.SUBJECT,
                                "this process has started TensorFlow for the CPU alone",
                                "Ask for the GPU first"));
            }
            @Nullable LinkageError cause = load();
            if (STATE.failure.isPresent()) {
                throw failed(examination.afterFailure(STATE.failure.get()), cause);
            }
            STATE.started = true;
        }
    }

    /** A class that failed to load fails the second time without a reason: the first one is kept. */
    private static @Nullable LinkageError load() {
        if (STATE.failure.isEmpty()) {
            try {
                TensorFlow.version();
            } catch (LinkageError e) {
                STATE.failure = Optional.of(LinkFailure.finding(Natives.SUBJECT, "the library does not load", e));
                return e;
            }
        }
        return null;
    }

    /** Why the native library did not load; empty if it did, or if that was not tried. */
    static Optional<Finding> failure() {
        synchronized (STATE) {
            return STATE.failure;
        }
    }

    /** As {@link DeviceChoice#settle}. */
    static ChosenDevice settle(DeviceChoice choice) {
        synchronized (STATE) {
            if (choice == DeviceChoice.CPU) {
                start(false);
                return ChosenDevice.cpu("as asked for");
            }
            Examination examination = Examination.here();
            ChosenDevice device = settle(choice, examination);
            if (choice == DeviceChoice.AUTO && examination.isForGpu() && !STATE.told) {
                STATE.told = true;
                LOG.log(System.Logger.Level.INFO, "auto takes {0}: {1}", device, device.why());
            }
            return device;
        }
    }

    private static ChosenDevice settle(DeviceChoice choice, Examination examination) {
        List<Finding> missing = examination.missingForGpu();
        if (choice.gpu().isPresent() && !missing.isEmpty()) {
            throw refused(choice, missing);
        }
        start(missing.isEmpty());
        List<Finding> problems = new ArrayList<>(missing);
        if (problems.isEmpty()) {
            STATE.withoutCuda.ifPresent(problems::add);
        }
        ChosenDevice gpu = ChosenDevice.gpu(
                choice.gpu().orElse(STATE.gpu.orElse(0)),
                Nvidia.of(Machine.here()).name());
        if (problems.isEmpty()) {
            tried(gpu).ifPresent(problems::add);
        }
        if (problems.isEmpty()) {
            return gpu;
        } else if (choice.gpu().isPresent()) {
            throw refused(choice, problems);
        }
        return ChosenDevice.cpu(problems.get(0).fact());
    }

    /** Lets a GPU compute something, unless it has. */
    private static Optional<Finding> tried(ChosenDevice gpu) {
        if (STATE.gpu.isPresent() && !STATE.gpu.equals(gpu.gpu())) {
            return Optional.of(Finding.fault(
                    Nvidia.SUBJECT,
                    "this process uses gpu:" + STATE.gpu.getAsInt() + " already",
                    "Use another process for each GPU"));
        } else if (STATE.gpu.isEmpty()) {
            try {
                Convolution.run(gpu, TFloat32.class);
            } catch (RuntimeException e) { // TensorFlow has one for each kind of error
                return Optional.of(Finding.fault(
                        Nvidia.SUBJECT,
                        "TensorFlow cannot compute on " + gpu + ": "
                                + String.valueOf(e.getMessage())
                                        .lines()
                                        .findFirst()
                                        .orElse("nothing"),
                        "Start with TF_CPP_MIN_LOG_LEVEL=0 in the environment to see what it says of the GPU"));
            }
            STATE.gpu = gpu.gpu();
        }
        return Optional.empty();
    }

    private static EngineException refused(DeviceChoice choice, List<Finding> problems) {
        return new EngineException(choice + " cannot be used", problems, null);
    }

    private static EngineException failed(List<Finding> faults, @Nullable Throwable cause) {
        return new EngineException("TensorFlow cannot start", faults, cause);
    }
}
