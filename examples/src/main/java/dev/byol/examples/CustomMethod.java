package dev.byol.examples;

import dev.byol.api.*;
import dev.byol.api.method.Cosines;
import dev.byol.api.nn.*;
import dev.byol.augment.View;
import dev.byol.augment.io.Stl10;
import dev.byol.augment.load.*;
import dev.byol.optim.*;
import dev.byol.tf.*;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A method of the user's own, Barlow Twins (Zbontar et al. 2021, arXiv 2103.03230), and its training. */
@Command(name = "custom-method", description = "Trains Barlow Twins, composed in one file.")
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

    @Option(names = "--epochs", paramLabel = "N", description = "Passes over the shapes (${DEFAULT-VALUE}).")
    private int epochs = 3;

    @Override
    public Integer call() throws IOException {
        ShapesData shapes = ShapesData.defaults();
        View view = View.appendix().side(shapes.side()).build();
        Stl10 images = Stl10.open(shapes.in(Data.cache()), shapes.side());
        Loader loader = Loader.builder(images.unlabeled()).views(view, view).build();
        long steps = (long) epochs * loader.batches();
        Schedule rate = Schedules.warmupCosine(0.05, steps / 20, steps);
        try (Trainer trainer = Trainer.builder()
                .method(new BarlowTwins(ResNet.resNet10Tiny(), new Mlp(2, 256, 64, Norm.batch()), 0.0051))
                .optimizer(Sgd.builder().learningRate(rate).weightDecay(1e-4).build())
                .images(ImageFormat.rgb(shapes.side()))
                .batch(loader.batch())
                .measure(new Cosines())
                .build()) {
            for (int number = 0; number < epochs; number++) {
                try (Epoch epoch = loader.epoch(number)) {
                    while (epoch.hasNext()) {
                        try (Batch batch = epoch.next()) {
                            StepReport report = trainer.step(batch.view(0), batch.view(1));
                            if (!epoch.hasNext()) {
                                System.out.printf("epoch %d, loss %.2f%n", number + 1, report.loss());
                            }
                        }
                    }
                }
            }
        }
        return 0;
    }
}
