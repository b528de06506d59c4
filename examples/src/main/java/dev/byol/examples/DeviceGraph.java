package dev.byol.examples;

import dev.byol.tf.ChosenDevice;
import dev.byol.tf.Precision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.OptimizerOptions;
import org.tensorflow.proto.RewriterConfig;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;

/**
 * A bare TensorFlow graph on a device, whose operations are computed as they are written: nothing is merged or left out. To measure what
 * a machine can do. Holds native memory.
 */
final class DeviceGraph implements AutoCloseable {
    private final Graph graph = new Graph();
    private final Session session;
    private final Ops tf;
    private int matrices;

    DeviceGraph(ChosenDevice device) {
        tf = Ops.create(graph)
                .withDevice(DeviceSpec.newBuilder()
                        .deviceType(device.gpu().isPresent() ? DeviceSpec.DeviceType.GPU : DeviceSpec.DeviceType.CPU)
                        .deviceIndex(0)
                        .build());
        session = new Session(graph, config(device));
    }

    private static ConfigProto config(ChosenDevice device) {
        GPUOptions.Builder gpus = GPUOptions.newBuilder().setAllowGrowth(true);
        device.gpu().ifPresent(index -> gpus.setVisibleDeviceList(Integer.toString(index)));
        ConfigProto.Builder config = ConfigProto.newBuilder()
                .setGpuOptions(gpus)
                .setGraphOptions(GraphOptions.newBuilder()
                        .setOptimizerOptions(OptimizerOptions.newBuilder().setOptLevel(OptimizerOptions.Level.L0))
                        .setRewriteOptions(RewriterConfig.newBuilder().setDisableMetaOptimizer(true)));
        return (device.gpu().isPresent() ? config : config.putDeviceCount("GPU", 0)).build();
    }

    Ops tf() {
        return tf;
    }

    static Class<? extends TNumber> type(Precision precision) {
        return precision == Precision.BFLOAT16 ? TBfloat16.class : TFloat32.class;
    }

    /** Normal numbers times a scale, drawn now, which stay on the device. */
    <T extends TNumber> Operand<T> normal(Class<T> type, double scale, int... dimensions) {
        VarHandleOp variable = tf.varHandleOp(
                type,
                Shape.of(Arrays.stream(dimensions).asLongStream().toArray()),
                VarHandleOp.sharedName("normal" + matrices++));
        Operand<TFloat32> drawn = tf.math.mul(
                tf.random.randomStandardNormal(
                        tf.constant(dimensions), TFloat32.class, RandomStandardNormal.seed((long) matrices)),
                tf.constant((float) scale));
        session.runner()
                .addTarget(tf.assignVariableOp(variable, tf.dtypes.cast(drawn, type)))
                .run()
                .close();
        return tf.readVariableOp(variable, type);
    }

    /** The sum of one value of each: to have it, all of them must be computed, and little is handed out. */
    Operand<TFloat32> corners(List<? extends Operand<? extends TNumber>> values) {
        List<Operand<TFloat32>> corners = new ArrayList<>();
        for (Operand<? extends TNumber> value : values) {
            int rank = value.shape().numDimensions();
            int[] first = new int[rank];
            int[] one = new int[rank];
            Arrays.fill(one, 1);
            corners.add(tf.reshape(
                    tf.dtypes.cast(tf.slice(value, tf.constant(first), tf.constant(one)), TFloat32.class),
                    tf.constant(new int[0])));
        }
        return tf.math.addN(corners);
    }

    /** Seconds on the clock until a value is there. */
    double seconds(Operand<?> value) {
        long start = System.nanoTime();
        session.runner().fetch(value).run().close();
        return (System.nanoTime() - start) / 1e9;
    }

    @Override
    public void close() {
        session.close();
        graph.close();
    }
}
