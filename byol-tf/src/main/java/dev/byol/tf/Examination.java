package dev.byol.tf;

import dev.byol.tf.Environment.Finding;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.tensorflow.TensorFlow;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;

/** Looks at a machine, and at what is on the class or module path. */
final class Examination {
    private static final String FLAGS =
            "--enable-native-access=org.bytedeco.javacpp,tensorflow.nativelib,dev.byol.tf --sun-misc-unsafe-memory-access=allow";

    /** Bytes on the disk of the runs: a few checkpoints of the smallest networks. */
    private static final long LEAST_DISK = 1L << 28;

    /** Bytes for the checkpoints of a ResNet-50 and its report. */
    private static final long COMFORTABLE_DISK = 4L << 30;

    private final Machine machine;
    private final ClassLoader loader;
    private final Natives natives;
    private final Processor processor;
    private final Nvidia nvidia;
    private final Cuda cuda;

    Examination(Machine machine, ClassLoader loader) {
        this.machine = machine;
        this.loader = loader;
        natives = Natives.on(machine, loader);
        processor = Processor.of(machine);
        nvidia = Nvidia.of(machine);
        cuda = new Cuda(machine, loader);
    }

    static Examination here() {
        return new Examination(Machine.here(), Examination.class.getClassLoader());
    }

    /** What would make a start fail with a worse message, or end the process. */
    List<Finding> beforeStart() {
        return faults(List.of(natives.finding(loader), processor.finding()));
    }

    /** Why a start failed: what the linker says, and what is known to lead to that. */
    List<Finding> afterFailure(Finding failure) {
        return faults(List.of(libc(), cache(), failure));
    }

    private static List<Finding> faults(List<Finding> findings) {
        return findings.stream().filter(Finding::isFault).toList();
    }

    Environment everything(Path out) {
        DeviceChoice choice = DeviceChoice.standard();
        List<Finding> findings = new ArrayList<>(List.of(java(), modules(), libc(), processor.finding()));
        findings.addAll(engine(choice));
        findings.addAll(gpu(choice));
        HostMemory.of(machine)
                .ifPresent(memory ->
                        findings.add(memory.finding(Runtime.getRuntime().maxMemory())));
        findings.add(cache());
        findings.add(disk(out));
        return new Environment(findings);
    }

    private Finding java() {
        String fact = machine.property("java.version") + ", " + machine.property("java.vm.name") + ", "
                + machine.property("java.vendor");
        return isNativeAccessSilent()
                ? Finding.ok("java", fact)
                : Finding.note("java", fact + ", which warns of native access", "Start Java with " + FLAGS);
    }

    /** Whether TensorFlow's modules may call native code without a warning: a matter of JDK 24 and newer. */
    private boolean isNativeAccessSilent() {
        if (Runtime.version().feature() < 24) {
            return true;
        }
        try {
            Module module =
                    Class.forName("org.bytedeco.javacpp.Loader", false, loader).getModule();
            return (boolean) Module.class.getMethod("isNativeAccessEnabled").invoke(module);
        } catch (ClassNotFoundException
                | NoSuchMethodException
                | IllegalAccessException
                | InvocationTargetException e) {
            return true;
        }
    }

    private Finding modules() {
        String path = Examination.class.getModule().isNamed() ? "module path" : "class path";
        String java = Natives.version(loader, "tensorflow-core-api").orElse("of unknown version");
        return Finding.ok("modules", "TensorFlow Java " + java + " on the " + path);
    }

    private Finding libc() {
        return Libc.finding(machine, natives.platform());
    }

    /** Starts it, and lets it run two convolutions. */
    private List<Finding> engine(DeviceChoice choice) {
        Finding found = natives.finding(loader);
        if (found.isFault()) {
            return List.of(found);
        }
        long start = System.nanoTime();
        try {
            Engine.start(choice != DeviceChoice.CPU);
        } catch (EngineException e) {
            return List.of(Engine.failure().orElse(found));
        }
        String started = String.format(
                Locale.ROOT,
                "%s, TensorFlow %s, started in %.1f s",
                found.fact(),
                TensorFlow.version(),
                (System.nanoTime() - start) / 1e9);
        ChosenDevice cpu = ChosenDevice.cpu("for oneDNN");
        Convolution float32 = Convolution.run(cpu, TFloat32.class);
        Convolution bfloat16 = Convolution.run(cpu, TBfloat16.class);
        return List.of(Finding.ok(Natives.SUBJECT, started), oneDnn(float32), bfloat16(bfloat16));
    }

    Finding oneDnn(Convolution ran) {
        if (ran.isByOneDnn()) {
            return Finding.ok("oneDNN", "on: a convolution ran as " + ran.operation());
        }
        String setting = machine.variable("TF_ENABLE_ONEDNN_OPTS");
        if (!setting.isEmpty()) {
            return Finding.note(
                    "oneDNN",
                    "off by TF_ENABLE_ONEDNN_OPTS=" + setting + ", which makes steps much slower",
                    "Unset TF_ENABLE_ONEDNN_OPTS");
        }
        return natives.platform().equals("linux-x86_64")
                ? Finding.note(
                        "oneDNN",
                        "off: TensorFlow uses it by itself only where the processor has VNNI, bfloat16 or AMX",
                        "Try TF_ENABLE_ONEDNN_OPTS=1 in the environment, and compare with ./byol benchmark")
                : Finding.ok("oneDNN", "not in this build: a convolution ran as " + ran.operation());
    }

    Finding bfloat16(Convolution ran) {
        return processor.multipliesBfloat16() && ran.isByOneDnn()
                ? Finding.ok("bfloat16", "in hardware: --precision bfloat16 pays")
                : Finding.note(
                        "bfloat16",
                        "emulated, since the processor has no instructions for it",
                        "Stay with --precision float32");
    }

    boolean isForGpu() {
        return natives.isForGpu();
    }

    /** Everything that a GPU needs and that is not there. */
    List<Finding> missingForGpu() {
        List<Finding> missing = new ArrayList<>();
        if (!natives.isForGpu()) {
            missing.add(cpuBuild());
        }
        nvidia.problem().ifPresent(missing::add);
        Finding cuda = this.cuda.finding();
        if (cuda.verdict() != Environment.Verdict.OK) {
            missing.add(cuda);
        }
        return missing;
    }

    private Finding cpuBuild() {
        return Finding.note(
                Natives.SUBJECT,
                "the native library is the CPU's",
                "Take org.tensorflow:tensorflow-core-native:" + Natives.VERSION
                        + " with the classifier linux-x86_64-gpu in its place");
    }

    /** Loads CUDA where it is of use. */
    Optional<Finding> preloadCuda() {
        return missingForGpu().isEmpty() ? cuda.preload() : Optional.empty();
    }

    /** The GPU and, for a build that can use one, CUDA; a GPU that is asked for by name and cannot be had is a fault. */
    List<Finding> gpu(DeviceChoice choice) {
        if (choice == DeviceChoice.CPU) {
            return List.of(Finding.ok(Nvidia.SUBJECT, "not asked for"));
        } else if (choice.gpu().isPresent()) {
            List<Finding> missing = missingForGpu();
            return missing.isEmpty()
                    ? List.of(settled(choice), cuda.finding())
                    : missing.stream().map(Finding::asFault).toList();
        }
        Optional<Finding> problem = nvidia.problem().or(this::unsettled);
        Finding gpu = problem.orElse(
                natives.isForGpu()
                        ? Finding.ok(Nvidia.SUBJECT, nvidia.name())
                        : Finding.note(
                                Nvidia.SUBJECT,
                                nvidia.name() + ", unused: " + cpuBuild().fact(),
                                cpuBuild().remedy()));
        return natives.isForGpu() ? List.of(gpu, cuda.finding()) : List.of(gpu);
    }

    private static Finding settled(DeviceChoice choice) {
        try {
            return Finding.ok(Nvidia.SUBJECT, choice.settle().why());
        } catch (EngineException e) {
            return Finding.fault(Nvidia.SUBJECT, String.valueOf(e.getMessage()), "");
        }
    }

    /** Why a GPU for which nothing is missing does not compute all the same. */
    private Optional<Finding> unsettled() {
        if (!missingForGpu().isEmpty() || Engine.failure().isPresent()) {
            return Optional.empty();
        }
        ChosenDevice device = DeviceChoice.AUTO.settle();
        return device.gpu().isPresent()
                ? Optional.empty()
                : Optional.of(Finding.note(
                        Nvidia.SUBJECT,
                        device.why(),
                        "Start with TF_CPP_MIN_LOG_LEVEL=0 to see what TensorFlow says of it"));
    }

    private Finding cache() {
        Optional<Path> folder = NativeCache.folder(machine);
        if (folder.isEmpty()) {
            return NativeCache.none();
        }
        Optional<URL> library =
                natives.found().stream().map(Natives.Library::file).findFirst();
        try {
            return NativeCache.of(machine, folder.get(), library).finding();
        } catch (IOException e) {
            return Finding.fault(
                    "cache", folder.get() + " cannot be looked at: " + e, "Make it a folder that you may write to");
        }
    }

    private static Finding disk(Path out) {
        Path there = NativeCache.existing(out);
        if (!Files.isDirectory(there) || !Files.isWritable(there)) {
            return Finding.fault("disk", there + " is no folder that can be written to", "Name another one with --out");
        }
        long free;
        try {
            FileStore disk = Files.getFileStore(there);
            free = disk.getUsableSpace();
        } catch (IOException e) {
            return Finding.note("disk", there + " does not tell its free space: " + e, "");
        }
        String fact = HostMemory.inWords(free) + " free at " + there;
        if (free < LEAST_DISK) {
            return Finding.fault(
                    "disk", fact + ", which holds no checkpoints", "Make room, or name another disk with --out");
        }
        return free < COMFORTABLE_DISK
                ? Finding.note("disk", fact, "Keep fewer checkpoints with --keep, or name another disk with --out")
                : Finding.ok("disk", fact);
    }
}
