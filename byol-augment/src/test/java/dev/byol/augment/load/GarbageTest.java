package dev.byol.augment.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.augment.CounterRandom;
import dev.byol.augment.Image;
import dev.byol.augment.Presets;
import dev.byol.augment.View;
import dev.byol.augment.io.ImageSource;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the threads of a loader allocate once their memory has grown. */
@Timeout(60)
class GarbageTest {
    private static final int BATCH = 10;
    private static final int PREFETCH = 2;
    /** A copy of a large view would be 27 KiB. */
    private static final int MOST_BYTES_A_VIEW = 16 << 10;

    /** Images of 96x96 that are decoded already. */
    private record Decoded(int size, List<Image> images) implements ImageSource {
        static Decoded of(int size, boolean floats) {
            CounterRandom random = CounterRandom.of(1, 0, 0, 0);
            return new Decoded(
                    size,
                    IntStream.range(0, 7)
                            .mapToObj(i -> {
                                byte[] samples = new byte[96 * 96 * 3];
                                random.nextBytes(samples);
                                Image image = new Image(96, 96, 3, samples);
                                return floats ? image.toFloats() : image;
                            })
                            .toList());
        }

        @Override
        public Image image(int index) {
            return images.get(index % images.size());
        }
    }

    static Stream<Arguments> settings() {
        View small = View.appendix().side(32).build();
        View large = View.appendix().build();
        Stream<Arguments> bytes = Stream.of(
                Arguments.of("appendix, two sizes", List.of(large, large, small, small), false),
                Arguments.of("appendix, floats", List.of(large, small), true));
        return Stream.concat(
                bytes, Presets.names().stream().map(name -> Arguments.of(name, Presets.named(name, 64), false)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("settings")
    void view_inSteadyState_leavesLittleGarbage(String name, List<View> views, boolean floats)
            throws ReflectiveOperationException {
        Loader loader = Loader.builder(Decoded.of(10_000, floats))
                .views(views)
                .floats(floats)
                .batch(BATCH)
                .prefetch(PREFETCH)
                .threads(2)
                .build();
        int batches = 8;
        try (Epoch epoch = loader.epoch(0)) {
            take(epoch, batches);
            long before = allocatedWhenFull();
            take(epoch, batches);
            long count = (long) batches * BATCH * views.size();
            assertThat((allocatedWhenFull() - before) / count).as(name).isBetween(1L, (long) MOST_BYTES_A_VIEW);
        }
    }

    private static void take(Epoch epoch, int batches) {
        for (int i = 0; i < batches; i++) {
            epoch.next().close();
        }
    }

    /** Bytes allocated so far by the loader's threads, after they have filled all memory that there is for batches. */
    private static long allocatedWhenFull() throws ReflectiveOperationException {
        long bytes = 0;
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("byol-loader")) {
                while (thread.getState() != Thread.State.TIMED_WAITING) {
                    Thread.onSpinWait();
                }
                bytes += allocated(thread);
            }
        }
        return bytes;
    }

    /** By reflection, since the module does not read java.management. */
    private static long allocated(Thread thread) throws ReflectiveOperationException {
        Object bean = Class.forName("java.lang.management.ManagementFactory")
                .getMethod("getThreadMXBean")
                .invoke(null);
        return (long) Class.forName("com.sun.management.ThreadMXBean")
                .getMethod("getThreadAllocatedBytes", long.class)
                .invoke(bean, thread.getId());
    }
}
