package dev.byol.examples;

import dev.byol.tf.ChosenDevice;
import dev.byol.tf.Precision;
import java.util.List;
import java.util.OptionalInt;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;

/** The fastest that a machine multiplies large square matrices through TensorFlow. Holds native memory. */
final class MatrixPeak implements AutoCloseable {
    private static final int ON_CPU = 4096;
    private static final int ON_GPU = 8192;
    private static final int CHAIN_ON_GPU = 8;
    private static final int REPEATS = 3;

    private final DeviceGraph graph;
    private final Operand<TFloat32> corner;
    private final double flops;

    /**
     * Products on a device, in a chain on a GPU, where one is over before the next call comes.
     *
     * @param side of the matrices; by default one that suits the device
     */
    MatrixPeak(ChosenDevice device, Precision precision, OptionalInt side) {
        boolean isGpu = device.gpu().isPresent();
        int n = side.orElse(isGpu ? ON_GPU : ON_CPU);
        int chain = isGpu ? CHAIN_ON_GPU : 1;
        flops = 2.0 * n * n * n * chain;
        graph = new DeviceGraph(device);
        corner = corner(DeviceGraph.type(precision), n, chain);
    }

    /** One value of {@code a * b * b ...}. The matrices are made now. */
    private <T extends TNumber> Operand<TFloat32> corner(Class<T> type, int n, int chain) {
        Operand<T> matrix = graph.normal(type, 1 / Math.sqrt(n), n, n); // products stay of one size
        Operand<T> product = matrix;
        for (int i = 0; i < chain; i++) {
            product = graph.tf().linalg.matMul(product, matrix);
        }
        return graph.corners(List.of(product));
    }

    /** Operations a second: of a few products the fastest. */
    double measure() {
        double best = 0;
        for (int i = 0; i <= REPEATS; i++) { // the first one is seldom the fastest
            best = Math.max(best, flops / graph.seconds(corner));
        }
        return best;
    }

    @Override
    public void close() {
        graph.close();
    }
}
