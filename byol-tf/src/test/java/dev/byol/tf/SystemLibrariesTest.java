package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemLibrariesTest {
    @TempDir
    Path root;

    private Optional<Path> find(Stand stand) {
        return new SystemLibraries(stand.machine()).find("libx.so.1");
    }

    @Test
    void environment_comesFirst() {
        Stand stand = new Stand(root).file("/lib64/libx.so.1");
        assertThat(find(stand)).contains(root.resolve("lib64/libx.so.1"));
        stand.file("/opt/b/libx.so.1").variable("LD_LIBRARY_PATH", "/opt/a::relative:/opt/b");
        assertThat(find(stand)).contains(root.resolve("opt/b/libx.so.1"));
    }

    @Test
    void configuration_isFollowed() {
        Stand stand = new Stand(root)
                .file("/etc/ld.so.conf", "# folders", "include ld.so.conf.d/*.conf", "/plain")
                .file("/etc/ld.so.conf.d/cuda.conf", "/opt/cuda/lib64 # CUDA", "include /etc/ld.so.conf")
                .file("/etc/ld.so.conf.d/not.txt", "/other")
                .file("/other/libx.so.1");
        assertThat(find(stand)).isEmpty();
        stand.file("/plain/libx.so.1");
        assertThat(find(stand)).contains(root.resolve("plain/libx.so.1"));
        stand.file("/opt/cuda/lib64/libx.so.1");
        assertThat(find(stand)).contains(root.resolve("opt/cuda/lib64/libx.so.1"));
    }
}
