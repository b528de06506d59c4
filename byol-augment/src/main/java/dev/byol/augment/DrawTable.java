package dev.byol.augment;

import java.util.List;

/**
 * What was drawn for one view of each image of a batch, as plain numbers; {@link TableLayout} says how it is laid out. One
 * thread at a time writes an image's row; different rows may be written by different threads.
 */
public final class DrawTable {
    /** The fixed point of the weights: they are multiples of {@code 2^-22}. */
    public static final int WEIGHT_BITS = Taps.PRECISION;

    private final TableLayout layout;
    private final int images;
    private final int[][] firstColumns;
    private final float[][] columnWeights;
    private final int[][] firstRows;
    private final float[][] rowWeights;
    private final boolean[][] taken;
    private final float[][] parameters;

    DrawTable(TableLayout layout, int images) {
        this.layout = layout;
        this.images = images;
        int side = layout.side();
        int lanes = layout.lanes().size();
        firstColumns = new int[images][side];
        columnWeights = new float[images][];
        firstRows = new int[images][side];
        rowWeights = new float[images][];
        taken = new boolean[lanes][images];
        parameters = new float[lanes][];
        for (int lane = 0; lane < lanes; lane++) {
            parameters[lane] = new float[images * layout.lanes().get(lane).parameters()];
        }
        for (int i = 0; i < images; i++) {
            columnWeights[i] = new float[0];
            rowWeights[i] = new float[0];
        }
    }

    /** Which operations it has places for. */
    public TableLayout layout() {
        return layout;
    }

    /** The number of images {@code B}. */
    public int images() {
        return images;
    }

    /** For each image and each column of its view, the first of the source's columns that it is made of: {@code [B][side]}. */
    public int[][] firstColumns() {
        return firstColumns;
    }

    /**
     * For each image and each column of its view, the weights of the source's columns from the first one on, times
     * {@code 2^}{@value #WEIGHT_BITS}: whole numbers, {@code [B][side * taps]}. The number of taps is the image's own; those that reach
     * beyond the source are 0.
     */
    public float[][] columnWeights() {
        return columnWeights;
    }

    /** As {@link #firstColumns()}, for rows. Columns are resized first, rows of their rounded result then. */
    public int[][] firstRows() {
        return firstRows;
    }

    /** As {@link #columnWeights()}, for rows. */
    public float[][] rowWeights() {
        return rowWeights;
    }

    /** For each lane, which images take it: {@code [lanes][B]}. */
    public boolean[][] taken() {
        return taken;
    }

    /**
     * For each lane, the numbers of the images that take it, arbitrary for the others: {@code [lanes][B * parameters]}. A factor or a
     * threshold is itself; {@code Hue} has steps of 1/256 of the circle, {@code HsvHue} sixths, {@code AdditiveBrightness} levels,
     * {@code ChannelContrast} its factor as the sum of two floats; blurs have the weight of every distance from the centre, times
     * {@code 2^24} for {@code BoxGaussianBlur}.
     */
    public float[][] parameters() {
        return parameters;
    }

    /**
     * Writes down what was drawn for an image.
     *
     * @param drawn by the recipe of the layout
     * @param input the size of the image
     * @param image its row
     * @throws IllegalArgumentException if the layout has no place for an operation, or the result would not be of its size
     */
    public void write(List<Operation> drawn, Size input, int image) {
        for (boolean[] lane : taken) {
            lane[image] = false;
        }
        Line columns = new Line(input.width());
        Line rows = new Line(input.height());
        Size size = input;
        int next = 0;
        for (Operation operation : drawn) {
            if (operation instanceof HorizontalFlip) {
                columns.mirror();
            } else if (operation instanceof VerticalFlip) {
                rows.mirror();
            } else if (!isCut(operation, size, columns, rows)) {
                next = take(operation, next, image);
            }
            size = operation.resultOf(size);
        }
        int side = layout.side();
        if (size.width() != side || size.height() != side) {
            throw new IllegalArgumentException(
                    "a table for views of " + side + "x" + side + " got one of " + size + ": " + drawn);
        }
        columnWeights[image] = columns.taps(firstColumns[image]);
        rowWeights[image] = rows.taps(firstRows[image]);
    }

    private static boolean isCut(Operation operation, Size size, Line columns, Line rows) {
        if (operation instanceof CenterCrop) {
            Region kept = operation.reads(size);
            columns.cut(kept.left(), kept.width());
            rows.cut(kept.top(), kept.height());
        } else if (operation instanceof ResizedCrop crop) {
            columns.cut(crop.left(), crop.width());
            rows.cut(crop.top(), crop.height());
            resize(crop.result(), crop.interpolation(), columns, rows);
        } else if (operation instanceof Resize resize) {
            resize(resize.result(), resize.interpolation(), columns, rows);
        } else if (operation instanceof ResizeShorterSide resize) {
            resize(resize.resultOf(size), resize.interpolation(), columns, rows);
        } else {
            return false;
        }
        return true;
    }

    private static void resize(Size result, Interpolation interpolation, Line columns, Line rows) {
        columns.resize(result.width(), interpolation);
        rows.resize(result.height(), interpolation);
    }

    /** Takes the next lane for an operation, and says which one comes after it. */
    private int take(Operation operation, int from, int image) {
        TableLayout.Lane needed = LaneCode.lane(operation, layout.side());
        for (int lane = from; lane < taken.length; lane++) {
            TableLayout.Lane place = layout.lanes().get(lane);
            if (place.operation().equals(needed.operation()) && place.parameters() >= needed.parameters()) {
                taken[lane][image] = true;
                int count = place.parameters();
                LaneCode.write(operation, layout.side(), count, parameters[lane], image * count);
                return lane + 1;
            }
        }
        throw new IllegalArgumentException(
                operation + " has no lane left in the table, from lane " + from + " on of " + layout.lanes());
    }
}
