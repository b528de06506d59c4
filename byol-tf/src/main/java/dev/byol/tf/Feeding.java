package dev.byol.tf;

import dev.byol.api.Shape;
import dev.byol.tf.view.SourceBatch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.tensorflow.Tensor;
import org.tensorflow.types.TUint8;

/** How the images of a step get into its program: looked at first, then fed, a micro-batch at a time, or sent ahead. */
final class Feeding implements AutoCloseable {
    private final Program program;
    private final ImageFormat format;
    private final int batch;
    private final int microBatch;
    /** Of one micro-batch, filled anew for each. */
    private final List<TUint8> views = new ArrayList<>();

    Feeding(Program program, ImageFormat format, int batch, int microBatch) {
        this.program = program;
        this.format = format;
        this.batch = batch;
        this.microBatch = microBatch;
        try {
            program.views.forEach(view -> views.add(TUint8.tensorOf(Tf.shape(format.batch(microBatch)))));
        } catch (RuntimeException | OutOfMemoryError e) {
            close();
            throw e;
        }
    }

    /** Of views in bytes. */
    StepRun.Views of(byte[]... all) {
        requireViews(all.length);
        for (int i = 0; i < all.length; i++) {
            requireLength("view " + i, all[i].length);
        }
        return (run, part) -> {
            for (int i = 0; i < all.length; i++) {
                Memory.copy(all[i], part * microBatch * format.size(), views.get(i));
                run.feed(program.views.get(i).fed(), views.get(i));
            }
        };
    }

    /** Of views that are normalised already. */
    StepRun.Views ofNormalized(float[]... all) {
        requireViews(all.length);
        for (int i = 0; i < all.length; i++) {
            requireLength("view " + i, all[i].length);
        }
        return (run, part) -> {
            for (int i = 0; i < all.length; i++) {
                run.feedOnce(
                        program.views.get(i).normalized(),
                        Memory.floats(format.batch(microBatch), all[i], part * microBatch * format.size()));
            }
        };
    }

    /** Of images whose views are made in the graph. */
    StepRun.Views of(SourceBatch images) {
        SourceViews sources = program.sources.orElseThrow(
                () -> new IllegalStateException("the trainer makes no views: it was built without recipes"));
        requireViews(images.draws().size());
        if (images.size() != batch) {
            throw new IllegalArgumentException("a step takes a batch of " + batch + " images, got " + images.size());
        }
        return (run, part) -> sources.feed(run, images, part * microBatch, microBatch);
    }

    /** Views in bytes, sent ahead unless the graph has images in their place. */
    Prefetched ahead(byte[]... all) {
        StepRun.Views fed = of(all);
        List<Shape> shapes = Collections.nCopies(all.length, format.batch(batch));
        Uploads.Upload upload = program.uploads
                .filter(uploads -> program.sources.isEmpty())
                .map(uploads -> uploads.send(program.session, List.of(all), shapes))
                .orElse(null);
        return new Prefetched(program, fed, (run, part) -> {}, upload);
    }

    /** Images, sent ahead. */
    Prefetched ahead(SourceBatch images) {
        StepRun.Views fed = of(images);
        Shape shape = Shape.of(images.size(), images.height(), images.width(), 3);
        Uploads.Upload upload = program.uploads
                .map(uploads -> uploads.send(program.session, List.of(images.images()), List.of(shape)))
                .orElse(null);
        return new Prefetched(
                program, fed, (run, part) -> program.sources.orElseThrow().feedDraws(run, images, 0, batch), upload);
    }

    private void requireViews(int found) {
        if (found != views.size()) {
            throw new IllegalArgumentException("the method takes " + views.size() + " views, got " + found);
        }
    }

    private void requireLength(String what, int found) {
        int expected = batch * format.size();
        if (found != expected) {
            throw new IllegalArgumentException(what + " needs " + expected + " values for a batch of " + batch
                    + " images " + format.height() + "x" + format.width() + "x" + format.channels() + ", got " + found);
        }
    }

    @Override
    public void close() {
        views.forEach(Tensor::close);
    }
}
