package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.tf.Environment.Finding;
import dev.byol.tf.Environment.Verdict;
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

    /** Looks among jars of version 1.1.0 that hold one library each, such as {@code linux-x86_64-gpu/libjnitensorflow.so}. */
    private Finding find(String platform, String... libraries) throws IOException {
        List<URL> jars = new ArrayList<>();
        for (String library : libraries) {
            jars.add(jar("jar" + jars.size(), "1.1.0", library));
        }
        return find(platform, jars);
    }

    private static Finding find(String platform, List<URL> jars) throws IOException {
        try (URLClassLoader loader =
                new URLClassLoader(jars.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            return Natives.on(platform, loader).finding(loader);
        }
    }

    private URL jar(String name, String version, String library) throws IOException {
        Path jar = folder.resolve(name);
        Path file = jar.resolve("org/tensorflow/internal/c_api").resolve(library);
        Files.createDirectories(file.getParent());
        Files.createFile(file);
        pom(jar, "tensorflow-core-native", version);
        return jar.toUri().toURL();
    }

    private static void pom(Path jar, String artifact, String version) throws IOException {
        Path pom = jar.resolve("META-INF/maven/org.tensorflow/" + artifact + "/pom.properties");
        Files.createDirectories(pom.getParent());
        Files.writeString(pom, "version=" + version + "\n");
    }

    @Test
    void none_saysWhatToAdd() throws IOException {
        assertThat(find("linux-x86_64"))
                .isEqualTo(new Finding(
                        Verdict.FAULT,
                        "native",
                        "no native library for linux-x86_64 on the class or module path",
                        "Add org.tensorflow:tensorflow-core-native:1.1.0 with the classifier linux-x86_64,"
                                + " or linux-x86_64-gpu for NVIDIA GPUs"));
        assertThat(find("macosx-arm64").remedy()).endsWith("with the classifier macosx-arm64");
    }

    @Test
    void ofAnotherPlatform_isNone() throws IOException {
        Finding finding = find("linux-arm64", "linux-x86_64/libjnitensorflow.so");
        assertThat(finding.fact()).startsWith("no native library for linux-arm64");
        assertThat(finding.remedy()).endsWith("with the classifier linux-arm64");
    }

    @ParameterizedTest
    @CsvSource({"Mac OS X, x86_64, macosx-x86_64", "FreeBSD, amd64, freebsd-x86_64", "Linux, ppc64le, linux-ppc64le"})
    void platformWithoutAny_saysWhichHaveOne(String os, String architecture, String platform) throws IOException {
        assertThat(Natives.platform(os, architecture)).isEqualTo(platform);
        Finding finding = find(platform);
        assertThat(finding.isFault()).isTrue();
        assertThat(finding.fact()).isEqualTo("TensorFlow Java 1.1.0 has no library for " + platform);
        assertThat(finding.remedy()).contains("linux-x86_64", "linux-arm64", "macosx-arm64", "windows-x86_64");
    }

    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, linux-x86_64, linux-x86_64/libjnitensorflow.so",
        "Linux, amd64, linux-x86_64, linux-x86_64-gpu/libjnitensorflow.so",
        "Linux, aarch64, linux-arm64, linux-arm64/libjnitensorflow.so",
        "Mac OS X, aarch64, macosx-arm64, macosx-arm64/libjnitensorflow.dylib",
        "Windows 11, amd64, windows-x86_64, windows-x86_64/jnitensorflow.dll"
    })
    void one_isEnough(String os, String architecture, String platform, String library) throws IOException {
        assertThat(Natives.platform(os, architecture)).isEqualTo(platform);
        String build = library.substring(0, library.indexOf('/'));
        assertThat(find(platform, library)).isEqualTo(Finding.ok("native", build + " 1.1.0"));
    }

    @Test
    void two_saysWhichAndToRemoveOne() throws IOException {
        Finding finding =
                find("linux-x86_64", "linux-x86_64/libjnitensorflow.so", "linux-x86_64-gpu/libjnitensorflow.so");
        assertThat(finding.isFault()).isTrue();
        assertThat(finding.fact())
                .contains(
                        "more than one native library",
                        "/jar0/org/tensorflow/internal/c_api/linux-x86_64/",
                        "/jar1/org/tensorflow/internal/c_api/linux-x86_64-gpu/");
        assertThat(finding.remedy()).contains("remove the other tensorflow-core-native dependency");
    }

    @Test
    void twice_isTwo() throws IOException {
        Finding finding = find("linux-x86_64", "linux-x86_64/libjnitensorflow.so", "linux-x86_64/libjnitensorflow.so");
        assertThat(finding.isFault()).isTrue();
        assertThat(finding.fact()).contains("more than one", "/jar0/", "/jar1/");
    }

    @Test
    void ofAnotherVersionThanJavasSide_saysBoth() throws IOException {
        Path java = folder.resolve("java");
        pom(java, "tensorflow-core-api", "1.1.0");
        URL library = jar("old", "1.0.0", "linux-x86_64/libjnitensorflow.so");
        assertThat(find("linux-x86_64", List.of(library, java.toUri().toURL())))
                .isEqualTo(Finding.fault(
                        "native",
                        "linux-x86_64 1.0.0 with TensorFlow Java 1.1.0",
                        "Give both the same version: tensorflow-core-native 1.1.0"));
    }

    @Test
    void here_thereIsOne() {
        ClassLoader loader = Natives.class.getClassLoader();
        Natives natives = Natives.on(Machine.here(), loader);
        assertThat(natives.found()).hasSize(1);
        assertThat(natives.finding(loader).fact()).isEqualTo(Natives.build() + " " + Natives.VERSION);
        assertThat(Natives.version(loader, "tensorflow-core-api")).contains(Natives.VERSION);
    }
}
