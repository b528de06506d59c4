package dev.byol.tf;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where Linux's dynamic linker looks for a library by its name: {@code LD_LIBRARY_PATH}, its configuration, its own folders. */
final class SystemLibraries {
    private static final List<String> ALWAYS =
            List.of("/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/lib", "/usr/lib");

    /** Deep enough for any real configuration, and an end to one that includes itself. */
    private static final int NESTING = 4;

    private final Machine machine;
    private final Set<String> folders = new LinkedHashSet<>();

    SystemLibraries(Machine machine) {
        this.machine = machine;
        for (String folder : machine.variable("LD_LIBRARY_PATH").split(":", -1)) {
            addFolder(folder);
        }
        read("/etc/ld.so.conf", NESTING);
        folders.addAll(ALWAYS);
    }

    private void addFolder(String folder) {
        if (folder.startsWith("/")) {
            folders.add(folder);
        }
    }

    private void read(String file, int nesting) {
        for (String line : machine.lines(file)) {
            String text = line.replaceFirst("#.*", "").strip();
            if (text.startsWith("include ") && nesting > 0) {
                include(text.substring("include ".length()).strip(), nesting - 1);
            } else {
                addFolder(text);
            }
        }
    }

    /** A pattern of files in one folder, such as {@code /etc/ld.so.conf.d/*.conf}. */
    private void include(String pattern, int nesting) {
        String absolute = pattern.startsWith("/") ? pattern : "/etc/" + pattern;
        int slash = absolute.lastIndexOf('/');
        String folder = absolute.substring(0, slash);
        var matcher = machine.root().getFileSystem().getPathMatcher("glob:" + absolute.substring(slash + 1));
        for (Path file : machine.list(machine.at(folder))) {
            if (matcher.matches(file.getFileName())) {
                read(folder + "/" + file.getFileName(), nesting);
            }
        }
    }

    /** The file that a library's name leads to. */
    Optional<Path> find(String name) {
        return folders.stream()
                .map(folder -> machine.at(folder).resolve(name))
                .filter(Files::isRegularFile)
                .findFirst();
    }
}
