package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.byol.api.TargetUpdater;
import dev.byol.api.method.Byol;
import dev.byol.api.nn.Mlp;
import dev.byol.api.nn.Norm;
import dev.byol.api.nn.ResNet;
import dev.byol.optim.Schedules;
import dev.byol.optim.Sgd;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * bfloat16 learns as float32 does, at the learning rate of a real run: both see the same views, and their losses, smoothed over 20 steps,
 * stay within 2 % of each other. 40 steps of 200 by default; {@code -Dbyol.test.bfloat16Steps=200} for all.
 *
 * <p>Where that can be asked: the views are mostly noise, so that the loss stays near 2, and the target is slow. On views that are
 * learned by heart two runs in float32 whose start values differ by one part in a million part by 20 % and more within 200 steps.
 * Here such runs part by 0.6 to 3.3 % in 200 steps (by 0.1 % in 40, at half the rate): a verdict on all 200 takes several runs of
 * each kind (docs/reliability.md).
 */
class PrecisionTest {
    private static final int SIDE = 16;
    private static final int BATCH = 64;
    private static final int WINDOW = 20;
    private static final int ALL = 200;
    private static final double NOISE = 0.9;

    private static double[] losses(Precision precision, int steps) {
        Byol byol = new Byol(
                ResNet.resNet10Tiny().withStem(ResNet.Stem.SMALL),
                new Mlp(2, 64, 32, Norm.batch()),
                new Mlp(2, 64, 32, Norm.batch()),
                TargetUpdater.ema(step -> 0.99));
        try (Trainer trainer = Trainer.builder()
                .method(byol)
                .optimizer(Sgd.builder()
                        .learningRate(Schedules.warmupCosine(0.1, 10, ALL))
                        .build())
                .images(ImageFormat.rgb(SIDE))
                .batch(BATCH)
                .precision(precision)
                .build()) {
            double[] losses = new double[steps];
            for (int step = 0; step < steps; step++) {
                SplittableRandom random = new SplittableRandom(step);
                byte[] first = new byte[BATCH * SIDE * SIDE * 3];
                byte[] second = new byte[first.length];
                for (int image = 0; image < BATCH; image++) {
                    pair(random, image * SIDE * SIDE * 3, first, second);
                }
                losses[step] = trainer.step(first, second).loss();
            }
            return losses;
        }
    }

    /** Two views of one coloured wave, each with a brightness and a place of its own, under noise. */
    private static void pair(SplittableRandom random, int offset, byte[]... views) {
        double angle = random.nextDouble(Math.PI);
        double wave = random.nextDouble(0.2, 1.5);
        double[] colour = {random.nextDouble(), random.nextDouble(), random.nextDouble()};
        for (byte[] view : views) {
            double phase = random.nextDouble(2 * Math.PI);
            double bright = random.nextDouble(0.6, 1);
            for (int i = 0; i < SIDE * SIDE * 3; i++) {
                int x = i / 3 % SIDE;
                int y = i / 3 / SIDE;
                double value = 1 + Math.sin(wave * (x * Math.cos(angle) + y * Math.sin(angle)) + phase);
                double signal = bright * colour[i % 3] * value / 2;
                view[offset + i] = (byte) (255 * ((1 - NOISE) * signal + NOISE * random.nextDouble()));
            }
        }
    }

    private static double[] smoothed(double... losses) {
        double[] means = new double[losses.length - WINDOW + 1];
        Arrays.setAll(means, i -> Arrays.stream(losses, i, i + WINDOW).average().orElseThrow());
        return means;
    }

    @Test
    void bfloat16_followsFloat32_atANormalLearningRate() {
        int steps = Integer.getInteger("byol.test.bfloat16Steps", 40);
        double[] losses = losses(Precision.FLOAT32, steps);
        double[] full = smoothed(losses);
        double[] reduced = smoothed(losses(Precision.BFLOAT16, steps));
        assertThat(full[full.length - 1]).isLessThan(0.7 * losses[0]); // it learns
        double largest = 0;
        for (int i = 0; i < full.length; i++) {
            largest = Math.max(largest, Math.abs(reduced[i] - full[i]) / full[i]);
        }
        System.getLogger(PrecisionTest.class.getName())
                .log(System.Logger.Level.INFO, "{0} steps: the losses differ by {1} % at most", steps, 100 * largest);
        assertThat(largest).isCloseTo(0, within(0.02));
        assertThat(largest).isPositive();
    }
}
