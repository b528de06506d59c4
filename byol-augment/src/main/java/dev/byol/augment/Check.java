package dev.byol.augment;

/** Argument checks whose messages give the fact, the value and what was expected. */
final class Check {
    private Check() {}

    static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", got " + value);
        }
    }

    static void range(String name, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException(name + " must be in [" + least + ", " + most + "], got " + value);
        }
    }

    static void probability(String name, double value) {
        range(name, value, 0, 1);
    }

    static void factor(String name, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " must be finite and not negative, got " + value);
        }
    }

    /** A rectangle of pixels, in an image of any size. */
    static void region(int top, int left, int height, int width) {
        atLeast("top", top, 0);
        atLeast("left", left, 0);
        atLeast("height", height, 1);
        atLeast("width", width, 1);
    }

    static void channels(Operation operation, int channels) {
        if (!operation.accepts(channels)) {
            throw new IllegalArgumentException(operation + " needs an RGB image of 3 channels, got " + channels);
        }
    }
}
