package dev.byol.examples;

import dev.byol.tf.ChosenDevice;
import dev.byol.tf.DeviceChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a run was computed on, for its report. */
final class Device {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    private Device() {}

    /** What networks run on: {@code GPU: NVIDIA H200, driver 570.86.15}, or the {@link #processor}. Starts the engine. */
    static String name() {
        ChosenDevice device = DeviceChoice.standard().settle();
        return device.gpu().isPresent() ? "GPU: " + device.why() : processor();
    }

    /** Such as {@code CPU: Intel(R) Xeon(R), 2 processors}; the architecture where the system does not tell the model. */
    static String processor() {
        List<String> lines;
        try {
            lines = Files.isReadable(CPU_INFO) ? Files.readAllLines(CPU_INFO) : List.of();
        } catch (IOException e) {
            lines = List.of();
        }
        return name(lines, System.getProperty("os.arch"), Runtime.getRuntime().availableProcessors());
    }

    /** Threads that prepare images where nothing else is asked for: one for each processor, at most 4. */
    static int loaderThreads() {
        return Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors()));
    }

    static String name(List<String> cpuInfo, String architecture, int processors) {
        String model = cpuInfo.stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse(architecture);
        return "CPU: " + model + ", " + processors + (processors == 1 ? " processor" : " processors");
    }
}
