package dev.byol.optim;

import static dev.byol.optim.Filters.all;
import static dev.byol.optim.Filters.none;
import static dev.byol.optim.Filters.only;
import static dev.byol.optim.Filters.path;
import static dev.byol.optim.Schedules.constant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.byol.api.Optimizer;
import dev.byol.api.Parameter.Role;
import dev.byol.api.Schedule;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LarsTest {
    private static final Offset<Double> CLOSE = within(1e-14);

    /** Each source's loop over one parameter, with its own branches. */
    private enum Source {
        DEEPMIND {
            @Override
            Lars.Builder ours() {
                return Lars.deepMind();
            }

            @Override
            void step(Vector w, double[] g, Settings s) {
                double[] u = w.plus(g, s.decay);
                double q = w.norm() > 0 ? norm(u) > 0 ? s.eta * w.norm() / norm(u) : 1 : 1;
                w.move(s.adapted ? q : 1, u, s, false);
            }
        },
        SIMCLR {
            @Override
            Lars.Builder ours() {
                return Lars.simclr();
            }

            @Override
            void step(Vector w, double[] g, Settings s) {
                double[] u = w.plus(g, s.decay);
                double q = w.norm() > 0 ? norm(u) > 0 ? s.eta * w.norm() / norm(u) : 1 : 1;
                w.move(s.adapted ? q : 1, u, s, true);
            }
        },
        BOLTS {
            @Override
            Lars.Builder ours() {
                return Lars.bolts();
            }

            @Override
            void step(Vector w, double[] g, Settings s) {
                if (s.decay != 0 && w.norm() != 0 && norm(g) != 0) {
                    double q = w.norm() / (norm(g) + w.norm() * s.decay + 1e-8) * s.eta;
                    w.move(q, w.plus(g, s.decay), s, false);
                } else {
                    w.move(1, g, s, false);
                }
            }
        },
        SOLO_LEARN {
            @Override
            Lars.Builder ours() {
                return Lars.soloLearn();
            }

            @Override
            void step(Vector w, double[] g, Settings s) {
                solo(w, g, s, false);
            }
        },
        SOLO_LEARN_CLIPPED {
            @Override
            Lars.Builder ours() {
                return Lars.soloLearn().clipped(true);
            }

            @Override
            void step(Vector w, double[] g, Settings s) {
                solo(w, g, s, true);
            }
        },
        YOU2017 {
            @Override
            Lars.Builder ours() {
                return Lars.you2017();
            }

            @Override
            void step(Vector w, double[] g, Settings s) {
                double q = s.adapted ? s.eta * w.norm() / (norm(g) + s.decay * w.norm()) : 1;
                w.move(q, w.plus(g, s.decay), s, true);
            }
        };

        abstract Lars.Builder ours();

        abstract void step(Vector w, double[] g, Settings s);

        private static void solo(Vector w, double[] g, Settings s, boolean clip) {
            if (s.adapted && w.norm() != 0 && norm(g) != 0) {
                double q = w.norm() / (norm(g) + w.norm() * s.decay + 1e-8) * s.eta;
                w.move(clip ? Math.min(q / s.rate, 1) : q, w.plus(g, s.decay), s, false);
            } else {
                w.move(1, g, s, false);
            }
        }
    }

    private record Settings(double rate, double momentum, double decay, double eta, boolean adapted) {}

    private static final class Vector {
        private final double[] values;
        private final double[] buffer;

        Vector(double... start) {
            values = start.clone();
            buffer = new double[start.length];
        }

        double norm() {
            return LarsTest.norm(values);
        }

        double[] plus(double[] g, double decay) {
            double[] u = g.clone();
            Arrays.setAll(u, i -> g[i] + decay * values[i]);
            return u;
        }

        void move(double q, double[] u, Settings s, boolean inside) {
            for (int i = 0; i < values.length; i++) {
                buffer[i] = s.momentum * buffer[i] + (inside ? s.rate : 1) * q * u[i];
                values[i] -= (inside ? 1 : s.rate) * buffer[i];
            }
        }
    }

    private static double norm(double[] values) {
        return Math.sqrt(Arrays.stream(values).map(v -> v * v).sum());
    }

    /** Ours beside theirs: a rate that begins and ends at 0, gradients small, large and all zero. */
    private static void compare(Source source, double decay, boolean adapted, double... start) {
        Schedule rate = Schedules.warmupCosine(3, 1, 6);
        boolean decays = adapted || source == Source.DEEPMIND || source == Source.SIMCLR; // the others tie both
        Lars.Builder builder = source.ours()
                .learningRate(rate)
                .weightDecay(decay)
                .trustCoefficient(0.02)
                .decayed(decays ? all() : none())
                .adapted(adapted ? all() : none());
        Rehearsal ours =
                new Rehearsal().parameter("layer/kernel", Role.KERNEL, start).by(builder.build());
        Vector theirs = new Vector(start);
        double[][] gradients = {{3, 4, 12}, {-1, 0, 0.5}, {0, 0, 0}, {1e-3, 2e-3, -1e-3}, {1e-9, 0, 0}, {1, 1, 1}};
        for (int k = 0; k < gradients.length; k++) {
            source.step(theirs, gradients[k], new Settings(rate.at(k), 0.9, decays ? decay : 0, 0.02, adapted));
            assertThat(ours.step(gradients[k]))
                    .as("%s, step %s", source, k)
                    .containsExactly(theirs.values, within(1e-12));
        }
    }

    @ParameterizedTest
    @EnumSource
    void dialect_adapted_asItsSource(Source source) {
        compare(source, 0.1, true, 1, -2, 2);
    }

    @ParameterizedTest
    @EnumSource
    void dialect_notAdapted_asItsSource(Source source) {
        compare(source, 0.1, false, 1, -2, 2);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "YOU2017") // 0 / 0 where both are zero
    void dialect_fromZeroWeights_asItsSource(Source source) {
        compare(source, 0.1, true, 0, 0, 0);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "YOU2017")
    void dialect_withoutDecay_asItsSource(Source source) {
        compare(source, 0, true, 1, -2, 2);
    }

    @Test
    void you2017_zeroWeights_areFrozen() {
        Rehearsal ours = layer(0, 0)
                .by(Lars.you2017().learningRate(constant(0.5)).weightDecay(0.1).build());
        assertThat(ours.step(3, 4)).containsExactly(0, 0);
        assertThat(ours.step(1, 0)).containsExactly(0, 0);
    }

    @Test
    void you2017_withoutDecay_dividesByTheGradientAlone_evenByZero() {
        Lars lars = Lars.you2017()
                .learningRate(constant(1))
                .weightDecay(0)
                .trustCoefficient(0.1)
                .build();
        assertThat(layer(3, 4).by(lars).step(5, 12))
                .containsExactly(new double[] {3 - 0.5 / 13 * 5, 4 - 0.5 / 13 * 12}, CLOSE);
        Rehearsal ours = layer(3, 4).by(lars);
        assertThatThrownBy(() -> ours.step(0, 0))
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("0.5 / 0");
    }

    @Test
    void bolts_withoutDecay_isPlainMomentum() {
        Lars lars = Lars.bolts()
                .learningRate(constant(0.5))
                .weightDecay(0)
                .momentum(0)
                .build();
        Rehearsal ours = layer(3, 4).by(lars);
        assertThat(ours.step(1, 2)).containsExactly(2.5, 3);
        assertThat(ours.reports()).isEmpty();
        assertThat(layer(3, 4)
                        .by(Lars.soloLearn()
                                .learningRate(constant(1))
                                .weightDecay(0)
                                .trustCoefficient(0.1)
                                .build())
                        .step(3, 4))
                .containsExactly(new double[] {2.7, 3.6}, within(1e-8));
    }

    @Test
    void bolts_withoutGradient_doesNotDecay_othersDo() {
        Function<Lars.Builder, double[]> moved = builder -> layer(4).by(builder.learningRate(constant(1))
                        .weightDecay(0.5)
                        .trustCoefficient(0.1)
                        .build())
                .step(0);
        assertThat(moved.apply(Lars.bolts())).containsExactly(4);
        assertThat(moved.apply(Lars.soloLearn())).containsExactly(4);
        assertThat(moved.apply(Lars.deepMind())).containsExactly(new double[] {3.6}, CLOSE);
        assertThat(moved.apply(Lars.you2017())).containsExactly(new double[] {3.6}, CLOSE);
    }

    @Test
    void soloLearn_clipped_neverMovesFasterThanTheRate() {
        Lars.Builder builder = Lars.soloLearn()
                .learningRate(constant(0.25))
                .weightDecay(0)
                .trustCoefficient(1)
                .momentum(0);
        assertThat(layer(3, 4).by(builder.build()).step(0.3, 0.4))
                .containsExactly(new double[] {3 - 0.75, 4 - 1}, within(1e-6)); // q = 10
        assertThat(layer(3, 4).by(builder.clipped(true).build()).step(0.3, 0.4))
                .containsExactly(new double[] {3 - 0.075, 4 - 0.1}, CLOSE); // q = 1
    }

    @Test
    void simclr_keepsTheRateInTheBuffer() {
        Schedule rate = Schedules.multiStep(1, 0.5, 1);
        double[] none = {0};
        Rehearsal inside = layer(10)
                .by(Lars.simclr()
                        .learningRate(rate)
                        .weightDecay(0)
                        .momentum(0.5)
                        .trustCoefficient(0.1)
                        .build());
        inside.step(7);
        assertThat(inside.step(none)).containsExactly(new double[] {9 - 0.5}, CLOSE);
        Rehearsal outside = layer(10)
                .by(Lars.deepMind()
                        .learningRate(rate)
                        .weightDecay(0)
                        .momentum(0.5)
                        .trustCoefficient(0.1)
                        .build());
        outside.step(7);
        assertThat(outside.step(none)).containsExactly(new double[] {9 - 0.25}, CLOSE);
    }

    @Test
    void lars_isBlindToTheScaleOfAKernelsGradient() {
        Lars lars = Lars.deepMind().learningRate(constant(1)).weightDecay(0).build();
        double[] small = layer(1, 2).by(lars).step(1e-6, 3e-6);
        double[] large = layer(1, 2).by(lars).step(1e6, 3e6);
        assertThat(small).containsExactly(large, CLOSE);
    }

    @Test
    void lars_byDefault_treatsBiasesAndNormsAsPlainMomentum() {
        for (Lars.Builder builder : List.of(Lars.deepMind(), Lars.simclr(), Lars.bolts(), Lars.soloLearn())) {
            Rehearsal rehearsal = new Rehearsal()
                    .parameter("a/bias", Role.BIAS, 2)
                    .parameter("b/scale", Role.NORM_SCALE, 2)
                    .parameter("b/offset", Role.NORM_OFFSET, 2)
                    .by(builder.learningRate(constant(0.1))
                            .momentum(0.5)
                            .weightDecay(0.3)
                            .build());
            double[] one = {1};
            for (int i = 0; i < 2; i++) {
                rehearsal.step(Map.of("a/bias", one, "b/scale", one, "b/offset", one));
            }
            for (String path : new String[] {"a/bias", "b/scale", "b/offset"}) {
                assertThat(rehearsal.value(path)).as(path).containsExactly(new double[] {2 - 0.1 - 0.15}, CLOSE);
            }
            assertThat(rehearsal.reports()).isEmpty();
        }
    }

    @Test
    void lars_withFiltersOfTheirOwn_decaysAndAdaptsIndependently() {
        Lars lars = Lars.deepMind()
                .learningRate(constant(1))
                .momentum(0)
                .weightDecay(0.5)
                .trustCoefficient(0.1)
                .decayed(only(Role.BIAS))
                .build();
        Rehearsal rehearsal = new Rehearsal()
                .parameter("a/kernel", Role.KERNEL, 2)
                .parameter("a/bias", Role.BIAS, 2)
                .by(lars);
        rehearsal.step(Map.of("a/kernel", new double[] {0}, "a/bias", new double[] {0}));
        assertThat(rehearsal.value("a/kernel")).containsExactly(2);
        assertThat(rehearsal.value("a/bias")).containsExactly(1);
        assertThat(rehearsal.slots()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5})
    void localRate_isTheTrustRatioTimesTheRate(double decay) {
        // |w| = 5, |g| = 13, u = g + decay w
        double[] u = {5 + decay * 3, 12 + decay * 4};
        Map<Lars.Builder, Double> ratios = Map.of(
                Lars.deepMind(), 5 / norm(u),
                Lars.simclr(), 5 / norm(u),
                Lars.soloLearn(), 5 / (13 + decay * 5 + 1e-8),
                Lars.you2017(), 5 / (13 + decay * 5));
        ratios.forEach((builder, ratio) -> {
            Rehearsal rehearsal = new Rehearsal()
                    .parameter("a/kernel", Role.KERNEL, 3, 4)
                    .parameter("a/bias", Role.BIAS, 3, 4)
                    .by(builder.learningRate(constant(2))
                            .weightDecay(decay)
                            .trustCoefficient(0.1)
                            .adapted(only(Role.KERNEL))
                            .build());
            double[] gradient = {5, 12};
            rehearsal.step(Map.of("a/kernel", gradient, "a/bias", gradient));
            assertThat(rehearsal.reports()).containsOnlyKeys("lars/local_rate/a/kernel");
            assertThat(rehearsal.reports().get("lars/local_rate/a/kernel")).isCloseTo(2 * 0.1 * ratio, CLOSE);
        });
    }

    @Test
    void localRate_growsAsTheGradientVanishes() {
        Rehearsal rehearsal = layer(3, 4)
                .by(Lars.deepMind()
                        .learningRate(constant(0.2))
                        .weightDecay(1e-6)
                        .momentum(0)
                        .build());
        double last = 0;
        for (double size : new double[] {1, 1e-2, 1e-4}) {
            rehearsal.step(size, -size);
            double rate = rehearsal.reports().get("lars/local_rate/layer/kernel");
            assertThat(rate).isGreaterThan(10 * last);
            last = rate;
        }
    }

    @Test
    void localRate_canBeLeftOut_withoutADifference() {
        Lars.Builder builder = Lars.deepMind().learningRate(constant(0.5));
        Rehearsal reporting = layer(1, 2).by(builder.build());
        Rehearsal silent = layer(1, 2).by(builder.reported(false).build());
        assertThat(silent.step(3, 4)).containsExactly(reporting.step(3, 4));
        assertThat(silent.reports()).isEmpty();
        // One multiplication and what keeps the gradient from a report: whole parameters are not touched.
        assertThat(reporting.graph().nodes()).hasSize(silent.graph().nodes().size() + 2);
    }

    @Test
    void lars_onEarlyLayers_leavesTheRestToSgd() {
        Lars lars = Lars.you2017()
                .learningRate(constant(1))
                .momentum(0)
                .trustCoefficient(0.1)
                .weightDecay(0)
                .build();
        Sgd sgd = Sgd.builder()
                .learningRate(constant(0.5))
                .momentum(0)
                .weightDecay(0)
                .build();
        String[] paths = {
            "encoder/conv1/kernel",
            "encoder/layer1/block0/conv1/kernel",
            "encoder/layer2/block1/shortcut/conv/kernel",
            "encoder/layer3/block0/conv1/kernel",
            "projector/linear0/kernel",
            "predictor/linear1/kernel"
        };
        assertThat(adaptedBy(Rules.split(path("encoder/layer1/**", "encoder/layer2/**"), lars, sgd), paths))
                .containsExactly(paths[1], paths[2]);
        assertThat(adaptedBy(Rules.split(path("projector/**", "predictor/**"), lars, sgd), paths))
                .containsExactly(paths[4], paths[5]);
        assertThat(adaptedBy(lars, paths)).containsExactly(paths);
    }

    /** The paths that moved by a tenth of their length and reported a local rate; the others moved by half of their gradient. */
    private static List<String> adaptedBy(Optimizer rule, String... paths) {
        Rehearsal rehearsal = new Rehearsal();
        for (String path : paths) {
            rehearsal.parameter(path, Role.KERNEL, 4);
        }
        rehearsal.by(rule);
        rehearsal.step(Arrays.stream(paths).collect(Collectors.toMap(Function.identity(), path -> new double[] {8})));
        List<String> adapted = Arrays.stream(paths)
                .filter(path -> rehearsal.reports().containsKey(Lars.LOCAL_RATE + "/" + path))
                .toList();
        for (String path : paths) {
            assertThat(rehearsal.value(path))
                    .as(path)
                    .containsExactly(new double[] {adapted.contains(path) ? 3.6 : 0}, CLOSE);
        }
        return adapted;
    }

    @Test
    void builders_begin_asTheirSources() {
        Schedule rate = constant(0.5);
        assertThat(Lars.deepMind().learningRate(rate).build())
                .hasToString(
                        "Lars[dialect=DEEPMIND, learningRate=Constant[value=0.5], momentum=0.9, weightDecay=1.5E-6,"
                                + " trustCoefficient=0.001, clipped=false, reported=true, decayed=only(KERNEL),"
                                + " adapted=only(KERNEL)]");
        assertThat(Lars.you2017().learningRate(rate).build())
                .hasToString("Lars[dialect=YOU2017, learningRate=Constant[value=0.5], momentum=0.9, weightDecay=1.0E-4,"
                        + " trustCoefficient=0.001, clipped=false, reported=true, decayed=all(), adapted=all()]");
        assertThat(Lars.simclr().learningRate(rate).build().weightDecay()).isEqualTo(1e-6);
        assertThat(Lars.bolts().learningRate(rate).build().dialect()).isEqualTo(Lars.Dialect.BOLTS);
        assertThat(Lars.soloLearn().learningRate(rate).build().clipped()).isFalse();
    }

    @Test
    void builder_refusesWhatIsMissingOrOutOfRange() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Lars.deepMind().build())
                .withMessage("learningRate must be set");
        Lars.Builder builder = Lars.deepMind().learningRate(constant(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.trustCoefficient(-1).build())
                .withMessage("trust coefficient must be finite and above 0, got -1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.trustCoefficient(1).momentum(1).build())
                .withMessage("momentum must be in [0, 1), got 1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.momentum(0)
                        .weightDecay(Double.POSITIVE_INFINITY)
                        .build())
                .withMessage("weight decay must be finite and at least 0, got Infinity");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.weightDecay(0).clipped(true).build())
                .withMessage("only solo-learn clips the trust ratio, got DEEPMIND");
    }

    private static Rehearsal layer(double... start) {
        return new Rehearsal().parameter("layer/kernel", Role.KERNEL, start);
    }
}
