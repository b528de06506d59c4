package dev.byol.api.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.byol.api.Encoder;
import dev.byol.api.Method;
import dev.byol.api.Shape;
import dev.byol.api.Step;
import dev.byol.api.TargetUpdater;
import dev.byol.api.Tensor;
import dev.byol.api.graph.Op;
import dev.byol.api.graph.StepGraph;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnlineProbeTest {
    private static final TargetUpdater FROZEN = TargetUpdater.frozen();
    private static final Byol BYOL = new Byol(Recording.ENCODER, Recording.PROJECTOR, Recording.PREDICTOR, FROZEN);
    private static final List<Method> METHODS = List.of(
            BYOL,
            new ReferenceByol(Recording.ENCODER, Recording.PROJECTOR, Recording.PREDICTOR, FROZEN, 1),
            new SimSiam(Recording.ENCODER, Recording.PROJECTOR, Recording.PREDICTOR),
            MoCo.builder()
                    .encoder(Recording.ENCODER)
                    .projector(Recording.PROJECTOR)
                    .updater(FROZEN)
                    .queue(0)
                    .build());

    @ParameterizedTest
    @ValueSource(ints = {1, 0, -3})
    void classes_mustBeAtLeastTwo(int classes) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OnlineProbe(BYOL, classes))
                .withMessage("classes must be at least 2, got " + classes);
    }

    @Test
    void probe_addsAKernelAndABias_andNoOtherWork() {
        for (Method method : METHODS) {
            Recording plain = Recording.of(method);
            Recording probed = Recording.of(new OnlineProbe(method, 5));
            assertThat(probed.below("online/probe/")).containsExactly("kernel", "bias");
            assertThat(probed.graph().parameters())
                    .hasSize(plain.graph().parameters().size() + 2);
            assertThat(probed.graph().states())
                    .extracting(Object::toString)
                    .containsExactlyElementsOf(plain.graph().states().stream()
                            .map(Object::toString)
                            .toList());
            assertThat(probed.graph().alongside()).hasSize(1);
            assertThat(StepGraph.reach(probed.graph().alongside().get(0)))
                    .extracting(Object::toString)
                    .allMatch(name -> name.startsWith("online/probe/"))
                    .hasSize(2);
            assertThat(StepGraph.reach(probed.loss())).hasSameSizeAs(StepGraph.reach(plain.loss()));
            assertThat(convolutions(probed)).isEqualTo(convolutions(plain));
            assertThat(probed.graph().reports()).containsOnlyKeys("probe_loss", "probe_accuracy", "probe_labelled");
            assertThat(probed.graph().inputs().get(OnlineProbe.LABELS).shape()).isEqualTo(Shape.of(Recording.BATCH, 5));
        }
    }

    private static long convolutions(Recording recording) {
        return recording.graph().nodes().stream()
                .filter(node -> node.op() instanceof Op.Conv2d)
                .count();
    }

    @Test
    void probe_isWhatItDecorates_inAllElse() {
        OnlineProbe probe = new OnlineProbe(BYOL, 5);
        assertThat(probe.views()).isEqualTo(BYOL.views());
        assertThat(probe.encoder()).isSameAs(BYOL.encoder());
    }

    @Test
    void targets_areOneAtTheClass_andZeroWithoutALabel() {
        OnlineProbe probe = new OnlineProbe(BYOL, 3);
        assertThat(probe.targets(2, -1, 0)).containsExactly(0, 0, 1, 0, 0, 0, 1, 0, 0);
        assertThat(probe.targets()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, -2, Integer.MIN_VALUE})
    void targets_ofALabelThatIsNoClass_areRefused_withItsRow(int label) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OnlineProbe(BYOL, 3).targets(0, -1, label))
                .withMessage("the label of row 2 must be in [0, 3), or -1 for none, got " + label);
    }

    @Test
    void methodThatShowsNoRepresentation_isRefused() {
        Method silent = new Method() {
            @Override
            public Encoder encoder() {
                return Recording.ENCODER;
            }

            @Override
            public Tensor loss(Step step) {
                Tensor y = encoder().encode(step.online(), step.view(0));
                step.observe("h0", y);
                return y.mean();
            }
        };
        StepGraph graph = StepGraph.training(List.of(Shape.of(2, 32, 32, 3)));
        assertThatIllegalStateException()
                .isThrownBy(() -> new OnlineProbe(silent, 2).loss(graph))
                .withMessage("an online probe needs the observed value y0, found [h0]");
    }
}
