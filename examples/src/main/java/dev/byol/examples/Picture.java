package dev.byol.examples;

/**
 * An image on a page.
 *
 * @param rgb {@code [height, width, 3]} as bytes, RGB
 * @param height in pixels
 * @param width in pixels
 */
@SuppressWarnings("ArrayRecordComponent")
record Picture(byte[] rgb, int height, int width) {
    static Picture square(byte[] rgb, int side) {
        return new Picture(rgb, side, side);
    }
}
