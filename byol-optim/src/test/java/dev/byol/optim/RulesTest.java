package dev.byol.optim;

import static dev.byol.optim.Filters.all;
import static dev.byol.optim.Filters.none;
import static dev.byol.optim.Filters.only;
import static dev.byol.optim.Filters.path;
import static dev.byol.optim.Rules.addDecayedWeights;
import static dev.byol.optim.Rules.chain;
import static dev.byol.optim.Rules.clipByGlobalNorm;
import static dev.byol.optim.Rules.momentum;
import static dev.byol.optim.Rules.named;
import static dev.byol.optim.Rules.nesterov;
import static dev.byol.optim.Rules.scaleByAdam;
import static dev.byol.optim.Rules.scaleByGradientTrustRatio;
import static dev.byol.optim.Rules.scaleByLearningRate;
import static dev.byol.optim.Rules.scaleByTrustRatio;
import static dev.byol.optim.Rules.split;
import static dev.byol.optim.Schedules.constant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.byol.api.Optimizer;
import dev.byol.api.Parameter.Role;
import dev.byol.api.graph.Op;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class RulesTest {
    private static final Offset<Double> CLOSE = within(1e-14);

    @Test
    void chain_ofNoParts_isTheGradient() {
        assertThat(one(4, -2).by(chain()).step(1, 2)).containsExactly(3, -4);
    }

    @Test
    void chain_appliesPartsInOrder() {
        Optimizer decayFirst = chain(addDecayedWeights(0.5, all()), scaleByLearningRate(constant(0.1)));
        Optimizer decayLast = chain(scaleByLearningRate(constant(0.1)), addDecayedWeights(0.5, all()));
        assertThat(one(4).by(decayFirst).step(1)).containsExactly(new double[] {4 - 0.1 * (1 + 2)}, CLOSE);
        assertThat(one(4).by(decayLast).step(1)).containsExactly(new double[] {4 - (0.1 + 2)}, CLOSE);
    }

    @Test
    void chain_nests() {
        Optimizer flat = chain(addDecayedWeights(0.5, all()), momentum(0.9), scaleByLearningRate(constant(0.1)));
        Optimizer nested =
                chain(chain(addDecayedWeights(0.5, all()), momentum(0.9)), scaleByLearningRate(constant(0.1)));
        Rehearsal a = one(4).by(flat);
        Rehearsal b = one(4).by(nested);
        for (double gradient : new double[] {1, -2, 0.5}) {
            assertThat(a.step(gradient)).containsExactly(b.step(gradient));
        }
    }

    @Test
    void addDecayedWeights_leavesOthers_andNeedsNothingForZero() {
        Rehearsal rehearsal = new Rehearsal()
                .parameter("linear/kernel", Role.KERNEL, 2)
                .parameter("linear/bias", Role.BIAS, 2)
                .by(addDecayedWeights(0.5, only(Role.KERNEL)));
        rehearsal.step(Map.of("linear/kernel", new double[] {1}, "linear/bias", new double[] {1}));
        assertThat(rehearsal.value("linear/kernel")).containsExactly(new double[] {0}, CLOSE);
        assertThat(rehearsal.value("linear/bias")).containsExactly(new double[] {1}, CLOSE);

        int plain = one(2).by(chain()).graph().nodes().size();
        assertThat(one(2).by(addDecayedWeights(0, all())).graph().nodes()).hasSize(plain);
    }

    @Test
    void scaleByTrustRatio_makesTheDirectionAShareOfTheWeight() {
        // |w| = 5, |u| = 13: q = 0.1 · 5 / 13
        assertThat(one(3, 4).by(scaleByTrustRatio(0.1, all())).step(5, 12))
                .containsExactly(new double[] {3 - 0.5 / 13 * 5, 4 - 0.5 / 13 * 12}, CLOSE);
    }

    @Test
    void scaleByTrustRatio_isOne_whereEitherIsZero() {
        assertThat(one(0, 0).by(scaleByTrustRatio(0.1, all())).step(3, 4)).containsExactly(-3, -4);
        assertThat(one(3, 4).by(scaleByTrustRatio(0.1, all())).step(0, 0)).containsExactly(3, 4);
        assertThat(one(0, 0).by(scaleByTrustRatio(0.1, all())).step(0, 0)).containsExactly(0, 0);
    }

    @Test
    void scaleByTrustRatio_leavesWhatIsNotChosen() {
        assertThat(one(3, 4).by(scaleByTrustRatio(0.1, none())).step(5, 12)).containsExactly(-2, -8);
    }

    @Test
    void scaleByGradientTrustRatio_dividesByGradientAndDecay() {
        // |w| = 5, |u| = 13: q = 0.1 · 5 / (13 + 0.5 · 5 + 1)
        double q = 0.5 / 16.5;
        assertThat(one(3, 4).by(scaleByGradientTrustRatio(0.1, 0.5, 1, all())).step(5, 12))
                .containsExactly(new double[] {3 - q * (5 + 1.5), 4 - q * (12 + 2)}, CLOSE);
        assertThat(one(3, 4).by(scaleByGradientTrustRatio(0.1, 0.5, 1, none())).step(5, 12))
                .containsExactly(new double[] {3 - 6.5, 4 - 14}, CLOSE);
    }

    @Test
    void scaleByGradientTrustRatio_ofZeros_isBolts() {
        assertThat(one(0, 0).by(scaleByGradientTrustRatio(0.1, 0.5, 1, all())).step(3, 4))
                .containsExactly(-3, -4);
        assertThat(one(3, 4).by(scaleByGradientTrustRatio(0.1, 0.5, 1, all())).step(0, 0))
                .containsExactly(3, 4);
        assertThat(one(0, 0).by(scaleByGradientTrustRatio(0.1, 0.5, 1, all())).step(0, 0))
                .containsExactly(0, 0);
    }

    @Test
    void scaleByAdam_ofAConstant_isItsSign() {
        Rehearsal rehearsal = one(0, 0).by(scaleByAdam(0.9, 0.999, 1e-8));
        for (int k = 1; k <= 5; k++) {
            assertThat(rehearsal.step(3, -0.1)).containsExactly(new double[] {-k, k}, within(1e-6));
        }
        assertThat(rehearsal.slots())
                .containsExactly("optimizer/first_moment/layer/kernel", "optimizer/second_moment/layer/kernel");
        assertThat(rehearsal.slot("optimizer/first_moment/layer/kernel")[0])
                .isCloseTo(3 * (1 - Math.pow(0.9, 5)), within(1e-12));
    }

    @Test
    void split_betweenTwoRates_raisesThatOfSomeLayers() {
        Rehearsal rehearsal = new Rehearsal()
                .parameter("encoder/layer1/conv1/kernel", Role.KERNEL, 0)
                .parameter("encoder/layer3/conv1/kernel", Role.KERNEL, 0)
                .by(split(
                        path("encoder/layer1/**", "encoder/layer2/**"),
                        Sgd.builder().learningRate(constant(5)).weightDecay(0).build(),
                        Sgd.builder().learningRate(constant(0.5)).weightDecay(0).build()));
        double[] gradient = {1};
        rehearsal.step(Map.of("encoder/layer1/conv1/kernel", gradient, "encoder/layer3/conv1/kernel", gradient));
        assertThat(rehearsal.value("encoder/layer1/conv1/kernel")).containsExactly(-5);
        assertThat(rehearsal.value("encoder/layer3/conv1/kernel")).containsExactly(-0.5);
    }

    @Test
    void momentum_sumsWhatWentBefore() {
        Rehearsal rehearsal = one(10).by(momentum(0.5));
        assertThat(rehearsal.step(1)).containsExactly(9); // buffer 1
        assertThat(rehearsal.step(1)).containsExactly(7.5); // buffer 1.5
        assertThat(rehearsal.step(1)).containsExactly(5.75); // buffer 1.75
        assertThat(rehearsal.slot("optimizer/momentum/layer/kernel")).containsExactly(1.75);
    }

    @Test
    void nesterov_looksAhead_withTheSameBuffer() {
        Rehearsal rehearsal = one(10).by(nesterov(0.5));
        assertThat(rehearsal.step(1)).containsExactly(8.5); // buffer 1, direction 1 + 0.5
        assertThat(rehearsal.step(2)).containsExactly(5.25); // buffer 2.5, direction 2 + 1.25
        assertThat(rehearsal.slot("optimizer/momentum/layer/kernel")).containsExactly(2.5);
    }

    @Test
    void momentum_ofZero_needsNoSlot() {
        assertThat(one(1).by(momentum(0)).slots()).isEmpty();
        assertThat(one(1).by(nesterov(0)).slots()).isEmpty();
        assertThat(one(3).by(nesterov(0)).step(1)).containsExactly(2);
    }

    @Test
    void scaleByLearningRate_followsTheStep() {
        Rehearsal rehearsal = one(0).by(scaleByLearningRate(step -> step + 1));
        assertThat(rehearsal.step(1)).containsExactly(-1);
        assertThat(rehearsal.step(1)).containsExactly(-3);
        assertThat(rehearsal.step(1)).containsExactly(-6);
    }

    @Test
    void split_givesEachParameterOneRule() {
        Rehearsal rehearsal = new Rehearsal()
                .parameter("encoder/layer1/conv1/kernel", Role.KERNEL, 3, 4)
                .parameter("encoder/layer3/conv1/kernel", Role.KERNEL, 3, 4)
                .by(split(
                        path("encoder/layer1/**", "encoder/layer2/**"), scaleByTrustRatio(0.1, all()), momentum(0.9)));
        double[] gradient = {5, 12};
        for (int i = 0; i < 2; i++) {
            rehearsal.step(Map.of("encoder/layer1/conv1/kernel", gradient, "encoder/layer3/conv1/kernel", gradient));
        }
        assertThat(rehearsal.value("encoder/layer3/conv1/kernel"))
                .containsExactly(new double[] {3 - 5 * 2.9, 4 - 12 * 2.9}, CLOSE);
        double[] adapted = {3 - 0.5 / 13 * 5, 4 - 0.5 / 13 * 12};
        double q = 0.1 * Math.hypot(adapted[0], adapted[1]) / 13;
        assertThat(rehearsal.value("encoder/layer1/conv1/kernel"))
                .containsExactly(new double[] {adapted[0] - q * 5, adapted[1] - q * 12}, CLOSE);
        assertThat(rehearsal.slots()).containsExactly("optimizer/momentum/encoder/layer3/conv1/kernel");
    }

    private static Rehearsal two(Optimizer rule) {
        return new Rehearsal()
                .parameter("a/kernel", Role.KERNEL, 1, -2)
                .parameter("b/bias", Role.BIAS, 0.5)
                .by(rule);
    }

    private static Map<String, double[]> gradients(double a0, double a1, double b0) {
        return Map.of("a/kernel", new double[] {a0, a1}, "b/bias", new double[] {b0});
    }

    @Test
    void clipByGlobalNorm_shortensAllGradientsTogether() {
        Rehearsal rehearsal = two(clipByGlobalNorm(1));
        rehearsal.step(gradients(3, 0, 4)); // of length 5
        assertThat(rehearsal.value("a/kernel")).containsExactly(new double[] {1 - 0.6, -2}, CLOSE);
        assertThat(rehearsal.value("b/bias")).containsExactly(new double[] {0.5 - 0.8}, CLOSE);
    }

    @Test
    void clipByGlobalNorm_keepsTheBits_upToTheLimit() {
        Rehearsal clipped = two(clipByGlobalNorm(0.7));
        Rehearsal plain = two(chain());
        for (double[] g : new double[][] {{0.1, 0.2, -0.3}, {0.7, 0, 0}, {0, 0, 0}}) {
            clipped.step(gradients(g[0], g[1], g[2]));
            plain.step(gradients(g[0], g[1], g[2]));
            assertThat(clipped.value("a/kernel")).containsExactly(plain.value("a/kernel"));
            assertThat(clipped.value("b/bias")).containsExactly(plain.value("b/bias"));
        }
    }

    /**
     * Made with PyTorch 1.13 in float64: {@code SGD([a, b], lr=0.1, momentum=0.9, weight_decay=0.01)} from a = (1, -2) and b = 0.5,
     * and {@code clip_grad_norm_([a, b], 1.0)} before each step. Its epsilon of 1e-6 is the difference.
     */
    @Test
    void clipByGlobalNorm_beforeSgd_asPyTorch() {
        Rehearsal rehearsal = two(chain(
                clipByGlobalNorm(1),
                Sgd.builder()
                        .learningRate(constant(0.1))
                        .momentum(0.9)
                        .weightDecay(0.01)
                        .decayed(all())
                        .build()));
        double[][] gradients = {{3, 0, 4}, {0.1, 0.2, -0.2}, {-6, 2, 3}};
        double[][] torch = {
            {0.9390000119999976, -1.998, 0.4195000159999968},
            {0.8731610227879955, -2.014202, 0.3666305303839939},
            {0.898747044943795, -2.0553410224897966, 0.27582422606451257}
        };
        for (int k = 0; k < torch.length; k++) {
            rehearsal.step(gradients(gradients[k][0], gradients[k][1], gradients[k][2]));
            assertThat(rehearsal.value("a/kernel"))
                    .containsExactly(new double[] {torch[k][0], torch[k][1]}, within(1e-7));
            assertThat(rehearsal.value("b/bias")).containsExactly(new double[] {torch[k][2]}, within(1e-7));
        }
    }

    @Test
    void clipByGlobalNorm_asksForOneNorm_whateverTheParameters() {
        long norms = two(clipByGlobalNorm(1)).graph().nodes().stream()
                .filter(node -> node.op() == Op.Pointwise.SQRT)
                .count();
        assertThat(norms).isEqualTo(1);
    }

    @Test
    void split_measuresTheNormOfAllGradients_oneSideAtATime() {
        Optimizer clip = clipByGlobalNorm(1);
        Rehearsal rehearsal = new Rehearsal()
                .parameter("encoder/a", Role.KERNEL, 0)
                .parameter("encoder/b", Role.KERNEL, 0)
                .parameter("probe/kernel", Role.KERNEL, 0)
                .by(split(path("probe/**"), clip, clip));
        rehearsal.step(Map.of(
                "encoder/a", new double[] {3}, "encoder/b", new double[] {4}, "probe/kernel", new double[] {1e6}));
        assertThat(rehearsal.value("encoder/a")[0]).isCloseTo(-0.6, within(1e-12));
        assertThat(rehearsal.value("encoder/b")[0]).isCloseTo(-0.8, within(1e-12));
        assertThat(rehearsal.value("probe/kernel")[0]).isCloseTo(-1, within(1e-12));
    }

    @Test
    void split_betweenTwoRulesWithMomentum_needsNoNames() {
        Rehearsal rehearsal = new Rehearsal()
                .parameter("a/kernel", Role.KERNEL, 1)
                .parameter("b/kernel", Role.KERNEL, 1)
                .by(split(path("a/*"), momentum(0.5), nesterov(0.9)));
        assertThat(rehearsal.slots()).containsExactly("optimizer/momentum/a/kernel", "optimizer/momentum/b/kernel");
    }

    @Test
    void chain_ofTwoMomenta_needsNames() {
        assertThatIllegalStateException()
                .isThrownBy(() -> one(1).by(chain(momentum(0.5), momentum(0.9))))
                .withMessageContaining("momentum")
                .withMessageContaining("layer/kernel");

        Rehearsal rehearsal = one(0).by(chain(momentum(0.5), named("outer", momentum(0.5))));
        assertThat(rehearsal.slots())
                .containsExactly("optimizer/momentum/layer/kernel", "optimizer/outer/momentum/layer/kernel");
        assertThat(rehearsal.step(1)).containsExactly(-1); // 1, 1
        assertThat(rehearsal.step(0)).containsExactly(-2); // 0.5, 0.5 + 0.5
    }

    @Test
    void named_nests() {
        assertThat(one(1).by(named("a", named("b", momentum(0.5)))).slots())
                .containsExactly("optimizer/a/b/momentum/layer/kernel");
    }

    @Test
    void rules_print_andCompareByValue() {
        Optimizer rule = chain(addDecayedWeights(0.1, only(Role.KERNEL)), named("m", momentum(0.9)));
        assertThat(rule)
                .isEqualTo(chain(addDecayedWeights(0.1, only(Role.KERNEL)), named("m", momentum(0.9))))
                .isNotEqualTo(chain(addDecayedWeights(0.1, only(Role.KERNEL)), named("m", momentum(0.8))))
                .hasToString("Chain[parts=[AddDecayedWeights[decay=0.1, filter=only(KERNEL)],"
                        + " Named[name=m, part=Momentum[momentum=0.9]]]]");
    }

    @Test
    void settings_outOfRange_areNamed() {
        refused(() -> momentum(1), "momentum must be in [0, 1), got 1.0");
        refused(() -> nesterov(-0.1), "momentum must be in [0, 1), got -0.1");
        refused(() -> momentum(Double.NaN), "momentum must be in [0, 1), got NaN");
        refused(() -> addDecayedWeights(-1, all()), "weight decay must be finite and at least 0, got -1.0");
        refused(() -> addDecayedWeights(Double.NaN, all()), "weight decay must be finite and at least 0, got NaN");
        refused(() -> scaleByTrustRatio(0, all()), "trust coefficient must be finite and above 0, got 0.0");
        refused(
                () -> scaleByGradientTrustRatio(0, 0, 1, all()),
                "trust coefficient must be finite and above 0, got 0.0");
        refused(
                () -> scaleByGradientTrustRatio(1, -1, 1, all()),
                "weight decay must be finite and at least 0, got -1.0");
        refused(() -> scaleByGradientTrustRatio(1, 0, 0, all()), "epsilon must be finite and above 0, got 0.0");
        refused(() -> scaleByAdam(1, 0, 1), "beta1 must be in [0, 1), got 1.0");
        refused(() -> scaleByAdam(0, 1, 1), "beta2 must be in [0, 1), got 1.0");
        refused(() -> scaleByAdam(0, 0, Double.NaN), "epsilon must be finite and above 0, got NaN");
        refused(() -> clipByGlobalNorm(0), "limit must be finite and above 0, got 0.0");
        refused(() -> clipByGlobalNorm(Double.POSITIVE_INFINITY), "limit must be finite and above 0, got Infinity");
        refused(
                () -> named("", momentum(0)),
                "a part's name must not be empty nor begin or end with a slash, got \"\"");
        refused(
                () -> named("a/", momentum(0)),
                "a part's name must not be empty nor begin or end with a slash, got \"a/\"");
    }

    private static Rehearsal one(double... start) {
        return new Rehearsal().parameter("layer/kernel", Role.KERNEL, start);
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
    }
}
