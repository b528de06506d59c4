package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.byol.api.Shape;
import dev.byol.api.TargetUpdater;
import dev.byol.api.Tensor;
import dev.byol.api.method.Byol;
import dev.byol.api.method.Contrast;
import dev.byol.api.method.Cosines;
import dev.byol.api.method.MoCo;
import dev.byol.api.method.SimSiam;
import dev.byol.golden.Golden;
import dev.byol.golden.GoldenCase;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Losses and their gradients against PyTorch's double precision. */
class LossesGoldenTest {
    private static final String COLLAPSED = "_collapsed";
    private static final Golden GOLDEN = Golden.open("losses");

    @TestFactory
    Stream<DynamicTest> loss_asPyTorch() {
        return GOLDEN.cases().stream().map(c -> DynamicTest.dynamicTest(c.string("name"), () -> check(c)));
    }

    private static void check(GoldenCase c) {
        String name = c.string("name");
        try (Harness harness = Harness.training(Shape.scalar(), Shape.scalar())) {
            Map<String, Tensor> in = new LinkedHashMap<>();
            Map<String, float[]> values = new HashMap<>();
            for (String input : c.strings("inputs")) {
                in.put(
                        input,
                        harness.step.input(
                                input, Shape.of(GOLDEN.tensor("in." + input).shape())));
                values.put(input, GOLDEN.tensor("in." + input).floats());
            }
            if (name.equals("pos_neg_cos")) {
                List<Tensor> pair = List.copyOf(in.values());
                Cosines.Pair cosines = Cosines.Pair.of(pair.get(0), pair.get(1));
                Map<String, float[]> found =
                        harness.run(Map.of("pos", cosines.positive(), "neg", cosines.negative()), values);
                assertThat((double) found.get("pos")[0]).isCloseTo(c.number("pos_cos"), within(1e-5));
                assertThat((double) found.get("neg")[0]).isCloseTo(c.number("neg_cos"), within(1e-5));
                return;
            }
            Tensor loss = loss(c, in, harness);
            Map<String, Tensor> outputs = new LinkedHashMap<>();
            outputs.put("loss", loss);
            c.strings("grads").forEach(g -> outputs.put(g, harness.gradient(loss, in.get(g))));
            Map<String, float[]> found = harness.run(outputs, values);
            double expected = c.number("loss");
            // Collapsed cases are ill-conditioned: ten times the tolerance, or ten times what PyTorch's float32 is off.
            boolean collapsed = name.endsWith(COLLAPSED);
            double relative = collapsed ? 1e-4 : 1e-5;
            double slack = collapsed ? 10 * Math.abs(c.number("loss_f32") - expected) : 0;
            assertThat((double) found.get("loss")[0])
                    .isCloseTo(expected, within(Math.max(relative * Math.abs(expected), slack)));
            double largest = 0;
            for (String g : c.strings("grads")) {
                for (float v : GOLDEN.tensor(name + ".d" + g).floats()) {
                    largest = Math.max(largest, Math.abs(v));
                }
            }
            double tolerance = Math.max(relative * largest, collapsed ? 10 * c.number("grad_f32_vs_f64_maxabs") : 0);
            for (String g : c.strings("grads")) {
                float[] reference = GOLDEN.tensor(name + ".d" + g).floats();
                assertThat(found.get(g)).hasSameSizeAs(reference);
                for (int i = 0; i < reference.length; i++) {
                    assertThat((double) found.get(g)[i])
                            .as("gradient of %s at %d", g, i)
                            .isCloseTo(reference[i], within(tolerance));
                }
            }
        }
    }

    private static Tensor loss(GoldenCase c, Map<String, Tensor> in, Harness harness) {
        String name = c.string("name");
        List<Tensor> pair = List.copyOf(in.values());
        return switch (kind(name)) {
            case "ntxent" -> OtherLosses.ntXent(pair.get(0), pair.get(1), c.number("T"));
            case "barlow_twins" -> OtherLosses.barlowTwins(pair.get(0), pair.get(1), c.number("lam"));
            case "vicreg", "vicreg_collapsed" -> OtherLosses.vicReg(pair.get(0), pair.get(1), c.numbers("weights"));
            case "moco_queue", "inbatch_ce" -> moco(Contrast.crossEntropy(c.number("T")), in, harness);
            case "eqco" -> moco(Contrast.eqCo(c.number("T"), c.number("alpha")), in, harness);
            case "ip_queue" -> moco(Contrast.innerProduct(), in, harness);
            case "bce_queue" -> moco(Contrast.binaryCrossEntropy(c.number("T")), in, harness);
            default -> regression(c, in);
        };
    }

    /** The name without its temperature. */
    private static String kind(String name) {
        return name.replaceFirst("_T[\\d.]+(_collapsed)?$", "");
    }

    /** The method itself, on views that are encoded as given; without a queue among the inputs, of the batch alone. */
    private static Tensor moco(Contrast contrast, Map<String, Tensor> in, Harness harness) {
        Tensor queue = in.get("queue");
        MoCo moco = MoCo.builder()
                .encoder((branch, view) -> view.equals(harness.step.view(0)) ? in.get("q1") : in.get("k2"))
                .projector((branch, y) -> y)
                .updater(TargetUpdater.frozen())
                .contrast(contrast)
                .queue(queue == null ? 0 : queue.shape().dimension(1))
                .build();
        if (queue != null) {
            harness.set("target/queue", GOLDEN.tensor("in.queue").transposed(1, 0));
        }
        return moco.loss(harness.step);
    }

    private static Tensor regression(GoldenCase c, Map<String, Tensor> in) {
        String name = c.string("name");
        boolean collapsed = name.endsWith(COLLAPSED);
        BinaryOperator<Tensor> direction =
                switch (collapsed ? name.substring(0, name.length() - COLLAPSED.length()) : name) {
                    case "byol_deepmind" -> Byol::regression;
                    case "byol_reference_ip", "byol_reference_ip_x2" -> // 1 - cos, times a constant factor
                        (q, k) -> Byol.regression(q, k).times(c.number("loss_constant_factor") / 2);
                    case "simsiam" -> (q, k) -> SimSiam.negativeCosine(q, k).dividedBy(2);
                    default -> Assumptions.abort("a loss of the kind " + name + " is not built yet");
                };
        Tensor q1 = in.get(collapsed ? "c1" : "q1");
        Tensor q2 = in.get(collapsed ? "c2" : "q2");
        Tensor k1 = collapsed ? q1.stopGradient() : in.get("k1");
        Tensor k2 = collapsed ? q2.stopGradient() : in.get("k2");
        return direction.apply(q1, k2).plus(direction.apply(q2, k1));
    }
}
