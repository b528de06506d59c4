package dev.byol.tf;

import java.util.Locale;
import org.tensorflow.exceptions.TFResourceExhaustedException;

/** The engine could not get the memory that it needs; the message says which numbers to lower. Nothing was updated. */
public final class OutOfNativeMemoryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private OutOfNativeMemoryException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * What to throw for a failure of the engine: itself, unless it is one of memory.
     *
     * @param what did not fit
     * @param lower what to lower
     */
    static RuntimeException translated(Throwable failure, String what, String lower) {
        if (isOfMemory(failure)) {
            return new OutOfNativeMemoryException(
                    "out of native memory for " + what + ": lower " + lower + ". The engine says: "
                            + firstLine(String.valueOf(failure.getMessage())),
                    failure);
        }
        if (failure instanceof Error error) {
            throw error;
        }
        return (RuntimeException) failure;
    }

    /** TensorFlow's, C++'s and JavaCPP's; not that of the JVM's heap, which other numbers decide. */
    private static boolean isOfMemory(Throwable failure) {
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return failure instanceof OutOfMemoryError
                ? message.contains("physical memory usage is too high")
                        || message.contains("failed to allocate memory within limits")
                        || message.contains("cannot allocate new")
                : failure instanceof TFResourceExhaustedException
                        || message.contains("bad_alloc")
                        || message.contains("out of memory");
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("nothing");
    }
}
