package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.api.Encoder;
import dev.byol.api.Method;
import dev.byol.api.Step;
import dev.byol.api.Tensor;
import dev.byol.api.nn.Linear;
import dev.byol.eval.CollapseEvent;
import dev.byol.eval.CollapseEvidence;
import dev.byol.eval.CollapseWatch;
import dev.byol.optim.Rules;
import dev.byol.optim.Schedules;
import dev.byol.tf.ImageFormat;
import dev.byol.tf.NonFinitePolicy;
import dev.byol.tf.StepReport;
import dev.byol.tf.Trainer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A step that the trainer skips and the watch's event tell the same. */
class NonFiniteWatchTest {
    private static final Encoder ENCODER =
            (branch, x) -> branch.apply("linear", new Linear(2, true), x.globalAveragePool());

    private record Length() implements Method {
        @Override
        public int views() {
            return 1;
        }

        @Override
        public Encoder encoder() {
            return ENCODER;
        }

        @Override
        public Tensor loss(Step step) {
            return ENCODER.encode(step.online(), step.view(0)).square().mean();
        }
    }

    @Test
    void watch_tellsOfASkippedStep_andGoesOn() {
        try (Trainer trainer = Trainer.builder()
                .method(new Length())
                .optimizer(Rules.scaleByLearningRate(Schedules.constant(0.1)))
                .images(ImageFormat.rgb(1))
                .batch(1)
                .onNonFinite(NonFinitePolicy.SKIP)
                .build()) {
            CollapseWatch watch = CollapseWatch.builder().build();
            assertThat(told(watch, trainer.stepNormalized(new float[] {1, 1, 1})))
                    .isEmpty();
            StepReport skipped = trainer.stepNormalized(new float[] {1, Float.NaN, 1});
            assertThat(skipped.skipped()).isPresent();
            assertThat(told(watch, skipped))
                    .singleElement()
                    .isInstanceOfSatisfying(
                            CollapseEvent.NonFinite.class,
                            event -> assertThat(event.what()).isEqualTo("the loss is NaN"));
            assertThat(told(watch, trainer.stepNormalized(new float[] {1, 1, 1})))
                    .isEmpty();
        }
    }

    private static List<CollapseEvent> told(CollapseWatch watch, StepReport report) {
        return watch.observe(CollapseEvidence.at(report.step(), report.loss()));
    }
}
