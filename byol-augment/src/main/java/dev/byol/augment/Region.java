package dev.byol.augment;

/**
 * A rectangle of an image's pixels.
 *
 * @param top first row
 * @param left first column
 * @param height rows, at least 1
 * @param width columns, at least 1
 */
public record Region(int top, int left, int height, int width) {
    /** @throws IllegalArgumentException if the rectangle is empty or begins outside any image */
    public Region {
        Check.region(top, left, height, width);
    }

    /** All of an image. */
    public static Region of(Size image) {
        return new Region(0, 0, image.height(), image.width());
    }

    /** The smallest rectangle that holds this one and the other. */
    public Region union(Region other) {
        int firstRow = Math.min(top, other.top);
        int firstColumn = Math.min(left, other.left);
        return new Region(
                firstRow,
                firstColumn,
                Math.max(top + height, other.top + other.height) - firstRow,
                Math.max(left + width, other.left + other.width) - firstColumn);
    }

    /** Whether the rectangle lies in an image of this size. */
    public boolean isWithin(Size image) {
        return (long) left + width <= image.width() && (long) top + height <= image.height();
    }
}
