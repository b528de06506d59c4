package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.byol.api.BatchNorm;
import dev.byol.api.Branch;
import dev.byol.api.Initializer;
import dev.byol.api.Network;
import dev.byol.api.Parameter;
import dev.byol.api.Parameter.Role;
import dev.byol.api.Shape;
import dev.byol.api.Tensor;
import dev.byol.api.graph.Node;
import dev.byol.api.graph.ParameterNode;
import dev.byol.api.graph.StateNode;
import dev.byol.api.graph.StepGraph;
import dev.byol.api.nn.ResNet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** Convolutions of one kernel run as one over several views, and nothing else notices. */
class MergingTest {
    private static final Shape IMAGES = Shape.of(2, 8, 8, 3);
    private static final ResNet RESNET = ResNet.resNet10Tiny().withStem(ResNet.Stem.SMALL);
    private static final int RESNET_CONVOLUTIONS = 1 + 4 * 2 + 3;

    /** As many channels out as in, so that it can be applied to its own output. */
    private static Network convolution(int size) {
        return (branch, x) -> {
            int channels = x.shape().dimension(-1);
            Shape shape = Shape.of(size, size, channels, channels);
            Parameter kernel = branch.parameter("kernel", shape, Role.KERNEL, Initializer.normal(0.2));
            return x.conv2d(kernel, 1, size / 2);
        };
    }

    private static float[] normal(long seed, Shape shape) {
        return Initializer.normal(1).draw(shape, seed);
    }

    /** How views become outputs. */
    @FunctionalInterface
    private interface Use {
        List<Tensor> of(Branch branch, List<Tensor> views);
    }

    /** Outputs, and the gradients of {@code sum of weights_i · y_i} with respect to all parameters. */
    private record Found(Map<String, float[]> values, int convolutions, int filterGradients) {
        float[] gradient(String parameter) {
            return values.get("online/" + parameter);
        }
    }

    private static Found run(Use use, List<Shape> shapes, List<float[]> images) {
        try (Harness harness = Harness.training(shapes.toArray(Shape[]::new))) {
            List<Tensor> views = new ArrayList<>();
            Map<String, float[]> inputs = new LinkedHashMap<>();
            for (int i = 0; i < images.size(); i++) {
                views.add(harness.step.view(i));
                inputs.put("view" + i, images.get(i));
            }
            List<Tensor> ys = use.of(harness.step.online(), views);
            Map<String, Tensor> outputs = new LinkedHashMap<>();
            List<Tensor> losses = new ArrayList<>();
            for (Tensor y : ys) {
                String weights = "weights" + y.shape();
                outputs.put("y" + outputs.size(), y);
                losses.add(y.times(harness.step.input(weights, y.shape())).sum());
                inputs.put(weights, normal(99, y.shape()));
            }
            Tensor loss = losses.stream().reduce(Tensor::plus).orElseThrow();
            List<ParameterNode> parameters = harness.step.trained();
            List<Tensor> gradients = harness.gradients(loss, parameters);
            for (int i = 0; i < gradients.size(); i++) {
                outputs.put(parameters.get(i).name(), gradients.get(i));
            }
            Map<String, float[]> values = harness.run(outputs, inputs);
            return new Found(values, harness.count("Conv2D"), harness.count("Conv2DBackpropFilter"));
        }
    }

    /** Runs a use on all views in one step, and on each alone: equal outputs, and gradients that add up. */
    private static Found assertAsAlone(Network network, List<Shape> shapes) {
        Use each = (branch, views) ->
                views.stream().map(view -> branch.apply("net", network, view)).toList();
        List<float[]> images = new ArrayList<>();
        for (Shape shape : shapes) {
            images.add(normal(images.size(), shape));
        }
        Found together = run(each, shapes, images);
        Map<String, double[]> sums = new LinkedHashMap<>();
        for (int i = 0; i < shapes.size(); i++) {
            Found alone = run(each, List.of(shapes.get(i)), List.of(images.get(i)));
            assertClose("y" + i, together.values.get("y" + i), Array.doubles(alone.values.get("y0")));
            alone.values.remove("y0");
            alone.values.forEach((name, values) -> {
                double[] sum = sums.computeIfAbsent(name, key -> new double[values.length]);
                for (int j = 0; j < sum.length; j++) {
                    sum[j] += values[j];
                }
            });
        }
        assertThat(sums).isNotEmpty();
        sums.forEach((name, sum) -> assertClose(name, together.values.get(name), sum));
        return together;
    }

    private static void assertClose(String what, float[] found, double... expected) {
        assertThat(found).as(what).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) found[i])
                    .as("%s at %d", what, i)
                    .isCloseTo(expected[i], within(1e-4 * Math.max(1, Math.abs(expected[i]))));
        }
    }

    @Test
    void oneKernel_onSeveralViews_isOneConvolution() {
        for (int views = 1; views <= 3; views++) {
            Found found = assertAsAlone(convolution(3), Collections.nCopies(views, IMAGES));
            assertThat(found.convolutions).isEqualTo(1);
            assertThat(found.filterGradients).isEqualTo(1);
        }
    }

    @Test
    void resNet_onTwoViews_hasTheConvolutionsOfOne() {
        Found found = assertAsAlone(RESNET, List.of(IMAGES, IMAGES));
        assertThat(found.convolutions).isEqualTo(RESNET_CONVOLUTIONS);
        assertThat(found.filterGradients).isEqualTo(RESNET_CONVOLUTIONS);
    }

    /** Copying them next to each other takes longer than it saves. A GPU is kept busy by batches, too. */
    @Test
    void largeImages_stayApart() {
        ChosenDevice cpu = ChosenDevice.cpu("for a test");
        assertThat(convolutions(cpu, 2, 24, 64)).isEqualTo(2);
        assertThat(convolutions(cpu, 2, 23, 64)).isEqualTo(1);
        assertThat(convolutions(cpu, 2, 24, 63)).isEqualTo(1);
        ChosenDevice gpu = ChosenDevice.gpu(0, "for a test");
        assertThat(convolutions(gpu, 117, 24, 64)).isEqualTo(1);
        assertThat(convolutions(gpu, 118, 24, 64)).isEqualTo(2);
    }

    private static int convolutions(ChosenDevice device, int batch, int size, int channels) {
        Shape view = Shape.of(batch, size, size, 3);
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            StepGraph step = StepGraph.training(List.of(view, view));
            Lowering lowering = new Lowering(
                    tf,
                    step,
                    node -> tf.placeholder(TFloat32.class, Placeholder.shape(Tf.shape(node.shape()))),
                    Precision.FLOAT32,
                    device);
            Tensor kernel =
                    step.online().parameter("kernel", Shape.of(3, 3, 3, channels), Role.KERNEL, Initializer.ones());
            List<Tensor> both =
                    List.of(step.view(0).conv2d(kernel, 1, 1), step.view(1).conv2d(kernel, 1, 1));
            both.forEach(
                    y -> assertThat(lowering.float32((Node) y).shape().get(3)).isEqualTo(channels));
            int count = 0;
            for (Iterator<GraphOperation> all = graph.operations(); all.hasNext(); ) {
                count += all.next().type().equals("Conv2D") ? 1 : 0;
            }
            return count;
        }
    }

    @Test
    void viewsOfDifferentSizes_stayApart() {
        assertThat(assertAsAlone(convolution(3), List.of(IMAGES, IMAGES.with(0, 3))).convolutions)
                .isEqualTo(2);
        assertThat(assertAsAlone(convolution(3), List.of(IMAGES, IMAGES.with(1, 6))).convolutions)
                .isEqualTo(2);
        assertThat(assertAsAlone(convolution(3), List.of(IMAGES, IMAGES.with(0, 3), IMAGES)).convolutions)
                .isEqualTo(2);
    }

    @Test
    void oneKernel_withDifferentPaddings_staysApart() {
        Network both = (branch, x) -> {
            Parameter kernel = branch.parameter("kernel", Shape.of(3, 3, 3, 1), Role.KERNEL, Initializer.normal(0.2));
            return x.conv2d(kernel, 1, 1).sum(1, 2).plus(x.conv2d(kernel, 1, 0).sum(1, 2));
        };
        assertThat(assertAsAlone(both, List.of(IMAGES, IMAGES)).convolutions).isEqualTo(2);
    }

    @Test
    void anEncoderOnItsOwnOutput_isMergedOverViewsOnly() {
        Network once = convolution(3);
        Network twice = (branch, x) -> branch.apply("once", once, branch.apply("once", once, x));
        assertThat(assertAsAlone(twice, List.of(IMAGES, IMAGES)).convolutions).isEqualTo(2);
    }

    /** View 0 is already deeper by as much as a pass: its first convolution stands where the second one of view 1 does. */
    @Test
    void aView_thatIsTheOtherOnesOutput_doesNotRecurse() {
        Network net = convolution(3);
        Use chained = (branch, views) -> {
            Tensor first = branch.apply("net", net, views.get(0));
            return List.of(first, branch.apply("net", net, first), branch.apply("net", net, views.get(1)));
        };
        float[] a = normal(1, IMAGES);
        float[] b = normal(2, IMAGES);
        Found found = run(chained, List.of(IMAGES, IMAGES), List.of(a, b));
        assertThat(found.convolutions).isEqualTo(2); // net(a) with net(b), then net(net(a))
        Array kernel = Array.of(Shape.of(3, 3, 3, 3), Initializer.normal(0.2).draw(Shape.of(3, 3, 3, 3), 1));
        Array first = Array.of(IMAGES, a).conv2d(kernel, 1, 1);
        assertClose("net(a)", found.values.get("y0"), first.values);
        assertClose("net(net(a))", found.values.get("y1"), first.conv2d(kernel, 1, 1).values);
        assertClose("net(b)", found.values.get("y2"), Array.of(IMAGES, b).conv2d(kernel, 1, 1).values);
    }

    @Test
    void twoNetworks_inOppositeOrderOnTwoViews_doNotWaitForEachOther() {
        Network p = convolution(3);
        Network q = convolution(1);
        Use crossed = (branch, views) -> List.of(
                branch.apply("q", q, branch.apply("p", p, views.get(0))),
                branch.apply("p", p, branch.apply("q", q, views.get(1))));
        float[] a = normal(1, IMAGES);
        float[] b = normal(2, IMAGES);
        Found found = run(crossed, List.of(IMAGES, IMAGES), List.of(a, b));
        Shape three = Shape.of(3, 3, 3, 3);
        Shape one = Shape.of(1, 1, 3, 3);
        Array kernelP = Array.of(three, Initializer.normal(0.2).draw(three, 1));
        Array kernelQ = Array.of(one, Initializer.normal(0.2).draw(one, 1));
        Array pOfA = Array.of(IMAGES, a).conv2d(kernelP, 1, 1);
        Array qOfB = Array.of(IMAGES, b).conv2d(kernelQ, 1, 0);
        assertClose("q(p(a))", found.values.get("y0"), pOfA.conv2d(kernelQ, 1, 0).values);
        assertClose("p(q(b))", found.values.get("y1"), qOfB.conv2d(kernelP, 1, 1).values);
        // d/dP of w·q(p(a)) + w·p(q(b)), by the linearity of both in P
        Array w = Array.of(IMAGES, normal(99, IMAGES));
        double step = 1e-3;
        for (int i = 0; i < kernelP.values.length; i += 7) {
            double[] moved = kernelP.values.clone();
            moved[i] += step;
            Array shifted = Array.of(three, moved);
            Array change = Array.of(IMAGES, a)
                    .conv2d(shifted, 1, 1)
                    .minus(pOfA)
                    .conv2d(kernelQ, 1, 0)
                    .plus(qOfB.conv2d(shifted, 1, 1).minus(qOfB.conv2d(kernelP, 1, 1)));
            double expected = change.times(w).sum() / step;
            assertThat((double) found.gradient("p/kernel")[i])
                    .as("dP at %d", i)
                    .isCloseTo(expected, within(1e-4 * Math.max(1, Math.abs(expected))));
        }
    }

    @Test
    void batchNorm_seesEachViewAlone_andAdvancesInTheOrderOfCalls() {
        for (Shape shape : List.of(Shape.of(4, 3), Shape.of(2, 3, 2, 3), Shape.of(1, 2, 2, 3), Shape.of(1, 3))) {
            batchNorm(shape, new BatchNorm(0.1, 1e-3));
        }
    }

    private static void batchNorm(Shape shape, BatchNorm settings) {
        Array a = Array.of(shape, normal(1, shape)).map(x -> 2 * x + 1);
        Array b = Array.of(shape, normal(2, shape)).map(x -> x - 3);
        Array mean = Array.of(Shape.of(3), 0.5f, -0.25f, 2f);
        Array variance = Array.of(Shape.of(3), 1.5f, 0.25f, 4f);
        try (Harness harness = Harness.training(shape, shape)) {
            Tensor y1 = harness.step.online().batchNorm(harness.step.view(1), settings);
            Tensor y0 = harness.step.online().batchNorm(harness.step.view(0), settings);
            Map<String, Tensor> outputs = new LinkedHashMap<>(Map.of("y0", y0, "y1", y1));
            for (StateNode state : harness.step.states()) {
                outputs.put(state.path(), state.next().orElseThrow());
            }
            harness.set("online/mean", mean.floats()).set("online/variance", variance.floats());
            Map<String, float[]> found = harness.run(outputs, Map.of("view0", a.floats(), "view1", b.floats()));
            Array one = Array.of(Shape.scalar(), 1.0);
            Array zero = Array.of(Shape.scalar(), 0.0);
            assertClose("y0", found.get("y0"), a.batchNorm(one, zero, settings.epsilon()).values);
            assertClose("y1", found.get("y1"), b.batchNorm(one, zero, settings.epsilon()).values);
            assertClose("mean", found.get("mean"), afterTwo(mean, b.channelMean(), a.channelMean()).values);
            assertClose(
                    "variance",
                    found.get("variance"),
                    afterTwo(variance, b.channelVariance(), a.channelVariance()).values);
        }
    }

    /** A share of 0.1 of the first batch, then of the second one. */
    private static Array afterTwo(Array start, Array first, Array second) {
        return start.map(s -> 0.81 * s).plus(first.map(s -> 0.09 * s)).plus(second.map(s -> 0.1 * s));
    }
}
