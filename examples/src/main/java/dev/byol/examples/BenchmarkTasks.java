package dev.byol.examples;

import dev.byol.api.TargetUpdater;
import dev.byol.api.method.Byol;
import dev.byol.api.nn.Mlp;
import dev.byol.api.nn.Norm;
import dev.byol.augment.Presets;
import dev.byol.augment.load.Batch;
import dev.byol.augment.load.Epoch;
import dev.byol.augment.load.Loader;
import dev.byol.optim.Lars;
import dev.byol.optim.Schedules;
import dev.byol.tf.ImageFormat;
import dev.byol.tf.Prefetched;
import dev.byol.tf.Trainer;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What {@code benchmark} times: the step of a training, its input, and both together. Trainer and loader are made when they are first
 * needed. Holds native memory.
 */
final class BenchmarkTasks implements AutoCloseable {
    private static final int WARM_UP = 3;
    private static final int IMAGES = 64;
    private static final int LEAST_EPOCH = 1 << 18;
    /** Input is so fast that it is timed for so long for each step, and as long again before: the JIT compiler takes its time. */
    private static final double INPUT_SECONDS = 0.2;

    private final Benchmark options;
    private final Byol method;
    private @Nullable Loader loader;
    private @Nullable Trainer plain;
    private @Nullable Trainer withViews;
    private OptionalDouble firstStepSeconds = OptionalDouble.empty();

    /**
     * Of the options' networks and sizes.
     *
     * @throws BadInput if they do not fit into memory
     */
    BenchmarkTasks(Benchmark options) {
        this.options = options;
        method = byol(options.encoder);
        MemoryNeed.checked(method, options.precision, options.batch, options.batch, options.size);
    }

    /** What is trained. */
    static Byol byol(Pretrain.EncoderName encoder) {
        Mlp mlp = new Mlp(2, 512, 128, Norm.batch());
        return new Byol(encoder.network(), mlp, mlp, TargetUpdater.ema(Schedules.constant(0.996)));
    }

    /** Operations of a step, as {@link StepFlops} counts them. */
    double stepFlops() {
        return StepFlops.of(method, options.batch, options.size);
    }

    /** From the JVM's start to the end of the first step, whatever was timed before; empty before it. */
    OptionalDouble firstStepSeconds() {
        return firstStepSeconds;
    }

    /** Some times without the clock, then with it. */
    Timed time(Benchmark.What what) {
        return switch (what) {
            case STEP -> step();
            case INPUT -> input();
            case TRAINING -> training();
        };
    }

    private Timed step() {
        Trainer own = plain();
        byte[][] views = noise();
        try (SentAhead<byte[][]> sent = new SentAhead<>(own, own::prefetch)) {
            return timed(() -> sent.step(Set.of(), views, () -> Optional.of(views)));
        }
    }

    /** What the step spends its time on, after some that nobody looks at. */
    ProfiledStep profile() {
        Trainer own = plain();
        byte[][] views = noise();
        for (int i = 0; i < WARM_UP; i++) {
            own.step(views);
        }
        return ProfiledStep.of(() -> own.profile(views));
    }

    private byte[][] noise() {
        return new byte[][] {
            Benchmark.noise(1, options.batch, options.size), Benchmark.noise(2, options.batch, options.size)
        };
    }

    private Timed training() {
        Trainer own = isOnDevice() ? withViews() : plain();
        try (Feed feed = new Feed(loader());
                SentAhead<Batch> sent = new SentAhead<>(own, batch -> prefetch(own, batch))) {
            return timed(() -> feed.take(batch -> sent.step(Set.of(), batch, feed::peek)));
        }
    }

    private Timed timed(Runnable step) {
        for (int i = 0; i < WARM_UP; i++) {
            step.run();
            if (firstStepSeconds.isEmpty()) {
                long started = ManagementFactory.getRuntimeMXBean().getStartTime();
                firstStepSeconds = OptionalDouble.of((System.currentTimeMillis() - started) / 1e3);
            }
        }
        return Timed.of(options.steps, 0, step);
    }

    private Prefetched prefetch(Trainer own, Batch batch) {
        return isOnDevice() ? own.prefetch(GraphViews.of(batch)) : own.prefetch(batch.view(0), batch.view(1));
    }

    /** Batches that nobody uses; what was prepared before the clock starts is taken before it. */
    private Timed input() {
        double seconds = INPUT_SECONDS * options.steps;
        try (Feed feed = new Feed(loader())) {
            Runnable take = () -> feed.take(batch -> {});
            Timed.of(WARM_UP, seconds, take);
            return Timed.of(options.steps, seconds, take);
        }
    }

    /** Whose views are fed. */
    private Trainer plain() {
        if (plain == null) {
            plain = settings().build();
        }
        return plain;
    }

    /** That makes its views in its graph. */
    private Trainer withViews() {
        if (withViews == null) {
            withViews = settings().views(GraphViews.recipes(loader().views())).build();
        }
        return withViews;
    }

    private Trainer.Builder settings() {
        return Trainer.builder()
                .method(method)
                .optimizer(Lars.deepMind().learningRate(Schedules.constant(0.2)).build())
                .images(ImageFormat.rgb(options.size))
                .batch(options.batch)
                .precision(options.precision);
    }

    private Loader loader() {
        if (loader == null) {
            int side = Math.max(AugmentTasks.SIDE, options.size);
            try {
                loader = Loader.builder(Repeated.shapes(side, IMAGES, Math.max(LEAST_EPOCH, options.batch)))
                        .views(Presets.appendix(options.size))
                        .sources(isOnDevice())
                        .batch(options.batch)
                        .threads(options.threads)
                        .build();
            } catch (IllegalArgumentException e) {
                throw new BadInput(String.valueOf(e.getMessage())); // a size that does not fit the heap
            }
        }
        return loader;
    }

    private boolean isOnDevice() {
        return options.views == Pretrain.ViewsOn.DEVICE;
    }

    @Override
    public void close() {
        if (plain != null) {
            plain.close();
        }
        if (withViews != null) {
            withViews.close();
        }
    }

    /** A loader's batches without an end. */
    private static final class Feed implements AutoCloseable {
        private final Loader loader;
        private Epoch epoch;

        Feed(Loader loader) {
            this.loader = loader;
            epoch = loader.epoch(0);
        }

        void take(Consumer<Batch> use) {
            if (!epoch.hasNext()) {
                epoch.close();
                epoch = loader.epoch(epoch.number() + 1);
            }
            try (Batch batch = epoch.next()) {
                use.accept(batch);
            }
        }

        /** The batch after the one in use, if it is there and of the same epoch. */
        Optional<Batch> peek() {
            return epoch.hasNext() ? epoch.peek() : Optional.empty();
        }

        @Override
        public void close() {
            epoch.close();
        }
    }
}
