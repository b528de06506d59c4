package dev.byol.examples;

import dev.byol.augment.HorizontalFlip;
import dev.byol.augment.Operation;
import dev.byol.augment.Region;
import dev.byol.augment.Size;
import dev.byol.augment.VerticalFlip;
import java.util.List;

/**
 * The part of an image that a view shows, as fractions of the image's width and height.
 *
 * @param left where it begins, in [0, 1]
 * @param top where it begins, in [0, 1]
 * @param width in (0, 1]
 * @param height in (0, 1]
 */
record Footprint(double left, double top, double width, double height) {
    /** What is left of an image of this size after these operations. */
    static Footprint of(List<Operation> operations, Size input) {
        Footprint whole = new Footprint(0, 0, 1, 1);
        boolean mirrored = false;
        boolean upsideDown = false;
        Size size = input;
        for (Operation operation : operations) {
            if (operation instanceof HorizontalFlip) {
                mirrored = !mirrored;
            }
            if (operation instanceof VerticalFlip) {
                upsideDown = !upsideDown;
            }
            Region read = operation.reads(size);
            int left = mirrored ? size.width() - read.left() - read.width() : read.left();
            int top = upsideDown ? size.height() - read.top() - read.height() : read.top();
            whole = whole.part(left, top, read.width(), read.height(), size);
            size = operation.resultOf(size);
        }
        return whole;
    }

    private Footprint part(int x, int y, int columns, int rows, Size of) {
        return new Footprint(
                left + width * x / of.width(),
                top + height * y / of.height(),
                width * columns / of.width(),
                height * rows / of.height());
    }
}
