package dev.byol.api.nn;

import dev.byol.api.Branch;
import dev.byol.api.Encoder;
import dev.byol.api.Initializer;
import dev.byol.api.Parameter.Role;
import dev.byol.api.Shape;
import dev.byol.api.Tensor;
import java.util.List;

/**
 * A residual network (He et al. 2015) without its classifier, in torchvision's geometry: {@code [B, H, W, C] -> [B, D]}.
 * Post-activation blocks, the stride of a bottleneck on its 3x3 convolution, kernels Kaiming-normal by fan-out, scales 1.
 *
 * @param blocks residual blocks in each stage; each stage after the first halves the image and doubles the width
 * @param block the kind of block
 * @param width channels of the stem and of the first stage before expansion, at least 1; 64 in the paper
 * @param stem what comes before the first stage
 * @param norm after each convolution
 * @param weightStandardization whether the kernels are {@linkplain WeightStandardization standardised} before each convolution
 */
public record ResNet(List<Integer> blocks, Block block, int width, Stem stem, Norm norm, boolean weightStandardization)
        implements Encoder {
    /** The kind of residual block. */
    public enum Block {
        /** Two 3x3 convolutions. */
        BASIC(1),
        /** 1x1, 3x3 and 1x1 convolutions; the last one has four times the width. */
        BOTTLENECK(4);

        private final int expansion;

        Block(int expansion) {
            this.expansion = expansion;
        }
    }

    /** What comes before the first stage. */
    public enum Stem {
        /** 7x7 convolution with stride 2, then a 3x3 max-pooling with stride 2. */
        IMAGENET,
        /** 3x3 convolution with stride 1, for images of 32 pixels or so. */
        SMALL
    }

    public ResNet {
        blocks = List.copyOf(blocks);
        if (blocks.isEmpty() || blocks.stream().anyMatch(n -> n < 1)) {
            throw new IllegalArgumentException("each stage needs at least one block, got " + blocks);
        }
        if (width < 1) {
            throw new IllegalArgumentException("width must be at least 1, got " + width);
        }
    }

    /** With kernels as they are. */
    public ResNet(List<Integer> blocks, Block block, int width, Stem stem, Norm norm) {
        this(blocks, block, width, stem, norm, false);
    }

    /** One basic block a stage, widths 8, 16, 32, 64: for tests and quick runs on a CPU. */
    public static ResNet resNet10Tiny() {
        return new ResNet(List.of(1, 1, 1, 1), Block.BASIC, 8, Stem.IMAGENET, Norm.batch());
    }

    /** ResNet-18, 512 outputs. */
    public static ResNet resNet18() {
        return new ResNet(List.of(2, 2, 2, 2), Block.BASIC, 64, Stem.IMAGENET, Norm.batch());
    }

    /** ResNet-34, 512 outputs. */
    public static ResNet resNet34() {
        return new ResNet(List.of(3, 4, 6, 3), Block.BASIC, 64, Stem.IMAGENET, Norm.batch());
    }

    /** ResNet-50, 2048 outputs. */
    public static ResNet resNet50() {
        return new ResNet(List.of(3, 4, 6, 3), Block.BOTTLENECK, 64, Stem.IMAGENET, Norm.batch());
    }

    /** ResNet-101, 2048 outputs. */
    public static ResNet resNet101() {
        return new ResNet(List.of(3, 4, 23, 3), Block.BOTTLENECK, 64, Stem.IMAGENET, Norm.batch());
    }

    /** ResNet-152, 2048 outputs. */
    public static ResNet resNet152() {
        return new ResNet(List.of(3, 8, 36, 3), Block.BOTTLENECK, 64, Stem.IMAGENET, Norm.batch());
    }

    /** The same network with another stem. */
    public ResNet withStem(Stem stem) {
        return new ResNet(blocks, block, width, stem, norm, weightStandardization);
    }

    /** The same network with another norm. */
    public ResNet withNorm(Norm norm) {
        return new ResNet(blocks, block, width, stem, norm, weightStandardization);
    }

    /** The same network with standardised kernels; the appendix has it with {@link Norm#group()}. */
    public ResNet withWeightStandardization() {
        return new ResNet(blocks, block, width, stem, norm, true);
    }

    /** The same network with all widths multiplied: ResNet-50 (2x) is {@code resNet50().widerBy(2)}. */
    public ResNet widerBy(int multiplier) {
        return new ResNet(blocks, block, Math.multiplyExact(width, multiplier), stem, norm, weightStandardization);
    }

    /** The number of features D of a representation. */
    public int features() {
        return (width << (blocks.size() - 1)) * block.expansion;
    }

    @Override
    public Tensor apply(Branch branch, Tensor x) {
        Tensor y = stem(branch, x);
        for (int stage = 0; stage < blocks.size(); stage++) {
            Branch layer = branch.child("layer" + (stage + 1));
            for (int i = 0; i < blocks.get(stage); i++) {
                int stride = stage > 0 && i == 0 ? 2 : 1;
                y = residual(layer.child("block" + i), y, width << stage, stride);
            }
        }
        return y.globalAveragePool();
    }

    private Tensor stem(Branch branch, Tensor x) {
        if (stem == Stem.SMALL) {
            return convolution(branch, "1", x, 3, width, 1).relu();
        }
        // The same as pooling rectified values, with a quarter of them to rectify.
        return convolution(branch, "1", x, 7, width, 2).maxPool(3, 2, 1).relu();
    }

    private Tensor residual(Branch branch, Tensor x, int channels, int stride) {
        int output = channels * block.expansion;
        Tensor y;
        if (block == Block.BASIC) {
            y = convolution(branch, "1", x, 3, channels, stride).relu();
            y = convolution(branch, "2", y, 3, output, 1);
        } else {
            y = convolution(branch, "1", x, 1, channels, 1).relu();
            y = convolution(branch, "2", y, 3, channels, stride).relu();
            y = convolution(branch, "3", y, 1, output, 1);
        }
        boolean same = stride == 1 && x.shape().dimension(-1) == output;
        Tensor shortcut = same ? x : convolution(branch.child("shortcut"), "", x, 1, output, stride);
        return y.plus(shortcut).relu();
    }

    /** A convolution without bias, padded to keep the size at stride 1, and its norm. */
    private Tensor convolution(Branch branch, String name, Tensor x, int size, int channels, int stride) {
        Shape shape = Shape.of(size, size, x.shape().dimension(-1), channels);
        Initializer kaiming = Initializer.normal(Math.sqrt(2.0 / (channels * size * size)));
        Branch scope = branch.child("conv" + name);
        Tensor weights = scope.parameter("kernel", shape, Role.KERNEL, kaiming);
        Tensor kernel = weightStandardization ? WeightStandardization.DEFAULT.standardize(scope, weights) : weights;
        return branch.apply("norm" + name, norm, x.conv2d(kernel, stride, size / 2));
    }
}
