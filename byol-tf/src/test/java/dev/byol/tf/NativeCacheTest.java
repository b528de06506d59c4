package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.tf.Environment.Finding;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeCacheTest {
    private static final long MIB = 1 << 20;
    private static final String ENTRIES = "org/tensorflow/internal/c_api/linux-x86_64/";

    @TempDir
    Path temp;

    private Stand stand() {
        return new Stand(temp.resolve("root"))
                .property("user.home", temp.resolve("home"))
                .property("user.name", "ada")
                .property("java.io.tmpdir", temp.resolve("tmp"));
    }

    private NativeCache cache(Path folder) throws IOException {
        return NativeCache.of(stand().machine(), folder, Optional.of(library()));
    }

    /** In a jar with two libraries of 1,000 and 24 bytes, and what is none. */
    private URL library() throws IOException {
        Path jar = temp.resolve("some jar.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            add(out, ENTRIES + "libtensorflow_cc.so.2", 1000);
            add(out, ENTRIES + "libjnitensorflow.so", 24);
            add(out, ENTRIES + "LICENSE", 7);
            add(out, "other/libother.so", 5);
        }
        return URI.create("jar:" + jar.toUri() + "!/" + ENTRIES + "libjnitensorflow.so")
                .toURL();
    }

    private static void add(JarOutputStream out, String name, int size) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(new byte[size]);
    }

    @Test
    void folder_isTheFirstThatCanBeWritten() throws IOException {
        assertThat(NativeCache.folder(stand().machine())).contains(temp.resolve("home/.javacpp/cache"));
        Path named = temp.resolve("named/not/yet");
        assertThat(NativeCache.folder(
                        stand().property(NativeCache.PROPERTY, named).machine()))
                .contains(named);
        Path file = Files.createFile(temp.resolve("home"));
        assertThat(file).isRegularFile();
        assertThat(NativeCache.folder(stand().machine())).contains(temp.resolve("tmp/.javacpp-ada/cache"));
    }

    @Test
    void missing_countsLibrariesThatAreNotWhole() throws IOException {
        Path folder = temp.resolve("cache");
        assertThat(cache(folder).missing()).isEqualTo(1024);
        Path unpacked = folder.resolve("some jar.jar").resolve(ENTRIES);
        Files.createDirectories(unpacked);
        Files.write(unpacked.resolve("libjnitensorflow.so"), new byte[24]);
        Files.write(unpacked.resolve("libtensorflow_cc.so.2"), new byte[999]);
        assertThat(cache(folder).missing()).isEqualTo(1000);
        Files.write(unpacked.resolve("libtensorflow_cc.so.2"), new byte[1000]);
        assertThat(cache(folder).missing()).isZero();
        assertThat(cache(folder).finding().fact()).endsWith("unpacked");
    }

    @Test
    void executable_isAMatterOfTheInnermostMount() throws IOException {
        Path folder = Files.createDirectories(temp.resolve("disk one/cache")).toRealPath();
        String disk = folder.getParent().toString().replace(" ", "\\040");
        stand().file("/proc/self/mounts", "/dev/a / ext4 rw,noexec 0 0", "tmpfs " + disk + " tmpfs rw,relatime 0 0");
        assertThat(cache(folder).executable()).isTrue();
        stand().file("/proc/self/mounts", "/dev/a / ext4 rw 0 0", "tmpfs " + disk + " tmpfs rw,noexec 0 0");
        assertThat(cache(folder).executable()).isFalse();
    }

    @Test
    void finding_saysWhatIsInTheWay() {
        Path folder = Path.of("cache");
        assertThat(new NativeCache(folder, 650 * MIB, 800 * MIB, true).finding())
                .isEqualTo(Finding.ok("cache", "cache, 800 MiB free, 650 MiB to be unpacked at the first start"));
        Finding full = new NativeCache(folder, 650 * MIB, 651 * MIB, true).finding();
        assertThat(full.isFault()).isTrue();
        assertThat(full.sentences())
                .isEqualTo(
                        "cache, 651 MiB free, where 650 MiB are to be unpacked. Make room, or name another folder with"
                                + " -Dorg.bytedeco.javacpp.cachedir=DIR (./byol: in BYOL_JAVA_OPTIONS)");
        Finding noexec = new NativeCache(folder, 0, 651 * MIB, false).finding();
        assertThat(noexec.isFault()).isTrue();
        assertThat(noexec.fact()).contains("noexec");
        assertThat(new NativeCache(folder, 0, 0, true).finding().isFault()).isFalse();
    }
}
