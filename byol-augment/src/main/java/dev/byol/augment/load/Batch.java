package dev.byol.augment.load;

import java.util.Arrays;

/**
 * Views of some images, with their indices and labels. The memory is reused once the batch is closed; asking a closed batch
 * for anything is an error. A batch belongs to the thread that took it.
 */
public final class Batch implements AutoCloseable {
    private final Pipeline pipeline;
    private final int position;
    private final int size;
    private final Memory memory;
    private final int[] indices;
    private final int[] labels;
    private boolean closed;

    /** Whether {@link Epoch#next} gave it; guarded by the pipeline until then. */
    boolean taken;

    /** Images that are not loaded yet; guarded by the pipeline. */
    int missing;

    /** Images that could not be read; guarded by the pipeline. */
    int skipped;

    Batch(Pipeline pipeline, int position, int size, Memory memory) {
        this.pipeline = pipeline;
        this.position = position;
        this.size = size;
        this.memory = memory;
        this.indices = new int[size];
        this.labels = new int[size];
        this.missing = size;
    }

    /** The position of the batch's first image in its epoch, from 0 on. */
    public int position() {
        return position;
    }

    /** The number of images {@code B}. */
    public int size() {
        return size;
    }

    /** The number of views of each image. */
    public int views() {
        return memory.views();
    }

    /**
     * One view of all images in unsigned bytes, {@code [B, H, W, C]}. The array belongs to the batch: it is valid until
     * {@link #close()}, and longer than that if this is a smaller, last batch.
     *
     * @throws IllegalStateException if the batch is closed, or the loader makes floats or no views
     */
    public byte[] view(int view) {
        open();
        requireViews();
        if (memory.isFloat()) {
            throw new IllegalStateException("the loader makes floats, which floats(" + view + ") gives");
        }
        return memory.bytes(view);
    }

    /**
     * One view of all images in floats in [0, 1], {@code [B, H, W, C]}, of a loader that makes floats. The array belongs to
     * the batch as that of {@link #view(int)} does.
     *
     * @throws IllegalStateException if the batch is closed, or the loader makes bytes or no views
     */
    public float[] floats(int view) {
        open();
        requireViews();
        if (!memory.isFloat()) {
            throw new IllegalStateException(
                    "the loader makes bytes, which view(" + view + ") gives; Loader.Builder.floats(true) makes floats");
        }
        return memory.floats(view);
    }

    /**
     * The images themselves and what was drawn for their views, of a loader that makes no views.
     *
     * @throws IllegalStateException if the batch is closed, the loader makes views, or images of very different sizes are too many for one
     *     array
     */
    public Sources sources() {
        open();
        return memory.sources()
                .orElseThrow(() -> new IllegalStateException(
                        "the loader makes views; Loader.Builder.sources(true) hands out what they are made of"))
                .pack(size);
    }

    private void requireViews() {
        if (memory.sources().isPresent()) {
            throw new IllegalStateException("the loader makes no views, sources() gives what they are made of");
        }
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
        if (!taken) {
            throw new IllegalStateException(
                    "the batch at position " + position + " was looked at and not taken: it is not to be closed");
        }
        if (!closed) {
            closed = true;
            pipeline.release(this);
        }
    }

    private void open() {
        if (closed) {
            throw new IllegalStateException(
                    "the batch at position " + position + " is closed, and its memory may be in use again");
        }
    }

    /** Says which image is in a slot. */
    void put(int slot, int sample, int label) {
        indices[slot] = sample;
        labels[slot] = label;
    }

    Memory memory() {
        return memory;
    }

    @Override
    public String toString() {
        return "Batch[position=" + position + ", indices=" + Arrays.toString(indices) + "]";
    }
}
