package dev.byol.examples;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@code benchmark} has measured, round by round, and what it says of it: the best rounds of both sides. */
final class BenchmarkFigures {
    private static final String SPEED = "imagesPerSecond";
    private static final String THEIR_SPEED = "peerImagesPerSecond";
    private static final String RATIO = "ratio";
    private static final String CPU = "cpuSecondsPerStep";
    /** The same in a peer's answer. */
    private static final String PEER_SPEED = "images_per_s";

    private static final String PEER_CPU = "cpu_s_per_step";

    private final Map<Benchmark.What, List<Map<String, Object>>> ours = new EnumMap<>(Benchmark.What.class);
    private final Map<Benchmark.What, List<Map<String, Object>>> theirs = new EnumMap<>(Benchmark.What.class);

    /** Our figures of a round. */
    void addOurs(Benchmark.What what, Map<String, Object> line) {
        ours.computeIfAbsent(what, key -> new ArrayList<>()).add(line);
    }

    /**
     * A peer's answer in a round.
     *
     * @throws BadInput if it does not say how fast it was
     */
    void addTheirs(Benchmark.What what, Map<String, Object> answer) {
        Peer.number(answer, PEER_SPEED);
        theirs.computeIfAbsent(what, key -> new ArrayList<>()).add(answer);
    }

    /** Ratios, where there is a peer. */
    void print(PrintWriter out) {
        for (Map<String, Object> line : best()) {
            if (line.containsKey(RATIO)) {
                out.printf(
                        Locale.ROOT,
                        "%s: ratio %.3f (best of the rounds: %.1f to %.1f images a second)%n",
                        line.get("what"),
                        number(line, RATIO),
                        number(line, SPEED),
                        number(line, THEIR_SPEED));
            }
        }
        out.flush();
    }

    /** A list of the best rounds, one entry for each part of a training that was timed. */
    String json() throws IOException {
        return JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(best()) + "\n";
    }

    private List<Map<String, Object>> best() {
        List<Map<String, Object>> lines = new ArrayList<>();
        ours.forEach((what, rounds) -> {
            Map<String, Object> line = new LinkedHashMap<>(fastest(rounds, SPEED));
            List<Map<String, Object>> answers = theirs.getOrDefault(what, List.of());
            if (!answers.isEmpty()) {
                Map<String, Object> answer = fastest(answers, PEER_SPEED);
                double speed = Peer.number(answer, PEER_SPEED);
                line.put(THEIR_SPEED, speed);
                line.put("peerCpuSecondsPerStep", number(answer, PEER_CPU));
                line.put(RATIO, Report.rounded(number(line, SPEED) / speed, 3));
            }
            lines.add(line);
        });
        return lines;
    }

    private static Map<String, Object> fastest(List<Map<String, Object>> rounds, String speed) {
        return rounds.stream()
                .max(Comparator.comparingDouble(round -> number(round, speed)))
                .orElseThrow();
    }

    private static double number(Map<String, Object> line, String name) {
        return line.get(name) instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    /** One round's line of ours. */
    static Map<String, Object> speeds(Map<String, Object> settings, double imagesPerSecond, double cpuSeconds) {
        Map<String, Object> line = new LinkedHashMap<>(settings);
        line.put(SPEED, Report.rounded(imagesPerSecond, 3));
        line.put(CPU, Report.rounded(cpuSeconds, 3));
        return line;
    }
}
