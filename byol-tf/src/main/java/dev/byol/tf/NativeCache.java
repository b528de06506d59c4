package dev.byol.tf;

import dev.byol.tf.Environment.Finding;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.jar.JarFile;

/**
 * Where JavaCPP unpacks native libraries to, and whether they can be loaded from there.
 *
 * @param folder may not exist yet
 * @param missing bytes that are still to be unpacked
 * @param free bytes on the folder's disk
 * @param executable whether the system lets code be loaded from there
 */
record NativeCache(Path folder, long missing, long free, boolean executable) {
    static final String PROPERTY = "org.bytedeco.javacpp.cachedir";

    /** What a disk must keep beside. */
    private static final long RESERVE = 64L << 20;

    /** The place that JavaCPP takes: the first of four that can be written; empty if none can. */
    static Optional<Path> folder(Machine machine) {
        String home = machine.property("user.home");
        String temporary = machine.property("java.io.tmpdir");
        return List.of(
                        machine.property(PROPERTY),
                        machine.property("org.bytedeco.javacpp.cacheDir"),
                        home.isEmpty() ? "" : home + "/.javacpp/cache",
                        temporary + "/.javacpp-" + machine.property("user.name") + "/cache")
                .stream()
                .filter(name -> !name.isEmpty())
                .map(Path::of)
                .filter(NativeCache::isWritable)
                .findFirst();
    }

    private static boolean isWritable(Path folder) {
        Path there = existing(folder);
        return Files.isDirectory(there) && Files.isWritable(there) && Files.isExecutable(there);
    }

    /** The folder, or the innermost one around it that exists. */
    static Path existing(Path folder) {
        Path there = folder.toAbsolutePath();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return there;
    }

    /** With what a native library, and all that lies beside it, takes that is not there yet. */
    static NativeCache of(Machine machine, Path folder, Optional<URL> library) throws IOException {
        return of(machine, folder, library, entry -> entry.matches(".*\\.(so|dll|dylib)[.\\d]*"));
    }

    /** As the other one, of the entries of the library's jar that are unpacked. */
    static NativeCache of(Machine machine, Path folder, Optional<URL> library, Predicate<String> entries)
            throws IOException {
        Path there = existing(folder);
        return new NativeCache(
                folder,
                library.isPresent() ? missing(folder, library.get(), entries) : 0,
                Files.getFileStore(there).getUsableSpace(),
                !options(machine, there.toRealPath()).contains("noexec"));
    }

    /** Bytes of the files beside a library in its jar that are not unpacked in their full length. */
    private static long missing(Path folder, URL library, Predicate<String> entries) throws IOException {
        URLConnection connection = library.openConnection();
        if (!(connection instanceof JarURLConnection inJar)) {
            return 0; // a folder's files are linked to
        }
        Path path = Path.of(URI.create(inJar.getJarFileURL().toString()));
        String entry = inJar.getEntryName();
        String beside = entry.substring(0, entry.lastIndexOf('/') + 1);
        Path unpacked = folder.resolve(path.getFileName());
        long missing = 0;
        try (JarFile jar = new JarFile(path.toFile())) {
            for (var file : Collections.list(jar.entries())) {
                if (file.getName().startsWith(beside) && entries.test(file.getName())) {
                    Path copy = unpacked.resolve(file.getName());
                    missing += Files.exists(copy) && Files.size(copy) == file.getSize() ? 0 : file.getSize();
                }
            }
        }
        return missing;
    }

    /** Of the mount that a folder is on. */
    private static List<String> options(Machine machine, Path folder) {
        return machine.lines("/proc/self/mounts").stream()
                .map(line -> line.split(" "))
                .filter(fields -> fields.length > 3 && folder.startsWith(fields[1].replace("\\040", " ")))
                .reduce((outer, inner) -> inner[1].length() >= outer[1].length() ? inner : outer)
                .map(fields -> List.of(fields[3].split(",")))
                .orElse(List.of());
    }

    Finding finding() {
        String fact = folder + ", " + HostMemory.inWords(free) + " free";
        String other = "name another folder with -D" + PROPERTY + "=DIR (./byol: in BYOL_JAVA_OPTIONS)";
        if (!executable) {
            return Finding.fault(
                    "cache",
                    fact + ", on a disk that no code may be loaded from (noexec)",
                    "Remount it with exec, or " + other);
        } else if (missing + RESERVE > free && missing > 0) {
            return Finding.fault(
                    "cache",
                    fact + ", where " + HostMemory.inWords(missing) + " are to be unpacked",
                    "Make room, or " + other);
        }
        return Finding.ok(
                "cache",
                fact
                        + (missing == 0
                                ? ", unpacked"
                                : ", " + HostMemory.inWords(missing) + " to be unpacked at the first start"));
    }

    /** Where there is no place at all. */
    static Finding none() {
        return Finding.fault(
                "cache",
                "none of JavaCPP's folders can be written, in the home and the temporary folder",
                "Name one that can with -D" + PROPERTY + "=DIR (./byol: in BYOL_JAVA_OPTIONS)");
    }
}
