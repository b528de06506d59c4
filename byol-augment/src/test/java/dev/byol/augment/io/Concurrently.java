package dev.byol.augment.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.augment.Image;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What a source gives to eight threads at once is what it gives to one. */
final class Concurrently {
    private static final int THREADS = 8;

    private Concurrently() {}

    static void assertSameInEveryThread(ImageSource source) throws Exception {
        List<Image> expected = new ArrayList<>();
        for (int i = 0; i < source.size(); i++) {
            expected.add(source.image(i));
        }
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try {
            CyclicBarrier start = new CyclicBarrier(THREADS);
            List<Future<?>> all = IntStream.range(0, THREADS)
                    .<Future<?>>mapToObj(t -> pool.submit(() -> {
                        start.await();
                        read(source, expected, t);
                        return t;
                    }))
                    .toList();
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static void read(ImageSource source, List<Image> expected, int seed) throws IOException {
        List<Integer> order =
                IntStream.range(0, source.size()).boxed().collect(Collectors.toCollection(ArrayList::new));
        for (int round = 0; round < 3; round++) {
            Collections.shuffle(order, new Random(3L * seed + round));
            for (int i : order) {
                assertThat(source.image(i)).isEqualTo(expected.get(i));
            }
        }
    }
}
