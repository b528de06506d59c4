package dev.byol.examples;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Microseconds a call, as {@code ./byol augment-bench} measures them, under JMH. Each call is of another image; {@code -prof
 * gc} adds the garbage of a call. From the root:
 *
 * <pre>{@code
 * mvn -q -B -Pjmh package -DskipTests -pl examples -am
 * java -cp "examples/target/test-classes:examples/target/classes:$(cat examples/target/jmh-class-path)" org.openjdk.jmh.Main -prof gc
 * }</pre>
 *
 * <p>One operation: {@code ... org.openjdk.jmh.Main operation -p name=hue}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class AugmentBenchmark {
    private final AugmentTasks tasks = AugmentTasks.onMadeImages();
    private final Runnable views = tasks.views();
    private final Runnable normalizedViews = tasks.normalizedViews();
    private final Runnable jpegViews = tasks.jpegViews();
    private final Runnable jpegDecode = tasks.jpegDecode();

    /** A single operation on an image of 96x96, by the name that {@code augment-bench} gives it. */
    @State(Scope.Thread)
    public static class Operation {
        @Param({
            "randomResizedCrop",
            "brightness",
            "contrast",
            "saturation",
            "hue",
            "colorJitter",
            "grayscale",
            "horizontalFlip",
            "solarize",
            "blur0.1",
            "blur0.5",
            "blur1",
            "blur2",
            "gaussianBlur",
            "normalize"
        })
        private String name = "";

        private Runnable task = () -> {};

        /** All operations are run before one is timed: in a view none is alone either. */
        @Setup
        public void prepare(AugmentBenchmark benchmark) {
            Map<String, Runnable> all = benchmark.tasks.operations();
            for (int i = 0; i < 100; i++) {
                all.values().forEach(Runnable::run);
            }
            task = all.get(name);
        }
    }

    @Benchmark
    @OperationsPerInvocation(AugmentTasks.CALLS)
    public float operation(Operation operation) {
        operation.task.run();
        return tasks.consumed();
    }

    @Benchmark
    @OperationsPerInvocation(AugmentTasks.CALLS)
    public float view() {
        views.run();
        return tasks.consumed();
    }

    @Benchmark
    @OperationsPerInvocation(AugmentTasks.CALLS)
    public float normalizedView() {
        normalizedViews.run();
        return tasks.consumed();
    }

    @Benchmark
    @OperationsPerInvocation(AugmentTasks.CALLS)
    public float jpegView() {
        jpegViews.run();
        return tasks.consumed();
    }

    @Benchmark
    @OperationsPerInvocation(AugmentTasks.CALLS)
    public float jpegDecode() {
        jpegDecode.run();
        return tasks.consumed();
    }
}
