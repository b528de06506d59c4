package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;

class ConvolutionTest {
    private static final ChosenDevice CPU = ChosenDevice.cpu("for a test");

    @BeforeEach
    void start() {
        Engine.start();
    }

    @Test
    void run_tellsOperationAndDevice() {
        Convolution ran = Convolution.run(CPU, TFloat32.class);
        assertThat(ran.operation()).endsWith("Conv2D");
        assertThat(ran.isByOneDnn()).isEqualTo(!ran.operation().equals("Conv2D"));
        assertThat(ran.device()).contains("CPU:0");
        assertThat(Convolution.run(CPU, TBfloat16.class).operation()).endsWith("Conv2D");
    }

    /** Not on the CPU in its place. */
    @Test
    void run_onAGpuThatIsNot_fails() {
        assumeTrue(DeviceChoice.AUTO.settle().gpu().isEmpty(), "there is a GPU");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Convolution.run(ChosenDevice.gpu(0, "for a test"), TFloat32.class))
                .withMessageContaining("GPU:0");
    }
}
