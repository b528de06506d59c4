package dev.byol.tf;

import dev.byol.api.Shape;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.family.TNumber;

/**
 * A convolution whose kernel TensorFlow does not differentiate, since there is a faster way: in bfloat16 on small images
 * the kernel's gradient takes a half or a third of the time as one matrix product for each of its pixels,
 * {@code dK[i, j] = sum over b, y, x of input[b, stride y + i, stride x + j]^T · dOutput[b, y, x]}.
 *
 * @param kernel {@code [height, width, in, out]}
 * @param kernelShape its shape
 * @param input {@code [B, H, W, in]}, with the convolution's padding
 * @param inputShape its shape
 * @param output {@code [B, h, w, out]}
 * @param outputShape its shape
 * @param stride of the window
 */
record DetachedKernel(
        Operand<TNumber> kernel,
        Shape kernelShape,
        Operand<TNumber> input,
        Shape inputShape,
        Operand<TNumber> output,
        Shape outputShape,
        int stride) {
    /** The kernel's gradient from that of the output. */
    Operand<TNumber> gradient(Ops tf, Operand<?> outputGradient) {
        int[] matrix = {-1, kernelShape.dimension(3)};
        @SuppressWarnings("unchecked")
        Operand<TNumber> d = tf.reshape((Operand<TNumber>) outputGradient, tf.constant(matrix));
        Operand<TNumber> x = wholeStrides(tf);
        List<Operand<TNumber>> products = new ArrayList<>();
        for (int i = 0; i < kernelShape.dimension(0); i++) {
            Operand<TNumber> rows = rows(tf, x, i);
            for (int j = 0; j < kernelShape.dimension(1); j++) {
                products.add(tf.linalg.matMul(columns(tf, rows, j), d, MatMul.transposeA(true)));
            }
        }
        return tf.reshape(tf.stack(products), tf.constant(kernelShape.dimensions()));
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

    /** Rows i, i + stride and so on: {@code [B, h, 1, W in]}. Rows and columns are cut as runs of memory: strides are slow. */
    private Operand<TNumber> rows(Ops tf, Operand<TNumber> x, int i) {
        int height = roundedUp(inputShape.dimension(1));
        int run = roundedUp(inputShape.dimension(2)) * inputShape.dimension(3);
        Operand<TNumber> strides = tf.reshape(x, tf.constant(new int[] {-1, height / stride, stride, run}));
        int[] begin = {0, i / stride, i % stride, 0};
        int[] size = {-1, outputShape.dimension(1), 1, run};
        return tf.slice(strides, tf.constant(begin), tf.constant(size));
    }

    /** Columns j, j + stride and so on of some rows: {@code [B h w, in]}. */
    private Operand<TNumber> columns(Ops tf, Operand<TNumber> rows, int j) {
        int width = roundedUp(inputShape.dimension(2));
        int in = inputShape.dimension(3);
        int[] strides = {-1, outputShape.dimension(1), width / stride, stride * in};
        int[] begin = {0, 0, j / stride, j % stride * in};
        int[] size = {-1, outputShape.dimension(1), outputShape.dimension(2), in};
        Operand<TNumber> pixels =
                tf.slice(tf.reshape(rows, tf.constant(strides)), tf.constant(begin), tf.constant(size));
        return tf.reshape(pixels, tf.constant(new int[] {-1, in}));
    }

    private int roundedUp(int size) {
        return (size + stride - 1) / stride * stride;
    }
}
