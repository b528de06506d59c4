package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.byol.api.Encoder;
import dev.byol.api.Initializer;
import dev.byol.api.Method;
import dev.byol.api.Optimizer;
import dev.byol.api.Parameter.Role;
import dev.byol.api.Shape;
import dev.byol.api.Step;
import dev.byol.api.TargetUpdater;
import dev.byol.api.Tensor;
import org.junit.jupiter.api.Test;

/** What no trainer can be built of. */
class TrainerBuilderTest {
    /** Uses its encoder under another name. */
    private record Elsewhere(Encoder encoder) implements Method {
        @Override
        public int views() {
            return 1;
        }

        @Override
        public Tensor loss(Step step) {
            return step.online().apply("backbone", encoder, step.view(0)).mean();
        }
    }

    private static void build(Method method) {
        Trainer.builder()
                .method(method)
                .optimizer(Tiny.descent(step -> 0))
                .images(Tiny.PIXEL)
                .batch(1)
                .build()
                .close();
    }

    @Test
    void build_namesWhatIsMissing() {
        Method method = new Tiny.Square(TargetUpdater.frozen());
        Optimizer optimizer = Tiny.descent(step -> 0);
        Trainer.Builder[] builders = {
            Trainer.builder().optimizer(optimizer).images(Tiny.PIXEL).batch(1),
            Trainer.builder().method(method).images(Tiny.PIXEL).batch(1),
            Trainer.builder().method(method).optimizer(optimizer).batch(1),
            Trainer.builder().method(method).optimizer(optimizer).images(Tiny.PIXEL)
        };
        String[] missing = {"method", "optimizer", "images", "batch"};
        for (int i = 0; i < builders.length; i++) {
            assertThatIllegalStateException()
                    .isThrownBy(builders[i]::build)
                    .withMessageStartingWith("a trainer needs ")
                    .withMessageEndingWith(missing[i]);
        }
    }

    @Test
    void build_namesParametersWithoutGradient() {
        Encoder encoder = (branch, x) -> {
            branch.parameter("idle", Shape.of(2), Role.BIAS, Initializer.zeros());
            Tensor blocked = Tiny.scaled(branch.child("blocked"), x).stopGradient();
            return Tiny.scaled(branch.child("open"), x).plus(blocked);
        };
        Method method = new Tiny.OneView(encoder, (step, y) -> y.mean());
        assertThatIllegalStateException()
                .isThrownBy(() -> build(method))
                .withMessageContainingAll("has no gradient", "online/encoder/idle [2]", "online/encoder/blocked/w [1]")
                .withMessageNotContaining("open");
    }

    @Test
    void build_ofALossThatReachesNothing_namesAll() {
        Method method = Tiny.OneView.scaled((step, y) -> y.stopGradient().mean());
        assertThatIllegalStateException()
                .isThrownBy(() -> build(method))
                .withMessageContaining("no gradient with respect to [online/encoder/w [1]]");
    }

    @Test
    void build_withoutParameters_says() {
        Encoder encoder = (branch, x) -> x.globalAveragePool();
        Method method = new Tiny.OneView(encoder, (step, y) -> y.mean());
        assertThatIllegalStateException().isThrownBy(() -> build(method)).withMessageContaining("nothing to train");
    }

    @Test
    void build_namesAnEncoderThatTheLossUsesElsewhere() {
        Method method = new Elsewhere(Tiny::scaled);
        assertThatIllegalStateException()
                .isThrownBy(() -> build(method))
                .withMessageContainingAll("online/encoder/w", "which the loss never used", "Encoder.encode");
    }

    @Test
    void build_refusesRepresentationsOfAnotherRank() {
        Encoder encoder =
                (branch, x) -> Tiny.scaled(branch, x).reshape(Shape.of(x.shape().dimension(0), 1, 1));
        Method method = new Tiny.OneView(encoder, (step, y) -> y.mean());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> build(method))
                .withMessageContainingAll("[B, D]", "[-1, 1, 1]");
    }
}
