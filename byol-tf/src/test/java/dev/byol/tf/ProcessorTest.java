package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.tf.Environment.Finding;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessorTest {
    @TempDir
    Path root;

    private Processor processor(String... info) {
        return Processor.of(new Stand(root)
                .file("/proc/cpuinfo", info)
                .property("os.arch", "aarch64")
                .machine());
    }

    @Test
    void features_areNamedAsPeopleDo() {
        Processor processor = processor(
                "processor\t: 0",
                "model name\t: Some CPU @ 2.00GHz",
                "flags\t\t: fpu sse2 avx avx2 avx512f avx512_vnni avx512_bf16",
                "vmx flags\t: other");
        assertThat(processor.finding())
                .isEqualTo(Finding.ok("cpu", "Some CPU @ 2.00GHz, 2 processors: AVX2, AVX-512, VNNI, bfloat16"));
        assertThat(processor.multipliesBfloat16()).isTrue();
    }

    @Test
    void withoutAvx_isRefused() {
        Processor processor = processor("model name\t: QEMU Virtual CPU", "flags\t\t: fpu sse2 ssse3");
        assertThat(processor.finding().isFault()).isTrue();
        assertThat(processor.finding().fact()).contains("QEMU Virtual CPU", "without AVX");
        assertThat(processor.multipliesBfloat16()).isFalse();
    }

    @Test
    void arm_namesItselfByItsArchitecture() {
        assertThat(processor("Features\t: fp asimd bf16").finding())
                .isEqualTo(Finding.ok("cpu", "aarch64, 2 processors: NEON, bfloat16"));
    }

    @Test
    void unknown_isNoFault() {
        assertThat(Processor.of(new Stand(root).property("os.arch", "amd64").machine())
                        .finding())
                .isEqualTo(Finding.ok("cpu", "amd64, 2 processors"));
    }
}
