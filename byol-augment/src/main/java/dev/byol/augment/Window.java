package dev.byol.augment;

/**
 * The samples of a line that one sample of a resized line is made of, and their weights: a filter stretched by the scale when
 * shrinking, cut off at the line's ends, normalised. The object is used again and again, so that its memory is.
 */
final class Window {
    private Interpolation filter = Interpolation.BILINEAR;
    private int in;
    private double scale;
    private double stretch;
    private double support;
    private int first;
    private int count;
    private double[] weights = {};

    /** For a line of {@code out} samples made of {@code in}. */
    void set(Interpolation interpolation, int in, int out) {
        filter = interpolation;
        this.in = in;
        scale = (double) in / out;
        stretch = Math.max(scale, 1);
        support = filter.support() * stretch;
        if (weights.length < most()) {
            weights = new double[most()];
        }
    }

    /** No sample is made of more. */
    int most() {
        return (int) Math.min(Math.ceil(support) * 2 + 1, in);
    }

    /** Goes to the resized sample {@code x}. */
    void moveTo(int x) {
        double centre = (x + 0.5) * scale;
        first = Math.max((int) (centre - support + 0.5), 0);
        count = Math.min((int) (centre + support + 0.5), in) - first;
        double offset = centre - first;
        double inverse = 1 / stretch;
        double sum = 0;
        for (int k = 0; k < count; k++) {
            weights[k] = filter.at((k - offset + 0.5) * inverse);
            sum += weights[k];
        }
        for (int k = 0; k < count; k++) {
            weights[k] /= sum;
        }
    }

    /** The first sample that it is made of. */
    int first() {
        return first;
    }

    /** How many there are. */
    int count() {
        return count;
    }

    /** The weight of the k-th of them; all add up to 1. */
    double weight(int k) {
        return weights[k];
    }
}
