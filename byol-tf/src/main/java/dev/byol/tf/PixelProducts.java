package dev.byol.tf;

import dev.byol.api.Shape;
import dev.byol.api.graph.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;

/**
 * Convolutions with few output pixels and many channels as one matrix product for each of those pixels, over the part of its
 * window that lies in the image. The padding's zeros are not multiplied (on 3x3 images they are 32 of 81 products), and a product
 * runs at the machine's peak, where oneDNN 3.5 convolves images of this size at half of it.
 */
final class PixelProducts {
    private static final int MOST_PIXELS = 4 * 4;
    private static final int LEAST_CHANNELS = 128;
    /** With fewer images cutting the kernel takes longer than what is saved. */
    private static final int LEAST_IMAGES = 32;

    private final Ops tf;
    private final Op.Conv2d op;
    private final Shape images;
    private final Shape kernel;
    private final Map<List<Integer>, Operand<TNumber>> columns = new HashMap<>();

    private PixelProducts(Ops tf, Op.Conv2d op, Shape images, Shape kernel) {
        this.tf = tf;
        this.op = op;
        this.images = images;
        this.kernel = kernel;
    }

    /** Whether a convolution of this kind is one of those that gain. */
    static boolean suits(Op.Conv2d op, Shape images, Shape kernel) {
        return images.isKnown()
                && images.dimension(0) >= LEAST_IMAGES
                && op.padding()
                        < Math.min(kernel.dimension(0), kernel.dimension(1)) // every window sees a part of the image
                && kernel.dimension(0) * kernel.dimension(1) > 1
                && Math.min(kernel.dimension(2), kernel.dimension(3)) >= LEAST_CHANNELS
                && outputs(op, images, kernel, 0) * outputs(op, images, kernel, 1) <= MOST_PIXELS;
    }

    /**
     * The convolution.
     *
     * @param x images {@code [B, H, W, in]}
     * @param k kernel {@code [h, w, in, out]}, of the same type
     */
    static Operand<TNumber> convolve(
            Ops tf, Op.Conv2d op, Operand<TNumber> x, Shape images, Operand<TNumber> k, Shape kernel) {
        return new PixelProducts(tf, op, images, kernel).convolve(x, k);
    }

    private static int outputs(Op.Conv2d op, Shape images, Shape kernel, int axis) {
        return (images.dimension(1 + axis) + 2 * op.padding() - kernel.dimension(axis)) / op.stride() + 1;
    }

    private Operand<TNumber> convolve(Operand<TNumber> x, Operand<TNumber> k) {
        int batch = images.dimension(0);
        int out = kernel.dimension(3);
        int height = outputs(op, images, kernel, 0);
        int width = outputs(op, images, kernel, 1);
        // Windows overlap: what flows back to a pixel from several of them is summed in float32.
        Operand<TNumber> full = any(tf.dtypes.cast(x, TFloat32.class));
        List<Operand<TNumber>> pixels = new ArrayList<>();
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < width; column++) {
                pixels.add(tf.reshape(
                        pixel(full, k, reach(0, row), reach(1, column)), tf.constant(new int[] {batch, 1, out})));
            }
        }
        Operand<TNumber> all = pixels.size() == 1 ? pixels.get(0) : tf.concat(pixels, tf.constant(1));
        return tf.reshape(all, tf.constant(new int[] {batch, height, width, out}));
    }

    /** {@code [B, out]} */
    private Operand<TNumber> pixel(Operand<TNumber> x, Operand<TNumber> k, Reach vertical, Reach horizontal) {
        int size = vertical.size * horizontal.size * kernel.dimension(2);
        Operand<TNumber> window =
                tf.slice(x, tf.constant(new int[] {0, vertical.image, horizontal.image, 0}), tf.constant(new int[] {
                    -1, vertical.size, horizontal.size, -1
                }));
        Operand<TNumber> flat = tf.reshape(window, tf.constant(new int[] {images.dimension(0), size}));
        Operand<TNumber> part = kernel(k, vertical, horizontal);
        return tf.linalg.matMul(any(tf.dtypes.cast(flat, k.type())), tf.reshape(part, tf.constant(new int[] {
            size, kernel.dimension(3)
        })));
    }

    /** Columns are copied, once for all rows; rows of them are not, since they are a run of memory. */
    private Operand<TNumber> kernel(Operand<TNumber> k, Reach vertical, Reach horizontal) {
        Operand<TNumber> some = columns.computeIfAbsent(
                List.of(horizontal.kernel, horizontal.size),
                key -> kernel(k, new Reach(0, 0, kernel.dimension(0)), horizontal.kernel, horizontal.size));
        return kernel(some, vertical, 0, horizontal.size);
    }

    private Operand<TNumber> kernel(Operand<TNumber> k, Reach rows, int column, int columns) {
        return rows.size == kernel.dimension(0) && columns == kernel.dimension(1)
                ? k
                : tf.slice(k, tf.constant(new int[] {rows.kernel, column, 0, 0}), tf.constant(new int[] {
                    rows.size, columns, -1, -1
                }));
    }

    /** Of one output along one axis: where what it sees of the image begins, there and in the kernel, and how much that is. */
    private record Reach(int image, int kernel, int size) {}

    private Reach reach(int axis, int output) {
        int begin = output * op.stride() - op.padding();
        int end = Math.min(images.dimension(1 + axis), begin + kernel.dimension(axis));
        int image = Math.max(0, begin);
        return new Reach(image, image - begin, end - image);
    }

    @SuppressWarnings("unchecked")
    private static Operand<TNumber> any(Operand<?> operand) {
        return (Operand<TNumber>) operand;
    }
}
