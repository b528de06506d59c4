package dev.byol.tf;

import dev.byol.tf.Environment.Finding;
import java.util.LinkedHashMap;
import java.util.Map;

/** What to do about a native library that does not load, by what the system says of it. */
final class LinkFailure {
    private static final Map<String, String> REMEDIES = remedies();

    private LinkFailure() {}

    private static Map<String, String> remedies() {
        Map<String, String> remedies = new LinkedHashMap<>();
        remedies.put("version `GLIBC_", "Use a system with a newer glibc: Ubuntu 22.04, Debian 12, RHEL 9");
        remedies.put(
                "version `GLIBCXX_",
                "Install a newer libstdc++, of GCC 11 or later; of Ubuntu 22.04, Debian 12, RHEL 9");
        remedies.put(
                "libstdc++.so.6: cannot open",
                "Install the C++ library: apt-get install libstdc++6, or dnf install libstdc++");
        remedies.put(
                "libgcc_s.so.1: cannot open",
                "Install GCC's library: apt-get install libgcc-s1, or dnf install libgcc");
        remedies.put(
                "failed to map segment",
                "Name a folder from which code may be loaded with -D" + NativeCache.PROPERTY + "=DIR");
        remedies.put(
                "Operation not permitted",
                "Name a folder from which code may be loaded with -D" + NativeCache.PROPERTY + "=DIR");
        remedies.put("Cannot allocate memory", "Give the process more memory");
        remedies.put(
                "No space left on device", "Make room, or name another folder with -D" + NativeCache.PROPERTY + "=DIR");
        remedies.put(
                "Permission denied",
                "Give yourself the right to read and write it, or name another folder with -D" + NativeCache.PROPERTY
                        + "=DIR");
        return remedies;
    }

    /**
     * With the last cause, which is the one that the system gives.
     *
     * @param what happened
     */
    static Finding finding(String subject, String what, Throwable failure) {
        Throwable last = failure;
        while (last.getCause() != null) {
            last = last.getCause();
        }
        String says = String.valueOf(last.getMessage()).lines().findFirst().orElse("nothing");
        // The linker's sentence begins with the file, before which Java has put it already.
        String once = says.replaceFirst("^(\\S+: )\\1", "$1");
        String remedy = REMEDIES.entrySet().stream()
                .filter(known -> once.contains(known.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("");
        return Finding.fault(subject, what + ": " + once, remedy);
    }
}
