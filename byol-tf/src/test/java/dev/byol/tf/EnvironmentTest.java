package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.tf.Environment.Finding;
import dev.byol.tf.Environment.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentTest {
    @TempDir
    Path temp;

    @Test
    void examine_looksAtEverything() {
        Environment here = Environment.examine(temp.resolve("not/yet"));
        assertThat(here.canTrain()).as(here.toString()).isTrue();
        assertThat(here.findings())
                .extracting(Finding::subject)
                .startsWith("java", "modules", "platform", "cpu", "native", "oneDNN", "bfloat16", "gpu")
                .endsWith("cache", "disk")
                .doesNotHaveDuplicates();
        assertThat(finding(here, "native").fact()).matches(".* 1\\.1\\.0, TensorFlow 2\\.18\\.\\d+, started in .* s");
        assertThat(finding(here, "disk").fact()).endsWith(" free at " + temp);
    }

    @Test
    void examine_ofAFolderThatCannotBe_isAFault() throws IOException {
        Path file = Files.createFile(temp.resolve("file"));
        Environment here = Environment.examine(file.resolve("out"));
        assertThat(here.canTrain()).isFalse();
        assertThat(finding(here, "disk").fact()).isEqualTo(file + " is no folder that can be written to");
    }

    /** Another machine's files with this one's engine. */
    @Test
    void oneDnn_thatIsOff_saysWhy() {
        Examination off = examination(new Stand(temp).variable("TF_ENABLE_ONEDNN_OPTS", "0"));
        Convolution plain = new Convolution("Conv2D", "CPU:0");
        assertThat(off.oneDnn(plain).sentences())
                .contains("off by TF_ENABLE_ONEDNN_OPTS=0", "Unset TF_ENABLE_ONEDNN_OPTS");
        Examination old = examination(new Stand(temp));
        assertThat(old.oneDnn(plain).sentences()).contains("VNNI, bfloat16 or AMX", "TF_ENABLE_ONEDNN_OPTS=1");
        assertThat(old.oneDnn(new Convolution("_MklNativeConv2D", "CPU:0")).verdict())
                .isEqualTo(Verdict.OK);
    }

    @Test
    void bfloat16_needsInstructionsAndOneDnn() {
        Convolution mkl = new Convolution("_MklNativeConv2D", "CPU:0");
        Stand stand = new Stand(temp);
        assertThat(examination(stand).bfloat16(mkl).remedy()).contains("--precision float32");
        stand.file("/proc/cpuinfo", "flags : avx avx512_bf16");
        assertThat(examination(stand).bfloat16(mkl).verdict()).isEqualTo(Verdict.OK);
        assertThat(examination(stand)
                        .bfloat16(new Convolution("Conv2D", "CPU:0"))
                        .verdict())
                .isEqualTo(Verdict.NOTE);
    }

    @Test
    void gpu_withTheCpusLibrary_saysWhatToTake() {
        Stand stand = new Stand(temp).file("/dev/nvidiactl").file("/lib64/libcuda.so.1");
        List<Finding> gpu = examination(stand).gpu(DeviceChoice.AUTO);
        assertThat(gpu).singleElement().extracting(Finding::verdict).isEqualTo(Verdict.NOTE);
        assertThat(gpu.get(0).sentences()).contains("the native library is the CPU's", "linux-x86_64-gpu");
    }

    @Test
    void gpu_thatIsAskedFor_isAFault() {
        assertThat(examination(new Stand(temp)).gpu(DeviceChoice.gpu(0)))
                .extracting(Finding::subject)
                .containsExactly("native", "gpu", "cuda");
        assertThat(examination(new Stand(temp)).gpu(DeviceChoice.gpu(0))).allMatch(Finding::isFault);
        assertThat(examination(new Stand(temp)).gpu(DeviceChoice.CPU)).noneMatch(Finding::isFault);
    }

    @Test
    void beforeStart_refusesWhatWouldEndTheProcess() {
        Stand stand = new Stand(temp).file("/proc/cpuinfo", "flags : fpu sse2");
        assertThat(examination(stand).beforeStart())
                .extracting(Finding::subject)
                .containsExactly("cpu");
    }

    @Test
    void message_isALineOrOneForEach() {
        Finding one = Finding.fault("cache", "full", "Make room");
        assertThat(new EngineException("No start", List.of(one), null)).hasMessage("No start: full. Make room");
        assertThat(new EngineException("No start", List.of(one, Finding.fault("cpu", "old", "")), null))
                .hasMessage("No start:\n  cache: full. Make room\n  cpu: old");
    }

    private static Examination examination(Stand stand) {
        return new Examination(
                stand.property("os.name", "Linux").property("os.arch", "amd64").machine(),
                EnvironmentTest.class.getClassLoader());
    }

    private static Finding finding(Environment environment, String subject) {
        return environment.findings().stream()
                .filter(finding -> finding.subject().equals(subject))
                .findFirst()
                .orElseThrow();
    }
}
