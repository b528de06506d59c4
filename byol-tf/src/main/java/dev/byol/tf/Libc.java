package dev.byol.tf;

import dev.byol.tf.Environment.Finding;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which C library this process runs on. TensorFlow's native library asks for a version of GNU's. */
final class Libc {
    /** What TensorFlow Java 1.1.0 links against on Linux x86-64, minor version of 2. */
    static final int NEEDED = 34;

    private static final String GET = "Use a system with glibc 2." + NEEDED
            + " or newer: Ubuntu 22.04, Debian 12, RHEL 9, or a container image that is built on one";
    private static final Pattern VERSION = Pattern.compile("GNU C Library [^\n]* version 2\\.(\\d+)");
    private static final Pattern FILE = Pattern.compile("\\S*/libc(?:-2\\.(\\d+))?\\.so(?:\\.6)?$");

    private Libc() {}

    /** The platform with its C library, where it is Linux. */
    static Finding finding(Machine machine, String platform) {
        String maps = machine.text("/proc/self/maps");
        if (!platform.startsWith("linux") || maps.isEmpty()) {
            return Finding.ok("platform", platform);
        }
        if (maps.contains("/ld-musl-")) {
            return Finding.fault("platform", platform + " with musl, where TensorFlow needs glibc", GET);
        }
        Optional<Integer> minor = maps.lines()
                .map(FILE::matcher)
                .filter(Matcher::find)
                .findFirst()
                .flatMap(file -> minor(machine, file));
        if (minor.isEmpty()) {
            return Finding.ok("platform", platform);
        }
        String fact = platform + ", glibc 2." + minor.get();
        return platform.equals("linux-x86_64") && minor.get() < NEEDED
                ? Finding.fault("platform", fact + ", where TensorFlow needs 2." + NEEDED, GET)
                : Finding.ok("platform", fact);
    }

    private static Optional<Integer> minor(Machine machine, Matcher file) {
        if (file.group(1) != null) {
            return Optional.of(Integer.valueOf(file.group(1)));
        }
        Matcher version = VERSION.matcher(machine.text(file.group()));
        return version.find() ? Optional.of(Integer.valueOf(version.group(1))) : Optional.empty();
    }
}
