package dev.byol.examples;

import dev.byol.tf.ChosenDevice;
import dev.byol.tf.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The programs that do the same as {@code benchmark}, and what they are asked. */
final class BenchmarkPeers {
    /** How long the threads of a peer's OpenMP wait awake: on a busy machine, its own choice makes it many times slower. */
    private static final String SPIN = "20000";

    private final Benchmark options;
    private final Map<Benchmark.What, Peer> peers = new EnumMap<>(Benchmark.What.class);

    /**
     * Those that the options name.
     *
     * @throws BadInput if there is no such file
     */
    BenchmarkPeers(Benchmark options) {
        this.options = options;
        if (options.peer != null) {
            peers.put(Benchmark.What.STEP, Peer.named("--peer", options.peer, options.python));
        }
        Path training = options.peerTraining;
        if (training != null) {
            Peer other = Peer.named("--peer-training", training, options.python);
            peers.put(Benchmark.What.INPUT, other);
            peers.put(Benchmark.What.TRAINING, other);
        }
    }

    /** Runs the peer of this to its end, and gives what it answers; empty if there is none. */
    Optional<Map<String, Object>> ask(Benchmark.What what, ChosenDevice device)
            throws IOException, InterruptedException {
        @Nullable Peer other = peers.get(what);
        return other == null ? Optional.empty() : Optional.of(other.ask(arguments(what, device)));
    }

    /** What {@code peer_step.py} does not know is left away where it is what that does anyway. */
    private List<String> arguments(Benchmark.What what, ChosenDevice device) {
        List<String> arguments = new ArrayList<>(List.of("--preset", preset()));
        if (what != Benchmark.What.STEP) {
            arguments.addAll(List.of("--what", what.toString()));
        }
        if (options.encoder != Pretrain.EncoderName.RESNET18) {
            arguments.addAll(List.of("--encoder", options.encoder.name().toLowerCase(Locale.ROOT)));
        }
        if (device.gpu().isPresent()) {
            arguments.addAll(List.of("--device", "cuda:" + device.gpu().getAsInt()));
        }
        arguments.addAll(List.of("--batch", Integer.toString(options.batch)));
        arguments.addAll(List.of("--size", Integer.toString(options.size)));
        arguments.addAll(List.of("--steps", Integer.toString(options.steps)));
        arguments.addAll(List.of("--spin", SPIN));
        arguments.addAll(
                List.of("--threads", Integer.toString(Runtime.getRuntime().availableProcessors())));
        return arguments;
    }

    private String preset() {
        if (options.preset != null) {
            return options.preset;
        }
        return options.precision == Precision.BFLOAT16 ? "best-bf16" : "best";
    }
}
