package dev.byol.tf;

import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.RunOptions;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;

/**
 * What TensorFlow made of a convolution that it ran.
 *
 * @param operation such as {@code Conv2D}, or {@code _MklNativeConv2D} where oneDNN takes it over
 * @param device TensorFlow's name of it
 */
record Convolution(String operation, String device) {
    private static final Shape IMAGE = Shape.of(1, 8, 8, 8);
    private static final Shape KERNEL = Shape.of(3, 3, 8, 8);

    /**
     * Runs one.
     *
     * @throws org.tensorflow.exceptions.TensorFlowException if the device cannot
     */
    static <T extends TNumber> Convolution run(ChosenDevice device, Class<T> type) {
        ConfigProto config =
                device.config().toBuilder().setAllowSoftPlacement(false).build();
        try (Graph graph = new Graph();
                Session session = new Session(graph, config);
                TFloat32 image = TFloat32.tensorOf(IMAGE);
                TFloat32 kernel = TFloat32.tensorOf(KERNEL)) {
            Ops tf = device.place(Ops.create(graph));
            Placeholder<TFloat32> x = tf.placeholder(TFloat32.class, Placeholder.shape(IMAGE));
            Placeholder<TFloat32> w = tf.placeholder(TFloat32.class, Placeholder.shape(KERNEL));
            Operand<T> y =
                    tf.nn.conv2d(tf.dtypes.cast(x, type), tf.dtypes.cast(w, type), List.of(1L, 1L, 1L, 1L), "SAME");
            Session.Runner run = session.runner()
                    .feed(x, image)
                    .feed(w, kernel)
                    .fetch(tf.dtypes.cast(y, TFloat32.class))
                    .setOptions(RunOptions.newBuilder()
                            .setOutputPartitionGraphs(true)
                            .build());
            try (Result result = run.runAndFetchMetadata()) {
                return result.getMetadata().orElseThrow().getPartitionGraphsList().stream()
                        .flatMap(part -> part.getNodeList().stream())
                        .filter(node -> node.getOp().endsWith("Conv2D"))
                        .findFirst()
                        .map(Convolution::of)
                        .orElseThrow(() -> new IllegalStateException("no convolution was run"));
            }
        }
    }

    private static Convolution of(NodeDef node) {
        return new Convolution(node.getOp(), node.getDevice());
    }

    boolean isByOneDnn() {
        return operation.contains("Mkl");
    }
}
