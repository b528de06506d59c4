package dev.byol.tf;

import dev.byol.api.Shape;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.family.TNumber;

/**
 * A convolution whose kernel TensorFlow does not differentiate, since there is a faster way: on small images the kernel's
 * gradient takes a half or a third of the time as one matrix product for each of its pixels, over those outputs whose window has
 * that pixel in the image, {@code dK[i, j] = sum over b, y, x of input[b, stride y + i - padding, stride x + j - padding]^T ·
 * dOutput[b, y, x]}.
 *
 * @param kernel {@code [height, width, in, out]}
 * @param kernelShape its shape
 * @param input {@code [B, H, W, in]}
 * @param inputShape its shape
 * @param output {@code [B, h, w, out]}
 * @param outputShape its shape
 * @param stride of the window
 * @param padding of zeros on each side
 */
record DetachedKernel(
        Operand<TNumber> kernel,
        Shape kernelShape,
        Operand<TNumber> input,
        Shape inputShape,
        Operand<TNumber> output,
        Shape outputShape,
        int stride,
        int padding) {
    /** The kernel's gradient from that of the output. */
    Operand<TNumber> gradient(Ops tf, Operand<?> outputGradient) {
        @SuppressWarnings("unchecked")
        Operand<TNumber> d = (Operand<TNumber>) outputGradient;
        Operand<TNumber> x = wholeStrides(tf);
        List<Operand<TNumber>> products = new ArrayList<>();
        for (int i = 0; i < kernelShape.dimension(0); i++) {
            Reach vertical = reach(1, i);
            for (int j = 0; j < kernelShape.dimension(1); j++) {
                Reach horizontal = reach(2, j);
                products.add(
                        vertical.isEmpty() || horizontal.isEmpty()
                                ? tf.zeros(tf.constant(pixel()), input.type())
                                : tf.linalg.matMul(
                                        inputs(tf, x, vertical, horizontal),
                                        outputs(tf, d, vertical, horizontal),
                                        MatMul.transposeA(true)));
            }
        }
        return tf.reshape(tf.stack(products), tf.constant(kernelShape.dimensions()));
    }

    private int[] pixel() {
        return new int[] {kernelShape.dimension(2), kernelShape.dimension(3)};
    }

    /**
     * Along one axis, for one of the kernel's pixels: the outputs {@code from <= y < to} that see the image through it, and where,
     * at {@code (y + shift) stride + phase}.
     */
    private record Reach(int from, int to, int shift, int phase) {
        boolean isEmpty() {
            return from >= to;
        }

        int size() {
            return to - from;
        }
    }

    private Reach reach(int axis, int pixel) {
        int shift = Math.floorDiv(pixel - padding, stride);
        int phase = Math.floorMod(pixel - padding, stride);
        int last = Math.floorDiv(inputShape.dimension(axis) - 1 - phase, stride) - shift;
        return new Reach(Math.max(0, -shift), Math.min(outputShape.dimension(axis), last + 1), shift, phase);
    }

    /** The input with as many rows and columns as whole strides: what is added is not read. */
    private Operand<TNumber> wholeStrides(Ops tf) {
        int rows = roundedUp(inputShape.dimension(1)) - inputShape.dimension(1);
        int columns = roundedUp(inputShape.dimension(2)) - inputShape.dimension(2);
        if (rows == 0 && columns == 0) {
            return input;
        }
        int[][] paddings = {{0, 0}, {0, rows}, {0, columns}, {0, 0}};
        return tf.pad(input, tf.constant(paddings), tf.dtypes.cast(tf.constant(0f), input.type()));
    }

    /** What the outputs see, {@code [B h w, in]}. Rows and columns are cut as runs of memory: strides are slow. */
    private Operand<TNumber> inputs(Ops tf, Operand<TNumber> x, Reach vertical, Reach horizontal) {
        int in = inputShape.dimension(3);
        int width = roundedUp(inputShape.dimension(2));
        int height = roundedUp(inputShape.dimension(1));
        Operand<TNumber> lines = tf.reshape(x, tf.constant(new int[] {-1, height / stride, stride, width * in}));
        Operand<TNumber> rows = tf.slice(
                lines,
                tf.constant(new int[] {0, vertical.from + vertical.shift, vertical.phase, 0}),
                tf.constant(new int[] {-1, vertical.size(), 1, width * in}));
        Operand<TNumber> points =
                tf.reshape(rows, tf.constant(new int[] {-1, vertical.size(), width / stride, stride * in}));
        Operand<TNumber> columns = tf.slice(
                points,
                tf.constant(new int[] {0, 0, horizontal.from + horizontal.shift, horizontal.phase * in}),
                tf.constant(new int[] {-1, vertical.size(), horizontal.size(), in}));
        return tf.reshape(columns, tf.constant(new int[] {-1, in}));
    }

    /** The gradients of those outputs, {@code [B h w, out]}. */
    private Operand<TNumber> outputs(Ops tf, Operand<TNumber> d, Reach vertical, Reach horizontal) {
        boolean all = vertical.size() == outputShape.dimension(1) && horizontal.size() == outputShape.dimension(2);
        Operand<TNumber> some = all
                ? d
                : tf.slice(d, tf.constant(new int[] {0, vertical.from, horizontal.from, 0}), tf.constant(new int[] {
                    -1, vertical.size(), horizontal.size(), -1
                }));
        return tf.reshape(some, tf.constant(new int[] {-1, outputShape.dimension(3)}));
    }

    private int roundedUp(int size) {
        return (size + stride - 1) / stride * stride;
    }
}
