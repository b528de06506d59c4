package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Folders stand for the jars of native libraries. */
class NativesTest {
    @TempDir
    Path folder;

    /** Looks for a platform's library among jars that hold one for a platform each, such as {@code linux-x86_64-gpu/libjnitensorflow.so}. */
    private void require(String platform, String... libraries) throws IOException {
        List<URL> jars = new ArrayList<>();
        for (String library : libraries) {
            Path jar = folder.resolve("jar" + jars.size());
            Path file = jar.resolve("org/tensorflow/internal/c_api").resolve(library);
            Files.createDirectories(file.getParent());
            Files.createFile(file);
            jars.add(jar.toUri().toURL());
        }
        try (URLClassLoader loader =
                new URLClassLoader(jars.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Natives.require(loader, platform);
        }
    }

    @Test
    void none_saysWhatToAdd() {
        assertThatIllegalStateException()
                .isThrownBy(() -> require("linux-x86_64"))
                .withMessage("No TensorFlow native library for linux-x86_64 on the class or module path."
                        + " Add org.tensorflow:tensorflow-core-native:1.1.0 with the classifier linux-x86_64,"
                        + " or linux-x86_64-gpu for NVIDIA GPUs.");
        assertThatIllegalStateException()
                .isThrownBy(() -> require("macosx-arm64"))
                .withMessageEndingWith("with the classifier macosx-arm64.");
    }

    @Test
    void ofAnotherPlatform_isNone() {
        assertThatIllegalStateException()
                .isThrownBy(() -> require("linux-arm64", "linux-x86_64/libjnitensorflow.so"))
                .withMessageStartingWith("No TensorFlow native library for linux-arm64")
                .withMessageEndingWith("with the classifier linux-arm64.");
    }

    @ParameterizedTest
    @CsvSource({
        "linux-x86_64, linux-x86_64/libjnitensorflow.so",
        "linux-x86_64, linux-x86_64-gpu/libjnitensorflow.so",
        "linux-arm64, linux-arm64/libjnitensorflow.so",
        "macosx-arm64, macosx-arm64/libjnitensorflow.dylib",
        "windows-x86_64, windows-x86_64/jnitensorflow.dll"
    })
    void one_isEnough(String platform, String library) {
        assertThatCode(() -> require(platform, library)).doesNotThrowAnyException();
    }

    @Test
    void two_saysWhichAndToRemoveOne() {
        assertThatIllegalStateException()
                .isThrownBy(() -> require(
                        "linux-x86_64", "linux-x86_64/libjnitensorflow.so", "linux-x86_64-gpu/libjnitensorflow.so"))
                .withMessageContainingAll(
                        "More than one TensorFlow native library",
                        "/jar0/org/tensorflow/internal/c_api/linux-x86_64/",
                        "/jar1/org/tensorflow/internal/c_api/linux-x86_64-gpu/",
                        "remove the other tensorflow-core-native dependency");
    }

    @Test
    void twice_isTwo() {
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        require("linux-x86_64", "linux-x86_64/libjnitensorflow.so", "linux-x86_64/libjnitensorflow.so"))
                .withMessageContainingAll("More than one", "/jar0/", "/jar1/");
    }

    @Test
    void here_thereIsOne() {
        assertThatCode(Natives::require).doesNotThrowAnyException();
        assertThat(Natives.platform()).matches("(linux|macosx|windows)-(x86_64|arm64)");
    }
}
