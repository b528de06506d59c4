package dev.byol.tf;

import dev.byol.api.Branch;
import dev.byol.api.Encoder;
import dev.byol.api.Initializer;
import dev.byol.api.Parameter.Role;
import dev.byol.api.Shape;
import dev.byol.api.Tensor;
import dev.byol.api.graph.ParameterNode;
import dev.byol.api.graph.StepGraph;
import dev.byol.api.nn.Norm;
import dev.byol.api.nn.ResNet;
import dev.byol.golden.GoldenTensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A torchvision ResNet as the shapes of its tensors have it, with the paths of {@link ResNet}. */
final class TorchResNet implements Encoder {
    private final Map<String, GoldenTensor> tensors;
    private final ResNet.Stem stem;
    private final Norm norm;

    private TorchResNet(Map<String, GoldenTensor> tensors, ResNet.Stem stem) {
        this.tensors = tensors;
        this.stem = stem;
        this.norm = tensors.containsKey("bn1.running_mean") ? Norm.batch() : Norm.group();
    }

    /**
     * The library's network where it has exactly these parameters, else one out of its parts: widths that do not double.
     *
     * @param tensors by torchvision's names, such as {@code layer1.0.conv1.weight}
     */
    static Encoder of(Map<String, GoldenTensor> tensors, ResNet.Stem stem) {
        TorchResNet theirs = new TorchResNet(tensors, stem);
        List<Integer> blocks = new ArrayList<>();
        while (theirs.blocks(blocks.size()) > 0) {
            blocks.add(theirs.blocks(blocks.size()));
        }
        ResNet.Block block = theirs.convolutions("layer1.0.") == 3 ? ResNet.Block.BOTTLENECK : ResNet.Block.BASIC;
        ResNet ours = new ResNet(blocks, block, tensors.get("conv1.weight").dimension(0), stem, theirs.norm);
        return theirs.isMadeBy(ours) ? ours : theirs;
    }

    private boolean isMadeBy(ResNet network) {
        Map<String, Shape> expected = new HashMap<>();
        tensors.forEach((name, tensor) -> {
            if (!name.contains(".running_") && !name.endsWith("num_batches_tracked")) {
                expected.put("encoder/" + Torch.encoder(name), Torch.weightShape(tensor));
            }
        });
        StepGraph step = StepGraph.inference(
                Shape.of(1, 64, 64, tensors.get("conv1.weight").dimension(1)));
        step.embed(network);
        Map<String, Shape> made = new HashMap<>();
        for (ParameterNode parameter : step.parameters()) {
            made.put(parameter.path(), parameter.shape());
        }
        return made.equals(expected);
    }

    private int blocks(int stage) {
        int blocks = 0;
        while (tensors.containsKey("layer" + (stage + 1) + "." + blocks + ".conv1.weight")) {
            blocks++;
        }
        return blocks;
    }

    private int convolutions(String block) {
        return tensors.containsKey(block + "conv3.weight") ? 3 : 2;
    }

    @Override
    public Tensor apply(Branch branch, Tensor x) {
        boolean small = stem == ResNet.Stem.SMALL;
        Tensor y =
                convolution(branch, "conv1", "conv1", "norm1", x, small ? 1 : 2).relu();
        y = small ? y : y.maxPool(3, 2, 1);
        for (int stage = 0; blocks(stage) > 0; stage++) {
            Branch layer = branch.child("layer" + (stage + 1));
            for (int i = 0; i < blocks(stage); i++) {
                String theirs = "layer" + (stage + 1) + "." + i + ".";
                y = residual(layer.child("block" + i), theirs, y, stage > 0 && i == 0 ? 2 : 1);
            }
        }
        return y.globalAveragePool();
    }

    /** The stride is on the first convolution of 3x3. */
    private Tensor residual(Branch branch, String theirs, Tensor x, int stride) {
        int last = convolutions(theirs);
        Tensor y = x;
        for (int i = 1; i <= last; i++) {
            int step = i == last - 1 ? stride : 1;
            y = convolution(branch, theirs + "conv" + i, "conv" + i, "norm" + i, y, step);
            y = i < last ? y.relu() : y;
        }
        String down = theirs + "downsample.0";
        boolean same = !tensors.containsKey(down + ".weight");
        Tensor shortcut = same ? x : convolution(branch.child("shortcut"), down, "conv", "norm", x, stride);
        return y.plus(shortcut).relu();
    }

    private Tensor convolution(Branch branch, String theirs, String ours, String norm, Tensor x, int stride) {
        Shape shape = Torch.weightShape(tensors.get(theirs + ".weight"));
        Tensor kernel = branch.child(ours).parameter("kernel", shape, Role.KERNEL, Initializer.zeros());
        return branch.apply(norm, this.norm, x.conv2d(kernel, stride, shape.dimension(0) / 2));
    }
}
