package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.byol.api.Shape;
import dev.byol.golden.Golden;
import dev.byol.golden.GoldenTensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** PyTorch's names and layouts in ours: channels last, kernels [h, w, in, out] and [in, out]. */
final class Torch {
    private static final Pattern BLOCK = Pattern.compile("layer(\\d+)\\.(\\d+)\\.(.+)");

    private Torch() {}

    /** Images or kernels of four axes, matrices transposed, vectors as they are. */
    static float[] weight(GoldenTensor tensor) {
        return switch (tensor.shape().length) {
            case 4 -> tensor.transposed(2, 3, 1, 0);
            case 2 -> tensor.transposed(1, 0);
            default -> tensor.floats();
        };
    }

    /** The shape of a weight in our layout. */
    static Shape weightShape(GoldenTensor tensor) {
        int[] s = tensor.shape();
        return switch (s.length) {
            case 4 -> Shape.of(s[2], s[3], s[1], s[0]);
            case 2 -> Shape.of(s[1], s[0]);
            default -> Shape.of(s);
        };
    }

    static float[] activation(GoldenTensor tensor) {
        return tensor.shape().length == 4 ? tensor.transposed(0, 2, 3, 1) : tensor.floats();
    }

    static Shape activationShape(GoldenTensor tensor) {
        int[] s = tensor.shape();
        return s.length == 4 ? Shape.of(s[0], s[2], s[3], s[1]) : Shape.of(s);
    }

    /** A variable of an encoder by torchvision's name: {@code layer2.0.downsample.1.running_var}. */
    static String encoder(String name) {
        Matcher block = BLOCK.matcher(name);
        String prefix = "";
        String rest = name;
        if (block.matches()) {
            prefix = "layer" + block.group(1) + "/block" + block.group(2) + "/";
            rest = block.group(3);
        }
        int dot = rest.lastIndexOf('.');
        String module = rest.substring(0, dot);
        String kind = rest.substring(dot + 1);
        return switch (module) {
            case "downsample.0" -> prefix + "shortcut/conv/kernel";
            case "downsample.1" -> prefix + "shortcut/norm/" + norm(kind);
            default ->
                module.startsWith("bn")
                        ? prefix + "norm" + module.substring(2) + "/" + norm(kind)
                        : prefix + module + "/kernel";
        };
    }

    static String norm(String kind) {
        return switch (kind) {
            case "weight" -> "scale";
            case "bias" -> "offset";
            case "running_mean" -> "mean";
            case "running_var" -> "variance";
            default -> throw new IllegalArgumentException("no such part of a norm: " + kind);
        };
    }

    /** The tensors of a fixture whose names begin with a prefix, by the rest of their names. */
    static Map<String, GoldenTensor> under(Golden golden, String prefix) {
        Map<String, GoldenTensor> tensors = new LinkedHashMap<>();
        for (String name : golden.names()) {
            if (name.startsWith(prefix) && !name.endsWith("num_batches_tracked")) {
                tensors.put(name.substring(prefix.length()), golden.tensor(name));
            }
        }
        return tensors;
    }

    /** Within what is asked of activations and gradients, 1e-4. */
    static void assertClose(String what, float[] found, float[] expected) {
        assertThat(found).as(what).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) found[i]).as("%s at %d", what, i).isCloseTo(expected[i], within(1e-4));
        }
    }
}
