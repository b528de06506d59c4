package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DeviceTest {
    @Test
    void name_isTheModelOrTheArchitecture() {
        assertThat(Device.name(List.of("processor\t: 0", "model name\t: Some CPU @ 2 GHz"), "amd64", 2))
                .isEqualTo("CPU: Some CPU @ 2 GHz, 2 processors");
        assertThat(Device.name(List.of(), "aarch64", 1)).isEqualTo("CPU: aarch64, 1 processor");
    }
}
