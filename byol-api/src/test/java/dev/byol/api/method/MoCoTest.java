package dev.byol.api.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.byol.api.Initializer;
import dev.byol.api.Shape;
import dev.byol.api.TargetUpdater;
import dev.byol.api.graph.Node;
import dev.byol.api.graph.Op;
import dev.byol.api.graph.StateNode;
import dev.byol.api.graph.StepGraph;
import org.junit.jupiter.api.Test;

class MoCoTest {
    private static final TargetUpdater UPDATER = TargetUpdater.ema(step -> 0.999);

    private static MoCo.Builder moco() {
        return MoCo.builder()
                .encoder(Recording.ENCODER)
                .projector(Recording.PROJECTOR)
                .updater(UPDATER)
                .queue(12);
    }

    private static StateNode queue(Recording recording) {
        return recording.graph().states().stream()
                .filter(state -> state.path().equals("queue"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void defaults_areThoseOfMoCo2() {
        MoCo moco = MoCo.builder()
                .encoder(Recording.ENCODER)
                .projector(Recording.PROJECTOR)
                .updater(UPDATER)
                .build();
        assertThat(moco.contrast()).isEqualTo(Contrast.crossEntropy(0.2));
        assertThat(moco.queue()).isEqualTo(65_536);
        assertThat(moco.symmetric()).isFalse();
        assertThat(moco.toString()).contains("CrossEntropy[temperature=0.2]", "queue=65536", "Ema[tau=");
    }

    @Test
    void oneDirection_hasOnlineQueriesAndTargetKeys() {
        Recording recording = Recording.of(moco().build(), new Cosines());
        assertThat(recording.below("online/predictor/")).isEmpty();
        assertThat(recording.below("target/projector/")).isEqualTo(recording.below("online/projector/"));
        assertThat(StepGraph.reach(recording.loss()))
                .containsExactlyInAnyOrderElementsOf(recording.graph().trained());
        assertThat(recording.graph().observed()).containsOnlyKeys("y0", "z0", "q0", "z'1");
        assertThat(recording.graph().reports()).containsOnlyKeys("positive_cosine", "negative_cosine");
        assertThat(recording.advances("online/encoder/norm1/mean")).containsExactly(0);
        assertThat(recording.advances("target/encoder/norm1/mean")).containsExactly(1);
    }

    @Test
    void bothDirections_withAPredictor_areTheAppendixsRow() {
        Recording recording = Recording.of(
                moco().predictor(Recording.PREDICTOR).symmetric(true).build(), new Cosines());
        assertThat(recording.below("online/predictor/")).isNotEmpty();
        assertThat(recording.below("target/predictor/")).isEmpty();
        assertThat(StepGraph.reach(recording.loss()))
                .containsExactlyInAnyOrderElementsOf(recording.graph().trained());
        assertThat(recording.graph().observed()).containsOnlyKeys("y0", "z0", "q0", "z'0", "y1", "z1", "q1", "z'1");
        assertThat(recording.advances("online/encoder/norm1/mean")).containsExactly(0, 1);
        assertThat(recording.advances("target/encoder/norm1/mean")).containsExactly(1, 0);
        assertThat(recording.loss().op()).isEqualTo(Op.Pointwise.PLUS);
        assertThat(queue(recording).next()).isPresent();
    }

    @Test
    void queue_isState_ofTheTarget_andReadBeforeItIsFilled() {
        Recording recording = Recording.of(moco().symmetric(true).build());
        StateNode queue = queue(recording);
        assertThat(queue.name()).isEqualTo("target/queue");
        assertThat(queue.shape()).isEqualTo(Shape.of(12, 8));
        assertThat(queue.initializer()).isEqualTo(Initializer.directions());
        Node next = queue.next().orElseThrow();
        assertThat(next.op()).isEqualTo(new Op.Concat(0));
        assertThat(next.input(1).op()).isEqualTo(new Op.Slice(0, 0, 12 - Recording.BATCH));
        assertThat(next.input(1).input(0).op()).isEqualTo(new Op.ReadState(queue));
        assertThat(recording.graph().nodes())
                .filteredOn(node -> node.op() instanceof Op.Transpose)
                .isNotEmpty()
                .allSatisfy(node -> assertThat(node.input(0).op()).isEqualTo(new Op.ReadState(queue)));
        assertThat(StepGraph.reach(next)).isEmpty();
    }

    @Test
    void queue_ofABatch_isReplaced_andAShorterOneRefused() {
        Node next = queue(Recording.of(moco().queue(Recording.BATCH).build()))
                .next()
                .orElseThrow();
        assertThat(next.shape()).isEqualTo(Shape.of(Recording.BATCH, 8));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recording.of(moco().queue(3).build()))
                .withMessage("queue must hold a batch of 4 keys, got 3");
    }

    @Test
    void noQueue_takesTheOthersOfTheBatch() {
        Recording recording = Recording.of(moco().queue(0).symmetric(true).build());
        assertThat(recording.graph().states()).extracting(StateNode::path).doesNotContain("queue");
        assertThat(recording.graph().nodes())
                .extracting(Node::shape)
                .contains(Shape.of(Recording.BATCH, Recording.BATCH), Shape.of(Recording.BATCH, Recording.BATCH - 1));
        assertThat(StepGraph.reach(recording.loss()))
                .containsExactlyInAnyOrderElementsOf(recording.graph().trained());
    }

    @Test
    void settings_missingOrOutOfRange_areNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> moco().queue(-1).build())
                .withMessage("queue must be at least 0, got -1");
        assertThatIllegalStateException()
                .isThrownBy(() -> MoCo.builder().build())
                .withMessage("MoCo needs encoder");
        assertThatIllegalStateException()
                .isThrownBy(() -> MoCo.builder().encoder(Recording.ENCODER).build())
                .withMessage("MoCo needs projector");
        assertThatIllegalStateException()
                .isThrownBy(() -> MoCo.builder()
                        .encoder(Recording.ENCODER)
                        .projector(Recording.PROJECTOR)
                        .build())
                .withMessage("MoCo needs updater");
    }
}
