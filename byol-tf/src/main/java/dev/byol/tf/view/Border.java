package dev.byol.tf.view;

/** What a blur takes for the pixels outside an image. */
enum Border {
    /** Black. */
    ZERO {
        @Override
        int place(int index, int side) {
            return index >= 0 && index < side ? index : OUTSIDE;
        }
    },

    /** The image mirrored at its edge pixels, which are not repeated, again and again. */
    REFLECT {
        @Override
        int place(int index, int side) {
            int period = Math.max(1, 2 * (side - 1));
            int i = Math.floorMod(index, period);
            return i < side ? i : period - i;
        }
    },

    /** The edge pixels repeated. */
    REPLICATE {
        @Override
        int place(int index, int side) {
            return Math.max(0, Math.min(side - 1, index));
        }
    };

    private static final int OUTSIDE = -1;

    /** The pixel that stands at an index, or a negative number where there is none. */
    abstract int place(int index, int side);

    /**
     * Which pixels are how far from each pixel: of a line of weights by distance times this matrix
     * {@code [distances, side * side]} comes what each pixel of a line gives to each pixel of the blurred one.
     */
    float[][] distances(int count, int side) {
        float[][] matrix = new float[count][side * side];
        for (int distance = 0; distance < count; distance++) {
            for (int to = 0; to < side; to++) {
                count(matrix[distance], to - distance, to, side);
                if (distance > 0) {
                    count(matrix[distance], to + distance, to, side);
                }
            }
        }
        return matrix;
    }

    private void count(float[] pairs, int from, int to, int side) {
        int place = place(from, side);
        if (place >= 0) {
            pairs[place * side + to]++;
        }
    }
}
