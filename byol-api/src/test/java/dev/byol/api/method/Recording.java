package dev.byol.api.method;

import dev.byol.api.Measure;
import dev.byol.api.Method;
import dev.byol.api.Shape;
import dev.byol.api.graph.Node;
import dev.byol.api.graph.Op;
import dev.byol.api.graph.ParameterNode;
import dev.byol.api.graph.StateNode;
import dev.byol.api.graph.StepGraph;
import dev.byol.api.nn.Mlp;
import dev.byol.api.nn.Norm;
import dev.byol.api.nn.ResNet;
import java.util.ArrayList;
import java.util.List;

/** A method recorded on two views of four images of 32 x 32 pixels, with small networks. */
record Recording(StepGraph graph, Node loss) {
    static final int BATCH = 4;
    static final ResNet ENCODER = ResNet.resNet10Tiny();
    static final Mlp PROJECTOR = new Mlp(2, 16, 8, Norm.batch());
    static final Mlp PREDICTOR = new Mlp(2, 16, 8, Norm.batch());

    static Recording of(Method method, Measure... measures) {
        Shape view = Shape.of(BATCH, 32, 32, 3);
        StepGraph graph = StepGraph.training(List.of(view, view));
        return new Recording(graph, graph.record(method, List.of(measures)));
    }

    /** The paths of the parameters under a scope such as {@code online/encoder/}, without it. */
    List<String> below(String scope) {
        return graph.parameters().stream()
                .map(ParameterNode::name)
                .filter(name -> name.startsWith(scope))
                .map(name -> name.substring(scope.length()))
                .toList();
    }

    /** The views on which the network of this state's branch ran, in the order in which its statistics advance. */
    List<Integer> advances(String state) {
        StateNode node = graph.states().stream()
                .filter(candidate -> candidate.name().equals(state))
                .findFirst()
                .orElseThrow();
        List<Integer> views = new ArrayList<>();
        Node value = node.next().orElseThrow();
        while (!(value.op() instanceof Op.ReadState)) {
            views.add(0, view(value.input(1)));
            value = value.input(0).input(0); // previous value, times 1 - momentum
        }
        return views;
    }

    /** The view that a value is computed from, statistics aside. */
    private static int view(Node value) {
        Node node = value;
        while (!(node.op() instanceof Op.View)) {
            node = node.input(0);
        }
        return ((Op.View) node.op()).index();
    }
}
