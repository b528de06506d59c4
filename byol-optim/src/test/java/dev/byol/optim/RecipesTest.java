package dev.byol.optim;

import static dev.byol.optim.Filters.all;
import static dev.byol.optim.Filters.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.byol.api.Parameter.Role;
import dev.byol.api.Schedule;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipesTest {
    private static final String EARLY = "encoder/layer1/**";

    @ParameterizedTest
    @CsvSource({
        "1281167, 40, 4096, 0.45, 1e-6, 0.97, 12511, 3127",
        "1281167, 100, 4096, 0.45, 1e-6, 0.99, 31278, 3127",
        "1281167, 300, 4096, 0.3, 1e-6, 0.99, 93835, 3127",
        "1281167, 1000, 4096, 0.2, 1.5e-6, 0.996, 312784, 3127",
        "1281167, 1000, 512, 0.4, 1.5e-6, 0.9995, 2502279, 25022",
        "9469, 1000, 256, 2, 1e-6, 0.996, 36988, 369",
    })
    void deepMind_isWhatWasPublished(
            long images, int epochs, int batch, double base, double decay, double tau, long steps, long warmup) {
        Recipe recipe = Recipes.deepMind(epochs, batch).images(images).build();
        assertThat(recipe.source()).isEqualTo("DeepMind's BYOL (Grill et al. 2020)");
        assertThat(recipe.images()).isEqualTo(images);
        assertThat(recipe.epochs()).isEqualTo(epochs);
        assertThat(recipe.batch()).isEqualTo(batch);
        assertThat(recipe.steps()).isEqualTo(steps);
        assertThat(recipe.learningRate()).isEqualTo(Schedules.warmupCosine(base * batch / 256, warmup, steps));
        assertThat(recipe.optimizer())
                .isEqualTo(Lars.deepMind()
                        .learningRate(recipe.learningRate())
                        .momentum(0.9)
                        .weightDecay(decay)
                        .trustCoefficient(1e-3)
                        .decayed(Filters.only(Role.KERNEL))
                        .adapted(Filters.only(Role.KERNEL))
                        .build());
        assertThat(recipe.tau()).isEqualTo(Schedules.tau(tau, steps));
        assertThat(recipe.targetFirst()).isFalse();
        assertThat(recipe.projectsTwice()).isFalse();
        assertThat(recipe.lossFactor()).isEqualTo(1);
    }

    @Test
    void deepMind_goesFromZeroToThePeakToZero() {
        Recipe recipe = Recipes.deepMind(1000, 4096).build();
        assertThat(recipe)
                .isEqualTo(Recipes.deepMind(1000, 4096).images(1_281_167).build());
        assertThat(recipe.learningRate().at(0)).isZero();
        assertThat(recipe.learningRate().at(3127)).isCloseTo(3.2, within(1e-12));
        assertThat(recipe.learningRate().at(recipe.steps())).isZero();
        assertThat(recipe.tau().at(0)).isCloseTo(0.996, within(1e-12));
        assertThat(recipe.tau().at(recipe.steps())).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"200, 4096", "300, 512", "1000, 256", "100, 8192"})
    void deepMind_unpublished_isRefused(int epochs, int batch) {
        assertThatIllegalStateException()
                .isThrownBy(() -> Recipes.deepMind(epochs, batch).build())
                .withMessage("no source published DeepMind's BYOL of " + epochs + " epochs at batch " + batch
                        + " on 1281167 images; published: 40, 100, 300 and 1000 epochs at batch 4096 and 1000 at 512"
                        + " on 1281167, 1000 at 256 on 9469; ask for it with extrapolated()");
    }

    @Test
    void deepMind_onOtherImages_isRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Recipes.deepMind(100, 4096).images(105_000).build())
                .withMessageContaining("on 105000 images");
    }

    @Test
    void deepMind_extrapolated_takesTheNearestEpochs_andScalesTheRate() {
        Recipe recipe = Recipes.deepMind(200, 256).images(10_240).extrapolated().build();
        assertThat(recipe.source()).endsWith(", extrapolated");
        assertThat(recipe.steps()).isEqualTo(8000);
        assertThat(recipe.learningRate()).isEqualTo(Schedules.warmupCosine(0.3, 400, 8000)); // 300 is nearer than 100
        assertThat(recipe.tau()).isEqualTo(Schedules.tau(0.99, 8000));
        Recipe less = Recipes.deepMind(60, 256).images(10_240).extrapolated().build();
        assertThat(less.tau()).isEqualTo(Schedules.tau(0.97, 2400));
        Recipe small = Recipes.deepMind(1000, 512).images(10_240).extrapolated().build();
        assertThat(small.learningRate()).isEqualTo(Schedules.warmupCosine(0.4, 200, 20_000));
        assertThat(small.tau()).isEqualTo(Schedules.tau(0.996, 20_000)); // not that of the published 512
    }

    @Test
    void deepMind_extrapolatedToOneStep_stillIsARun() {
        Recipe recipe = Recipes.deepMind(1, 10).images(10).extrapolated().build();
        assertThat(recipe.steps()).isOne();
        assertThat(recipe.learningRate().at(0)).isCloseTo(0.45 * 10 / 256, within(1e-15));
    }

    @Test
    void deepMind_published_isNotCalledExtrapolated() {
        assertThat(Recipes.deepMind(300, 4096).extrapolated().build())
                .isEqualTo(Recipes.deepMind(300, 4096).build());
    }

    @ParameterizedTest
    @CsvSource({"10", "200", "320"})
    void appendix_isWhatWasPublished(int epochs) {
        Recipe recipe = Recipes.appendix(epochs).build();
        assertThat(recipe.source()).isEqualTo("BYOL of Fetterman and Albrecht (2020)");
        assertThat(recipe.images()).isEqualTo(105_000);
        assertThat(recipe.batch()).isEqualTo(256);
        assertThat(recipe.epochs()).isEqualTo(epochs);
        assertThat(recipe.stepsPerEpoch()).isEqualTo(410);
        assertThat(recipe.steps()).isEqualTo(410L * epochs);
        assertThat(recipe.learningRate()).isEqualTo(Schedules.cosinePerEpoch(0.8, 410, 320));
        assertThat(recipe.optimizer())
                .isEqualTo(Sgd.builder()
                        .learningRate(recipe.learningRate())
                        .momentum(0.9)
                        .weightDecay(1e-4)
                        .decayed(all())
                        .build());
        assertThat(recipe.tau()).isEqualTo(Schedules.perEpoch(Schedules.tau(0.996, 320), 410));
        assertThat(recipe.targetFirst()).isTrue();
        assertThat(recipe.projectsTwice()).isTrue();
        assertThat(recipe.lossFactor()).isEqualTo(0.5);
    }

    @Test
    void appendix_ofTenEpochs_hardlyMovesItsSchedules() {
        Recipe recipe = Recipes.appendix(10).build();
        long last = recipe.steps() - 1;
        assertThat(recipe.learningRate().at(last)).isCloseTo(0.7984396133006748, within(1e-12));
        assertThat(recipe.tau().at(0)).isCloseTo(0.996, within(1e-12));
        assertThat(recipe.tau().at(last)).isCloseTo(0.99601, within(1e-5));
        assertThat(recipe.tau().at(410))
                .isEqualTo(recipe.tau().at(819))
                .isGreaterThan(recipe.tau().at(409));
    }

    @ParameterizedTest
    @CsvSource({"0.8, 1e-4", "0.02, 1e-4", "0.2, 1e-4", "0.2, 1e-5"})
    void appendix_withSgd_hasFourSettings(double rate, double decay) {
        Recipe recipe = Recipes.appendix(320).rate(rate).weightDecay(decay).build();
        assertThat(recipe.optimizer())
                .isEqualTo(Sgd.builder()
                        .learningRate(Schedules.cosinePerEpoch(rate, 410, 320))
                        .weightDecay(decay)
                        .decayed(all())
                        .build());
    }

    @ParameterizedTest
    @CsvSource({"0.1", "0.2", "0.5"})
    void appendix_withLars_leavesOutByName(double rate) {
        Recipe recipe = Recipes.appendix(320).lars(all()).rate(rate).build();
        assertThat(recipe.optimizer())
                .isEqualTo(Lars.you2017()
                        .learningRate(Schedules.cosinePerEpoch(rate, 410, 320))
                        .momentum(0.9)
                        .weightDecay(1.5e-6)
                        .trustCoefficient(1e-3)
                        .decayed(Filters.appendixExclusions().negate())
                        .adapted(Filters.appendixExclusions().negate())
                        .build());
        assertThat(Recipes.appendix(320).lars(all()).build().learningRate())
                .isEqualTo(Schedules.cosinePerEpoch(0.2, 410, 320));
    }

    @Test
    void appendix_withLarsInAScope_hasSgdForTheRest() {
        Recipe recipe = Recipes.appendix(20)
                .lars(path("encoder/layer1/**", "encoder/layer2/**"))
                .build();
        Rehearsal rehearsal = new Rehearsal()
                .parameter("encoder/layer1/block0/conv1/kernel", Role.KERNEL, 4)
                .parameter("encoder/layer1/block0/norm1/scale", Role.NORM_SCALE, 4)
                .parameter("encoder/layer2/block0/shortcut/norm/scale", Role.NORM_SCALE, 4)
                .parameter("encoder/layer3/block0/conv1/kernel", Role.KERNEL, 4)
                .parameter("projector/norm0/scale", Role.NORM_SCALE, 4)
                .by(recipe.optimizer());
        double[] gradient = {1};
        rehearsal.step(Map.of(
                "encoder/layer1/block0/conv1/kernel", gradient,
                "encoder/layer1/block0/norm1/scale", gradient,
                "encoder/layer2/block0/shortcut/norm/scale", gradient,
                "encoder/layer3/block0/conv1/kernel", gradient,
                "projector/norm0/scale", gradient));
        assertThat(rehearsal.reports())
                .containsOnlyKeys(
                        "lars/local_rate/encoder/layer1/block0/conv1/kernel",
                        "lars/local_rate/encoder/layer2/block0/shortcut/norm/scale");
        assertThat(rehearsal.value("encoder/layer1/block0/norm1/scale")).containsExactly(4 - 0.2);
        assertThat(rehearsal.value("encoder/layer3/block0/conv1/kernel"))
                .containsExactly(new double[] {4 - 0.2 * (1 + 4 * 1.5e-6)}, within(1e-15));
        assertThat(rehearsal.value("encoder/layer1/block0/conv1/kernel")[0])
                .isCloseTo(4 - 0.2 * 1e-3 * 4, within(1e-8));
        assertThat(Recipes.appendix(100)
                        .lars(path("projector/**", "predictor/**"))
                        .build())
                .isNotNull();
    }

    @Test
    void appendix_unpublished_isRefused_andNamed() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Recipes.appendix(321).build())
                .withMessageStartingWith(
                        "no source published SGD at rate 0.8 with weight decay 1.0E-4, tau from 0.996, 321 epochs of a"
                                + " cosine of 320 at batch 256 on 105000 images; published: SGD at 0.8")
                .withMessageEndingWith("ask for it with extrapolated()");
        refused(Recipes.appendix(10).batch(64));
        refused(Recipes.appendix(10).images(10_000));
        refused(Recipes.appendix(10).cosineEpochs(10));
        refused(Recipes.appendix(10).rate(0.3));
        refused(Recipes.appendix(10).weightDecay(1e-6));
        refused(Recipes.appendix(10).lars(path(EARLY)));
        refused(Recipes.appendix(10).raised(10, path(EARLY)));
        refused(Recipes.appendix(10).lars(all()).weightDecay(1e-4));
        refused(Recipes.appendix(10).lars(all()).trustCoefficient(1e-2));
        refused(Recipes.appendix(10).tau(0.99));
    }

    @Test
    void appendix_tau_isThatOfTheFirstEpoch() {
        Recipe recipe = Recipes.appendix(10).tau(0.97).extrapolated().build();
        assertThat(recipe.tau()).isEqualTo(Schedules.perEpoch(Schedules.tau(0.97, 320), 410));
        for (double tau : new double[] {-0.1, 1.1, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Recipes.appendix(10).tau(tau))
                    .withMessage("tau must be in [0, 1], got " + tau);
        }
    }

    private static void refused(Recipes.Appendix recipe) {
        assertThatIllegalStateException().isThrownBy(recipe::build).withMessageStartingWith("no source published ");
        assertThat(recipe.extrapolated().build().source())
                .isEqualTo("BYOL of Fetterman and Albrecht (2020), extrapolated");
    }

    @Test
    void appendix_extrapolated_keepsItsNumbers() {
        Recipe recipe = Recipes.appendix(16)
                .batch(64)
                .images(1000)
                .cosineEpochs(20)
                .rate(0.3)
                .extrapolated()
                .build();
        assertThat(recipe.steps()).isEqualTo(240);
        assertThat(recipe.learningRate()).isEqualTo(Schedules.cosinePerEpoch(0.3, 15, 20));
        assertThat(recipe.tau()).isEqualTo(Schedules.perEpoch(Schedules.tau(0.996, 20), 15));
    }

    @Test
    void appendix_trustCoefficient_isTheShareThatMoves() {
        Recipe recipe = Recipes.appendix(10)
                .lars(all())
                .weightDecay(0)
                .trustCoefficient(0.01)
                .extrapolated()
                .build();
        Rehearsal rehearsal = new Rehearsal()
                .parameter("encoder/layer1/block0/conv1/kernel", Role.KERNEL, 4)
                .by(recipe.optimizer());
        rehearsal.step(Map.of("encoder/layer1/block0/conv1/kernel", new double[] {1}));
        assertThat(rehearsal.value("encoder/layer1/block0/conv1/kernel")[0])
                .isCloseTo(4 - 0.2 * 0.01 * 4, within(1e-8));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recipes.appendix(10).trustCoefficient(0))
                .withMessage("trustCoefficient must be finite and above 0, got 0.0");
    }

    @Test
    void appendix_raised_movesSomeLayersFaster() {
        Recipe recipe = Recipes.appendix(10)
                .raised(10, path(EARLY))
                .weightDecay(0)
                .extrapolated()
                .build();
        Rehearsal rehearsal = new Rehearsal()
                .parameter("encoder/layer1/block0/conv1/kernel", Role.KERNEL, 0)
                .parameter("encoder/layer3/block0/conv1/kernel", Role.KERNEL, 0)
                .by(recipe.optimizer());
        double[] gradient = {1};
        rehearsal.step(
                Map.of("encoder/layer1/block0/conv1/kernel", gradient, "encoder/layer3/block0/conv1/kernel", gradient));
        assertThat(rehearsal.value("encoder/layer1/block0/conv1/kernel")).containsExactly(-8);
        assertThat(rehearsal.value("encoder/layer3/block0/conv1/kernel")).containsExactly(-0.8);
        assertThat(rehearsal.reports()).isEmpty();
    }

    @Test
    void recipes_printTheirNumbers_andCompareByValue() {
        assertThat(Recipes.appendix(10)
                        .lars(path("projector/**", "predictor/**"))
                        .build())
                .isEqualTo(Recipes.appendix(10)
                        .lars(path("projector/**", "predictor/**"))
                        .build())
                .isNotEqualTo(Recipes.appendix(10).build());
        assertThat(Recipes.appendix(10).build())
                .hasToString("Recipe[source=BYOL of Fetterman and Albrecht (2020), images=105000, epochs=10, batch=256,"
                        + " steps=4100, optimizer=Sgd[learningRate=CosinePerEpoch[base=0.8, stepsPerEpoch=410, epochs=320],"
                        + " momentum=0.9, weightDecay=1.0E-4, nesterov=false, decayed=all()],"
                        + " learningRate=CosinePerEpoch[base=0.8, stepsPerEpoch=410, epochs=320],"
                        + " tau=PerEpoch[ofEpochs=Tau[base=0.996, totalSteps=320], stepsPerEpoch=410],"
                        + " targetFirst=true, projectsTwice=true, lossFactor=0.5]");
        assertThat(Recipes.appendix(10).lars(all()).build().toString())
                .contains("adapted=not (only(BIAS, NORM_OFFSET) or path(");
    }

    @Test
    void settings_outOfRange_areNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recipes.deepMind(0, 256))
                .withMessage("epochs must be at least 1, got 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recipes.deepMind(10, 0).extrapolated().build())
                .withMessage("batch must be from 1 to the 1281167 images, got 0");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Recipes.appendix(10).images(100).extrapolated().build())
                .withMessage("batch must be from 1 to the 100 images, got 256");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recipes.appendix(10).cosineEpochs(0))
                .withMessage("epochs of the cosine must be at least 1, got 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recipes.appendix(10).raised(0, all()))
                .withMessage("factor must be finite and above 0, got 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Recipes.appendix(10).lars(all()).raised(2, all()).build())
                .withMessage("the raised rate is the control without LARS; ask for one of them");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recipes.appendix(10).rate(-1).extrapolated().build())
                .withMessage("base must be finite and at least 0, got -1.0");
    }

    @Test
    void linearAppendix_isWhatWasPublished() {
        LinearRecipe recipe = Recipes.linearAppendix().build();
        assertThat(recipe.source()).isEqualTo("the linear classifier of Fetterman and Albrecht (2020)");
        assertThat(recipe.images()).isEqualTo(5000);
        assertThat(recipe.epochs()).isEqualTo(100);
        assertThat(recipe.batch()).isEqualTo(256);
        assertThat(recipe.stepsPerEpoch()).isEqualTo(19);
        Schedule rate = Schedules.multiStep(30, 0.1, 60 * 19, 80 * 19);
        assertThat(recipe.heads()).isEqualTo(Map.of("30.0", new Sgd(rate, 0.9, 0, false, Filters.only(Role.KERNEL))));
        assertThat(rate.at(60 * 19 - 1)).isEqualTo(30);
        assertThat(rate.at(60 * 19)).isCloseTo(3, within(1e-12));
        assertThat(rate.at(80 * 19)).isCloseTo(0.3, within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({"1281167, 100091", "1271158, 99309", "1271167, 99309"})
    void linearDeepMind_isWhatWasPublished(long images, long steps) {
        LinearRecipe recipe = Recipes.linearDeepMind().images(images).build();
        assertThat(recipe.source()).isEqualTo("the linear evaluation of DeepMind's BYOL (Grill et al. 2020)");
        assertThat(recipe.epochs()).isEqualTo(80);
        assertThat(recipe.batch()).isEqualTo(1024);
        assertThat(recipe.heads().keySet()).containsExactly("0.4", "0.3", "0.2", "0.1", "0.05");
        recipe.heads().forEach((rate, rule) -> {
            Schedule schedule = Schedules.warmupCosine(Double.parseDouble(rate) * 4, 0, steps);
            assertThat(rule).isEqualTo(new Sgd(schedule, 0.9, 0, true, Filters.only(Role.KERNEL)));
        });
        assertThat(Recipes.linearDeepMind().images(images).rates(0.2).build().source())
                .doesNotContain("extrapolated");
    }

    @Test
    void linear_unpublished_isRefused_andMayBeExtrapolated() {
        Recipes.Linear small =
                Recipes.linearAppendix().images(1000).batch(100).epochs(5).rates(3);
        assertThatIllegalStateException()
                .isThrownBy(small::build)
                .withMessage(
                        "no source published the linear classifier of Fetterman and Albrecht (2020) of 5 epochs at batch"
                                + " 100 on 1000 images with the rates [3.0]; published: 100 epochs at batch 256 on [5000]"
                                + " images with the rates [30.0]; ask for it with extrapolated()");
        LinearRecipe recipe = small.extrapolated().build();
        assertThat(recipe.source()).endsWith(", extrapolated");
        assertThat(rate(recipe, "3.0")).isEqualTo(Schedules.multiStep(3, 0.1, 30, 40));
        LinearRecipe other = Recipes.linearDeepMind()
                .images(1000)
                .batch(512)
                .epochs(10)
                .extrapolated()
                .build();
        assertThat(rate(other, "0.1")).isEqualTo(Schedules.warmupCosine(0.2, 0, 10));
        assertThat(rate(other, "0.1").at(10)).as("after its ten whole batches").isZero();
        assertThatIllegalStateException()
                .isThrownBy(() -> Recipes.linearDeepMind().rates(0.25).build())
                .withMessageContaining("with the rates [0.25]");
    }

    private static Schedule rate(LinearRecipe recipe, String head) {
        Sgd sgd = (Sgd) recipe.heads().get(head);
        assertThat(sgd).as(head).isNotNull();
        return sgd.learningRate();
    }

    @Test
    void linear_settingsOutOfRange_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recipes.linearAppendix().rates())
                .withMessage("a sweep needs at least one rate and different ones, got []");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recipes.linearAppendix().rates(1, 1))
                .withMessage("a sweep needs at least one rate and different ones, got [1.0, 1.0]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recipes.linearAppendix().rates(1, 0))
                .withMessage("a rate must be finite and above 0, got 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Recipes.linearAppendix().epochs(2).extrapolated().build())
                .withMessage("epochs must be at least 3, got 2");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Recipes.linearDeepMind().epochs(0).extrapolated().build())
                .withMessage("epochs must be at least 1, got 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Recipes.linearDeepMind().images(100).extrapolated().build())
                .withMessage("batch must be from 1 to the 100 images, got 1024");
    }
}
