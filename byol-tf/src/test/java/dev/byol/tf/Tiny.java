package dev.byol.tf;

import dev.byol.api.Branch;
import dev.byol.api.Encoder;
import dev.byol.api.Initializer;
import dev.byol.api.Method;
import dev.byol.api.Optimizer;
import dev.byol.api.Parameter;
import dev.byol.api.Parameter.Role;
import dev.byol.api.Schedule;
import dev.byol.api.Shape;
import dev.byol.api.Step;
import dev.byol.api.TargetUpdater;
import dev.byol.api.Tensor;
import dev.byol.api.method.Byol;
import dev.byol.api.nn.Linear;
import dev.byol.api.nn.Mlp;
import dev.byol.api.nn.Norm;
import dev.byol.api.nn.ResNet;
import dev.byol.optim.Rules;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;

/** Methods and trainers that are as small as a test needs. */
final class Tiny {
    /** One grey pixel, not normalised but divided by 255. */
    static final ImageFormat PIXEL = new ImageFormat(1, 1, 1, List.of(0.0), List.of(1.0));

    private Tiny() {}

    /** {@code w · the image's values}: {@code [B, H, W, C] -> [B, H · W · C]} with one parameter, {@code encoder/w}. */
    static Tensor scaled(Branch branch, Tensor x) {
        Shape s = x.shape();
        Parameter w = branch.parameter("w", Shape.of(1), Role.KERNEL, Initializer.ones());
        int features = s.dimension(1) * s.dimension(2) * s.dimension(3);
        return x.reshape(Shape.of(s.dimension(0), features)).times(w);
    }

    /** The mean of {@code (w · view 0 - xi · view 1)^2}: all that a target needs, in numbers that can be done by hand. */
    record Square(TargetUpdater updater) implements Method {
        @Override
        public Encoder encoder() {
            return ENCODER;
        }

        @Override
        public Tensor loss(Step step) {
            Tensor y = ENCODER.encode(step.online(), step.view(0));
            Tensor target = ENCODER.encode(step.target(updater), step.view(1)).stopGradient();
            step.observe("y0", y);
            return y.minus(target).square().mean();
        }
    }

    /**
     * A loss on one view.
     *
     * @param loss of the step and of what the encoder makes of the view
     */
    record OneView(Encoder encoder, BiFunction<Step, Tensor, Tensor> loss) implements Method {
        /** With one weight, {@code encoder/w}: {@link #scaled}. */
        static OneView scaled(BiFunction<Step, Tensor, Tensor> loss) {
            return new OneView(ENCODER, loss);
        }

        @Override
        public int views() {
            return 1;
        }

        @Override
        public Tensor loss(Step step) {
            return loss.apply(step, encoder.encode(step.online(), step.view(0)));
        }
    }

    private static final Encoder ENCODER = Tiny::scaled;

    static Byol byol(Norm norm, TargetUpdater updater) {
        ResNet encoder = ResNet.resNet10Tiny().withStem(ResNet.Stem.SMALL).withNorm(norm);
        return new Byol(encoder, new Mlp(2, 32, 16, Norm.batch()), new Mlp(2, 32, 16, Norm.batch()), updater);
    }

    /** BYOL on a small ResNet: 16 pixels, batches of 4, plain gradient descent. */
    static Trainer.Builder resNet() {
        return Trainer.builder()
                .method(byol(Norm.batch(), TargetUpdater.ema(step -> 0.9)))
                .optimizer(descent(step -> 0.05))
                .images(ImageFormat.rgb(16))
                .batch(4);
    }

    static Optimizer descent(Schedule rate) {
        return Rules.scaleByLearningRate(rate);
    }

    /** Random images for a step of a trainer. */
    static byte[] images(Trainer trainer, long seed) {
        return images(trainer.batch() * trainer.format().size(), seed);
    }

    static byte[] images(int values, long seed) {
        byte[] images = new byte[values];
        new SplittableRandom(seed).nextBytes(images);
        return images;
    }

    /** Random images for a step of a trainer, as they are after normalisation. */
    static float[] normalized(Trainer trainer, long seed) {
        float[] values = new float[trainer.batch() * trainer.format().size()];
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return values;
    }

    /** Steps on views that depend on the step alone. */
    static double[] train(Trainer trainer, int steps) {
        double[] losses = new double[steps];
        for (int i = 0; i < steps; i++) {
            long seed = 2 * trainer.steps();
            losses[i] = trainer.step(images(trainer, seed), images(trainer, seed + 1))
                    .loss();
        }
        return losses;
    }

    /** BYOL on the mean colours: 16 pixels, batches of 4, nothing that looks at the batch. */
    static Trainer.Builder pooled() {
        Encoder pooled = (branch, x) -> branch.apply("linear", new Linear(6, true), x.globalAveragePool());
        Mlp mlp = new Mlp(1, 8, 4, Norm.layer());
        return Trainer.builder()
                .method(new Byol(pooled, mlp, mlp, TargetUpdater.ema(step -> 0.9)))
                .optimizer(descent(step -> 0.05))
                .images(ImageFormat.rgb(16))
                .batch(4);
    }
}
