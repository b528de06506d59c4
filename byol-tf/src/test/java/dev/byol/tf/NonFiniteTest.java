package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.byol.api.Initializer;
import dev.byol.api.Method;
import dev.byol.api.Optimizer;
import dev.byol.api.Schedule;
import dev.byol.api.Shape;
import dev.byol.api.State;
import dev.byol.api.TargetUpdater;
import dev.byol.api.Tensor;
import dev.byol.api.method.Byol;
import dev.byol.api.nn.Linear;
import dev.byol.api.nn.Mlp;
import dev.byol.api.nn.Norm;
import dev.byol.optim.Rules;
import dev.byol.optim.Sgd;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NonFiniteTest {
    private static final Schedule TENTH = step -> 0.1;

    private static Trainer.Builder pixel(Method method, Optimizer optimizer) {
        return Trainer.builder()
                .method(method)
                .optimizer(optimizer)
                .images(Tiny.PIXEL)
                .batch(1);
    }

    private static Trainer.Builder pixel(Function<Tensor, Tensor> loss) {
        return pixel(Tiny.OneView.scaled((step, y) -> loss.apply(y)), Tiny.descent(TENTH));
    }

    /** The failure of a step, after which everything is as before. */
    private static NonFinite fails(Trainer trainer, float[]... views) {
        String before = trainer.digest();
        long steps = trainer.steps();
        NonFiniteException failure =
                catchThrowableOfType(NonFiniteException.class, () -> trainer.stepNormalized(views));
        assertThat(failure).isNotNull().hasMessageStartingWith(failure.origin().toString());
        assertThat(trainer.digest()).isEqualTo(before);
        assertThat(trainer.steps()).isEqualTo(steps);
        assertThat(failure.origin().step()).isEqualTo(steps + 1);
        return failure.origin();
    }

    private static final Method SMALL = new Byol(
            (branch, x) -> branch.apply("linear", new Linear(8, true), x.globalAveragePool()),
            new Mlp(1, 8, 4, Norm.batch()),
            new Mlp(1, 8, 4, Norm.batch()),
            TargetUpdater.ema(step -> 0.9));

    private static Trainer.Builder small() {
        return Tiny.resNet().method(SMALL);
    }

    // Where it begins

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void image_isNamed_andTheRunCanGoOn(float bad) {
        Trainer.Builder settings = small();
        try (Trainer trainer = settings.build();
                Trainer healthy = settings.build()) {
            int image = trainer.format().size();
            float[] good = Tiny.normalized(trainer, 1);
            float[] broken = good.clone();
            broken[2 * image + 5] = bad;
            NonFinite origin = fails(trainer, good, broken);
            assertThat(origin.operation()).contains("view 1, image 2");
            assertThat(origin.parameter()).isEmpty();
            assertThat(origin.quantity()).isEqualTo("loss");
            assertThat(origin.value()).isNaN();
            assertThat(origin)
                    .hasToString("the loss of step 1 is NaN, and begins with view 1, image 2. Check what is fed");
            assertThat(trainer.stepNormalized(good, good)).isEqualTo(healthy.stepNormalized(good, good));
            assertThat(trainer.digest()).isEqualTo(healthy.digest());
        }
    }

    @Test
    void learningRateThatDiverges_namesTheParameter_andKeepsTheLastFiniteOnes() {
        try (Trainer trainer = pixel(y -> y.square().mean())
                .optimizer(Tiny.descent(step -> 100))
                .build()) {
            NonFinite origin = diverged(trainer, new float[] {1}); // w becomes -199 w
            assertThat(origin)
                    .isEqualTo(new NonFinite(
                            9,
                            "norm of the new parameters",
                            Double.POSITIVE_INFINITY,
                            Optional.of("the square of a new value"),
                            Optional.of("online/encoder/w")));
            assertThat(origin.toString())
                    .startsWith("the norm of the new parameters of step 9 is Infinity, and begins with the square of a"
                            + " new value, near online/encoder/w. Lower the learning rate");
            assertThat(trainer.steps()).isEqualTo(8);
            assertThat(trainer.values().get("online/encoder/w")[0] / Math.pow(199, 8))
                    .isCloseTo(1, within(1e-5));
        }
    }

    @Test
    void operation_isNamed_withTheNearestParameter() {
        try (Trainer trainer = pixel(y -> y.exp().mean().plus(1)).build()) {
            NonFinite origin = fails(trainer, new float[] {100});
            assertThat(origin)
                    .isEqualTo(new NonFinite(
                            1,
                            "loss",
                            Double.POSITIVE_INFINITY,
                            Optional.of("EXP [1, 1]"),
                            Optional.of("online/encoder/w")));
        }
    }

    @Test
    void learningRateThatDiverges_inARealNetwork_leavesAllParametersFinite() {
        Method method = new Byol(
                (branch, x) -> branch.apply("linear", new Linear(8, true), x.globalAveragePool()),
                new Mlp(1, 8, 4, Norm.none()),
                new Mlp(1, 8, 4, Norm.none()),
                TargetUpdater.ema(step -> 0.9));
        try (Trainer trainer = Trainer.builder()
                .method(method)
                .optimizer(Sgd.builder()
                        .learningRate(step -> 1e12)
                        .weightDecay(0.1)
                        .build())
                .images(ImageFormat.rgb(8))
                .batch(4)
                .build()) {
            float[] view = Tiny.normalized(trainer, 1);
            NonFinite origin = diverged(trainer, view, view);
            assertThat(origin.operation()).isPresent();
            assertThat(origin.parameter().orElseThrow())
                    .isIn(trainer.variables().keySet());
            trainer.values().forEach((name, values) -> {
                for (float value : values) {
                    assertThat(value).as(name).isFinite();
                }
            });
        }
    }

    private static NonFinite diverged(Trainer trainer, float[]... views) {
        for (int i = 0; i < 100; i++) {
            String before = trainer.digest();
            try {
                trainer.stepNormalized(views);
            } catch (NonFiniteException e) {
                assertThat(trainer.digest()).isEqualTo(before);
                return e.origin();
            }
        }
        throw new AssertionError("a hundred steps went well");
    }

    @Test
    void gradient_ofAFiniteLoss_namesItsOperation() {
        try (Trainer trainer = pixel(y -> y.square().mean().sqrt()).build()) {
            NonFinite origin = fails(trainer, new float[] {0}); // 0 · 1 / 0
            assertThat(origin.quantity()).isEqualTo("norm of the gradients");
            assertThat(origin.value()).isNaN();
            assertThat(origin.operation()).contains("the gradient of SQRT []");
            assertThat(origin.parameter()).contains("online/encoder/w");
        }
    }

    @Test
    void parameter_isNamed() {
        try (Trainer trainer = Tiny.resNet().build()) {
            String name = "online/encoder/layer2/block0/conv1/kernel";
            float[] kernel = trainer.values().get(name).clone();
            kernel[kernel.length / 2] = Float.POSITIVE_INFINITY;
            trainer.write(Map.of(name, kernel));
            float[] view = new float[4 * trainer.format().size()];
            NonFinite origin = fails(trainer, view, view);
            assertThat(origin.operation()).contains("the parameter " + name);
            assertThat(origin.parameter()).contains(name);
        }
    }

    @Test
    void stateAndInput_areNamed() {
        Method method = Tiny.OneView.scaled((step, y) -> {
            State centre = step.online().state("centre", Shape.of(1), Initializer.zeros());
            return y.minus(centre.value())
                    .plus(step.input("shift", Shape.of(1)))
                    .mean();
        });
        try (Trainer trainer = pixel(method, Tiny.descent(TENTH)).build()) {
            trainer.feed("shift", new float[] {Float.NaN});
            assertThat(fails(trainer, new float[] {1}).operation()).contains("the input shift");
            trainer.feed("shift", new float[] {0});
            trainer.write(Map.of("online/centre", new float[] {Float.NaN}));
            assertThat(fails(trainer, new float[] {1}).operation()).contains("the state online/centre");
        }
    }

    @Test
    void update_ofFiniteGradients_isGuardedToo() {
        Schedule huge = new Schedule() {
            @Override
            public double at(long step) {
                return 3e38;
            }

            @Override
            public String toString() {
                return "huge";
            }
        };
        try (Trainer trainer =
                pixel(y -> y.mean()).optimizer(Tiny.descent(huge)).build()) {
            NonFinite origin = fails(trainer, new float[] {3});
            assertThat(origin.quantity()).isEqualTo("norm of the new parameters");
            assertThat(origin.operation()).contains("the update, at TIMES [1]");
            assertThat(origin.parameter()).contains("online/encoder/w");
        }
        Schedule lost = step -> step < 1 ? 0.1 : Double.NaN;
        try (Trainer trainer =
                pixel(y -> y.mean()).optimizer(Tiny.descent(lost)).build()) {
            trainer.stepNormalized(new float[] {3});
            assertThat(fails(trainer, new float[] {3}).operation().orElseThrow())
                    .isEqualTo("the update, at the schedule " + lost);
        }
    }

    @Test
    void slotsThatTheGradientWouldPoison_stayAsTheyWere() {
        Optimizer adam = Rules.chain(Rules.scaleByAdam(0.9, 0.999, 1e-8), Rules.scaleByLearningRate(TENTH));
        try (Trainer trainer = pixel(y -> y.mean()).optimizer(adam).build()) {
            trainer.stepNormalized(new float[] {1});
            NonFinite origin =
                    fails(trainer, new float[] {1e25f}); // the square of this is infinite: v would be for ever
            assertThat(origin.quantity()).isEqualTo("norm of the gradients");
            assertThat(origin.value()).isInfinite();
            assertThat(origin.operation()).contains("the update, at SQUARE [1]");
            assertThat(origin.parameter()).contains("online/encoder/w");
        }
    }

    @Test
    void bfloat16_namesTheSame() {
        try (Trainer trainer = Tiny.resNet().precision(Precision.BFLOAT16).build()) {
            String name = "online/encoder/layer1/block0/conv1/kernel";
            float[] kernel = trainer.values().get(name).clone();
            kernel[0] = Float.NaN;
            trainer.write(Map.of(name, kernel));
            float[] view = new float[4 * trainer.format().size()];
            assertThat(fails(trainer, view, view).parameter()).contains(name);
        }
    }

    // What is done

    @Test
    void skip_countsTheStep_andMovesNothingButSchedules() {
        Trainer.Builder settings = pixel(y -> y.mean()).optimizer(Tiny.descent(step -> 1 << step));
        try (Trainer trainer = settings.onNonFinite(NonFinitePolicy.SKIP).build()) {
            assertThat(trainer.stepNormalized(new float[] {1}).skipped()).isEmpty();
            assertThat(trainer.values().get("online/encoder/w")).containsExactly(0); // 1 - 1
            StepReport report = trainer.stepNormalized(new float[] {Float.NaN});
            assertThat(report.skipped())
                    .contains(new NonFinite(2, "loss", Double.NaN, Optional.of("view 0, image 0"), Optional.empty()));
            assertThat(report.step()).isEqualTo(2);
            assertThat(report.loss()).isNaN();
            assertThat(report.report(StepReport.GRADIENT_NORM)).isNaN();
            assertThat(trainer.values().get("online/encoder/w")).containsExactly(0);
            assertThat(trainer.steps()).isEqualTo(2);
            assertThat(trainer.skipped()).isEqualTo(1);
            assertThat(trainer.stepNormalized(new float[] {1}).skipped()).isEmpty();
            assertThat(trainer.values().get("online/encoder/w")).containsExactly(-4); // the rate of the third step
            assertThat(trainer.skipped()).isEqualTo(1);
        }
    }

    @Test
    void skip_ofManySteps_holdsNothing() {
        try (Trainer trainer =
                pixel(y -> y.mean()).onNonFinite(NonFinitePolicy.SKIP).build()) {
            trainer.stepNormalized(new float[] {Float.NaN});
            long held = Pointer.totalCount();
            for (int i = 0; i < 200; i++) {
                trainer.stepNormalized(new float[] {Float.NaN});
            }
            assertThat(Pointer.totalCount()).isLessThanOrEqualTo(held);
            assertThat(trainer.skipped()).isEqualTo(201);
        }
    }

    @Test
    void skip_isKeptInCheckpoints(@TempDir Path folder) throws IOException {
        Trainer.Builder settings = pixel(y -> y.mean()).onNonFinite(NonFinitePolicy.SKIP);
        try (Trainer trainer = settings.build();
                Trainer resumed = settings.build()) {
            trainer.stepNormalized(new float[] {1});
            trainer.stepNormalized(new float[] {Float.NaN});
            Path file = folder.resolve("checkpoint");
            trainer.save(file);
            assertThat(Checkpoint.read(file).skipped()).isEqualTo(1);
            assertThat(Checkpoint.read(file).provenance()).doesNotContainKeys("step", "skipped");
            resumed.stepNormalized(new float[] {1});
            resumed.restore(file);
            assertThat(resumed.skipped()).isEqualTo(1);
            assertThat(resumed.stepNormalized(new float[] {Float.NaN}))
                    .isEqualTo(trainer.stepNormalized(new float[] {Float.NaN}));
            assertThat(resumed.stepNormalized(new float[] {3})).isEqualTo(trainer.stepNormalized(new float[] {3}));
            assertThat(resumed.skipped()).isEqualTo(trainer.skipped()).isEqualTo(2);
            assertThat(resumed.digest()).isEqualTo(trainer.digest());
        }
    }

    @Test
    void skip_handsOutWhatIsObserved() {
        Method method = new Tiny.Square(TargetUpdater.frozen());
        try (Trainer trainer = pixel(method, Tiny.descent(step -> Double.NaN))
                .onNonFinite(NonFinitePolicy.SKIP)
                .build()) {
            StepReport report = trainer.step(Set.of("y0"), new byte[] {(byte) 255}, new byte[] {102});
            assertThat(report.skipped()).isPresent();
            assertThat(report.observed("y0")[0]).containsExactly(1);
            assertThat(report.loss()).isCloseTo(0.36, within(1e-6));
        }
    }

    @Test
    void goingBack_isARestore_andGivesTheSameBits(@TempDir Path folder) throws IOException {
        Trainer.Builder settings =
                Tiny.resNet().optimizer(Sgd.builder().learningRate(TENTH).build());
        try (Trainer trainer = settings.build();
                Trainer healthy = settings.build()) {
            Path checkpoint = folder.resolve("checkpoint");
            Tiny.train(trainer, 2);
            trainer.save(checkpoint);
            Tiny.train(trainer, 1);
            float[] view = new float[4 * trainer.format().size()];
            view[0] = Float.NaN;
            assertThatExceptionOfType(NonFiniteException.class).isThrownBy(() -> trainer.stepNormalized(view, view));
            trainer.restore(checkpoint);
            assertThat(trainer.steps()).isEqualTo(2);
            Tiny.train(trainer, 3);
            Tiny.train(healthy, 5);
            assertThat(trainer.digest()).isEqualTo(healthy.digest());
        }
    }

    @Test
    void gradientNorm_isReported() {
        try (Trainer trainer = pixel(y -> y.square().mean())
                .optimizer(Rules.chain(Rules.clipByGlobalNorm(1.5), Tiny.descent(TENTH)))
                .build()) {
            assertThat(trainer.stepNormalized(new float[] {(float) Math.sqrt(3)})
                            .reports())
                    .hasEntrySatisfying(
                            StepReport.GRADIENT_NORM, norm -> assertThat(norm).isCloseTo(6, within(1e-5)));
            assertThat(trainer.values().get("online/encoder/w")[0]).isCloseTo(0.85f, within(1e-6f));
        }
    }
}
