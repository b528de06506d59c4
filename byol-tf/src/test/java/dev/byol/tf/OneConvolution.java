package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.api.Initializer;
import dev.byol.api.Shape;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** A convolution of random images, forward and backward, as one way or another does it. */
@FunctionalInterface
interface OneConvolution {
    Operand<TFloat32> convolve(Ops tf, Operand<TFloat32> x, Operand<TFloat32> k);

    /** Its result, and the gradients of the images and of the kernel when the result is multiplied by another tensor. */
    static float[][] run(Shape images, Shape kernel, OneConvolution way) {
        try (Graph graph = new Graph();
                Session session = new Session(graph)) {
            Ops tf = Ops.create(graph);
            Placeholder<TFloat32> x = placeholder(tf, images);
            Placeholder<TFloat32> k = placeholder(tf, kernel);
            Operand<TFloat32> y = way.convolve(tf, x, k);
            Shape result = Shape.of(
                    images.dimension(0), (int) y.shape().get(1), (int) y.shape().get(2), kernel.dimension(3));
            Placeholder<TFloat32> dy = placeholder(tf, result);
            Output<?>[] gradients =
                    graph.addGradients(tf.math.mul(y, dy).asOutput(), new Output<?>[] {x.asOutput(), k.asOutput()});
            try (TFloat32 xs = tensor(images, 1);
                    TFloat32 ks = tensor(kernel, 2);
                    TFloat32 dys = tensor(result, 3);
                    Result results = session.runner()
                            .feed(x, xs)
                            .feed(k, ks)
                            .feed(dy, dys)
                            .fetch(y)
                            .fetch(gradients[0])
                            .fetch(gradients[1])
                            .run()) {
                return new float[][] {floats(results, 0), floats(results, 1), floats(results, 2)};
            }
        }
    }

    /** Each of the three within a share of its largest value. */
    static void requireClose(float[][] expected, float[][] found, double share) {
        for (int i = 0; i < expected.length; i++) {
            double largest = 0;
            double error = 0;
            assertThat(found[i]).hasSameSizeAs(expected[i]);
            for (int j = 0; j < expected[i].length; j++) {
                largest = Math.max(largest, Math.abs(expected[i][j]));
                error = Math.max(error, Math.abs(expected[i][j] - found[i][j]));
            }
            assertThat(error / largest)
                    .as("output, gradient of the images, gradient of the kernel: number %d", i)
                    .isLessThan(share);
        }
    }

    private static Placeholder<TFloat32> placeholder(Ops tf, Shape shape) {
        return tf.placeholder(TFloat32.class, Placeholder.shape(Tf.shape(shape)));
    }

    private static TFloat32 tensor(Shape shape, long seed) {
        return Memory.floats(shape, Initializer.normal(1).draw(shape, seed));
    }

    private static float[] floats(Result results, int index) {
        return Memory.floats((TFloat32) results.get(index));
    }
}
