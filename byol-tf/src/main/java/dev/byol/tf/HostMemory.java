package dev.byol.tf;

import dev.byol.tf.Environment.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The memory that this process may use: the machine's, or what the control groups around it leave of that.
 *
 * @param total bytes
 * @param free bytes of it, with what the system keeps of files that can be given back
 * @param limited whether a control group, such as a container's, sets the total
 */
record HostMemory(long total, long free, boolean limited) {
    /** Bytes below which nothing can be trained: the engine and a JVM take half of it before the first image. */
    static final long LEAST = 1L << 30;

    /** Bytes for a ResNet-18 at 96×96 in batches of 64, with the JVM's heap. */
    static final long COMFORTABLE = 4L << 30;

    private static final long KIB = 1 << 10;
    private static final double MIB = 1 << 20;

    /** Of one control group, in bytes. */
    private record Group(long limit, long used) {}

    /** Empty where the system has no {@code /proc/meminfo}. */
    static Optional<HostMemory> of(Machine machine) {
        Optional<Long> all = kibibytes(machine, "MemTotal");
        Optional<Long> available = kibibytes(machine, "MemAvailable");
        if (all.isEmpty() || available.isEmpty()) {
            return Optional.empty();
        }
        long total = all.get();
        long free = available.get();
        boolean limited = false;
        for (Group group : groups(machine)) {
            if (group.limit < total) {
                total = group.limit;
                limited = true;
            }
            free = Math.min(free, Math.max(0, group.limit - group.used));
        }
        return Optional.of(new HostMemory(total, free, limited));
    }

    private static Optional<Long> kibibytes(Machine machine, String key) {
        return machine.value("/proc/meminfo", key).map(value -> Long.parseLong(value.replaceAll("\\D", "")) * KIB);
    }

    /** The groups that this process is in, with those around them, of both versions of control groups. */
    private static List<Group> groups(Machine machine) {
        List<Group> groups = new ArrayList<>();
        for (String line : machine.lines("/proc/self/cgroup")) {
            String[] parts = line.split(":", 3);
            if (parts.length == 3 && parts[1].isEmpty()) {
                outwards("/sys/fs/cgroup", parts[2])
                        .flatMap(folder ->
                                group(machine, folder, "memory.max", "memory.current", "inactive_file").stream())
                        .forEach(groups::add);
            } else if (parts.length == 3 && List.of(parts[1].split(",")).contains("memory")) {
                outwards("/sys/fs/cgroup/memory", parts[2])
                        .flatMap(folder -> group(
                                machine,
                                folder,
                                "memory.limit_in_bytes",
                                "memory.usage_in_bytes",
                                "total_inactive_file")
                                .stream())
                        .forEach(groups::add);
            }
        }
        return groups;
    }

    /** A group's folder and those around it; in a container the top one is often all that can be seen. */
    private static Stream<String> outwards(String top, String group) {
        return Stream.iterate(
                top + group, path -> path.length() >= top.length(), path -> path.substring(0, path.lastIndexOf('/')));
    }

    private static Optional<Group> group(Machine machine, String folder, String limit, String used, String cache) {
        Optional<Long> most = number(machine.text(folder + "/" + limit));
        Optional<Long> now = number(machine.text(folder + "/" + used));
        if (most.isEmpty() || now.isEmpty()) {
            return Optional.empty();
        }
        long files = machine.value(folder + "/memory.stat", cache)
                .flatMap(HostMemory::number)
                .orElse(0L);
        return Optional.of(new Group(most.get(), now.get() - files));
    }

    /** Empty for what is no number, such as {@code max}. */
    private static Optional<Long> number(String text) {
        String digits = text.strip();
        return digits.matches("\\d{1,18}|9\\d{18}") ? Optional.of(Long.valueOf(digits)) : Optional.empty();
    }

    Finding finding(long heap) {
        String fact = inWords(total) + (limited ? " by the limit of a container or control group, " : ", ")
                + inWords(free) + " free; Java's heap may take " + inWords(heap);
        String more = limited
                ? "Give the container more (docker run --memory)"
                : "Use a machine with more, or end what takes it";
        if (free < LEAST) {
            return Finding.fault("memory", fact + ": at least " + inWords(LEAST) + " must be free", more);
        } else if (free - heap < LEAST) {
            return Finding.note(
                    "memory",
                    fact + ", which leaves less than " + inWords(LEAST) + " for the engine",
                    "Lower the heap with -Xmx (./byol: BYOL_JAVA_OPTIONS=-Xmx1g)");
        } else if (free < COMFORTABLE) {
            return Finding.note(
                    "memory",
                    fact,
                    "Small networks and batches only, or --micro-batch; " + more.toLowerCase(Locale.ROOT));
        }
        return Finding.ok("memory", fact);
    }

    static String inWords(long bytes) {
        return bytes < 1L << 30
                ? Math.round(bytes / MIB) + " MiB"
                : String.format(Locale.ROOT, "%.1f GiB", bytes / (MIB * 1024));
    }
}
