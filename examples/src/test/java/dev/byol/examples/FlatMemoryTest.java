package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.byol.examples.SteadyLoop.Held;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A steady loop holds the same memory and threads from its beginning to its end, in a JVM of its own, whose heap is all there from the
 * start. A thousand steps here; {@code mvn test -Pflat -pl examples -am} takes ten thousand, and looks at the slope.
 */
class FlatMemoryTest {
    private static final int STEPS = Integer.getInteger("byol.flat.steps", 1000);
    private static final int ALL = 10_000;
    /** The first fifth loads classes, compiles, and fills what is kept. */
    private static final int WARM = STEPS / 5;
    /** For what is still loaded, compiled and kept after two hundred steps; 20 KiB left behind in each would be as much. */
    private static final long SLACK_KIB = 16 * 1024;

    @TempDir
    private Path temp;

    /** Who decides when freed memory goes back to the system. */
    enum Malloc {
        /** glibc, as it is. */
        PLAIN,
        /** glibc with the settings of {@code ./byol}, which keep memory. */
        LAUNCHER;

        private Map<String, String> environment() {
            return this == PLAIN
                    ? Map.of()
                    : Map.of(
                            "MALLOC_MMAP_THRESHOLD_", "4294967296",
                            "MALLOC_TRIM_THRESHOLD_", "17179869184",
                            "MALLOC_TOP_PAD_", "67108864",
                            "GLIBC_TUNABLES", "glibc.malloc.hugetlb=1");
        }
    }

    static List<Malloc> steadyLoop_holdsWhatItHeldAtItsBeginning() {
        return STEPS >= ALL ? List.of(Malloc.values()) : List.of(Malloc.LAUNCHER);
    }

    @ParameterizedTest
    @MethodSource
    void steadyLoop_holdsWhatItHeldAtItsBeginning(Malloc malloc) throws IOException, InterruptedException {
        assumeTrue(Held.isKnown(), "there is no /proc/self/status");
        List<Held> steady =
                child(malloc).stream().filter(held -> held.step() > WARM).toList();
        Held first = steady.get(0);
        Held last = steady.get(steady.size() - 1);
        assertThat(last.step()).isEqualTo(STEPS);
        assertThat(steady).allSatisfy(held -> {
            assertThat(held.pointers()).as("native objects").isLessThanOrEqualTo(first.pointers());
            assertThat(held.nativeBytes()).as("bytes of them").isLessThanOrEqualTo(first.nativeBytes());
            assertThat(held.javaThreads()).as("threads of Java").isEqualTo(first.javaThreads());
            assertThat(held.threads()).as("threads").isLessThanOrEqualTo(first.threads());
        });
        assertThat(last.residentKib()).isLessThan(first.residentKib() + SLACK_KIB);
        if (STEPS >= ALL) {
            double slope = slope(steady);
            System.out.printf(
                    Locale.ROOT,
                    "%s: resident memory %+.3f KiB a step (least squares, steps %d to %d), from %d to %d KiB%n",
                    malloc,
                    slope,
                    first.step(),
                    last.step(),
                    first.residentKib(),
                    last.residentKib());
            assertThat(slope).as("KiB a step").isLessThan(1);
        }
    }

    /** A JVM whose heap is all there from the start and whose own threads are as many as they will be. */
    private List<Held> child(Malloc malloc) throws IOException, InterruptedException {
        ProcessBuilder builder = Jvm.of(SteadyLoop.class, temp.toString(), Integer.toString(STEPS / SteadyLoop.EPOCH));
        builder.command()
                .addAll(
                        1,
                        List.of(
                                "-Xms512m",
                                "-XX:+AlwaysPreTouch",
                                "-XX:-UseDynamicNumberOfCompilerThreads",
                                "-XX:-UseDynamicNumberOfGCThreads"));
        builder.environment().keySet().removeIf(name -> name.startsWith("MALLOC_") || name.equals("GLIBC_TUNABLES"));
        builder.environment().putAll(malloc.environment());
        Process process = builder.start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            List<Held> held = out.lines()
                    .map(line -> Arrays.stream(line.split(" "))
                            .mapToLong(Long::parseLong)
                            .toArray())
                    .map(n -> new Held(n[0], n[1], n[2], n[3], (int) n[4], n[5]))
                    .toList();
            assertThat(process.waitFor()).isZero();
            return held;
        } finally {
            process.destroyForcibly();
        }
    }

    /** Of resident memory over steps, by least squares, in KiB a step. */
    private static double slope(List<Held> held) {
        double steps = held.stream().mapToLong(Held::step).average().orElseThrow();
        double resident = held.stream().mapToLong(Held::residentKib).average().orElseThrow();
        double products = held.stream()
                .mapToDouble(h -> (h.step() - steps) * (h.residentKib() - resident))
                .sum();
        double squares = held.stream()
                .mapToDouble(h -> (h.step() - steps) * (h.step() - steps))
                .sum();
        return products / squares;
    }
}
