package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;

class ConvolutionTest {
    @BeforeEach
    void start() {
        Engine.start();
    }

    @Test
    void run_tellsOperationAndDevice() {
        Convolution ran = Convolution.run(TFloat32.class);
        assertThat(ran.operation()).endsWith("Conv2D");
        assertThat(ran.isByOneDnn()).isEqualTo(!ran.operation().equals("Conv2D"));
        assertThat(ran.device()).contains("CPU:0");
        assertThat(Convolution.run(TBfloat16.class).operation()).endsWith("Conv2D");
    }
}
