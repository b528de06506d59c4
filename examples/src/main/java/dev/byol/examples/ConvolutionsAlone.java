package dev.byol.examples;

import dev.byol.api.Method;
import dev.byol.api.Shape;
import dev.byol.api.graph.Node;
import dev.byol.api.graph.Op;
import dev.byol.api.graph.StepGraph;
import dev.byol.tf.ChosenDevice;
import dev.byol.tf.Precision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.Conv2d;
import org.tensorflow.op.nn.Conv2dBackpropFilter;
import org.tensorflow.op.nn.Conv2dBackpropInput;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;

/**
 * A training step's convolutions and their gradients, one beside the other, with nothing between them: what a step could reach if all
 * the rest took no time. Holds native memory.
 */
final class ConvolutionsAlone implements AutoCloseable {
    private static final int WARM_UP = 3;
    private static final int REPEATS = 10;

    private final DeviceGraph graph;
    private final Operand<TFloat32> all;
    private final int batch;
    private int count;

    /** The convolutions of a step on views of {@code [batch, side, side, 3]}. */
    ConvolutionsAlone(ChosenDevice device, Precision precision, Method method, int batch, int side) {
        this.batch = batch;
        graph = new DeviceGraph(device);
        all = all(DeviceGraph.type(precision), method, side);
    }

    private <T extends TNumber> Operand<TFloat32> all(Class<T> type, Method method, int side) {
        StepGraph step = StepGraph.training(Collections.nCopies(method.views(), Shape.of(batch, side, side, 3)));
        Node loss = step.record(method, List.of());
        Set<Node> differentiated = Ancestors.differentiated(loss);
        Set<Node> trained = Ancestors.dependOnTrained(step, differentiated);
        Map<Shape, Operand<T>> tensors = new HashMap<>();
        List<Operand<T>> results = new ArrayList<>();
        for (Node node : Ancestors.computed(loss)) {
            if (node.op() instanceof Op.Conv2d convolution) {
                Operand<T> image = tensor(tensors, type, node.input(0).shape());
                Operand<T> kernel = tensor(tensors, type, node.input(1).shape());
                results.add(forward(convolution, image, kernel));
                if (differentiated.contains(node)) {
                    Operand<T> gradient = tensor(tensors, type, node.shape());
                    results.add(ofKernel(convolution, image, node.input(1).shape(), gradient));
                    if (trained.contains(node.input(0))) {
                        results.add(ofImage(convolution, node.input(0).shape(), kernel, gradient));
                    }
                }
            }
        }
        count = results.size();
        return graph.corners(results);
    }

    private <T extends TNumber> Operand<T> tensor(Map<Shape, Operand<T>> tensors, Class<T> type, Shape shape) {
        return tensors.computeIfAbsent(shape, s -> graph.normal(type, 1, s.dimensions()));
    }

    private <T extends TNumber> Operand<T> forward(Op.Conv2d convolution, Operand<T> image, Operand<T> kernel) {
        return tf().nn
                .conv2d(image, kernel, strides(convolution), "EXPLICIT", Conv2d.explicitPaddings(padding(convolution)));
    }

    private <T extends TNumber> Operand<T> ofKernel(
            Op.Conv2d convolution, Operand<T> image, Shape kernel, Operand<T> gradient) {
        return tf().nn
                .conv2dBackpropFilter(
                        image,
                        tf().constant(kernel.dimensions()),
                        gradient,
                        strides(convolution),
                        "EXPLICIT",
                        Conv2dBackpropFilter.explicitPaddings(padding(convolution)));
    }

    private <T extends TNumber> Operand<T> ofImage(
            Op.Conv2d convolution, Shape image, Operand<T> kernel, Operand<T> gradient) {
        return tf().nn
                .conv2dBackpropInput(
                        tf().constant(image.dimensions()),
                        kernel,
                        gradient,
                        strides(convolution),
                        "EXPLICIT",
                        Conv2dBackpropInput.explicitPaddings(padding(convolution)));
    }

    private static List<Long> strides(Op.Conv2d convolution) {
        long stride = convolution.stride();
        return List.of(1L, stride, stride, 1L);
    }

    private static List<Long> padding(Op.Conv2d convolution) {
        long padding = convolution.padding();
        return List.of(0L, 0L, padding, padding, padding, padding, 0L, 0L);
    }

    private Ops tf() {
        return graph.tf();
    }

    /** How many convolutions and gradients there are. */
    int count() {
        return count;
    }

    /** Of the median of some runs. */
    double imagesPerSecond() {
        double[] seconds = new double[REPEATS];
        for (int i = -WARM_UP; i < REPEATS; i++) {
            double time = graph.seconds(all);
            if (i >= 0) {
                seconds[i] = time;
            }
        }
        Arrays.sort(seconds);
        return batch / seconds[REPEATS / 2];
    }

    @Override
    public void close() {
        graph.close();
    }
}
