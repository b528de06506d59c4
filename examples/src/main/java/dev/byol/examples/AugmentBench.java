package dev.byol.examples;

import dev.byol.augment.io.ImageSource;
import dev.byol.augment.load.Batch;
import dev.byol.augment.load.Epoch;
import dev.byol.augment.load.Loader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * How fast are the views: each operation, the appendix's whole view from pixels and from JPEG files, and the loader on one
 * and two threads. With {@code --peer} torchvision's run in turn with ours. All in CPU time of the threads that work, since
 * machines are shared.
 */
@Command(
        name = "augment-bench",
        description = "Times views and their operations, in turn with a peer if one is given.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class AugmentBench implements Callable<Integer> {
    private static final int BATCH = 32;
    private static final int LARGEST_EPOCH = 1 << 18;
    private static final List<Integer> THREADS = List.of(1, 2);
    private static final int WARM_UP = 5;
    private static final int REPEATS = 5;

    /** What the peer calls our operations; the times of several are added up. */
    private static final Map<String, List<String>> PEER_NAMES = Map.ofEntries(
            Map.entry("randomResizedCrop", List.of("random_resized_crop_to96")),
            Map.entry("brightness", List.of("brightness")),
            Map.entry("contrast", List.of("contrast")),
            Map.entry("saturation", List.of("saturation")),
            Map.entry("hue", List.of("hue")),
            Map.entry("colorJitter", List.of("color_jitter_all")),
            Map.entry("grayscale", List.of("grayscale3")),
            Map.entry("horizontalFlip", List.of("hflip")),
            Map.entry("blur0.1", List.of("pil_blur_0.1")),
            Map.entry("blur0.5", List.of("pil_blur_0.5")),
            Map.entry("blur1", List.of("pil_blur_1")),
            Map.entry("blur2", List.of("pil_blur_2")),
            Map.entry("gaussianBlur", List.of("tv_gaussian_blur_k9")),
            Map.entry("normalize", List.of("to_tensor", "normalize")));

    enum Source {
        U8,
        JPEG,
        ALL
    }

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description = "CPU-seconds for each thing timed, in each round (${DEFAULT-VALUE}).")
    private double seconds = 1;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Rounds, each in turn with the peer (${DEFAULT-VALUE}).")
    private int rounds = 3;

    @Option(
            names = "--source",
            description =
                    "${COMPLETION-CANDIDATES}: views from 96x96 pixels and the single operations, from JPEG files of"
                            + " about 400x300, or both (${DEFAULT-VALUE}).")
    private Source source = Source.ALL;

    @Option(
            names = "--data",
            paramLabel = "DATA",
            description = "Times parts of its first images: " + Data.KINDS
                    + ". Without it, parts of made images with the statistics of photographs.")
    private @Nullable String data;

    @Option(
            names = "--peer",
            paramLabel = "FILE",
            description = "A peer_augment.py that prints one line of JSON, to run in turn.")
    private @Nullable Path peer;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the figures there, too.")
    private @Nullable Path json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final AugmentFigures figures = new AugmentFigures();

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        if (!(seconds > 0 && seconds <= 3600)) {
            throw new BadInput("--seconds must be in (0, 3600], got " + seconds);
        }
        if (rounds < 1) {
            throw new BadInput("--rounds must be at least 1, got " + rounds);
        }
        @Nullable Peer other = peer == null ? null : Peer.named("--peer", peer, Peer.PYTHON);
        @Nullable OutputFile file = json == null ? null : OutputFile.open("--json", json);
        AugmentTasks tasks = data == null
                ? AugmentTasks.onMadeImages()
                : AugmentTasks.on(Data.open(data, 1, out::println).unlabelled());
        out.printf(
                Locale.ROOT,
                "%s; Java %s%n%d rounds, %s CPU-seconds for each thing timed; JPEG files of %.2f bytes a pixel%n",
                Device.processor(),
                System.getProperty("java.version"),
                rounds,
                seconds,
                tasks.jpegBytesPerPixel());
        out.flush();
        if (fromPixels()) {
            tasks.operations().keySet().forEach(figures::operation); // in this order, whoever is timed first
        }
        for (int round = 1; round <= rounds; round++) {
            if (other != null) { // first, so that one that fails says so at once
                theirs(other, tasks.operations().keySet());
            }
            if (round == 1) {
                warmUp(tasks);
            }
            ours(tasks);
            out.printf("round %d of %d is done%n", round, rounds);
            out.flush();
        }
        figures.print(out);
        if (file != null) {
            file.write(figures.json());
        }
        return 0;
    }

    private boolean fromPixels() {
        return source != Source.JPEG;
    }

    private boolean fromJpeg() {
        return source != Source.U8;
    }

    /** Everything in turn, so that the JIT compiler has seen all that a method is called with before anything is timed. */
    private void warmUp(AugmentTasks tasks) throws IOException {
        List<Runnable> all = new ArrayList<>(tasks.operations().values());
        all.addAll(views(tasks).values());
        long end = CpuUse.threadNanosNow() + (long) (WARM_UP * seconds * 1e9);
        do {
            for (Runnable task : all) {
                task.run();
            }
        } while (CpuUse.threadNanosNow() < end);
        for (ImageSource images : sources(tasks).values()) {
            THREADS.forEach(threads -> load(images, threads, seconds));
        }
    }

    private Map<String, Runnable> views(AugmentTasks tasks) {
        Map<String, Runnable> all = new LinkedHashMap<>();
        if (fromPixels()) {
            all.put("whole", tasks.views());
            all.put("wholeNormalized", tasks.normalizedViews());
        }
        if (fromJpeg()) {
            all.put("jpeg", tasks.jpegViews());
        }
        return all;
    }

    private Map<String, ImageSource> sources(AugmentTasks tasks) {
        Map<String, ImageSource> all = new LinkedHashMap<>();
        if (fromPixels()) {
            all.put("u8", tasks.source(LARGEST_EPOCH));
        }
        if (fromJpeg()) {
            all.put("jpeg", tasks.jpegSource(LARGEST_EPOCH));
        }
        return all;
    }

    private void ours(AugmentTasks tasks) {
        if (fromPixels()) {
            tasks.operations().forEach((name, task) -> time(task, figures.operation(name)));
        }
        if (fromJpeg()) {
            time(tasks.jpegDecode(), figures.operation("jpegDecode"));
        }
        views(tasks).forEach((name, task) -> time(task, figures.view(name)));
        sources(tasks).forEach((name, images) -> {
            for (int threads : THREADS) {
                Loaded loaded = load(images, threads, seconds);
                figures.addLoad(name, threads, loaded.views, loaded.use);
            }
        });
    }

    private void time(Runnable task, AugmentFigures.Figure figure) {
        List<Double> repeats = new ArrayList<>();
        CpuUse start = CpuUse.ofThisThread();
        long runs = 0;
        for (int i = 0; i < REPEATS; i++) {
            long from = CpuUse.threadNanosNow();
            long now;
            int n = 0;
            do {
                task.run();
                n++;
                now = CpuUse.threadNanosNow();
            } while (now - from < seconds / REPEATS * 1e9);
            repeats.add((now - from) / 1e9 / n / AugmentTasks.CALLS);
            runs += n;
        }
        CpuUse use = CpuUse.ofThisThread().since(start);
        figures.addUse(use);
        figure.addOurs(AugmentFigures.median(repeats), (double) use.bytes() / runs / AugmentTasks.CALLS);
    }

    /** What a loader used for so many views. */
    private record Loaded(long views, CpuUse use) {}

    /** The loader with background threads, for so many CPU-seconds each. */
    private static Loaded load(ImageSource images, int threads, double seconds) {
        Loader loader = Loader.builder(images)
                .views(AugmentTasks.VIEW, AugmentTasks.VIEW)
                .batch(BATCH)
                .threads(threads)
                .build();
        try (Epoch epoch = loader.epoch(0)) {
            for (int i = 0; i < 2 + threads; i++) { // the memory for batches is there, and the threads run
                epoch.next().close();
            }
            long views = 0;
            CpuUse start = CpuUse.ofAllThreads();
            CpuUse use;
            do {
                try (Batch batch = epoch.next()) {
                    views += 2L * batch.size();
                }
                use = CpuUse.ofAllThreads().since(start);
            } while (use.threadNanos() < threads * seconds * 1e9 && epoch.hasNext());
            return new Loaded(views, use);
        }
    }

    private void theirs(Peer other, Set<String> operations) throws IOException, InterruptedException {
        if (fromPixels()) {
            List<String> arguments = List.of("--mode", "ops", "--seconds", Double.toString(seconds));
            Object answer = other.ask(arguments).get("ops");
            if (!(answer instanceof Map<?, ?> times)) {
                throw new BadInput("the peer's answer to " + arguments + " has no \"ops\"");
            }
            for (String name : operations) {
                List<String> names = PEER_NAMES.getOrDefault(name, List.of());
                if (!names.isEmpty()) {
                    double microseconds = names.stream()
                            .mapToDouble(n -> Peer.number(times, n))
                            .sum();
                    figures.operation(name).addTheirs(microseconds / 1e6);
                }
            }
            double whole = 1 / pipeline(other, "--source", "u8");
            figures.view("whole").addTheirs(whole);
            figures.view("wholeNormalized").addTheirs(whole);
        }
        if (fromJpeg()) {
            figures.view("jpeg").addTheirs(1 / pipeline(other, "--source", "jpeg", "--in-size", "large"));
        }
    }

    private double pipeline(Peer other, String... what) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("--mode", "pipeline"));
        arguments.addAll(List.of(what));
        arguments.addAll(List.of("--seconds", Double.toString(seconds)));
        return Peer.number(other.ask(arguments), "views_per_cpu_s");
    }
}
