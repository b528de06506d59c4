package dev.byol.examples;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.byol.tf.ChosenDevice;
import dev.byol.tf.DeviceChoice;
import dev.byol.tf.Versions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * All that only a GPU can prove, in one call: the golden numbers, a training that learns, an encoder that is loaded again, speed
 * against PyTorch's, and what the time goes into. A part that fails does not keep the others from being seen.
 */
@Command(
        name = "gpu-check",
        description = "Holds a device to the golden numbers, trains on it, and times it; the results go into one file.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class GpuCheck implements Callable<Integer> {
    static final String RESULTS = "gpu-check.json";

    /** What is looked at, in this order. */
    enum Part {
        GOLDENS,
        TRAINING,
        RELOAD,
        SPEED,
        PROFILE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(names = "--out", paramLabel = "DIR", description = "Where " + RESULTS + " goes (${DEFAULT-VALUE}).")
    private Path out = Path.of("out", "gpu-check");

    @Option(
            names = "--parts",
            split = ",",
            arity = "1",
            paramLabel = "NAME",
            description = "What is looked at, of ${COMPLETION-CANDIDATES} (all).")
    private Set<Part> parts = Set.of(Part.values());

    @Option(
            names = "--peer",
            paramLabel = "FILE",
            description = "PyTorch's step to be timed in turn: examples/peer/peer_training.py.")
    private @Nullable Path peer;

    @Option(names = "--python", paramLabel = "COMMAND", description = "What runs the peer (${DEFAULT-VALUE}).")
    private String python = Peer.PYTHON;

    @Option(
            names = "--rehearse",
            description = "The same with sizes of seconds, which proves nothing about speed or learning: for a CPU.")
    private boolean rehearse;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Of one part: what was found, and whether that is as it should be. */
    @FunctionalInterface
    private interface Check {
        /** Fills in what was found, key by key, so that a failure keeps what came before it. */
        boolean run(Map<String, Object> found) throws IOException, InterruptedException;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter console = spec.commandLine().getOut();
        OutputFile file = OutputFile.open("--out", out.resolve(RESULTS));
        ChosenDevice device = DeviceChoice.standard().settle();
        GpuCheckParts checks = new GpuCheckParts(console, out, device, rehearse);
        GpuSpeed speed = new GpuSpeed(console, out, device, rehearse);
        Map<String, Object> results = new LinkedHashMap<>();
        results.put("device", device.toString());
        results.put("why", device.why());
        results.put("rehearsal", rehearse);
        results.put("versions", Versions.all());
        boolean passed = true;
        for (Part part : new TreeSet<>(parts)) {
            Check check = switch (part) {
                case GOLDENS -> checks::goldens;
                case TRAINING -> checks::training;
                case RELOAD -> checks::reload;
                case SPEED -> found -> speed.run(found, peer, python);
                case PROFILE -> speed::profile;
            };
            Map<String, Object> found = run(check);
            results.put(part.toString(), found);
            passed &= Boolean.TRUE.equals(found.get("ok"));
            console.println(part + " " + JSON.std.asString(found));
            console.flush();
            file.write(JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(results) + "\n");
        }
        console.println("results " + file.path() + (passed ? ": all as it should be" : ": NOT all as it should be"));
        console.flush();
        return passed ? 0 : 1;
    }

    private static Map<String, Object> run(Check check) throws InterruptedException {
        Map<String, Object> found = new LinkedHashMap<>();
        long start = System.nanoTime();
        try {
            found.put("ok", check.run(found));
        } catch (IOException | RuntimeException | LinkageError e) {
            found.put("ok", false);
            found.put("error", e.toString());
        }
        found.put("seconds", Report.rounded((System.nanoTime() - start) / 1e9, 1));
        return found;
    }
}
