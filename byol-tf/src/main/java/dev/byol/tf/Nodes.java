package dev.byol.tf;

import dev.byol.api.graph.Node;
import dev.byol.api.graph.ParameterNode;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Ways through a recorded step. */
final class Nodes {
    private Nodes() {}

    /** The nodes and all that they are computed from, the nearest first. */
    static Set<Node> behind(Collection<? extends Node> nodes) {
        Set<Node> seen = new LinkedHashSet<>(nodes);
        Deque<Node> open = new ArrayDeque<>(nodes);
        while (!open.isEmpty()) {
            for (Node input : open.remove().inputs()) {
                if (seen.add(input)) {
                    open.add(input);
                }
            }
        }
        return seen;
    }

    /** The nearest parameter that a node is computed from. */
    static Optional<ParameterNode> nearestParameter(Node node) {
        return behind(Set.of(node)).stream()
                .filter(ParameterNode.class::isInstance)
                .map(ParameterNode.class::cast)
                .findFirst();
    }
}
