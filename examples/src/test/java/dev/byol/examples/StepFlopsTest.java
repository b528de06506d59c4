package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.byol.api.TargetUpdater;
import dev.byol.api.method.Byol;
import dev.byol.api.method.SimSiam;
import dev.byol.api.nn.Mlp;
import dev.byol.api.nn.Norm;
import dev.byol.api.nn.ResNet;
import dev.byol.optim.Schedules;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepFlopsTest {
    private static final ResNet ENCODER =
            new ResNet(List.of(1), ResNet.Block.BASIC, 4, ResNet.Stem.SMALL, Norm.batch());
    private static final Mlp MLP = new Mlp(2, 8, 16, Norm.batch());

    /** Of 2 images of 6x6 in one view, forward. */
    private static final double STEM = 2 * 2 * 36 * 4 * 27;

    private static final double BLOCK = 2 * (2 * 2 * 36 * 4 * 36);
    private static final double PROJECTOR = 2 * 2 * (4 * 8 + 8 * 16);
    private static final double PREDICTOR = 2 * 2 * (16 * 8 + 8 * 16);

    @Test
    void byol_onlineForwardAndTwoGradients_targetForwardAlone() {
        double online = 2 * STEM + 3 * (BLOCK + PROJECTOR + PREDICTOR); // no gradient of the images
        double target = STEM + BLOCK + PROJECTOR;
        Byol byol = new Byol(ENCODER, MLP, MLP, TargetUpdater.ema(Schedules.constant(0.99)));
        assertThat(StepFlops.of(byol, 2, 6)).isEqualTo(2 * (online + target));
    }

    @Test
    void simSiam_hasNoTargetToCompute() {
        double online = 2 * STEM + 3 * (BLOCK + PROJECTOR + PREDICTOR);
        assertThat(StepFlops.of(new SimSiam(ENCODER, MLP, MLP), 2, 6)).isEqualTo(2 * online);
    }

    @Test
    void resNet18_hasThePublishedMultiplications() {
        double forward = 1.814e9 - 512 * 1000; // of an image of 224 pixels, without the classifier
        double stem = 112.0 * 112 * 64 * 7 * 7 * 3;
        Mlp narrow = new Mlp(1, 1, 1, Norm.none());
        Byol byol = new Byol(ResNet.resNet18(), narrow, narrow, TargetUpdater.ema(Schedules.constant(0.99)));
        assertThat(StepFlops.of(byol, 1, 224)).isCloseTo(2 * 2 * (4 * forward - stem), within(0.02e9));
    }
}
