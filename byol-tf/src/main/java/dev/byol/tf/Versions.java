package dev.byol.tf;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tensorflow.TensorFlow;

/** The versions that a run depends on, for checkpoints and reports. */
public final class Versions {
    private Versions() {}

    /**
     * Library, TensorFlow and which build of it, JDK, operating system and processors, by name; and the commit that is checked out where
     * the program was started, if any is.
     */
    public static Map<String, String> all() {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("byol", VERSION);
        versions.put("tensorflow", TensorFlow.version());
        versions.put("native", Natives.build());
        versions.put("java", System.getProperty("java.runtime.version", "unknown"));
        versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        versions.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        GitRevision.of(Path.of("")).ifPresent(commit -> versions.put("revision", commit));
        return versions;
    }

    private static final String VERSION = "0.1.0-SNAPSHOT";
}
