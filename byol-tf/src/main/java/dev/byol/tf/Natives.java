package dev.byol.tf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Looks for TensorFlow's native library before the first of its classes is touched. */
final class Natives {
    private static final String ADD = "Add org.tensorflow:tensorflow-core-native:1.1.0 with the classifier ";

    private Natives() {}

    /**
     * Makes sure that there is exactly one native library.
     *
     * @throws IllegalStateException if there is none, or more than one: the message says what to add or to remove
     */
    static void require() {
        require(Natives.class.getClassLoader(), platform());
    }

    /** The classifier of the native library that is there, such as {@code linux-x86_64-gpu}; {@code none} if there is none. */
    static String build() {
        return List.of("", "-gpu").stream()
                .map(extension -> platform() + extension)
                .filter(build ->
                        !libraries(Natives.class.getClassLoader(), build).isEmpty())
                .findFirst()
                .orElse("none");
    }

    private static List<URL> libraries(ClassLoader loader, String build) {
        try {
            return Collections.list(
                    loader.getResources("org/tensorflow/internal/c_api/" + build + "/" + library(build)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void require(ClassLoader loader, String platform) {
        List<URL> found = new java.util.ArrayList<>();
        for (String extension : List.of("", "-gpu")) {
            found.addAll(libraries(loader, platform + extension));
        }
        if (found.isEmpty()) {
            throw new IllegalStateException("No TensorFlow native library for " + platform
                    + " on the class or module path. " + ADD + platform
                    + (platform.equals("linux-x86_64") ? ", or linux-x86_64-gpu for NVIDIA GPUs." : "."));
        }
        if (found.size() > 1) {
            throw new IllegalStateException("More than one TensorFlow native library on the class or module path: "
                    + found + ". Keep one of them: remove the other tensorflow-core-native dependency.");
        }
    }

    private static String library(String platform) {
        if (platform.startsWith("windows")) {
            return "jnitensorflow.dll";
        }
        return platform.startsWith("macosx") ? "libjnitensorflow.dylib" : "libjnitensorflow.so";
    }

    /** JavaCPP's name of this platform. */
    static String platform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        String system = os.startsWith("linux") ? "linux" : os.startsWith("mac") ? "macosx" : "windows";
        return system + "-" + (arch.equals("aarch64") || arch.equals("arm64") ? "arm64" : "x86_64");
    }
}
