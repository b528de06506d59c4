package dev.byol.tf;

import dev.byol.tf.Environment.Finding;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** TensorFlow cannot start on this machine, or not on the device that was asked for; the message says why and what to do. */
public final class EngineException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    /**
     * Says it in a line, or in one for each finding where there are several.
     *
     * @param what cannot be
     */
    EngineException(String what, List<Finding> faults, @Nullable Throwable cause) {
        super(
                faults.size() == 1
                        ? what + ": " + faults.get(0).sentences()
                        : faults.stream()
                                .map(fault -> "\n  " + fault.subject() + ": " + fault.sentences())
                                .collect(Collectors.joining("", what + ":", "")),
                cause);
    }
}
