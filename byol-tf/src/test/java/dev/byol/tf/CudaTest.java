package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.byol.tf.Environment.Finding;
import dev.byol.tf.Environment.Verdict;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Libraries of the true names with nothing in them stand for CUDA's. */
class CudaTest {
    @TempDir
    Path temp;

    private Stand stand() {
        return new Stand(temp.resolve("root")).property(NativeCache.PROPERTY, temp.resolve("cache"));
    }

    private static URLClassLoader loader(Path... jars) throws IOException {
        List<URL> urls = new ArrayList<>();
        for (Path jar : jars) {
            urls.add(jar.toUri().toURL());
        }
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    /** With all libraries of the redistributable but some, of 100 bytes each. */
    private Path jar(String... without) throws IOException {
        Path jar = temp.resolve("redist.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (String name : names()) {
                if (!List.of(without).contains(name)) {
                    add(out, name, new byte[100]);
                }
            }
            add(out, "libnccl.so.2", new byte[5000]); // not used
        }
        return jar;
    }

    private static List<String> names() {
        return Stream.concat(Cuda.LOADED.stream(), Cuda.BESIDE.stream()).toList();
    }

    private static void add(JarOutputStream out, String name, byte[] bytes) throws IOException {
        out.putNextEntry(new JarEntry(Cuda.FOLDER + name));
        out.write(bytes);
    }

    @Test
    void nothing_isAllMissing_andNothingIsLoaded() throws IOException {
        try (URLClassLoader loader = loader()) {
            Cuda cuda = new Cuda(stand().machine(), loader);
            Finding finding = cuda.finding();
            assertThat(finding.verdict()).isEqualTo(Verdict.NOTE);
            assertThat(finding.fact()).isEqualTo("missing: " + String.join(", ", Cuda.NEEDED));
            assertThat(finding.remedy())
                    .contains("org.bytedeco:cuda:12.6-9.5-1.5.11 with the classifier linux-x86_64-redist", "cuDNN 9");
            assertThat(cuda.preload()).isEmpty();
            assertThat(temp.resolve("cache")).doesNotExist();
        }
    }

    @Test
    void oneMissing_isNamed() throws IOException {
        try (URLClassLoader loader = loader(jar("libcudnn.so.9"))) {
            assertThat(new Cuda(stand().machine(), loader).finding().fact()).isEqualTo("missing: libcudnn.so.9");
            Stand system = stand().file("/usr/lib/x86_64-linux-gnu/libcudnn.so.9");
            assertThat(new Cuda(system.machine(), loader).finding().verdict()).isEqualTo(Verdict.OK);
        }
    }

    @Test
    void system_isFoundWithoutTheRedistributable() throws IOException {
        try (URLClassLoader loader = loader()) {
            Stand stand = stand().variable("LD_LIBRARY_PATH", "/opt/cuda");
            Cuda.NEEDED.forEach(name -> stand.file("/opt/cuda/" + name));
            assertThat(new Cuda(stand.machine(), loader).finding())
                    .isEqualTo(Finding.ok("cuda", "the system's libraries"));
            Files.delete(temp.resolve("root/opt/cuda/libcufft.so.11"));
            assertThat(new Cuda(stand.machine(), loader).finding().fact()).isEqualTo("missing: libcufft.so.11");
        }
    }

    @Test
    void redistributable_countsOnlyWhatIsUsed() throws IOException {
        try (URLClassLoader loader = loader(jar())) {
            assertThat(new Cuda(stand().machine(), loader).finding())
                    .isEqualTo(Finding.ok("cuda", "the redistributable's libraries"));
            NativeCache cache = NativeCache.of(
                    stand().machine(),
                    temp.resolve("cache"),
                    Optional.ofNullable(loader.getResource(Cuda.FOLDER + "libcudart.so.12")),
                    Cuda::isUsed);
            assertThat(cache.missing()).isEqualTo(100L * names().size());
        }
    }

    /** A real disk that is too small, where one may be mounted. */
    @Test
    void preload_withoutRoom_saysHowMuchIsNeeded_andUnpacksNothing() throws IOException, InterruptedException {
        Path cache = Files.createDirectories(temp.resolve("cache"));
        assumeTrue(
                Commands.run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", cache.toString()),
                "no disk can be mounted");
        try (URLClassLoader loader = loader(jar())) {
            Finding finding = new Cuda(stand().machine(), loader).preload().orElseThrow();
            assertThat(finding.subject()).isEqualTo("cache");
            assertThat(finding.sentences()).contains("are to be unpacked", "Make room, or name another folder");
            assertThat(cache).isEmptyDirectory();
        } finally {
            assertThat(Commands.run("umount", cache.toString())).isTrue();
        }
    }

    @Test
    void preload_ofWhatIsNoLibrary_saysWhatTheLinkerSays() throws IOException, InterruptedException {
        assumeLinux();
        assertThat(preload(jar(), Path.of("/none")))
                .contains("CUDA's libraries do not load: ", "libcudart.so.12")
                .doesNotContain("user loaded");
    }

    /** In a JVM of its own: JavaCPP's cache folder is one for a process. */
    private String preload(Path jar, Path user) throws IOException, InterruptedException {
        return EngineTest.said(
                temp.resolve("said"),
                Map.of(),
                Preload.class,
                jar.toString(),
                temp.resolve("cache").toString(),
                user.toString());
    }

    @Test
    void preload_loadsAllFromOneFolder_andAnswersToTheirNames() throws IOException, InterruptedException {
        assumeLinux();
        assumeTrue(Commands.run("gcc", "--version"), "no gcc");
        Path jar = temp.resolve("redist.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (String name : names()) {
                add(
                        out,
                        name,
                        compiled(name, "int a_" + name.replaceAll("\\W", "_") + "(void) { return 7; }", List.of()));
            }
        }
        // Needs two of the names, which the linker finds nowhere but in the process.
        compiled("libuser.so", "int user(void) { return 1; }", List.of("libcudart.so.12", "libcudnn.so.9"));
        for (int i = 0; i < 2; i++) { // the second time nothing is unpacked
            String said = preload(jar, temp.resolve("libuser.so"));
            assertThat(said.lines().filter(line -> line.startsWith("loaded ")))
                    .as(said)
                    .containsExactlyElementsOf(Cuda.LOADED.stream()
                            .sorted()
                            .map(name ->
                                    "loaded " + temp.resolve("cache/redist.jar").resolve(Cuda.FOLDER + name))
                            .toList());
            assertThat(said).contains("user loaded");
            assertThat(said.contains("unpacking CUDA's libraries")).as(said).isEqualTo(i == 0);
            assertThat(temp.resolve("cache/redist.jar").resolve(Cuda.FOLDER + "libcudnn_ops.so.9"))
                    .exists();
        }
    }

    /** A library of a name, which needs others in its folder. */
    private byte[] compiled(String name, String code, List<String> needs) throws IOException, InterruptedException {
        Path source = Files.writeString(temp.resolve("source.c"), code);
        Path folder = name.equals("libuser.so") ? temp : Files.createDirectories(temp.resolve("compiled"));
        List<String> command = new ArrayList<>(List.of(
                "gcc",
                "-shared",
                "-fPIC",
                "-Wl,-soname," + name,
                "-o",
                folder.resolve(name).toString(),
                source.toString(),
                "-Wl,--no-as-needed"));
        needs.forEach(
                other -> command.add(temp.resolve("compiled").resolve(other).toString()));
        assertThat(Commands.run(command.toArray(String[]::new)))
                .as(command.toString())
                .isTrue();
        return Files.readAllBytes(folder.resolve(name));
    }

    /** Loads a jar's libraries, then one that needs some of them by name. */
    static final class Preload {
        private Preload() {}

        public static void main(String... args) throws IOException {
            System.setProperty(NativeCache.PROPERTY, args[1]);
            try (URLClassLoader loader = loader(Path.of(args[0]))) {
                Optional<Finding> problem = new Cuda(Machine.here(), loader).preload();
                if (problem.isPresent()) {
                    System.out.println(problem.get().sentences());
                    return;
                }
            }
            Files.readAllLines(Path.of("/proc/self/maps")).stream()
                    .filter(line -> line.contains("redist.jar/"))
                    .map(line -> "loaded " + line.substring(line.indexOf('/')))
                    .distinct()
                    .sorted()
                    .forEach(System.out::println);
            System.load(args[2]);
            System.out.println("user loaded");
        }
    }

    private static void assumeLinux() {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "not on Linux");
    }
}
