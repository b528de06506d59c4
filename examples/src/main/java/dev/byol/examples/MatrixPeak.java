package dev.byol.examples;

import dev.byol.tf.ChosenDevice;
import dev.byol.tf.Precision;
import java.util.OptionalInt;
import org.tensorflow.DeviceSpec;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.op.random.RandomStandardNormal;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;

/** The fastest that a machine multiplies large square matrices through TensorFlow. Holds native memory. */
final class MatrixPeak implements AutoCloseable {
    private static final int ON_CPU = 4096;
    private static final int ON_GPU = 8192;
    private static final int CHAIN_ON_GPU = 8;
    private static final int REPEATS = 3;

    private final Graph graph = new Graph();
    private final Session session;
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
        Ops tf = Ops.create(graph)
                .withDevice(DeviceSpec.newBuilder()
                        .deviceType(isGpu ? DeviceSpec.DeviceType.GPU : DeviceSpec.DeviceType.CPU)
                        .deviceIndex(0)
                        .build());
        session = new Session(graph, config(device));
        corner = precision == Precision.BFLOAT16
                ? corner(tf, TBfloat16.class, n, chain)
                : corner(tf, TFloat32.class, n, chain);
    }

    private static ConfigProto config(ChosenDevice device) {
        GPUOptions.Builder gpus = GPUOptions.newBuilder().setAllowGrowth(true);
        device.gpu().ifPresent(index -> gpus.setVisibleDeviceList(Integer.toString(index)));
        ConfigProto.Builder config = ConfigProto.newBuilder().setGpuOptions(gpus);
        return (device.gpu().isPresent() ? config : config.putDeviceCount("GPU", 0)).build();
    }

    /** One value of {@code a * b * b ...}: all of it must be computed, and little is handed out. The matrices are made now. */
    private <T extends TNumber> Operand<TFloat32> corner(Ops tf, Class<T> type, int n, int chain) {
        Shape shape = Shape.of(n, n);
        VarHandleOp variable = tf.varHandleOp(type, shape, VarHandleOp.sharedName("matrix"));
        Operand<TFloat32> drawn = tf.math.mul(
                tf.random.randomStandardNormal(
                        tf.constant(new int[] {n, n}), TFloat32.class, RandomStandardNormal.seed(1L)),
                tf.constant((float) (1 / Math.sqrt(n)))); // products stay of one size
        session.runner()
                .addTarget(tf.assignVariableOp(variable, tf.dtypes.cast(drawn, type)))
                .run()
                .close();
        Operand<T> matrix = tf.readVariableOp(variable, type);
        Operand<T> product = matrix;
        for (int i = 0; i < chain; i++) {
            product = tf.linalg.matMul(product, matrix);
        }
        return tf.dtypes.cast(
                tf.slice(product, tf.constant(new int[] {0, 0}), tf.constant(new int[] {1, 1})), TFloat32.class);
    }

    /** Operations a second: of a few products the fastest. */
    double measure() {
        double best = 0;
        for (int i = 0; i <= REPEATS; i++) { // the first one is seldom the fastest
            long start = System.nanoTime();
            session.runner().fetch(corner).run().close();
            best = Math.max(best, flops / (System.nanoTime() - start) * 1e9);
        }
        return best;
    }

    @Override
    public void close() {
        session.close();
        graph.close();
    }
}
