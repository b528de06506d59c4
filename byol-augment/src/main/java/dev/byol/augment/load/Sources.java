package dev.byol.augment.load;

import dev.byol.augment.Canvas;
import dev.byol.augment.DrawTable;
import dev.byol.augment.Operation;
import dev.byol.augment.Size;
import dev.byol.augment.TableLayout;
import java.util.Arrays;
import java.util.List;

/**
 * The images of a batch themselves and, for each view, what was drawn: for views that are made elsewhere, as in the graph of a training
 * step. It belongs to its batch and is valid until that is closed.
 */
public final class Sources {
    private final List<DrawTable> tables;
    private final byte[][] samples;
    private final Size[] sizes;
    private byte[] packed = {};
    private int count;
    private int height = 1;
    private int width = 1;

    Sources(List<TableLayout> layouts, int images) {
        tables = layouts.stream().map(layout -> layout.table(images)).toList();
        samples = new byte[images][0];
        sizes = new Size[images];
    }

    /** Keeps a canvas's image, and what was drawn for each of its views. */
    void put(int slot, Canvas image, List<List<Operation>> drawn) {
        Size size = new Size(image.width(), image.height());
        int length = image.length();
        if (samples[slot].length != length) {
            samples[slot] = new byte[length];
        }
        System.arraycopy(image.samples(), 0, samples[slot], 0, length);
        sizes[slot] = size;
        for (int v = 0; v < drawn.size(); v++) {
            tables.get(v).write(drawn.get(v), size, slot);
        }
    }

    /** Joins the first images; all have been put. */
    Sources pack(int images) {
        count = images;
        height = Arrays.stream(sizes, 0, images).mapToInt(Size::height).max().orElseThrow();
        width = Arrays.stream(sizes, 0, images).mapToInt(Size::width).max().orElseThrow();
        double total = 3.0 * images * height * width;
        if (total > Integer.MAX_VALUE - 8) {
            throw new IllegalStateException(images + " images padded to " + width + "x" + height
                    + " pixels do not fit in one array: make their views here, or read them smaller");
        }
        if (packed.length != (int) total) {
            packed = new byte[(int) total];
        }
        for (int i = 0; i < images; i++) {
            int line = 3 * sizes[i].width();
            for (int y = 0; y < sizes[i].height(); y++) {
                System.arraycopy(samples[i], y * line, packed, 3 * (i * height + y) * width, line);
            }
        }
        return this;
    }

    /** The number of images {@code B}. */
    public int size() {
        return count;
    }

    /** Rows of the highest image. */
    public int height() {
        return height;
    }

    /** Columns of the widest image. */
    public int width() {
        return width;
    }

    /**
     * The images {@code [B, height, width, 3]} in unsigned bytes, each in the upper left corner; what is around smaller ones is arbitrary, and
     * no view reads it.
     */
    public byte[] images() {
        return packed;
    }

    /** What was drawn for a view of each image, in at least {@code B} rows. */
    public DrawTable table(int view) {
        return tables.get(view);
    }

    int views() {
        return tables.size();
    }
}
