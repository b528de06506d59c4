package dev.byol.augment;

import java.util.ArrayList;
import java.util.List;

/**
 * How the drawn views of a recipe are written down as plain numbers, in a {@link DrawTable}, for those who make the views where
 * there is no Java: in the graph of a training step, on a GPU.
 *
 * <p>A view is cut out and resized first; flips only change the order of its lines. What happens to its pixels then stands in
 * <em>lanes</em>, one operation each, in an order that is the same for all views: a view takes the lanes of what was drawn for
 * it and passes over the others. Operations that come in random order have so many lanes that every order is found in them.
 *
 * @param side pixels of the square that results
 * @param lanes in the order in which they are passed
 */
public record TableLayout(int side, List<Lane> lanes) {
    /**
     * A place for one operation.
     *
     * @param operation the simple name of the {@link Operation}, such as {@code Brightness}; with the border for a
     *     {@link GaussianBlur}, as {@code GaussianBlur REFLECT}
     * @param parameters how many numbers say what it does to an image
     */
    public record Lane(String operation, int parameters) {}

    /** Keeps the lanes. */
    public TableLayout {
        lanes = List.copyOf(lanes);
    }

    /**
     * The layout for a recipe.
     *
     * @throws IllegalArgumentException if a table cannot hold what the recipe draws, with the name of the part: one that is not this
     *     library's, one that cuts out or resizes after the pixels were changed or the image was mirrored, or a second resizing
     */
    public static TableLayout of(View view) {
        Walk walk = new Walk(view.side());
        walk.all(view.augmentations());
        return new TableLayout(view.side(), walk.lanes);
    }

    /** An empty table for a batch of images. */
    public DrawTable table(int images) {
        return new DrawTable(this, images);
    }

    /** Finds all that a recipe may draw, in the order in which it may. */
    private static final class Walk {
        private final int side;
        private final List<Lane> lanes = new ArrayList<>();
        private boolean resized;
        private boolean mirrored;

        Walk(int side) {
            this.side = side;
        }

        void all(List<Augmentation> parts) {
            parts.forEach(this::one);
        }

        private void one(Augmentation part) {
            if (part instanceof View view) {
                all(view.augmentations());
            } else if (part instanceof Compose compose) {
                all(compose.augmentations());
            } else if (part instanceof RandomApply maybe) {
                one(maybe.augmentation());
            } else if (part instanceof RandomOrder order) {
                anyOrder(order.augmentations());
            } else if (part instanceof ColorJitter jitter) {
                anyOrder(jitter.parts());
            } else if (part instanceof HsvJitter jitter) {
                anyOrder(jitter.parts());
            } else if (part instanceof RandomBlur blur) {
                one(new BoxGaussianBlur(blur.maxSigma())); // which reaches farthest
            } else if (part instanceof RandomGaussianBlur blur) {
                one(new GaussianBlur(blur.kernel(), blur.maxSigma(), blur.border()));
            } else if (part instanceof RandomResizedCrop
                    || part instanceof ResizedCrop
                    || part instanceof Resize
                    || part instanceof ResizeShorterSide) {
                requireFirst(part);
                requireThat(part, !resized, "a second resizing");
                requireThat(part, !mirrored, "resizing after a flip");
                resized = true;
            } else if (part instanceof CenterCrop) {
                requireFirst(part);
            } else if (part instanceof HorizontalFlip || part instanceof VerticalFlip) {
                mirrored = true;
            } else if (part instanceof Operation operation) {
                lanes.add(LaneCode.lane(operation, side));
            } else {
                throw new IllegalArgumentException(part + " cannot be written into a table: its draws are not known");
            }
        }

        /**
         * All in turn, once less than there are, and the first once more: every order of n letters is in that sequence. The first letter is among
         * the first n places, every other at most n - 1 places after the one before: n + (n - 1)(n - 1) = (n - 1)n + 1 places are enough.
         */
        private void anyOrder(List<? extends Augmentation> parts) {
            for (int round = 1; round < parts.size(); round++) {
                parts.forEach(this::one);
            }
            if (!parts.isEmpty()) {
                one(parts.get(0));
            }
        }

        private void requireFirst(Augmentation part) {
            requireThat(part, lanes.isEmpty(), "cutting out or resizing after changes of pixels");
        }

        private static void requireThat(Augmentation part, boolean fits, String what) {
            if (!fits) {
                throw new IllegalArgumentException(part + " cannot be written into a table: it would be " + what);
            }
        }
    }
}
