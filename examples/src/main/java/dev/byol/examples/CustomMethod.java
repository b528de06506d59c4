package dev.byol.examples;

import dev.byol.api.*;
import dev.byol.api.method.Cosines;
import dev.byol.api.nn.*;
import dev.byol.augment.View;
import dev.byol.augment.io.*;
import dev.byol.augment.load.*;
import dev.byol.optim.*;
import dev.byol.tf.*;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** A method of the user's own, Barlow Twins (Zbontar et al. 2021, arXiv 2103.03230), and its training. */
@CommandLine.Command(name = "custom-method", mixinStandardHelpOptions = true, description = "Barlow Twins in one file.")
final class CustomMethod implements Callable<Integer> {
    record BarlowTwins(Encoder encoder, Projector projector, double lambda) implements Method {
        @Override
        public Tensor loss(Step step) {
            Tensor z0 = projection(step, 0);
            Tensor z1 = projection(step, 1);
            Tensor c = z0.transpose(1, 0).matmul(z1).dividedBy(z0.shape().dimension(0)); // correlation [K, K]
            Tensor diagonal = Tf.tensor(Tf.ops(c).linalg.tensorDiagPart(Tf.operand(c)), c); // TensorFlow's own
            Tensor redundancy = c.square().sum().minus(diagonal.square().sum());
            return diagonal.minus(1).square().sum().plus(redundancy.times(lambda));
        }

        private Tensor projection(Step step, int view) {
            Tensor y = encoder.encode(step.online(), step.view(view)); // representation [B, D]
            Tensor z = projector.project(step.online(), y); // projection [B, K]
            step.observe("z" + view, z);
            Tensor centred = z.minus(z.mean(0));
            return centred.dividedBy(centred.square().mean(0).plus(1e-5).sqrt());
        }
    }

    @CommandLine.Option(names = "--epochs", paramLabel = "N", description = "Passes (${DEFAULT-VALUE}).")
    private int epochs = 3;

    Callable<ImageSource> images = () -> ImageFolder.open(Path.of("images"));

    @CommandLine.Option(names = "--data", paramLabel = "DIR", description = "A folder of images; or made shapes.")
    void data(Path folder) {
        images = () -> ImageFolder.open(folder);
    }

    @Override
    public Integer call() throws Exception {
        if (epochs < 1) {
            throw new CommandLine.ParameterException(new CommandLine(this), "--epochs must be above 0, got " + epochs);
        }
        ImageSource source = images.call();
        View view = View.appendix().side(96).build();
        int size = Math.min(256, source.size());
        Loader loader = Loader.builder(source).views(view, view).batch(size).build();
        Schedule rate = Schedules.warmupCosine(0.05, 0, (long) epochs * loader.batches());
        try (Trainer trainer = Trainer.builder()
                .method(new BarlowTwins(ResNet.resNet10Tiny(), new Mlp(2, 256, 64, Norm.batch()), 0.0051))
                .optimizer(Sgd.builder().learningRate(rate).weightDecay(1e-4).build())
                .images(ImageFormat.rgb(96))
                .batch(size)
                .measure(new Cosines())
                .build()) {
            for (int number = 0; number < epochs; number++) {
                try (Epoch epoch = loader.epoch(number)) {
                    while (epoch.hasNext()) {
                        try (Batch batch = epoch.next()) {
                            StepReport step = trainer.step(batch.view(0), batch.view(1));
                            if (!epoch.hasNext()) {
                                System.out.printf("epoch %d: loss %.2f, %s%n", number + 1, step.loss(), step.reports());
                            }
                        }
                    }
                }
            }
        }
        return 0;
    }
}
