package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.tf.Environment.Finding;
import dev.byol.tf.Environment.Verdict;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostMemoryTest {
    private static final long GIB = 1L << 30;

    @TempDir
    Path root;

    private Stand stand;

    private HostMemory memory(String... groups) {
        stand().file("/proc/meminfo", "MemTotal:       16777216 kB", "MemFree:  1 kB", "MemAvailable:   12582912 kB")
                .file("/proc/self/cgroup", groups);
        return HostMemory.of(stand().machine()).orElseThrow();
    }

    private Stand stand() {
        if (stand == null) {
            stand = new Stand(root);
        }
        return stand;
    }

    private void v2(String group, String limit, long used, long cache) {
        stand().file("/sys/fs/cgroup" + group + "/memory.max", limit)
                .file("/sys/fs/cgroup" + group + "/memory.current", Long.toString(used))
                .file("/sys/fs/cgroup" + group + "/memory.stat", "anon 1", "inactive_file " + cache);
    }

    @Test
    void withoutGroups_isTheMachines() {
        assertThat(memory()).isEqualTo(new HostMemory(16 * GIB, 12 * GIB, false));
    }

    @Test
    void noLimit_isTheMachines() {
        v2("/user", "max", 3 * GIB, 0);
        assertThat(memory("0::/user")).isEqualTo(new HostMemory(16 * GIB, 12 * GIB, false));
    }

    @Test
    void limit_ofAGroupFurtherOut() {
        v2("", "max", 9 * GIB, 0);
        v2("/a", Long.toString(4 * GIB), 3 * GIB, GIB);
        v2("/a/b", "max", GIB, 0);
        assertThat(memory("0::/a/b")).isEqualTo(new HostMemory(4 * GIB, 2 * GIB, true));
    }

    @Test
    void limit_ofAContainerThatSeesItselfAtTheTop() {
        v2("", Long.toString(2 * GIB), GIB / 2, 0);
        assertThat(memory("0::/docker/0123")).isEqualTo(new HostMemory(2 * GIB, 2 * GIB - GIB / 2, true));
    }

    @Test
    void limit_ofTheFirstVersion() {
        String group = "/sys/fs/cgroup/memory/box";
        stand().file(group + "/memory.limit_in_bytes", Long.toString(8 * GIB))
                .file(group + "/memory.usage_in_bytes", Long.toString(2 * GIB))
                .file(group + "/memory.stat", "inactive_file 5", "total_inactive_file " + GIB)
                .file("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712")
                .file("/sys/fs/cgroup/memory/memory.usage_in_bytes", "1");
        assertThat(memory("3:cpu,cpuacct:/other", "4:hugetlb,memory:/box", "0::/"))
                .isEqualTo(new HostMemory(8 * GIB, 7 * GIB, true));
    }

    @Test
    void elsewhere_isUnknown() {
        assertThat(HostMemory.of(stand().machine())).isEmpty();
    }

    @Test
    void finding_saysWhatIsLeft() {
        assertThat(new HostMemory(16 * GIB, 12 * GIB, false).finding(4 * GIB))
                .isEqualTo(Finding.ok("memory", "16.0 GiB, 12.0 GiB free; Java's heap may take 4.0 GiB"));
        Finding little = new HostMemory(GIB, GIB / 2, true).finding(GIB / 4);
        assertThat(little.verdict()).isEqualTo(Verdict.FAULT);
        assertThat(little.fact()).contains("limit of a container", "512 MiB free", "at least 1.0 GiB must be free");
        assertThat(little.remedy()).contains("docker run --memory");
        Finding heap = new HostMemory(8 * GIB, 8 * GIB, false).finding(8 * GIB);
        assertThat(heap.verdict()).isEqualTo(Verdict.NOTE);
        assertThat(heap.remedy()).contains("-Xmx");
        Finding tight = new HostMemory(4 * GIB, 3 * GIB, false).finding(GIB);
        assertThat(tight.verdict()).isEqualTo(Verdict.NOTE);
        assertThat(tight.remedy()).contains("--micro-batch");
    }
}
