package dev.byol.tf;

import dev.byol.api.Shape;
import dev.byol.api.graph.Op;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;

/**
 * 3x3 convolutions on small images with a third to a quarter of the multiplications (Lavin and Gray 2016, "Fast algorithms
 * for convolutional neural networks", <a href="https://arxiv.org/abs/1509.09308">arXiv 1509.09308</a>): {@code Y = A^T [(G K G^T)
 * * (B^T X B)] A} on tiles of {@code m x m} outputs, with one matrix product over all channels for each of the
 * {@code (m + 2)^2} points.
 *
 * <p>Images are turned to {@code [H, W, B C]} first. Cutting into overlapping tiles, padding and {@code B^T} are then one matrix
 * product an axis, as are {@code A^T} and putting the tiles together. TensorFlow differentiates all of it; the gradients come
 * as products of the same kind. The result differs from that of the plain convolution by about 1e-5 of the largest value.
 */
final class Winograd {
    /** Larger images take more time on the way to tiles and back than the products save: measured with AVX-512. */
    private static final int MOST_PIXELS = 14 * 14;

    private static final int LEAST_CHANNELS = 128;
    /** With fewer rows a product, turning the kernel takes longer than what is saved. */
    private static final int LEAST_ROWS = 64;

    private static final int WINDOW = 3;
    private static final double[] POINTS = {0, 1, -1, 2, -2};

    private final Ops tf;
    private final int batch;
    private final int in;
    private final int out;
    private final Axis vertical;
    private final Axis horizontal;

    private Winograd(Ops tf, Shape images, Shape kernel) {
        this.tf = tf;
        batch = images.dimension(0);
        in = kernel.dimension(2);
        out = kernel.dimension(3);
        int tile = tile(images);
        vertical = new Axis(images.dimension(1), tile);
        horizontal = new Axis(images.dimension(2), tile);
    }

    /** Whether a convolution of this kind is one of those that gain. */
    static boolean suits(Op.Conv2d op, Shape images, Shape kernel) {
        return op.stride() == 1
                && op.padding() == 1
                && kernel.dimension(0) == WINDOW
                && kernel.dimension(1) == WINDOW
                && Math.min(kernel.dimension(2), kernel.dimension(3)) >= LEAST_CHANNELS
                && images.isKnown()
                && images.dimension(1) * images.dimension(2) <= MOST_PIXELS
                && images.dimension(0) * tiles(images, tile(images)) >= LEAST_ROWS;
    }

    /**
     * The convolution with stride 1 and padding 1.
     *
     * @param x images {@code [B, H, W, in]}, float32
     * @param kernel {@code [3, 3, in, out]}
     */
    static Operand<TNumber> convolve(
            Ops tf, Operand<TNumber> x, Shape images, Operand<TNumber> kernel, Shape kernelShape) {
        return new Winograd(tf, images, kernelShape).convolve(x, kernel);
    }

    /** The tile's side with the fewest multiplications; larger ones lose too many digits. */
    private static int tile(Shape images) {
        return multiplications(images, 3) <= multiplications(images, 4) ? 3 : 4;
    }

    private static int multiplications(Shape images, int tile) {
        return tiles(images, tile) * (tile + 2) * (tile + 2);
    }

    private static int tiles(Shape images, int tile) {
        return ceilDiv(images.dimension(1), tile) * ceilDiv(images.dimension(2), tile);
    }

    private static int ceilDiv(int size, int tile) {
        return (size + tile - 1) / tile;
    }

    private Operand<TNumber> convolve(Operand<TNumber> x, Operand<TNumber> kernel) {
        int points = vertical.points * horizontal.points;
        int rows = vertical.tiles * horizontal.tiles * batch;
        List<Operand<TNumber>> images = apart(transformed(x), points, rows, in);
        List<Operand<TNumber>> kernels = apart(transformedKernel(kernel), points, in, out);
        List<Operand<TNumber>> products = new ArrayList<>();
        for (int i = 0; i < points; i++) {
            products.add(tf.linalg.matMul(images.get(i), kernels.get(i)));
        }
        return back(tf.stack(products));
    }

    /** {@code [points, points, tiles, tiles, B in]}, with the horizontal axis first. */
    private Operand<TNumber> transformed(Operand<TNumber> x) {
        int length = batch * in;
        Operand<TNumber> lines = transpose(x, 1, 2, 0, 3);
        Operand<TNumber> down = times(vertical.input, lines, vertical.size, horizontal.size * length);
        Operand<TNumber> columns = transpose(reshape(down, vertical.rows, horizontal.size, length), 1, 0, 2);
        Operand<TNumber> both = times(horizontal.input, columns, horizontal.size, vertical.rows * length);
        return transpose(
                reshape(both, horizontal.points, horizontal.tiles, vertical.points, vertical.tiles, length),
                0,
                2,
                1,
                3,
                4);
    }

    private Operand<TNumber> back(Operand<TNumber> products) {
        int length = batch * out;
        Operand<TNumber> apart =
                reshape(products, horizontal.points, vertical.points, horizontal.tiles, vertical.tiles, length);
        Operand<TNumber> columns = transpose(apart, 0, 2, 1, 3, 4);
        Operand<TNumber> across = times(horizontal.output, columns, horizontal.rows, vertical.rows * length);
        Operand<TNumber> lines = transpose(reshape(across, horizontal.size, vertical.rows, length), 1, 0, 2);
        Operand<TNumber> both = times(vertical.output, lines, vertical.rows, horizontal.size * length);
        return transpose(reshape(both, vertical.size, horizontal.size, batch, out), 2, 0, 1, 3);
    }

    /** {@code [points, points, in, out]}, with the horizontal axis first. */
    private Operand<TNumber> transformedKernel(Operand<TNumber> kernel) {
        double[][] g = vertical.kernel;
        int points = g.length;
        float[][] both = new float[points * points][WINDOW * WINDOW];
        for (int i = 0; i < points; i++) {
            for (int j = 0; j < points; j++) {
                for (int p = 0; p < WINDOW * WINDOW; p++) {
                    both[i * points + j][p] = (float) (g[j][p / WINDOW] * g[i][p % WINDOW]);
                }
            }
        }
        return tf.linalg.matMul(any(tf.constant(both)), reshape(kernel, WINDOW * WINDOW, in * out));
    }

    private List<Operand<TNumber>> apart(Operand<TNumber> x, int count, int rows, int columns) {
        return tf.unstack(reshape(x, count, rows, columns), (long) count).output().stream()
                .map(Winograd::any)
                .toList();
    }

    private Operand<TNumber> times(float[][] matrix, Operand<TNumber> x, int rows, int columns) {
        return tf.linalg.matMul(any(tf.constant(matrix)), reshape(x, rows, columns));
    }

    private Operand<TNumber> reshape(Operand<TNumber> x, int... dimensions) {
        return tf.reshape(x, tf.constant(dimensions));
    }

    private Operand<TNumber> transpose(Operand<TNumber> x, int... order) {
        return tf.linalg.transpose(x, tf.constant(order));
    }

    @SuppressWarnings("unchecked")
    private static Operand<TNumber> any(Operand<?> operand) {
        return (Operand<TNumber>) operand;
    }

    /**
     * One axis of an image and its tiles, by the Toom-Cook construction: polynomials are evaluated at points, the last of them
     * infinity, multiplied there, and interpolated; convolution is that, transposed.
     */
    private static final class Axis {
        final int size;
        final int tiles;
        final int points;
        final int rows;
        final double[][] kernel;
        final float[][] input;
        final float[][] output;

        Axis(int size, int tile) {
            this.size = size;
            tiles = ceilDiv(size, tile);
            points = tile + WINDOW - 1;
            rows = points * tiles;
            double[][] data = new double[points][points];
            kernel = new double[points][WINDOW];
            double[][] interpolation = new double[tile][points];
            int finite = points - 1;
            for (int p = 0; p < finite; p++) {
                double[] others = {1};
                double scale = 1;
                for (int other = 0; other < finite; other++) {
                    if (other != p) {
                        others = timesRoot(others, POINTS[other]);
                        scale *= POINTS[p] - POINTS[other];
                    }
                }
                System.arraycopy(others, 0, data[p], 0, others.length);
                for (int i = 0; i < WINDOW; i++) {
                    kernel[p][i] = Math.pow(POINTS[p], i) / scale;
                }
                for (int i = 0; i < tile; i++) {
                    interpolation[i][p] = Math.pow(POINTS[p], i);
                }
            }
            double[] all = {1};
            for (int p = 0; p < finite; p++) {
                all = timesRoot(all, POINTS[p]);
            }
            data[finite] = all;
            kernel[finite][WINDOW - 1] = 1;
            interpolation[tile - 1][finite] = 1;
            input = new float[rows][size];
            output = new float[size][rows];
            for (int p = 0; p < points; p++) {
                for (int t = 0; t < tiles; t++) {
                    for (int i = 0; i < points; i++) {
                        int at = t * tile + i - 1; // what lies outside is the padding of zeros
                        if (at >= 0 && at < size) {
                            input[p * tiles + t][at] = (float) data[p][i];
                        }
                    }
                    for (int i = 0; i < Math.min(tile, size - t * tile); i++) {
                        output[t * tile + i][p * tiles + t] = (float) interpolation[i][p];
                    }
                }
            }
        }

        /** The coefficients, lowest first, of a polynomial times {@code x - root}. */
        private static double[] timesRoot(double[] polynomial, double root) {
            double[] product = new double[polynomial.length + 1];
            for (int i = 0; i < polynomial.length; i++) {
                product[i + 1] += polynomial[i];
                product[i] -= root * polynomial[i];
            }
            return product;
        }
    }
}
