package dev.byol.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** Memory of this process that the machine really holds, in bytes; empty where the system does not say. */
final class ResidentMemory {
    private static final Path STATUS = Path.of("/proc/self/status");

    private ResidentMemory() {}

    static OptionalLong now() {
        return read("VmRSS:");
    }

    /** The most it ever was. */
    static OptionalLong peak() {
        return read("VmHWM:");
    }

    private static OptionalLong read(String name) {
        List<String> lines;
        try {
            lines = Files.isReadable(STATUS) ? Files.readAllLines(STATUS) : List.of();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10) // kB
                .findFirst();
    }
}
