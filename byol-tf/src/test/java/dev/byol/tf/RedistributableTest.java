package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.types.TFloat32;

/**
 * The true libraries of CUDA and TensorFlow's build for GPUs, on a machine without one: a stand-in for the driver says that there is a
 * GPU, so that TensorFlow opens the libraries, and then cannot compute. In the profile {@code gpu}.
 */
@Tag("gpu")
class RedistributableTest {
    @TempDir
    Path temp;

    @Test
    void allLibraries_open_andWhatCannotComputeIsRefused() throws IOException, InterruptedException {
        ClassLoader loader = getClass().getClassLoader();
        assumeTrue(
                Natives.on(Machine.here(), loader).isForGpu() && new Cuda(Machine.here(), loader).isOnPath(),
                "needs the profile gpu, which downloads 2.5 GB");
        assumeTrue(Nvidia.of(Machine.here()).problem().isPresent(), "there is a true driver");
        assumeTrue(Commands.run("gcc", "--version"), "no gcc");
        Path source = temp.resolve("libcuda.c");
        try (var code = Objects.requireNonNull(getClass().getResourceAsStream("libcuda.c"))) {
            Files.copy(code, source);
        }
        Path driver = temp.resolve("libcuda.so.1");
        assertThat(Commands.run(
                        "gcc",
                        "-shared",
                        "-fPIC",
                        "-Wl,-soname,libcuda.so.1",
                        "-o",
                        driver.toString(),
                        source.toString()))
                .isTrue();
        String said = EngineTest.said(
                temp.resolve("said"),
                Map.of(
                        "LD_LIBRARY_PATH", temp.toString(),
                        "TF_CPP_VMODULE", "dso_loader=1",
                        "TF_CPP_MIN_LOG_LEVEL", "0"),
                Compute.class);
        for (String library : Cuda.NEEDED) {
            assertThat(said).contains("Successfully opened dynamic library " + library);
        }
        assertThat(said).doesNotContain("Could not load dynamic library").contains("refused: ");
    }

    /** Loads CUDA, then lets TensorFlow compute on the first GPU. */
    static final class Compute {
        private Compute() {}

        public static void main(String... args) {
            new Cuda(Machine.here(), Compute.class.getClassLoader())
                    .preload()
                    .ifPresent(finding -> System.out.println(finding.sentences()));
            try {
                Convolution.run(ChosenDevice.gpu(0, "a stand-in"), TFloat32.class);
                System.out.println("computed");
            } catch (RuntimeException e) {
                System.out.println("refused: " + e.getMessage());
            }
        }
    }
}
