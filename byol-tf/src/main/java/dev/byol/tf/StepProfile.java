package dev.byol.tf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a training step spent its time on, of TensorFlow's own step statistics: {@link Trainer#profile}. Operations overlap, so that their
 * sum is not the step's time.
 *
 * @param report of the step, which is one like any other
 * @param operations what ran, by start; with micro-batches those of all runs; of a step that was skipped, those of the runs that came to
 *     their end. On a GPU these are its kernels and copies where TensorFlow could trace them (which takes CUPTI), beside what the host
 *     computes; where it could not, the times in which kernels were launched
 */
public record StepProfile(StepReport report, List<Operation> operations) {
    public StepProfile {
        operations = operations.stream()
                .sorted(Comparator.comparingDouble(Operation::startMicros))
                .toList();
    }

    /**
     * One operation, run once.
     *
     * @param name of the node in the graph; of a kernel that belongs to no node, its own
     * @param type as TensorFlow names it ({@code Conv2D}, {@code _MklNativeConv2D}); {@code kernel} for one that belongs to no node
     * @param device where it ran, as TensorFlow names it within the machine: {@code CPU:0}, {@code GPU:0/stream:all}
     * @param startMicros microseconds since the first operation of the step began, at least 0
     * @param micros how long it took in microseconds, at least 0
     */
    public record Operation(String name, String type, String device, double startMicros, double micros) {
        public Operation {
            requireTime("startMicros", startMicros);
            requireTime("micros", micros);
        }

        private static void requireTime(String what, double value) {
            if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(what + " must be finite and at least 0, got " + value);
            }
        }
    }

    /**
     * All operations of a type together.
     *
     * @param type as in {@link Operation}
     * @param count how often one ran
     * @param micros the sum of their times in microseconds
     * @param share of the times of all operations, in [0, 1]
     */
    public record Total(String type, int count, double micros, double share) {}

    /** What each type of operations came to, the longest first; none where nothing ran. */
    public List<Total> byType() {
        double all = micros(operations);
        return operations.stream().collect(Collectors.groupingBy(Operation::type)).entrySet().stream()
                .map(each -> total(each.getKey(), each.getValue(), all))
                .sorted(Comparator.comparingDouble(Total::micros).reversed().thenComparing(Total::type))
                .toList();
    }

    private static Total total(String type, List<Operation> operations, double all) {
        double micros = micros(operations);
        return new Total(type, operations.size(), micros, all == 0 ? 0 : micros / all);
    }

    private static double micros(List<Operation> operations) {
        return operations.stream().mapToDouble(Operation::micros).sum();
    }

    /**
     * Writes the operations as trace events, which {@code chrome://tracing} and Perfetto show: a process for each device, in it as many
     * threads as operations overlapped, which need not be those that computed them.
     *
     * @param file in a folder that exists; replaced if it is there
     * @throws IOException if it cannot be written
     */
    public void writeTrace(Path file) throws IOException {
        Files.writeString(file, TraceEvents.json(operations));
    }
}
