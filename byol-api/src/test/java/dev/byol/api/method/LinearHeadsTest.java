package dev.byol.api.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.byol.api.Shape;
import dev.byol.api.graph.ParameterNode;
import dev.byol.api.graph.StepGraph;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinearHeadsTest {
    @Test
    void heads_haveParametersOfTheirOwn_onOneSetOfFeatures() {
        StepGraph graph = StepGraph.training(List.of(Shape.of(4, 1, 1, 7)));
        graph.record(new LinearHeads(3, List.of("0.1", "30.0")), List.of());
        assertThat(graph.trained())
                .extracting(ParameterNode::toString)
                .containsExactly(
                        "online/0.1/kernel [7, 3]",
                        "online/0.1/bias [3]",
                        "online/30.0/kernel [7, 3]",
                        "online/30.0/bias [3]");
        assertThat(graph.inputs().keySet()).containsExactly(LinearHeads.LABELS);
        assertThat(graph.reports()).containsOnlyKeys("loss/0.1", "loss/30.0");
        assertThat(graph.observed()).containsOnlyKeys("logits/0.1", "logits/30.0");
        assertThat(graph.observed().get("logits/0.1").shape()).isEqualTo(Shape.of(4, 3));
    }

    @Test
    void settings_thatAreNone_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LinearHeads(1, List.of("a")))
                .withMessage("classes must be at least 2, got 1");
        for (List<String> names : List.of(List.<String>of(), List.of("a", "b", "a"))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new LinearHeads(2, names))
                    .withMessage("heads need at least one name and different ones, got " + names);
        }
        for (String name : List.of("", " ", "a/b")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new LinearHeads(2, List.of(name)))
                    .withMessage("a head's name must not be blank nor have a slash, got \"" + name + "\"");
        }
    }

    @Test
    void targets_areThoseOfTheClasses() {
        assertThat(new LinearHeads(2, List.of("a")).targets(1, -1)).containsExactly(0, 1, 0, 0);
    }
}
