package dev.byol.examples;

import dev.byol.api.graph.Node;
import dev.byol.api.graph.Op;
import dev.byol.api.graph.StepGraph;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** What a loss stands on, in a recorded step. */
final class Ancestors {
    private Ancestors() {}

    /** What the loss needs, behind what stops the gradient too. */
    static Set<Node> computed(Node loss) {
        return behind(loss, node -> true);
    }

    /** What the loss is differentiated through. */
    static Set<Node> differentiated(Node loss) {
        return behind(loss, node -> node.op() != Op.Plain.STOP_GRADIENT);
    }

    /** The trained parameters, and what is computed from them and differentiated. */
    static Set<Node> dependOnTrained(StepGraph step, Set<Node> differentiated) {
        Set<Node> trained = new HashSet<>(step.trained());
        for (Node node : step.nodes()) { // inputs first
            if (differentiated.contains(node) && node.inputs().stream().anyMatch(trained::contains)) {
                trained.add(node);
            }
        }
        return trained;
    }

    private static Set<Node> behind(Node loss, Predicate<Node> included) {
        Set<Node> seen = new HashSet<>();
        Deque<Node> open = new ArrayDeque<>(List.of(loss));
        while (!open.isEmpty()) {
            Node node = open.pop();
            if (included.test(node) && seen.add(node)) {
                node.inputs().forEach(open::push);
            }
        }
        return seen;
    }
}
