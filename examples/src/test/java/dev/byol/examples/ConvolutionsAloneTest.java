package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.tf.DeviceChoice;
import dev.byol.tf.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConvolutionsAloneTest {
    /** Both ways of every kind of convolution that the networks have are computed; a batch's speed is a number. */
    @ParameterizedTest
    @EnumSource(Precision.class)
    void imagesPerSecond_ofTheStepsConvolutions(Precision precision) {
        try (ConvolutionsAlone alone = new ConvolutionsAlone(
                DeviceChoice.CPU.settle(), precision, BenchmarkTasks.byol(Pretrain.EncoderName.RESNET18), 2, 32)) {
            assertThat(alone.imagesPerSecond()).isPositive().isFinite();
        }
    }

    /** Twenty convolutions, in two branches of two views: forward, and in the online branch both gradients, of the stem one. */
    @Test
    void results_areForwardAndGradients() {
        try (ConvolutionsAlone alone = new ConvolutionsAlone(
                DeviceChoice.CPU.settle(),
                Precision.FLOAT32,
                BenchmarkTasks.byol(Pretrain.EncoderName.RESNET18),
                2,
                32)) {
            assertThat(alone.count()).isEqualTo(2 * 2 * 20 + 2 * (2 * 20 - 1));
        }
    }
}
