package dev.byol.augment.load;

import java.util.Arrays;

/**
 * Views of some images, with their indices and labels. The memory is reused once the batch is closed; asking a closed batch
 * for anything is an error.
 */
public final class Batch implements AutoCloseable {
    private final Epoch epoch;
    private final int index;
    private final int size;
    private final byte[][] views;
    private final int[] indices;
    private final int[] labels;
    private boolean closed;

    /** Images that are not loaded yet; guarded by the epoch. */
    int missing;

    Batch(Epoch epoch, int index, int size, byte[][] views) {
        this.epoch = epoch;
        this.index = index;
        this.size = size;
        this.views = views;
        this.indices = new int[size];
        this.labels = new int[size];
        this.missing = size;
    }

    /** The batch's place in its epoch, from 0 on. */
    public int index() {
        return index;
    }

    /** The number of images {@code B}. */
    public int size() {
        return size;
    }

    /** The number of views of each image. */
    public int views() {
        return views.length;
    }

    /**
     * One view of all images, {@code [B, H, W, 3]}. The array belongs to the batch: it is valid until {@link #close()}, and
     * longer than that if this is a smaller, last batch.
     */
    public byte[] view(int view) {
        open();
        return views[view];
    }

    /** The images' indices in the source {@code [B]}. */
    public int[] indices() {
        open();
        return indices.clone();
    }

    /** The images' labels {@code [B]}, -1 for those without. */
    public int[] labels() {
        open();
        return labels.clone();
    }

    /** Gives the memory back, to be filled again. Closing twice does nothing. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            epoch.release(this);
        }
    }

    private void open() {
        if (closed) {
            throw new IllegalStateException("batch " + index + " is closed, and its memory may be in use again");
        }
    }

    void put(int slot, int sample, int label) {
        indices[slot] = sample;
        labels[slot] = label;
    }

    byte[][] memory() {
        return views;
    }

    @Override
    public String toString() {
        return "Batch[index=" + index + ", indices=" + Arrays.toString(indices) + "]";
    }
}
