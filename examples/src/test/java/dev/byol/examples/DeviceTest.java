package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.byol.tf.DeviceChoice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceTest {
    @TempDir
    private Path temp;

    @AfterEach
    void forget() {
        System.clearProperty(DeviceChoice.PROPERTY);
    }

    private Cli probe(String... device) {
        List<String> args = new ArrayList<>(List.of(device));
        args.addAll(List.of("embed", "--model", temp.toString(), "--data", "shapes", "--out", temp.toString()));
        return Cli.run(args.toArray(String[]::new));
    }

    @Test
    void option_isKeptToByWhateverComes_andSaid() {
        Cli cli = probe("--device", "CPU");
        assertThat(cli.out()).startsWith("device cpu: as asked for");
        assertThat(System.getProperty(DeviceChoice.PROPERTY)).isEqualTo("cpu");
        assertThat(probe().out()).doesNotContain("device");
    }

    @Test
    void gpu_thatIsNot_isRefusedBeforeAnything() {
        assumeTrue(DeviceChoice.AUTO.settle().gpu().isEmpty(), "there is a GPU");
        Cli cli = Cli.run("benchmark", "--steps", "1", "--device", "gpu");
        assertThat(cli.code()).isEqualTo(Main.BAD_INPUT);
        assertThat(cli.err()).startsWith("byol: gpu:0 cannot be used").doesNotContain("\tat ");
        assertThat(cli.out()).isEmpty();
    }

    @Test
    void option_ofACommandThatRunsNoNetwork_isRefused() {
        Cli cli = Cli.run("views", "--device", "cpu", "--data", "shapes");
        assertThat(cli.code()).isEqualTo(Main.BAD_INPUT);
        assertThat(cli.err()).contains("--device: views runs no network");
    }

    @Test
    void option_ofAnotherDevice_isRefused() {
        Cli cli = Cli.run("doctor", "--device", "tpu");
        assertThat(cli.code()).isEqualTo(Main.BAD_INPUT);
        assertThat(cli.err()).contains("a device is auto, cpu, gpu or gpu:N, got tpu");
    }

    @Test
    void name_ofTheCpu_isThatOfTheProcessor() {
        System.setProperty(DeviceChoice.PROPERTY, "cpu");
        assertThat(Device.name()).isEqualTo(Device.processor());
    }

    @Test
    void name_isTheModelOrTheArchitecture() {
        assertThat(Device.name(List.of("processor\t: 0", "model name\t: Some CPU @ 2 GHz"), "amd64", 2))
                .isEqualTo("CPU: Some CPU @ 2 GHz, 2 processors");
        assertThat(Device.name(List.of(), "aarch64", 1)).isEqualTo("CPU: aarch64, 1 processor");
    }
}
