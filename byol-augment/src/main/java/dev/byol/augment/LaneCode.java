package dev.byol.augment;

import java.util.Arrays;

/** What stands in the lanes of a {@link DrawTable}: the numbers of every operation that changes pixels. */
final class LaneCode {
    private LaneCode() {}

    /** The lane that takes this operation on square images, and those of the same kind that do not reach farther. */
    static TableLayout.Lane lane(Operation operation, int side) {
        String name = name(operation);
        if (operation instanceof Grayscale) {
            return new TableLayout.Lane(name, 0);
        } else if (operation instanceof ChannelContrast) {
            return new TableLayout.Lane(name, 2);
        } else if (operation instanceof BoxGaussianBlur blur) {
            return new TableLayout.Lane(name, 1 + reach(blur.box().radius() + 1, side));
        } else if (operation instanceof GaussianBlur blur) {
            return new TableLayout.Lane(name, 1 + reach(blur.kernel() / 2, side));
        } else if (operation instanceof Brightness
                || operation instanceof Contrast
                || operation instanceof Saturation
                || operation instanceof Hue
                || operation instanceof AdditiveBrightness
                || operation instanceof HsvSaturation
                || operation instanceof HsvHue
                || operation instanceof Solarize) {
            return new TableLayout.Lane(name, 1);
        }
        throw new IllegalArgumentException(operation + " cannot be written into a table: it is not known");
    }

    private static String name(Operation operation) {
        String name = operation.getClass().getSimpleName();
        return operation instanceof GaussianBlur blur ? name + " " + blur.border() : name;
    }

    /** Writes the numbers of an operation of this lane's kind. */
    static void write(Operation operation, int side, int parameters, float[] to, int at) {
        if (operation instanceof Brightness brightness) {
            to[at] = (float) brightness.factor();
        } else if (operation instanceof Contrast contrast) {
            to[at] = (float) contrast.factor();
        } else if (operation instanceof Saturation saturation) {
            to[at] = (float) saturation.factor();
        } else if (operation instanceof Hue hue) {
            to[at] = hue.steps() & 0xFF;
        } else if (operation instanceof AdditiveBrightness brightness) {
            to[at] = roundedAlike(255 * brightness.delta());
        } else if (operation instanceof ChannelContrast contrast) {
            to[at] = (float) contrast.factor();
            to[at + 1] = (float) (contrast.factor() - to[at]);
        } else if (operation instanceof HsvSaturation saturation) {
            to[at] = (float) saturation.factor();
        } else if (operation instanceof HsvHue hue) {
            to[at] = HueCircle.sixths(hue.shift());
        } else if (operation instanceof Solarize solarize) {
            to[at] = solarize.threshold();
        } else if (operation instanceof BoxGaussianBlur blur) {
            box(blur.box(), side, parameters, to, at);
        } else if (operation instanceof GaussianBlur blur) {
            gaussian(blur, side, parameters, to, at);
        }
    }

    /** A number of few bits that all whole numbers are rounded alike with: {@code rint(v + delta)}. */
    private static float roundedAlike(double delta) {
        boolean isTie = delta - Math.floor(delta) == 0.5;
        return (float) (isTie ? delta : Math.rint(delta));
    }

    /** The weight of each distance from the centre, in 24-bit fixed point. */
    private static void box(BoxGaussianBlur.Box box, int side, int parameters, float[] to, int at) {
        Arrays.fill(to, at, at + parameters, 0);
        to[at] = box.inner();
        for (int distance = 1; distance <= box.radius() + 1; distance++) {
            to[at + reach(distance, side)] += distance <= box.radius() ? box.inner() : box.outer();
        }
    }

    /** The weight of each distance from the centre. */
    private static void gaussian(GaussianBlur blur, int side, int parameters, float[] to, int at) {
        Arrays.fill(to, at, at + parameters, 0);
        int radius = blur.kernel() / 2;
        float[] weights = blur.weights(new float[radius + 1]);
        to[at] = weights[0];
        for (int distance = 1; distance <= radius; distance++) {
            if (blur.border() == Border.ZERO) {
                if (distance < side) {
                    to[at + distance] += weights[distance];
                }
                continue;
            }
            // mirrored again and again: what is a whole period away is the centre itself, on both sides
            int period = Math.max(1, 2 * (side - 1));
            int within = distance % period;
            within = Math.min(within, period - within);
            to[at + within] += within == 0 ? 2 * weights[distance] : weights[distance];
        }
    }

    /** The distance at which an image of this side looks as at the given one: beyond its edges it is the same everywhere. */
    private static int reach(int distance, int side) {
        return Math.min(distance, Math.max(1, side - 1));
    }
}
