package dev.byol.augment.load;

import dev.byol.augment.Canvas;

/**
 * What kind of images is read.
 *
 * @param channels samples a pixel
 * @param floats whether results are floats in [0, 1], otherwise unsigned bytes
 */
record Kind(int channels, boolean floats) {
    Kind {
        if (channels < 1) {
            throw new IllegalArgumentException("channels must be at least 1, got " + channels);
        }
    }

    Kind channels(int count) {
        return new Kind(count, floats);
    }

    Kind floats(boolean inFloats) {
        return new Kind(channels, inFloats);
    }

    int sampleBytes() {
        return floats ? Float.BYTES : 1;
    }

    /**
     * Makes a canvas's current image one of this kind of samples.
     *
     * @throws IllegalArgumentException if it has other channels, or floats that would have to be rounded
     */
    void convert(Canvas canvas) {
        if (canvas.channels() != channels) {
            throw new IllegalArgumentException("channels must be " + channels + ", got " + canvas.image()
                    + "; the builder's channels(" + canvas.channels() + ") takes such images");
        }
        if (floats) {
            canvas.toFloats();
        } else if (canvas.isFloat()) {
            throw new IllegalArgumentException(
                    "samples must be bytes, got " + canvas.image() + "; the builder's floats(true) takes both");
        }
    }

    /** Memory for one array a view. */
    Memory memory(int... lengths) {
        byte[][] bytes = new byte[floats ? 0 : lengths.length][];
        float[][] inFloats = new float[floats ? lengths.length : 0][];
        for (int v = 0; v < lengths.length; v++) {
            if (floats) {
                inFloats[v] = new float[lengths[v]];
            } else {
                bytes[v] = new byte[lengths[v]];
            }
        }
        return new Memory(bytes, inFloats);
    }
}
