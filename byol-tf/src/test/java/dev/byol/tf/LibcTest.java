package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.byol.tf.Environment.Finding;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibcTest {
    @TempDir
    Path root;

    private Finding find(String library) {
        Machine machine = new Stand(root)
                .file(
                        "/proc/self/maps",
                        "55d0-55d1 r--p 00000000 fe:00 1234 /usr/bin/java",
                        "7f00-7f01 r-xp 00026000 fe:00 5678                       " + library)
                .machine();
        return Libc.finding(machine, "linux-x86_64");
    }

    @Test
    void newEnough_isNamed() {
        new Stand(root)
                .file("/usr/lib/libc.so.6", "\0\0GNU C Library (Debian GLIBC 2.36-9) stable release version 2.36.");
        assertThat(find("/usr/lib/libc.so.6")).isEqualTo(Finding.ok("platform", "linux-x86_64, glibc 2.36"));
    }

    @Test
    void oldOne_saysWhatIsNeeded() {
        new Stand(root).file("/lib64/libc.so.6", "GNU C Library (GNU libc) stable release version 2.28.");
        Finding finding = find("/lib64/libc.so.6");
        assertThat(finding.isFault()).isTrue();
        assertThat(finding.fact()).isEqualTo("linux-x86_64, glibc 2.28, where TensorFlow needs 2.34");
        assertThat(finding.remedy()).contains("glibc 2.34 or newer", "Debian 12");
    }

    @Test
    void oldOne_thatHasItsVersionInItsName() {
        assertThat(find("/lib/x86_64-linux-gnu/libc-2.31.so").fact())
                .contains("glibc 2.31, where TensorFlow needs 2.34");
    }

    @Test
    void musl_isRefused() {
        Finding finding = find("/lib/ld-musl-x86_64.so.1");
        assertThat(finding.isFault()).isTrue();
        assertThat(finding.fact()).contains("musl");
    }

    @Test
    void unknown_isNoFault() {
        assertThat(find("/odd/libc.so.6")).isEqualTo(Finding.ok("platform", "linux-x86_64"));
        assertThat(Libc.finding(new Stand(root.resolve("empty")).machine(), "macosx-arm64"))
                .isEqualTo(Finding.ok("platform", "macosx-arm64"));
    }

    /** The names of the versions that a library asks for stand in its file. */
    @Test
    void needed_isWhatTheLibraryAsksFor() throws IOException {
        Natives natives = Natives.on(Machine.here(), Libc.class.getClassLoader());
        assumeTrue(natives.platform().equals("linux-x86_64"), "not on Linux x86-64");
        String file;
        try (InputStream in = natives.found().get(0).file().openStream()) {
            file = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
        int newest = 0;
        for (Matcher version = Pattern.compile("GLIBC_2\\.(\\d+)").matcher(file); version.find(); ) {
            newest = Math.max(newest, Integer.parseInt(version.group(1)));
        }
        assertThat(newest).isEqualTo(Libc.NEEDED);
    }
}
