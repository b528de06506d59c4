package dev.byol.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class BatchNormTest {
    @Test
    void settings_byDefault_arePyTorchs() {
        assertThat(BatchNorm.DEFAULT).isEqualTo(new BatchNorm(0.1, 1e-5));
    }

    @Test
    void settings_outOfRange_areNamed() {
        assertThat(new BatchNorm(1, 1e-3).momentum()).isEqualTo(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BatchNorm(0, 1e-5))
                .withMessage("momentum must be in (0, 1], got 0.0");
        assertThatIllegalArgumentException().isThrownBy(() -> new BatchNorm(1.1, 1e-5));
        assertThatIllegalArgumentException().isThrownBy(() -> new BatchNorm(Double.NaN, 1e-5));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BatchNorm(0.1, 0))
                .withMessage("epsilon must be above 0, got 0.0");
    }
}
