package dev.byol.tf;

import dev.byol.tf.Environment.Finding;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;

/**
 * The libraries of CUDA and cuDNN: those of the redistributable artifact, where it is on the class or module path, else the system's.
 *
 * <p>TensorFlow opens them by their names. The linker answers with a library of that name that is loaded already, from wherever it came;
 * they find one another in the folder that they lie in.
 */
final class Cuda {
    static final String SUBJECT = "cuda";

    /** The redistributable that goes with TensorFlow 2.18 and the JavaCPP that it uses. */
    static final String ARTIFACT = "org.bytedeco:cuda:12.6-9.5-1.5.11 with the classifier linux-x86_64-redist";

    /** What TensorFlow opens when it looks for GPUs; without one of them it takes none. */
    static final List<String> NEEDED = List.of(
            "libcudart.so.12",
            "libcublas.so.12",
            "libcublasLt.so.12",
            "libcufft.so.11",
            "libcusolver.so.11",
            "libcusparse.so.12",
            "libcudnn.so.9");

    /** In the order in which they need one another, with those that they do not find by themselves. */
    static final List<String> LOADED = List.of(
            "libcudart.so.12",
            "libnvJitLink.so.12",
            "libcublasLt.so.12",
            "libcublas.so.12",
            "libcufft.so.11",
            "libcusparse.so.12",
            "libcusolver.so.11",
            "libnvrtc-builtins.so.12.6",
            "libnvrtc.so.12",
            "libcudnn.so.9");

    /** What cuDNN opens from its own folder when it needs it. */
    static final List<String> BESIDE = List.of(
            "libcudnn_graph.so.9",
            "libcudnn_ops.so.9",
            "libcudnn_cnn.so.9",
            "libcudnn_adv.so.9",
            "libcudnn_heuristic.so.9",
            "libcudnn_engines_precompiled.so.9",
            "libcudnn_engines_runtime_compiled.so.9");

    static final String FOLDER = "org/bytedeco/cuda/linux-x86_64/";

    /** Bytes between two lines of progress. */
    private static final long TELL_EVERY = 1L << 28;

    private static final System.Logger LOG = System.getLogger(Cuda.class.getName());

    private final Machine machine;
    private final ClassLoader loader;

    Cuda(Machine machine, ClassLoader loader) {
        this.machine = machine;
        this.loader = loader;
    }

    /** Whether the redistributable is on the class or module path. */
    boolean isOnPath() {
        return resource(LOADED.get(0)).isPresent();
    }

    private Optional<URL> resource(String name) {
        return Optional.ofNullable(loader.getResource(FOLDER + name));
    }

    /** What there is of it, or which libraries are missing. */
    Finding finding() {
        boolean onPath = isOnPath();
        SystemLibraries system = new SystemLibraries(machine);
        List<String> missing = NEEDED.stream()
                .filter(name -> (!onPath || resource(name).isEmpty())
                        && system.find(name).isEmpty())
                .toList();
        if (missing.isEmpty()) {
            return Finding.ok(SUBJECT, onPath ? "the redistributable's libraries" : "the system's libraries");
        }
        return Finding.note(
                SUBJECT,
                "missing: " + String.join(", ", missing),
                "Add " + ARTIFACT + ", or install CUDA 12 and cuDNN 9 where the linker looks (LD_LIBRARY_PATH)");
    }

    /**
     * Unpacks the redistributable into JavaCPP's cache, unless that has been done, and loads it.
     *
     * @return why that cannot be; empty if it is loaded, or not on the path
     */
    Optional<Finding> preload() {
        if (!isOnPath()) {
            return Optional.empty();
        }
        Optional<Path> folder = NativeCache.folder(machine);
        if (folder.isEmpty()) {
            return Optional.of(NativeCache.none());
        }
        try {
            NativeCache cache = NativeCache.of(machine, folder.get(), resource(LOADED.get(0)), Cuda::isUsed);
            if (cache.finding().isFault()) {
                return Optional.of(cache.finding());
            }
            load(unpacked(cache));
            return Optional.empty();
        } catch (IOException | UnsatisfiedLinkError e) {
            return Optional.of(LinkFailure.finding(SUBJECT, "CUDA's libraries do not load", e));
        }
    }

    static boolean isUsed(String entry) {
        String name = entry.substring(entry.lastIndexOf('/') + 1);
        return LOADED.contains(name) || BESIDE.contains(name);
    }

    /** The files to load. JavaCPP locks its cache, and unpacks what is not there as it should be. */
    private List<Path> unpacked(NativeCache cache) throws IOException {
        List<String> names = Stream.concat(BESIDE.stream(), LOADED.stream()).toList();
        List<Path> files = new ArrayList<>();
        long done = 0;
        long told = 0;
        for (String name : names) {
            Optional<URL> url = resource(name);
            if (url.isEmpty()) {
                continue; // finding() tells of those that cannot be done without
            }
            if (cache.missing() > 0 && (done == 0 || done - told > TELL_EVERY)) {
                told = done;
                LOG.log(
                        System.Logger.Level.INFO,
                        "unpacking CUDA''s libraries, once, to {0}: {1} are there, {2} were missing",
                        cache.folder(),
                        HostMemory.inWords(done),
                        HostMemory.inWords(cache.missing()));
            }
            File file = Loader.cacheResource(url.get());
            done += file.length();
            if (LOADED.contains(name)) {
                files.add(file.toPath());
            }
        }
        return files;
    }

    private static void load(List<Path> files) {
        files.forEach(file -> System.load(file.toAbsolutePath().toString()));
    }
}
