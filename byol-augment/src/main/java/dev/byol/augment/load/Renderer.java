package dev.byol.augment.load;

import dev.byol.augment.Canvas;
import dev.byol.augment.CounterRandom;
import dev.byol.augment.Image;
import dev.byol.augment.Operation;
import dev.byol.augment.Region;
import dev.byol.augment.Size;
import dev.byol.augment.View;
import dev.byol.augment.io.ImageSource;
import dev.byol.augment.io.LazyImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads images of an epoch and writes their views into batches; belongs to one thread. */
final class Renderer {
    private final Loader loader;
    private final ImageSource source;
    private final long epoch;
    private final Order order;
    private final Canvas image = new Canvas();
    private final Canvas canvas = new Canvas();
    private final List<List<Operation>> drawn = new ArrayList<>();

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
            replace(replace.image(), sample, into, slot);
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
            put(source.open(sample), sample, into, slot);
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

    private void replace(Image by, int sample, Batch into, int slot) throws IOException {
        try {
            put(LazyImage.of(by), sample, into, slot);
        } catch (IOException e) {
            throw new IOException(Problem.describe(replacement(sample), e), e);
        } catch (RuntimeException | Error e) {
            throw new IllegalStateException(Problem.describe(replacement(sample), e), e);
        }
    }

    private String replacement(int sample) {
        return "the image in place of " + source.name(sample);
    }

    /** All views are drawn before anything is decoded, so that no more is decoded than they need. */
    private void put(LazyImage whole, int sample, Batch into, int slot) throws IOException {
        LazyImage lazy = whole;
        draw(lazy.size(), sample);
        for (List<Operation> operations : drawn) {
            Strips.refuse(operations, lazy.size());
        }
        if (loader.reduced()) {
            lazy = whole.reduced(least(whole.size()));
            draw(lazy.size(), sample); // the same numbers give the same crops of a smaller image
        }
        lazy.decode(needed(lazy.size()), image);
        loader.kind().convert(image);
        into.memory().sources().ifPresentOrElse(sources -> sources.put(slot, image, drawn), () -> render(into, slot));
        into.put(slot, sample, source.label(sample));
    }

    private void render(Batch into, int slot) {
        for (int v = 0; v < drawn.size(); v++) {
            int offset = slot * loader.samples(loader.views().get(v));
            into.memory().render(image, drawn.get(v), canvas, v, offset);
        }
    }

    private void draw(Size size, int sample) {
        drawn.clear();
        List<View> views = loader.views();
        for (int v = 0; v < views.size(); v++) {
            CounterRandom random = CounterRandom.of(loader.seed(), epoch, sample, v);
            drawn.add(views.get(v).draw(random, size, loader.kind().channels()));
        }
    }

    /** The smallest rectangle with all pixels that the drawn views read. */
    private Region needed(Size size) {
        Region needed = reads(drawn.get(0), size);
        for (int v = 1; v < drawn.size(); v++) {
            needed = needed.union(reads(drawn.get(v), size));
        }
        return needed;
    }

    /** The pixels of an image that drawn operations read. */
    static Region reads(List<Operation> operations, Size size) {
        return operations.isEmpty() ? Region.of(size) : operations.get(0).reads(size);
    }

    /** The smallest size of the image at which no view enlarges a crop that it would not enlarge anyway. */
    private Size least(Size size) {
        double width = 0;
        double height = 0;
        for (List<Operation> operations : drawn) {
            Region from = reads(operations, size);
            Size to = operations.isEmpty() ? size : operations.get(0).resultOf(size);
            width = Math.max(width, (double) to.width() / from.width());
            height = Math.max(height, (double) to.height() / from.height());
        }
        return new Size(scaled(size.width(), width), scaled(size.height(), height));
    }

    private static int scaled(int side, double factor) {
        return (int) Math.ceil(side * Math.min(1, factor));
    }
}
