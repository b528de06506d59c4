package dev.byol.augment.io;

import dev.byol.augment.Canvas;
import dev.byol.augment.Image;
import dev.byol.augment.Region;
import dev.byol.augment.Size;

/**
 * How an image as stored is to be turned to be upright: EXIF's orientation, as Pillow's {@code ImageOps.exif_transpose}
 * applies it.
 *
 * @param swapped whether rows become columns; first
 * @param mirroredX whether the stored columns run from right to left
 * @param mirroredY whether the stored rows run from bottom to top
 */
record Orientation(boolean swapped, boolean mirroredX, boolean mirroredY) {
    static final Orientation UPRIGHT = new Orientation(false, false, false);

    private static final int TAG = 0x0112;
    private static final int SHORT = 3;
    private static final int LONG = 4;

    /** The orientation of EXIF's number; upright for numbers that mean nothing. */
    static Orientation of(long exif) {
        return exif < 2 || exif > 8
                ? UPRIGHT
                : new Orientation(
                        exif >= 5,
                        exif == 2 || exif == 3 || exif == 7 || exif == 8,
                        exif == 3 || exif == 4 || exif == 6 || exif == 7);
    }

    /** The orientation in an EXIF block or TIFF file, from its byte-order mark on; upright if there is none or it is broken, as in Pillow. */
    static Orientation inExif(Bytes exif) {
        try {
            Bytes tiff = exif.startsWith("II") ? exif.littleEndian() : exif;
            long directory = tiff.u32(4);
            int entries = tiff.u16(directory);
            for (int i = 0; i < entries; i++) {
                long entry = directory + 2 + 12L * i;
                if (tiff.u16(entry) == TAG) {
                    int type = tiff.u16(entry + 2);
                    return type == SHORT ? of(tiff.u16(entry + 8)) : type == LONG ? of(tiff.u32(entry + 8)) : UPRIGHT;
                }
            }
        } catch (ImageFormatException e) {
            return UPRIGHT; // what an image is does not depend on what is said about it
        }
        return UPRIGHT;
    }

    /** The size of the upright image. */
    Size upright(Size stored) {
        return swapped ? transposed(stored) : stored;
    }

    @SuppressWarnings("ArgumentSelectionDefectChecker") // what it is for
    private static Size transposed(Size size) {
        return new Size(size.height(), size.width());
    }

    /** Where the pixels of a region of the upright image are stored. */
    Region stored(Region upright, Size stored) {
        int top = swapped ? upright.left() : upright.top();
        int left = swapped ? upright.top() : upright.left();
        int height = swapped ? upright.width() : upright.height();
        int width = swapped ? upright.height() : upright.width();
        return new Region(
                mirroredY ? stored.height() - top - height : top,
                mirroredX ? stored.width() - left - width : left,
                height,
                width);
    }

    /** The upright image; the same one if it is already. */
    Image apply(Image stored) {
        if (equals(UPRIGHT)) {
            return stored;
        }
        Turn turn = turn(stored.size(), stored.channels());
        Size size = turn.size;
        if (stored.isFloat()) {
            float[] out = new float[stored.floatSamples().length];
            turn.apply(stored.floatSamples(), out);
            return new Image(size.width(), size.height(), stored.channels(), out);
        }
        byte[] out = new byte[stored.samples().length];
        turn.apply(stored.samples(), out);
        return new Image(size.width(), size.height(), stored.channels(), out);
    }

    /** Makes the upright image a canvas's current one. */
    void apply(Canvas canvas) {
        if (equals(UPRIGHT)) {
            return;
        }
        Turn turn = turn(new Size(canvas.width(), canvas.height()), canvas.channels());
        Size size = turn.size;
        if (canvas.isFloat()) {
            turn.apply(canvas.floatSamples(), canvas.floatTarget(size.width(), size.height()));
        } else {
            turn.apply(canvas.samples(), canvas.target(size.width(), size.height()));
        }
        canvas.advance();
    }

    private Turn turn(Size stored, int channels) {
        int right = mirroredX ? -channels : channels;
        int down = (mirroredY ? -channels : channels) * stored.width();
        int from = ((mirroredY ? stored.height() - 1 : 0) * stored.width() + (mirroredX ? stored.width() - 1 : 0))
                * channels;
        return new Turn(upright(stored), channels, from, swapped ? down : right, swapped ? right : down);
    }

    /**
     * Where an upright image's samples are stored.
     *
     * @param size of the upright image
     * @param from the first pixel
     * @param stepX from one pixel to the next
     * @param stepY from one row to the next
     */
    private record Turn(Size size, int channels, int from, int stepX, int stepY) {
        void apply(byte[] in, byte[] out) {
            for (int y = 0, q = 0, row = from; y < size.height(); y++, row += stepY) {
                for (int x = 0, p = row; x < size.width(); x++, p += stepX) {
                    for (int c = 0; c < channels; c++) {
                        out[q++] = in[p + c];
                    }
                }
            }
        }

        void apply(float[] in, float[] out) {
            for (int y = 0, q = 0, row = from; y < size.height(); y++, row += stepY) {
                for (int x = 0, p = row; x < size.width(); x++, p += stepX) {
                    for (int c = 0; c < channels; c++) {
                        out[q++] = in[p + c];
                    }
                }
            }
        }
    }
}
