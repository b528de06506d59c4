package dev.byol.augment.load;

import dev.byol.augment.Canvas;
import dev.byol.augment.CounterRandom;
import dev.byol.augment.Image;
import dev.byol.augment.Operation;
import dev.byol.augment.View;
import dev.byol.augment.io.ImageSource;
import java.io.IOException;
import java.util.List;

/** Reads images of an epoch and writes their views into batches; belongs to one thread. */
final class Renderer {
    private final Loader loader;
    private final ImageSource source;
    private final long epoch;
    private final Order order;
    private final Canvas canvas = new Canvas();

    Renderer(Loader loader, ImageSource source, long epoch, Order order) {
        this.loader = loader;
        this.source = source;
        this.epoch = epoch;
        this.order = order;
    }

    /**
     * Fills a slot of a batch with what comes at a position of the epoch.
     *
     * @return whether the image of that position could not be read and something else took its place
     */
    boolean fill(Batch into, int slot, int position) throws IOException {
        int sample = order.at(position);
        if (load(sample, into, slot)) {
            return false;
        }
        if (loader.policy() instanceof Unreadable.Replace replace) {
            put(replace.image(), sample, into, slot);
            return true;
        }
        for (int attempt = 0; attempt < order.size(); attempt++) {
            if (load(order.substitute(position, attempt), into, slot)) {
                return true;
            }
        }
        throw new IOException("none of the " + order.size() + " images of " + source.description() + " can be read");
    }

    /** Returns false if the image cannot be read. */
    private boolean load(int sample, Batch into, int slot) throws IOException {
        if (order.isBroken(sample)) {
            return false;
        }
        try {
            put(source.image(sample), sample, into, slot);
            return true;
        } catch (IOException e) {
            if (loader.policy() instanceof Unreadable.Fail) {
                throw new IOException(Problem.describe(source.name(sample), e), e);
            }
            order.markBroken(sample);
            loader.unreadable(sample, e);
            return false;
        } catch (RuntimeException | Error e) {
            throw new IllegalStateException(Problem.describe(source.name(sample), e), e);
        }
    }

    private void put(Image image, int sample, Batch into, int slot) {
        Image suited = loader.suited(image);
        List<View> views = loader.views();
        for (int v = 0; v < views.size(); v++) {
            View view = views.get(v);
            List<Operation> operations = view.draw(CounterRandom.of(loader.seed(), epoch, sample, v), suited.size());
            canvas.render(suited, operations, into.memory().bytes(v), slot * loader.samples(view));
        }
        into.put(slot, sample, source.label(sample));
    }
}
