package dev.byol.tf.view;

import java.util.stream.IntStream;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/** Tensors of what was drawn. */
final class Feeds {
    private Feeds() {}

    static void require(ViewRecipe recipe, ViewDraws draws, int images) {
        int side = recipe.side();
        int lanes = recipe.operations().size();
        require("columns' weights", draws.columnWeights().length, images);
        require("rows' weights", draws.rowWeights().length, images);
        require("first columns", draws.firstColumns().length, images);
        require("first rows", draws.firstRows().length, images);
        if (draws.taken().length != lanes || draws.parameters().length != lanes) {
            throw new IllegalArgumentException("draws of " + draws.taken().length + " and " + draws.parameters().length
                    + " lanes for a recipe of " + lanes);
        }
        for (int lane = 0; lane < lanes; lane++) {
            require("lane " + lane, draws.taken()[lane].length, images);
            require(
                    "parameters of lane " + lane,
                    draws.parameters()[lane].length,
                    images * recipe.parameters().get(lane));
        }
        for (int i = 0; i < images; i++) {
            requireTaps(draws.columnWeights()[i].length, draws.firstColumns()[i].length, side);
            requireTaps(draws.rowWeights()[i].length, draws.firstRows()[i].length, side);
        }
    }

    private static void require(String what, int found, int least) {
        if (found < least) {
            throw new IllegalArgumentException("draws need at least " + least + " " + what + ", got " + found);
        }
    }

    private static void requireTaps(int weights, int places, int side) {
        if (weights == 0 || weights % side != 0 || places != side) {
            throw new IllegalArgumentException("a view of side " + side + " needs weights for each of its lines, got "
                    + weights + " for " + places);
        }
    }

    /** {@code [count, side]} */
    static TInt64 places(int[][] first, int from, int count, int side) {
        long[] values = new long[count * side];
        for (int i = 0; i < count; i++) {
            for (int k = 0; k < side; k++) {
                values[i * side + k] = first[from + i][k];
            }
        }
        return longs(values, Shape.of(count, side));
    }

    /** {@code [count, side, taps]} with the most taps of an image. */
    static TFloat32 weights(float[][] weights, int from, int count, int side) {
        int taps = IntStream.range(from, from + count)
                        .map(i -> weights[i].length)
                        .max()
                        .orElse(side)
                / side;
        float[] values = new float[count * side * taps];
        for (int i = 0; i < count; i++) {
            float[] own = weights[from + i];
            int ownTaps = own.length / side;
            for (int k = 0; k < side; k++) {
                System.arraycopy(own, k * ownTaps, values, (i * side + k) * taps, ownTaps);
            }
        }
        return floats(values, Shape.of(count, side, taps));
    }

    /** The images that take a lane. */
    static int[] taking(boolean[] taken, int from, int count) {
        return IntStream.range(from, from + count).filter(i -> taken[i]).toArray();
    }

    static TInt64 indices(int[] images, int first) {
        return longs(IntStream.of(images).mapToLong(i -> i - first).toArray(), Shape.of(images.length));
    }

    /** {@code [images, count, 1, 1]} */
    static TFloat32 parameters(float[] parameters, int[] images, int count) {
        float[] values = new float[images.length * count];
        for (int i = 0; i < images.length; i++) {
            System.arraycopy(parameters, images[i] * count, values, i * count, count);
        }
        return floats(values, Shape.of(images.length, count, 1, 1));
    }

    private static TInt64 longs(long[] values, Shape shape) {
        TInt64 tensor = TInt64.tensorOf(shape);
        if (values.length > 0) {
            tensor.asRawTensor().data().asLongs().write(values);
        }
        return tensor;
    }

    private static TFloat32 floats(float[] values, Shape shape) {
        TFloat32 tensor = TFloat32.tensorOf(shape);
        if (values.length > 0) {
            tensor.asRawTensor().data().asFloats().write(values);
        }
        return tensor;
    }
}
