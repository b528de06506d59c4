package dev.byol.augment.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.byol.augment.CounterRandom;
import dev.byol.augment.HorizontalFlip;
import dev.byol.augment.Image;
import dev.byol.augment.View;
import dev.byol.augment.io.ImageSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LoaderTest {
    private static final View VIEW = View.appendix().side(8).build();
    private static final int SAMPLES = 8 * 8 * 3;

    /** Noise, of sizes that differ, with the label index % 5; some images cannot be read. */
    private record Noise(int size, Set<Integer> broken) implements ImageSource {
        @Override
        public Image image(int index) throws IOException {
            if (broken.contains(index)) {
                throw new IOException("broken");
            }
            int width = 5 + index % 7;
            byte[] samples = new byte[width * 9 * 3];
            CounterRandom random = CounterRandom.of(index, 0, 0, 0);
            for (int i = 0; i < samples.length; i++) {
                samples[i] = (byte) random.nextInt(256);
            }
            return new Image(width, 9, 3, samples);
        }

        @Override
        public int label(int index) {
            return index % 5;
        }
    }

    private static Noise noise(int size, Integer... broken) {
        return new Noise(size, Set.of(broken));
    }

    private static Loader.Builder loader(ImageSource source) {
        return Loader.builder(source).views(VIEW, VIEW).batch(7).seed(3);
    }

    private static List<Integer> indices(Loader loader, long number) {
        List<Integer> seen = new ArrayList<>();
        try (Epoch epoch = loader.epoch(number)) {
            while (epoch.hasNext()) {
                try (Batch batch = epoch.next()) {
                    Arrays.stream(batch.indices()).forEach(seen::add);
                }
            }
        }
        return seen;
    }

    /** Every view of an epoch by (sample, view). */
    private static Map<String, List<Byte>> views(Loader loader, long number) {
        Map<String, List<Byte>> views = new TreeMap<>();
        try (Epoch epoch = loader.epoch(number)) {
            while (epoch.hasNext()) {
                try (Batch batch = epoch.next()) {
                    for (int v = 0; v < batch.views(); v++) {
                        for (int i = 0; i < batch.size(); i++) {
                            views.put(batch.indices()[i] + "/" + v, slot(batch.view(v), i));
                        }
                    }
                }
            }
        }
        return views;
    }

    private static List<Byte> slot(byte[] batch, int slot) {
        return IntStream.range(slot * SAMPLES, (slot + 1) * SAMPLES)
                .mapToObj(i -> batch[i])
                .toList();
    }

    private static byte[] bytes(Loader loader, long number) {
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        try (Epoch epoch = loader.epoch(number)) {
            while (epoch.hasNext()) {
                try (Batch batch = epoch.next()) {
                    for (int v = 0; v < batch.views(); v++) {
                        all.write(batch.view(v), 0, batch.size() * SAMPLES);
                    }
                    for (int i = 0; i < batch.size(); i++) {
                        all.write(batch.indices()[i]);
                        all.write(batch.labels()[i]);
                    }
                }
            }
        }
        return all.toByteArray();
    }

    private static long loaderThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().startsWith("byol-loader"))
                .count();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5})
    void batches_ofAnyNumberOfThreads_areIdentical(int threads) {
        Noise source = noise(100, 3, 50, 51, 52, 99);
        for (int batch : new int[] {7, 64}) {
            byte[] one = bytes(loader(source).batch(batch).build(), 4);
            byte[] many = bytes(
                    loader(source).batch(batch).threads(threads).prefetch(3).build(), 4);
            assertThat(many).isEqualTo(one);
        }
    }

    @Test
    void views_ofAnyBatchSize_areIdentical() {
        Map<String, List<Byte>> small = views(loader(noise(64)).dropLast(false).build(), 1);
        Map<String, List<Byte>> large =
                views(loader(noise(64)).batch(64).threads(5).build(), 1);
        assertThat(small).hasSize(128).isEqualTo(large);
        assertThat(small.get("5/0")).isNotEqualTo(small.get("5/1"));
    }

    @Test
    void views_areThoseOfTheirCounters() throws IOException {
        Noise source = noise(20);
        Map<String, List<Byte>> views = views(loader(source).build(), 6);
        dev.byol.augment.Canvas canvas = new dev.byol.augment.Canvas();
        byte[] expected = new byte[SAMPLES];
        for (String key : views.keySet()) {
            int sample = Integer.parseInt(key.substring(0, key.indexOf('/')));
            int view = Integer.parseInt(key.substring(key.indexOf('/') + 1));
            Image image = source.image(sample);
            canvas.render(image, VIEW.draw(CounterRandom.of(3, 6, sample, view), image.size()), expected, 0);
            assertThat(views.get(key)).isEqualTo(slot(expected, 0));
        }
    }

    @Test
    void order_isAPermutation_byEpochAndSeed() {
        Loader loader = loader(noise(70)).build();
        List<Integer> first = indices(loader, 0);
        assertThat(new TreeSet<>(first)).hasSize(70);
        assertThat(indices(loader, 0)).isEqualTo(first);
        assertThat(indices(loader, 1)).isNotEqualTo(first);
        assertThat(indices(loader(noise(70)).seed(4).build(), 0)).isNotEqualTo(first);
        assertThat(first).isNotEqualTo(first.stream().sorted().toList());
    }

    @Test
    void order_everyPlaceEquallyLikely() {
        Loader loader = loader(noise(7)).build();
        int[][] counts = new int[7][7];
        for (int epoch = 0; epoch < 7000; epoch++) {
            int[] order = loader.order(epoch);
            for (int i = 0; i < 7; i++) {
                counts[i][order[i]]++;
            }
        }
        assertThat(Arrays.stream(counts).flatMapToInt(Arrays::stream)).allMatch(n -> n > 850 && n < 1150);
    }

    @Test
    void lastBatch_droppedOrSmaller() {
        assertThat(loader(noise(20)).build().batches()).isEqualTo(2);
        assertThat(indices(loader(noise(20)).build(), 0)).hasSize(14);
        Loader whole = loader(noise(20)).dropLast(false).build();
        assertThat(whole.batches()).isEqualTo(3);
        assertThat(new TreeSet<>(indices(whole, 0))).hasSize(20);
        assertThat(indices(loader(noise(1)).dropLast(false).build(), 0)).containsExactly(0);
        assertThat(indices(loader(noise(1)).batch(1).build(), 0)).containsExactly(0);
    }

    @Test
    void epoch_fromALaterBatch_continuesTheSameEpoch() {
        Loader loader = loader(noise(50, 8)).threads(2).build();
        List<Integer> all = indices(loader, 2);
        try (Epoch rest = loader.epoch(2, 5)) {
            Batch batch = rest.next();
            assertThat(batch.index()).isEqualTo(5);
            assertThat(Arrays.stream(batch.indices()).boxed().toList()).isEqualTo(all.subList(35, 42));
        }
        try (Epoch none = loader.epoch(2, 7)) {
            assertThat(none.hasNext()).isFalse();
        }
        assertThatThrownBy(() -> loader.epoch(2, 8)).hasMessage("the first batch must be in [0, 7], got 8");
    }

    @Test
    void unreadableImage_replacedByTheNextOfTheOrder() {
        int[] order = loader(noise(21)).build().order(5);
        Noise broken = noise(21, order[4], order[5], order[20]);
        Loader loader = loader(broken).threads(3).build();
        List<Integer> expected = Arrays.stream(order).boxed().collect(java.util.stream.Collectors.toList());
        expected.set(4, order[6]);
        expected.set(5, order[6]);
        expected.set(20, order[0]);
        assertThat(indices(loader, 5)).isEqualTo(expected);
        assertThat(loader.unreadable()).containsExactlyInAnyOrder(order[4], order[5], order[20]);
        assertThat(indices(loader, 5)).isEqualTo(expected);
    }

    @Test
    void nothingReadable_isAnError() {
        Loader loader = loader(noise(7, 0, 1, 2, 3, 4, 5, 6)).threads(2).build();
        try (Epoch epoch = loader.epoch(0)) {
            assertThatThrownBy(epoch::next)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageStartingWith("none of the 7 images of Noise[")
                    .hasMessageEndingWith("can be read");
        }
        assertThat(loaderThreads()).isZero();
    }

    @Test
    void failureOfAWorker_surfacesWithTheImagesName() {
        ImageSource source = new ImageSource() {
            @Override
            public int size() {
                return 30;
            }

            @Override
            public Image image(int index) {
                if (index == 17) {
                    throw new UnsupportedOperationException("no such codec");
                }
                return new Image(1, 1, 3, new byte[3]);
            }

            @Override
            public String name(int index) {
                return "photo-" + index + ".jpg";
            }
        };
        try (Epoch epoch = loader(source).batch(30).threads(4).build().epoch(0)) {
            assertThatThrownBy(epoch::next)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("photo-17.jpg: no such codec");
        }
        assertThat(loaderThreads()).isZero();
    }

    @Test
    void viewOfAnotherSize_orOfOneChannel_surfaces() {
        View wrong = new View(8, List.of(new HorizontalFlip()));
        try (Epoch epoch = loader(noise(7)).views(wrong).build().epoch(0)) {
            assertThatThrownBy(epoch::next).hasMessageContaining("a view of 8x8 came out as");
        }
    }

    @Test
    void close_atAnyMoment_leavesNoThread() {
        Loader loader = loader(noise(200)).threads(5).prefetch(4).build();
        for (int taken = 0; taken < 6; taken++) {
            try (Epoch epoch = loader.epoch(taken)) {
                for (int i = 0; i < taken; i++) {
                    epoch.next().close();
                }
            }
            assertThat(loaderThreads()).isZero();
        }
        Epoch epoch = loader.epoch(9);
        epoch.close();
        epoch.close();
        assertThatThrownBy(epoch::next)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("epoch 9 is closed");
    }

    @Test
    void close_whileTheConsumerWaits_wakesIt() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        ImageSource slow = new ImageSource() {
            @Override
            public int size() {
                return 7;
            }

            @Override
            public Image image(int index) throws IOException {
                entered.countDown();
                try {
                    leave.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                return new Image(1, 1, 3, new byte[3]);
            }
        };
        Epoch epoch = loader(slow).build().epoch(0);
        List<Throwable> thrown = new ArrayList<>();
        Thread consumer = new Thread(() -> {
            try {
                epoch.next().close();
            } catch (RuntimeException e) {
                thrown.add(e);
            }
        });
        consumer.start();
        entered.await();
        Thread closer = new Thread(epoch::close);
        closer.start();
        consumer.join();
        assertThat(thrown).hasSize(1);
        assertThat(thrown.get(0)).hasMessage("epoch 0 is closed");
        leave.countDown();
        closer.join();
        assertThat(loaderThreads()).isZero();
    }

    @Test
    void memory_isBounded_andReused() {
        AtomicInteger read = new AtomicInteger();
        ImageSource counting = new ImageSource() {
            @Override
            public int size() {
                return 700;
            }

            @Override
            public Image image(int index) {
                read.incrementAndGet();
                return new Image(1, 1, 3, new byte[3]);
            }
        };
        Set<byte[]> arrays = java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>());
        Loader loader = loader(counting).threads(3).prefetch(2).build();
        for (int e = 0; e < 2; e++) {
            int before = read.get();
            try (Epoch epoch = loader.epoch(e)) {
                while (epoch.hasNext()) {
                    try (Batch batch = epoch.next()) {
                        arrays.add(batch.view(0));
                        arrays.add(batch.view(1));
                        assertThat(read.get() - before).isLessThanOrEqualTo((batch.index() + 1 + 2) * 7);
                    }
                }
            }
        }
        assertThat(arrays).as("3 batches of 2 views").hasSizeLessThanOrEqualTo(6);
    }

    @Test
    void batch_closed_orTooManyHeld_isAnError() {
        Loader loader = loader(noise(70)).prefetch(1).build();
        try (Epoch epoch = loader.epoch(0)) {
            Batch first = epoch.next();
            Batch second = epoch.next();
            assertThatThrownBy(epoch::next)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("2 batches are held; close one before taking the next, or prefetch more");
            first.close();
            first.close();
            assertThatThrownBy(() -> first.view(0)).hasMessageStartingWith("batch 0 is closed");
            epoch.next().close();
            second.close();
        }
    }

    @Test
    void settings_thatCannotWork_refused() {
        assertThatThrownBy(() -> loader(noise(5)).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("a batch of 7 is larger than the 5 images of Noise");
        assertThatThrownBy(() -> loader(noise(0)).build()).hasMessageEndingWith("has no images");
        assertThatThrownBy(() -> loader(noise(5)).batch(0)).hasMessage("batch must be at least 1, got 0");
        assertThatThrownBy(() -> loader(noise(5)).threads(0)).hasMessage("threads must be at least 1, got 0");
        assertThatThrownBy(() -> loader(noise(5)).prefetch(0)).hasMessage("prefetch must be at least 1, got 0");
        assertThatThrownBy(() -> loader(noise(5)).views()).hasMessage("a batch must have at least 1 view, got 0");
        assertThatThrownBy(() -> loader(noise(7))
                        .views(View.appendix().side(20_000).build())
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("views of \\[20000x20000\\] need \\d+ MiB at batch 7, .*the heap has \\d+ MiB.*");
    }
}
