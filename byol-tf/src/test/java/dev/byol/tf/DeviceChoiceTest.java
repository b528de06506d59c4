package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.byol.tf.Environment.Finding;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.op.Ops;

class DeviceChoiceTest {
    @TempDir
    Path root;

    @ParameterizedTest
    @CsvSource({"auto, auto", "CPU, cpu", "gpu, gpu:0", "GPU:7, gpu:7"})
    void parse_takesWhatItPrints(String text, String name) {
        assertThat(DeviceChoice.parse(text)).hasToString(name);
        assertThat(DeviceChoice.parse(name)).hasToString(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gpu:", "gpu:-1", "gpu:1234", "tpu", "cpu:0"})
    void parse_ofAnotherText(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DeviceChoice.parse(text))
                .withMessage("a device is auto, cpu, gpu or gpu:N, got " + text);
    }

    @Test
    void cpu_isHadAnywhere() {
        Engine.start();
        assertThat(DeviceChoice.CPU.settle()).hasToString("cpu");
    }

    @Test
    void auto_saysWhy_andGpuIsRefused_withAllThatIsMissing() {
        assumeTrue(!Natives.build().endsWith("-gpu"), "the native library is for a GPU");
        ChosenDevice auto = DeviceChoice.AUTO.settle();
        assertThat(auto).hasToString("cpu");
        assertThat(auto.why()).isEqualTo("the native library is the CPU's");
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(DeviceChoice.gpu(0)::settle)
                .withMessageStartingWith(
                        "gpu:0 cannot be used:\n  native: the native library is the CPU's. Take "
                                + "org.tensorflow:tensorflow-core-native:1.1.0 with the classifier linux-x86_64-gpu in its place");
    }

    @Test
    void missing_isListedWhole() {
        Stand stand = new Stand(root).property("os.name", "Linux").property("os.arch", "amd64");
        ClassLoader nothing = ClassLoader.getPlatformClassLoader();
        assertThat(new Examination(stand.machine(), nothing).missingForGpu())
                .extracting(Finding::subject)
                .containsExactly("native", "gpu", "cuda");
        stand.file("/dev/nvidiactl").file("/lib64/libcuda.so.1");
        assertThat(new Examination(stand.machine(), nothing).missingForGpu())
                .extracting(Finding::subject)
                .containsExactly("native", "cuda");
    }

    @Test
    void place_namesTheDevice() {
        Engine.start();
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            ChosenDevice.gpu(3, "for a test").place(tf).constant(1f);
            ChosenDevice.cpu("for a test").place(tf).constant(2f);
            assertThat(graph.toGraphDef().getNodeList())
                    .extracting(node -> node.getDevice())
                    .containsExactly("/device:GPU:0", "");
        }
        assertThat(ChosenDevice.gpu(3, "").config().getGpuOptions().getVisibleDeviceList())
                .isEqualTo("3");
        assertThat(ChosenDevice.cpu("").config().getDeviceCountMap()).containsEntry("GPU", 0);
    }
}
