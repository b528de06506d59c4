package dev.byol.examples;

import dev.byol.api.Method;
import dev.byol.api.Schedule;
import dev.byol.api.method.Cosines;
import dev.byol.api.method.Deviation;
import dev.byol.augment.View;
import dev.byol.augment.io.ImageSource;
import dev.byol.augment.load.Batch;
import dev.byol.augment.load.Loader;
import dev.byol.optim.Schedules;
import dev.byol.tf.ImageFormat;
import dev.byol.tf.Prefetched;
import dev.byol.tf.Trainer;
import java.util.List;

/**
 * What a run of {@code pretrain} is made of: data, networks and schedules that fit one another and this machine.
 *
 * @param source what is pretrained on
 * @param labels what is probed with
 * @param crop side of a view in pixels
 * @param steps of the whole run
 * @param rate as the optimizer follows it; it may be lowered
 * @param need memory
 */
record PretrainSetup(
        Pretrain options,
        ImageSource source,
        Data.Labels labels,
        int crop,
        Loader loader,
        long steps,
        LoweredRate rate,
        Schedule tau,
        Method method,
        MemoryNeed need) {
    /**
     * Brings the settings together with the data.
     *
     * @throws BadInput if they do not fit one another, or not into memory
     */
    static PretrainSetup of(Pretrain options, ImageSource source, Data.Labels labels, int crop) {
        if (options.batch > source.size()) {
            throw new BadInput("--batch " + options.batch + " is larger than the data: " + source.description()
                    + " has " + source.size() + " images");
        }
        MemoryNeed need = MemoryNeed.checked(
                options.method(Schedules.constant(1)), options.precision, options.batch, options.microBatch(), crop);
        Loader loader = loader(options, source, crop, isOnDevice(options));
        long steps = Math.multiplyExact((long) options.epochs, loader.batches());
        Schedule tau = options.method == Pretrain.MethodName.BYOL
                ? Schedules.tau(options.tau, steps)
                : Schedules.constant(0); // SimSiam's target is the online network itself
        return new PretrainSetup(
                options,
                source,
                labels,
                crop,
                loader,
                steps,
                new LoweredRate(Schedules.warmupCosine(options.learningRate(), steps / 20, steps)),
                tau,
                options.method(tau),
                need);
    }

    private static Loader loader(Pretrain options, ImageSource source, int crop, boolean sources) {
        View view = options.view(crop);
        try {
            return Loader.builder(source)
                    .views(view, view)
                    .sources(sources)
                    .batch(options.batch)
                    .seed(options.seed)
                    .threads(options.threads)
                    .build();
        } catch (IllegalArgumentException e) {
            throw new BadInput(String.valueOf(e.getMessage())); // a size that does not fit the heap
        }
    }

    /** A trainer with the start values. */
    Trainer trainer() {
        return Trainer.builder()
                .method(method)
                .optimizer(options.optimizer(rate))
                .images(ImageFormat.rgb(crop))
                .views(isOnDevice() ? GraphViews.recipes(loader.views()) : List.of())
                .batch(options.batch)
                .microBatch(options.microBatch())
                .precision(options.precision)
                .seed(options.seed)
                .measure(new Cosines())
                .measure(new Deviation())
                .build();
    }

    /** Whether the step makes the views out of the images, in its graph. */
    boolean isOnDevice() {
        return isOnDevice(options);
    }

    private static boolean isOnDevice(Pretrain options) {
        return options.views == Pretrain.ViewsOn.DEVICE;
    }

    /** A loader whose views are there to be looked at: the same ones. */
    Loader shown() {
        return isOnDevice() ? loader(options, source, crop, false) : loader;
    }

    /** What a step takes in, sent to the trainer's device. */
    Prefetched prefetch(Trainer trainer, Batch batch) {
        return isOnDevice() ? trainer.prefetch(GraphViews.of(batch)) : trainer.prefetch(batch.view(0), batch.view(1));
    }
}
