package dev.byol.augment.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.byol.augment.Image;
import dev.byol.augment.View;
import dev.byol.augment.io.ImageSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads, memory and how an epoch ends. */
@Timeout(60)
class EpochTest {
    private static final View VIEW = View.appendix().side(8).build();

    private static Loader.Builder loader(ImageSource source) {
        return Loader.builder(source).views(VIEW, VIEW).batch(7).seed(3);
    }

    /** Black pixels; something happens before each is read. */
    private record Pixels(int size, IntConsumer before) implements ImageSource {
        @Override
        public Image image(int index) {
            before.accept(index);
            return new Image(1, 1, 3, new byte[3]);
        }

        @Override
        public String name(int index) {
            return "photo-" + index + ".jpg";
        }
    }

    private static List<Thread> loaderThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().startsWith("byol-loader"))
                .toList();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void failureOfASource_surfacesWithTheImagesName() {
        List<Throwable> kinds = List.of(
                new UnsupportedOperationException("no such codec"),
                new StackOverflowError("no such codec"),
                new OutOfMemoryError("no such codec"));
        for (Throwable kind : kinds) {
            Pixels source = new Pixels(30, index -> {
                if (index == 17) {
                    throwAnything(kind);
                }
            });
            try (Epoch epoch = loader(source).batch(30).threads(4).build().epoch(0)) {
                assertThatThrownBy(epoch::next)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("photo-17.jpg: no such codec");
            }
            assertThat(loaderThreads()).isEmpty();
        }
    }

    private static void throwAnything(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) e;
    }

    @Test
    void failure_endsTheThreads_withoutClosing() throws InterruptedException {
        AtomicReference<Thread> worker = new AtomicReference<>();
        Epoch epoch = loader(new Pixels(7, index -> {
                    worker.set(Thread.currentThread());
                    throw new IllegalStateException("out of order");
                }))
                .build()
                .epoch(0);
        assertThatThrownBy(epoch::next).hasMessageEndingWith(".jpg: out of order");
        worker.get().join();
        epoch.close();
    }

    @Test
    void failureOfTheConsumer_leavesNoThread() {
        Loader loader = loader(Noise.of(200)).threads(5).build();
        assertThatThrownBy(() -> {
                    try (Epoch epoch = loader.epoch(0);
                            Batch batch = epoch.next()) {
                        throw new ArithmeticException("diverged at " + batch.position());
                    }
                })
                .hasMessage("diverged at 0");
        assertThat(loaderThreads()).isEmpty();
    }

    @Test
    void interruptedWorker_isAnError() {
        Pixels source = new Pixels(70, index -> Thread.currentThread().interrupt());
        try (Epoch epoch = loader(source).prefetch(1).build().epoch(0)) {
            assertThatThrownBy(() -> {
                        while (epoch.hasNext()) {
                            epoch.next().close();
                            Thread.sleep(1);
                        }
                    })
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("a thread of the loader was interrupted");
        }
        assertThat(loaderThreads()).isEmpty();
    }

    @Test
    void peek_showsTheNextBatch_andTakesNothing() throws InterruptedException {
        Loader loader = loader(Noise.of(20)).batch(10).build();
        Epoch epoch = loader.epoch(0);
        for (int position = 0; position < 20; position += 10) {
            while (epoch.peek().isEmpty()) {
                Thread.sleep(1);
            }
            Batch seen = epoch.peek().orElseThrow();
            assertThat(epoch.position()).isEqualTo(position);
            assertThat(seen.position()).isEqualTo(position);
            assertThatThrownBy(seen::close)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the batch at position " + position
                            + " was looked at and not taken: it is not to be closed");
            try (Batch taken = epoch.next()) {
                assertThat(taken).isSameAs(seen);
            }
        }
        assertThat(epoch.peek()).isEmpty();
        epoch.close();
        Epoch closed = loader.epoch(1);
        while (closed.peek().isEmpty()) {
            Thread.sleep(1);
        }
        closed.close();
        assertThat(closed.peek()).isEmpty();
    }

    @Test
    void close_atAnyMoment_leavesNoThread() {
        Loader loader = loader(Noise.of(200)).threads(5).prefetch(4).build();
        for (int taken = 0; taken < 6; taken++) {
            try (Epoch epoch = loader.epoch(taken)) {
                for (int i = 0; i < taken; i++) {
                    epoch.next().close();
                }
            }
            assertThat(loaderThreads()).isEmpty();
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
        Epoch epoch = loader(new Pixels(7, index -> {
                    entered.countDown();
                    await(leave);
                }))
                .build()
                .epoch(0);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread consumer = new Thread(() -> {
            try {
                epoch.next().close();
            } catch (RuntimeException e) {
                thrown.set(e);
            }
        });
        consumer.start();
        entered.await();
        Thread closer = new Thread(epoch::close);
        closer.start();
        consumer.join();
        assertThat(thrown.get()).hasMessage("epoch 0 is closed");
        leave.countDown();
        closer.join();
        assertThat(loaderThreads()).isEmpty();
    }

    @Test
    void interruptedConsumer_getsAnError_andStaysInterrupted() throws InterruptedException {
        CountDownLatch leave = new CountDownLatch(1);
        try (Epoch epoch = loader(new Pixels(7, index -> await(leave))).build().epoch(0)) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            AtomicReference<Boolean> interrupted = new AtomicReference<>(false);
            Thread consumer = new Thread(() -> {
                try {
                    epoch.next().close();
                } catch (RuntimeException e) {
                    thrown.set(e);
                    interrupted.set(Thread.currentThread().isInterrupted());
                }
            });
            consumer.start();
            consumer.interrupt();
            consumer.join();
            assertThat(thrown.get())
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("interrupted while waiting for a batch");
            assertThat(interrupted.get()).isTrue();
            leave.countDown();
            epoch.next().close();
        }
    }

    @Test
    void killedConsumer_leavesNoThread() throws InterruptedException {
        Loader loader = loader(Noise.of(700)).threads(3).build();
        CountDownLatch working = new CountDownLatch(1);
        CountDownLatch die = new CountDownLatch(1);
        Thread consumer = new Thread(() -> {
            Epoch epoch = loader.epoch(0); // never closed
            Batch batch = epoch.next(); // neither
            working.countDown();
            await(die);
            throw new IllegalStateException("killed with " + epoch + " and " + batch);
        });
        AtomicReference<Throwable> end = new AtomicReference<>();
        consumer.setUncaughtExceptionHandler((thread, e) -> end.set(e));
        consumer.start();
        working.await();
        System.gc();
        List<Thread> threads = loaderThreads();
        assertThat(threads).as("while the consumer lives").hasSize(3).allMatch(Thread::isDaemon);
        die.countDown();
        consumer.join();
        assertThat(end.get()).hasMessageStartingWith("killed with Epoch[number=0, position=7] and Batch[position=0");
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                System.gc();
                thread.join(50);
            }
        }
        assertThat(loaderThreads()).isEmpty();
        try (Epoch next = loader.epoch(1)) {
            assertThat(next.next().size()).isEqualTo(7);
        }
    }

    @Test
    void memory_isBounded_andReused() {
        AtomicInteger read = new AtomicInteger();
        Pixels counting = new Pixels(700, index -> read.incrementAndGet());
        Set<byte[]> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
        Loader loader = loader(counting).threads(3).prefetch(2).build();
        for (int e = 0; e < 2; e++) {
            int before = read.get();
            try (Epoch epoch = loader.epoch(e)) {
                while (epoch.hasNext()) {
                    try (Batch batch = epoch.next()) {
                        arrays.add(batch.view(0));
                        arrays.add(batch.view(1));
                        assertThat(read.get() - before).isLessThanOrEqualTo(batch.position() + (1 + 2) * 7);
                    }
                }
            }
        }
        assertThat(arrays).as("3 batches of 2 views").hasSizeLessThanOrEqualTo(6);
    }

    @Test
    void threads_ofAFullPipeline_waitForTheConsumer() throws InterruptedException {
        AtomicInteger read = new AtomicInteger();
        CountDownLatch full = new CountDownLatch(3 * 7);
        Pixels counting = new Pixels(700, index -> {
            read.incrementAndGet();
            full.countDown();
        });
        try (Epoch epoch = loader(counting).threads(3).prefetch(2).build().epoch(0)) {
            full.await();
            for (Thread worker : loaderThreads()) {
                while (worker.getState() != Thread.State.TIMED_WAITING) {
                    Thread.onSpinWait();
                }
            }
            assertThat(read.get()).isEqualTo(3 * 7);
            epoch.next().close();
        }
    }

    @Test
    void batch_closed_orTooManyHeld_isAnError() {
        Loader loader = loader(Noise.of(70)).prefetch(1).build();
        try (Epoch epoch = loader.epoch(0)) {
            Batch first = epoch.next();
            Batch second = epoch.next();
            assertThatThrownBy(epoch::next)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("2 batches are held; close one before taking the next, or prefetch more");
            first.close();
            first.close();
            assertThatThrownBy(() -> first.view(0)).hasMessageStartingWith("the batch at position 0 is closed");
            assertThatThrownBy(first::indices).hasMessageStartingWith("the batch at position 0 is closed");
            assertThatThrownBy(first::labels).hasMessageStartingWith("the batch at position 0 is closed");
            epoch.next().close();
            second.close();
        }
    }

    @Test
    void batch_afterItsEpochIsClosed_staysValid() throws IOException {
        Loader loader = loader(Noise.of(70)).threads(2).build();
        Batch batch;
        try (Epoch epoch = loader.epoch(0)) {
            batch = epoch.next();
        }
        byte[] before = batch.view(0).clone();
        try (Epoch epoch = loader.epoch(1)) {
            while (epoch.hasNext()) {
                epoch.next().close();
            }
        }
        assertThat(batch.view(0)).isEqualTo(before);
        batch.close();
    }

    @Test
    void statistics_addUp() throws InterruptedException {
        Loader loader = loader(Noise.of(20, 4)).dropLast(false).build();
        double seconds = 0;
        for (int number = 0; number < 2; number++) {
            try (Epoch epoch = loader.epoch(number)) {
                assertThat(epoch.statistics()).isEqualTo(Statistics.NONE);
                while (epoch.hasNext()) {
                    epoch.next().close();
                    Thread.sleep(2);
                }
                Statistics statistics = epoch.statistics();
                assertThat(statistics.images()).isEqualTo(20);
                assertThat(statistics.batches()).isEqualTo(3);
                assertThat(statistics.skipped()).isEqualTo(1);
                assertThat(statistics.seconds()).isGreaterThan(2 * 0.002);
                assertThat(statistics.waitSeconds()).isBetween(0.0, statistics.seconds());
                seconds += statistics.seconds();
            }
        }
        assertThat(loader.statistics().images()).isEqualTo(40);
        assertThat(loader.statistics().batches()).isEqualTo(6);
        assertThat(loader.statistics().skipped()).isEqualTo(2);
        assertThat(loader.statistics().seconds()).isCloseTo(seconds, org.assertj.core.data.Offset.offset(1e-9));
    }

    /** Whose images come when the consumer waits for them already, and later: by the clock alone, a busy machine would fail. */
    @Test
    void statistics_ofASlowSource_sayThatTheConsumerWaited() {
        Thread consumer = Thread.currentThread();
        Pixels slow = new Pixels(7, index -> {
            while (consumer.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            LockSupport.parkNanos(2_000_000);
        });
        try (Epoch epoch = loader(slow).build().epoch(0)) {
            long began = System.nanoTime();
            epoch.next().close();
            assertThat(epoch.statistics().waitSeconds()).isBetween(0.002, (System.nanoTime() - began) / 1e9);
        }
    }
}
