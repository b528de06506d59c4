package dev.byol.examples;

import dev.byol.api.TargetUpdater;
import dev.byol.api.method.Byol;
import dev.byol.api.nn.Mlp;
import dev.byol.api.nn.Norm;
import dev.byol.api.nn.ResNet;
import dev.byol.optim.Schedules;
import dev.byol.optim.Sgd;
import dev.byol.tf.ImageFormat;
import dev.byol.tf.Trainer;
import java.io.IOException;
import java.nio.file.Path;

/** An untrained encoder of images of 16 pixels, exported. */
final class TinyEncoder {
    static final int SIDE = 16;
    static final int FEATURES = 64;

    private TinyEncoder() {}

    static Path export(Path directory, long seed) throws IOException {
        Mlp mlp = new Mlp(2, 8, 4, Norm.batch());
        ResNet encoder = ResNet.resNet10Tiny().withStem(ResNet.Stem.SMALL);
        try (Trainer trainer = Trainer.builder()
                .method(new Byol(encoder, mlp, mlp, TargetUpdater.ema(Schedules.constant(0.9))))
                .optimizer(Sgd.builder()
                        .learningRate(Schedules.constant(0.1))
                        .momentum(0.9)
                        .weightDecay(0)
                        .build())
                .images(ImageFormat.rgb(SIDE))
                .batch(2)
                .seed(seed)
                .build()) {
            trainer.exportEncoder(directory);
        }
        return directory;
    }
}
