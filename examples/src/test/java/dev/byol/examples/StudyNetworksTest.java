package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.api.Shape;
import dev.byol.api.graph.ParameterNode;
import dev.byol.api.graph.StepGraph;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every run of the study, described for the recorder: networks, norms and rules are where its words say. */
class StudyNetworksTest {
    static Stream<StudyRun> runs() {
        return Study.RUNS.stream();
    }

    private static StepGraph described(StudyRun run, StudyScale scale) {
        StudyRun.Budget budget = run.budget(scale);
        StudyNetworks networks = new StudyNetworks(run.setup(), scale, budget, 105_000);
        Shape view = Shape.of(scale.batch, budget.side(), budget.side(), 3);
        StepGraph step = StepGraph.training(Collections.nCopies(2, view));
        step.record(networks.method(), List.of());
        return step;
    }

    private static List<String> paths(StepGraph step) {
        return step.trained().stream().map(ParameterNode::path).toList();
    }

    @ParameterizedTest
    @MethodSource("runs")
    void run_isDescribedAtBothScales(StudyRun run) {
        for (StudyScale scale : StudyScale.values()) {
            StudySetup setup = run.setup();
            List<String> paths = paths(described(run, scale));
            assertThat(paths.contains("projector/norm0/scale"))
                    .isEqualTo(setup.projectorNorm() != StudySetup.Normalisation.NONE);
            assertThat(paths.contains("predictor/norm0/scale"))
                    .isEqualTo(setup.predictorNorm() != StudySetup.Normalisation.NONE);
            assertThat(paths).contains("encoder/layer1/block0/conv1/kernel", "projector/linear1/bias");
            StudyHistory.RATES.values().forEach(path -> assertThat(paths).contains(path));
            StudyNetworks networks = new StudyNetworks(setup, scale, run.budget(scale), 105_000);
            assertThat(networks.encoder().weightStandardization()).isEqualTo(setup.weightStandardised());
            assertThat(networks.encoder().toString())
                    .contains(setup.encoderNorm() == StudySetup.Normalisation.GROUP ? "Group[" : "Batch[");
            assertThat(networks.recipe().optimizer().toString().contains("Lars"))
                    .isEqualTo(setup.rule().name().startsWith("LARS"));
            assertThat(networks.recipe()
                            .optimizer()
                            .toString()
                            .contains("trustCoefficient=" + run.budget(scale).trustCoefficient()))
                    .isEqualTo(setup.rule().name().startsWith("LARS"));
            assertThat(networks.recipe().learningRate().at(0))
                    .isEqualTo(run.budget(scale).learningRate());
        }
    }
}
