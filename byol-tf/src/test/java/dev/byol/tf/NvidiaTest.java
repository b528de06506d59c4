package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.tf.Environment.Finding;
import dev.byol.tf.Environment.Verdict;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a machine with a GPU shows of it, as files. */
class NvidiaTest {
    @TempDir
    Path root;

    private Stand stand;

    @BeforeEach
    void start() {
        stand = new Stand(root);
    }

    private Nvidia nvidia() {
        return Nvidia.of(stand.machine());
    }

    private Finding problem() {
        return nvidia().problem().orElseThrow();
    }

    private void kernel(String version) {
        stand.file(
                        "/proc/driver/nvidia/version",
                        "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  " + version + "  Release Build",
                        "GCC version:  gcc version 12.2.0")
                .file("/proc/driver/nvidia/gpus/0000:01:00.0/information", "Model: \t\t NVIDIA H200", "IRQ: 1");
    }

    @Test
    void none_isWell() {
        stand.file("/sys/bus/pci/devices/0000:00:01.0/vendor", "0x10de")
                .file("/sys/bus/pci/devices/0000:00:01.0/class", "0x020000") // their network card
                .file("/sys/bus/pci/devices/0000:00:02.0/vendor", "0x1234")
                .file("/sys/bus/pci/devices/0000:00:02.0/class", "0x030000");
        assertThat(problem()).isEqualTo(Finding.ok("gpu", "no NVIDIA GPU, and no driver for one"));
        assertThat(nvidia().problem()).isPresent();
    }

    @Test
    void card_withoutDriver() {
        stand.file("/sys/bus/pci/devices/0000:00:01.0/vendor", "0x10de")
                .file("/sys/bus/pci/devices/0000:00:01.0/class", "0x030200");
        assertThat(problem().verdict()).isEqualTo(Verdict.NOTE);
        assertThat(problem().sentences()).contains("without its driver", "Install NVIDIA's driver, 525.60.13 or newer");
    }

    @Test
    void all_isUsable() {
        kernel("570.86.15");
        stand.file("/dev/nvidiactl").file("/usr/lib/x86_64-linux-gnu/libcuda.so.1");
        assertThat(nvidia().problem()).isEmpty();
        assertThat(nvidia().name()).isEqualTo("NVIDIA H200, driver 570.86.15");
    }

    @Test
    void wsl_isUsable() {
        stand.file("/dev/dxg")
                .file("/usr/lib/wsl/lib/libcuda.so.1")
                .file("/etc/ld.so.conf", "include /etc/ld.so.conf.d/*.conf")
                .file("/etc/ld.so.conf.d/ld.wsl.conf", "/usr/lib/wsl/lib");
        assertThat(nvidia().problem()).isEmpty();
        assertThat(nvidia().name()).isEqualTo("an NVIDIA GPU");
    }

    @Test
    void oldDriver_saysWhichIsNeeded() {
        kernel("525.60.12");
        assertThat(problem().sentences())
                .contains("NVIDIA H200, driver 525.60.12, where CUDA 12 needs driver 525.60.13", "Install");
        kernel("525.60.13");
        assertThat(problem().fact()).doesNotContain("needs driver");
        kernel("470.256");
        assertThat(problem().fact()).contains("needs driver");
    }

    @Test
    void container_withoutTheDriversLibrary() {
        kernel("570.86.15");
        stand.file("/dev/nvidiactl");
        assertThat(problem().sentences()).contains("but no libcuda.so.1", "docker run --gpus all");
    }

    @Test
    void container_withoutTheDevice() {
        stand.file("/usr/lib64/libcuda.so.1");
        assertThat(problem().sentences()).contains("no device", "/dev/nvidiactl", "docker run --gpus all");
    }

    @Test
    void hidden_isSaid() {
        kernel("570.86.15");
        stand.file("/dev/nvidiactl").file("/lib64/libcuda.so.1").variable("CUDA_VISIBLE_DEVICES", "-1");
        assertThat(problem().remedy()).isEqualTo("Unset CUDA_VISIBLE_DEVICES");
        stand.variable("CUDA_VISIBLE_DEVICES", "");
        assertThat(nvidia().problem()).isPresent();
        stand.variable("CUDA_VISIBLE_DEVICES", "0,1");
        assertThat(nvidia().problem()).isEmpty();
    }
}
