package dev.byol.tf;

import dev.byol.api.Branch;
import dev.byol.api.Network;
import dev.byol.api.Tensor;
import dev.byol.api.nn.Linear;
import dev.byol.api.nn.Mlp;
import dev.byol.api.nn.Norm;
import dev.byol.golden.GoldenTensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A PyTorch {@code Sequential} of linear layers, norms and ReLUs as the shapes of its tensors have it: a matrix is a linear
 * layer, a vector after it is its norm: with running statistics a batch norm, without a layer norm if nothing else is said.
 */
final class TorchMlp {
    private record Layer(int output, boolean bias, Norm norm) {}

    private final List<Layer> layers = new ArrayList<>();
    private final Map<Integer, String> modules = new HashMap<>();

    /** From tensors by their names within the Sequential, such as {@code 0.weight} and {@code 1.running_mean}. */
    TorchMlp(Map<String, GoldenTensor> tensors) {
        this(
                tensors,
                tensors.keySet().stream().anyMatch(name -> name.endsWith(".running_mean"))
                        ? Norm.batch()
                        : Norm.layer());
    }

    /** With the norm that vectors after a matrix belong to, where shapes cannot tell. */
    TorchMlp(Map<String, GoldenTensor> tensors, Norm norm) {
        TreeSet<Integer> indices = new TreeSet<>();
        tensors.keySet().forEach(name -> indices.add(index(name)));
        for (int index : indices) {
            GoldenTensor weight = Optional.ofNullable(tensors.get(index + ".weight"))
                    .orElseThrow(
                            () -> new IllegalArgumentException("no weight of " + index + " in " + tensors.keySet()));
            if (weight.shape().length == 2) {
                modules.put(index, "linear" + layers.size());
                layers.add(new Layer(weight.dimension(0), tensors.containsKey(index + ".bias"), Norm.none()));
            } else {
                int last = layers.size() - 1;
                modules.put(index, "norm" + last);
                layers.set(
                        last,
                        new Layer(layers.get(last).output(), layers.get(last).bias(), norm));
            }
        }
    }

    /** The library's perceptron where it can be one, else one of the same paths out of its parts. */
    Network network() {
        int last = layers.size() - 1;
        Layer hidden = layers.get(0);
        Mlp mlp = new Mlp(
                layers.size(), hidden.output(), layers.get(last).output(), last == 0 ? Norm.none() : hidden.norm());
        List<Layer> made = new ArrayList<>();
        for (int i = 0; i < last; i++) {
            made.add(new Layer(mlp.hidden(), true, mlp.norm()));
        }
        made.add(new Layer(mlp.output(), true, Norm.none()));
        return made.equals(layers) ? mlp : this::apply;
    }

    private Tensor apply(Branch branch, Tensor x) {
        Tensor y = x;
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            y = branch.apply("linear" + i, new Linear(layer.output(), layer.bias()), y);
            y = branch.apply("norm" + i, layer.norm(), y);
            y = i < layers.size() - 1 ? y.relu() : y;
        }
        return y;
    }

    /** Our path of a tensor. */
    String path(String theirs) {
        String module = modules.get(index(theirs));
        String kind = theirs.substring(theirs.indexOf('.') + 1);
        boolean linear = module.startsWith("linear");
        return module + "/" + (linear ? kind.equals("weight") ? "kernel" : kind : Torch.norm(kind));
    }

    private static int index(String name) {
        return Integer.parseInt(name.substring(0, name.indexOf('.')));
    }
}
