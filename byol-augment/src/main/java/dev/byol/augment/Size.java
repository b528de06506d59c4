package dev.byol.augment;

/**
 * Width and height in pixels, at least 1 each.
 *
 * @param width pixels in a row
 * @param height rows
 */
public record Size(int width, int height) {
    /** @throws IllegalArgumentException if a side is below 1 */
    public Size {
        Check.atLeast("width", width, 1);
        Check.atLeast("height", height, 1);
    }

    @Override
    public String toString() {
        return width + "x" + height;
    }
}
