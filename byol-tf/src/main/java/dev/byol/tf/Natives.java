package dev.byol.tf;

import dev.byol.tf.Environment.Finding;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;

/**
 * The native libraries of TensorFlow on the class or module path; looking for them touches none of its classes.
 *
 * @param platform JavaCPP's name of it
 * @param found of this platform, with and without GPU
 */
record Natives(String platform, List<Library> found) {
    /** Version of TensorFlow Java that this library is built for and tested with. */
    static final String VERSION = "1.1.0";

    static final String SUBJECT = "native";

    private static final String ARTIFACT = "org.tensorflow:tensorflow-core-native:" + VERSION;
    private static final List<String> PLATFORMS =
            List.of("linux-x86_64", "linux-arm64", "macosx-arm64", "windows-x86_64");
    private static final String GPU = "-gpu";

    /**
     * One of them.
     *
     * @param build the classifier, such as {@code linux-x86_64-gpu}
     * @param file that Java's side links to
     */
    record Library(String build, URL file) {
        /** Of the artifact; empty where it does not say. */
        Optional<String> version() {
            String before = file.toString();
            before = before.substring(0, before.indexOf(FOLDER));
            return Natives.version(before + pom("tensorflow-core-native"));
        }
    }

    private static final String FOLDER = "org/tensorflow/internal/c_api/";

    static Natives on(Machine machine, ClassLoader loader) {
        return on(platform(machine.property("os.name"), machine.property("os.arch")), loader);
    }

    static Natives on(String platform, ClassLoader loader) {
        List<Library> found = new ArrayList<>();
        for (String build : List.of(platform, platform + GPU)) {
            try {
                for (URL file : Collections.list(loader.getResources(FOLDER + build + "/" + file(build)))) {
                    found.add(new Library(build, file));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new Natives(platform, found);
    }

    /** The build that is there, such as {@code linux-x86_64-gpu}; {@code none} if there is none. */
    static String build() {
        List<Library> found = on(Machine.here(), Natives.class.getClassLoader()).found;
        return found.isEmpty() ? "none" : found.get(0).build;
    }

    boolean isForGpu() {
        return found.stream().anyMatch(library -> library.build.endsWith(GPU));
    }

    /** There must be exactly one, of the right version. */
    Finding finding(ClassLoader loader) {
        if (!PLATFORMS.contains(platform)) {
            return Finding.fault(
                    SUBJECT,
                    "TensorFlow Java " + VERSION + " has no library for " + platform,
                    "Train on one of " + String.join(", ", PLATFORMS));
        } else if (found.isEmpty()) {
            return Finding.fault(
                    SUBJECT,
                    "no native library for " + platform + " on the class or module path",
                    "Add " + ARTIFACT + " with the classifier " + platform
                            + (platform.equals("linux-x86_64") ? ", or linux-x86_64-gpu for NVIDIA GPUs" : ""));
        } else if (found.size() > 1) {
            return Finding.fault(
                    SUBJECT,
                    "more than one native library on the class or module path: "
                            + String.join(
                                    ", ",
                                    found.stream()
                                            .map(library -> library.file.toString())
                                            .toList()),
                    "Keep one of them: remove the other tensorflow-core-native dependency");
        }
        Library library = found.get(0);
        String version = library.version().orElse("of unknown version");
        String java = version(loader, "tensorflow-core-api").orElse(version);
        return version.equals(java)
                ? Finding.ok(SUBJECT, library.build + " " + version)
                : Finding.fault(
                        SUBJECT,
                        library.build + " " + version + " with TensorFlow Java " + java,
                        "Give both the same version: tensorflow-core-native " + java);
    }

    /** Of an artifact on the class or module path. */
    static Optional<String> version(ClassLoader loader, String artifact) {
        return Optional.ofNullable(loader.getResource(pom(artifact))).flatMap(url -> version(url.toString()));
    }

    private static String pom(String artifact) {
        return "META-INF/maven/org.tensorflow/" + artifact + "/pom.properties";
    }

    private static Optional<String> version(String pom) {
        Properties properties = new Properties();
        try (InputStream in = URI.create(pom).toURL().openStream()) {
            properties.load(in);
        } catch (IOException e) {
            return Optional.empty();
        }
        return Optional.ofNullable(properties.getProperty("version"));
    }

    private static String file(String build) {
        if (build.startsWith("windows")) {
            return "jnitensorflow.dll";
        }
        return build.startsWith("macosx") ? "libjnitensorflow.dylib" : "libjnitensorflow.so";
    }

    /** JavaCPP's name of a platform; of one that it does not know, what Java calls it. */
    static String platform(String os, String architecture) {
        String name = os.toLowerCase(Locale.ROOT);
        String system = name.startsWith("mac") ? "macosx" : name.startsWith("windows") ? "windows" : name;
        return system.replace(' ', '-') + "-"
                + switch (architecture.toLowerCase(Locale.ROOT)) {
                    case "amd64", "x86_64", "x86-64" -> "x86_64";
                    case "aarch64", "arm64" -> "arm64";
                    default -> architecture;
                };
    }
}
