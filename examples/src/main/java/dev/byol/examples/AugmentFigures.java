package dev.byol.examples;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@code augment-bench} has measured, one value a round, and what it says of it: medians, and the spread of ratios. */
final class AugmentFigures {
    private final Map<String, Figure> operations = new LinkedHashMap<>();
    private final Map<String, Figure> views = new LinkedHashMap<>();
    private final Map<String, Map<Integer, Load>> loads = new LinkedHashMap<>();
    private CpuUse used = CpuUse.none();

    /** Seconds of CPU a call, of us and of the peer. */
    static final class Figure {
        private final List<Double> ours = new ArrayList<>();
        private final List<Double> theirs = new ArrayList<>();
        private double bytes;

        /**
         * Of a round.
         *
         * @param seconds of CPU a call
         * @param allocated bytes a call
         */
        void addOurs(double seconds, double allocated) {
            ours.add(seconds);
            bytes = allocated;
        }

        /** The peer's CPU-seconds a call, of a round. */
        void addTheirs(double seconds) {
            theirs.add(seconds);
        }

        private double seconds() {
            return median(ours);
        }

        private double peerSeconds() {
            return median(theirs);
        }

        private boolean isCompared() {
            return !theirs.isEmpty();
        }

        private double ratio() {
            return peerSeconds() / seconds();
        }

        /** The ratios of the rounds, the smallest first. */
        private double[] ratios() {
            double[] ratios = new double[theirs.size()];
            for (int i = 0; i < ratios.length; i++) {
                ratios[i] = theirs.get(i) / ours.get(i);
            }
            Arrays.sort(ratios);
            return ratios;
        }
    }

    /** Views of the loader. */
    private static final class Load {
        private final List<Double> perSecond = new ArrayList<>();
        private final List<Double> perCpuSecond = new ArrayList<>();
        private double bytes;
    }

    /** A single operation. */
    Figure operation(String name) {
        return operations.computeIfAbsent(name, key -> new Figure());
    }

    /** A whole view. */
    Figure view(String name) {
        return views.computeIfAbsent(name, key -> new Figure());
    }

    /** So many views came from a loader in a round. */
    void addLoad(String source, int threads, long count, CpuUse use) {
        Load load =
                loads.computeIfAbsent(source, key -> new LinkedHashMap<>()).computeIfAbsent(threads, key -> new Load());
        load.perSecond.add(count / (use.wallNanos() / 1e9));
        load.perCpuSecond.add(count / (use.threadNanos() / 1e9));
        load.bytes = (double) use.bytes() / count;
        addUse(use);
    }

    /** What timing has cost, for the share of it that is not the work itself. */
    void addUse(CpuUse use) {
        used = used.plus(use);
    }

    /** The middle value, or the mean of both; not a number if there is none. */
    static double median(List<Double> values) {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        double[] sorted = values.stream().mapToDouble(v -> v).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    void print(PrintWriter out) {
        if (!operations.isEmpty()) {
            out.printf(
                    "%n%-18s %10s %10s %7s  %-13s %9s%n",
                    "operation", "us", "peer us", "ratio", "of rounds", "garbage");
            operations.forEach(
                    (name, figure) -> line(out, name, 1e6 * figure.seconds(), 1e6 * figure.peerSeconds(), figure));
        }
        out.printf(
                "%n%-18s %10s %10s %7s  %-13s %9s%n",
                "whole view", "a CPU-s", "peer's", "ratio", "of rounds", "garbage");
        views.forEach((name, figure) -> line(out, name, 1 / figure.seconds(), 1 / figure.peerSeconds(), figure));
        out.printf("%n%-18s %10s %10s %10s %9s%n", "loader", "views/s", "a CPU-s", "scaling", "garbage");
        loads.forEach((name, byThreads) -> byThreads.forEach((threads, load) -> out.printf(
                Locale.ROOT,
                "%-18s %10.0f %10.0f %10.2f %8.0fB%n",
                name + ", " + threads + (threads == 1 ? " thread" : " threads"),
                median(load.perSecond),
                median(load.perCpuSecond),
                scaling(byThreads, threads),
                load.bytes)));
        out.printf(
                Locale.ROOT,
                "%nThe JIT compiler, the garbage collector and all else of this process took %.1f %% on top of the timed"
                        + " CPU time.%n",
                100.0 * Math.max(0, used.processNanos() - used.threadNanos()) / used.threadNanos());
        out.flush();
    }

    private static void line(PrintWriter out, String name, double ours, double theirs, Figure figure) {
        if (figure.isCompared()) {
            double[] ratios = figure.ratios();
            out.printf(
                    Locale.ROOT,
                    "%-18s %10.1f %10.1f %7.2f  %5.2f - %5.2f %8.0fB%n",
                    name,
                    ours,
                    theirs,
                    figure.ratio(),
                    ratios[0],
                    ratios[ratios.length - 1],
                    figure.bytes);
        } else {
            out.printf(Locale.ROOT, "%-18s %10.1f %10s %7s  %-13s %8.0fB%n", name, ours, "-", "-", "-", figure.bytes);
        }
    }

    private static double scaling(Map<Integer, Load> byThreads, int threads) {
        Load one = byThreads.get(1);
        Load many = byThreads.get(threads);
        return one == null || many == null ? Double.NaN : median(many.perSecond) / median(one.perSecond);
    }

    /** {@code {"whole": {"viewsPerCpuSecond", "peerViewsPerCpuSecond", "ratio"}, "operations": {...}, ...}}; without a peer, no such keys. */
    String json() throws IOException {
        return JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(asMap()) + "\n";
    }

    private Map<String, Object> asMap() {
        Map<String, Object> all = new LinkedHashMap<>();
        views.forEach((name, figure) -> {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("viewsPerCpuSecond", rounded(1 / figure.seconds()));
            if (figure.isCompared()) {
                entry.put("peerViewsPerCpuSecond", rounded(1 / figure.peerSeconds()));
                entry.put("ratio", rounded(figure.ratio()));
            }
            all.put(name, entry);
        });
        Map<String, Object> single = new LinkedHashMap<>();
        operations.forEach((name, figure) -> {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("microseconds", rounded(1e6 * figure.seconds()));
            if (figure.isCompared()) {
                entry.put("peerMicroseconds", rounded(1e6 * figure.peerSeconds()));
                entry.put("ratio", rounded(figure.ratio()));
            }
            single.put(name, entry);
        });
        all.put("operations", single);
        all.put("threads", threads());
        all.put("spread", spread());
        all.put("garbageBytesPerView", garbage());
        return all;
    }

    private Map<String, Object> threads() {
        Map<String, Object> all = new LinkedHashMap<>();
        loads.forEach((name, byThreads) -> {
            Map<String, Object> entry = new LinkedHashMap<>();
            byThreads.forEach((threads, load) -> {
                Map<String, Object> of = new LinkedHashMap<>();
                of.put("viewsPerSecond", rounded(median(load.perSecond)));
                of.put("viewsPerCpuSecond", rounded(median(load.perCpuSecond)));
                of.put("scaling", rounded(scaling(byThreads, threads)));
                of.put("garbageBytesPerView", Math.round(load.bytes));
                entry.put(Integer.toString(threads), of);
            });
            all.put(name, entry);
        });
        return all;
    }

    /** The smallest and the largest ratio of a round. */
    private Map<String, Object> spread() {
        Map<String, Figure> figures = new LinkedHashMap<>(views);
        figures.putAll(operations);
        Map<String, Object> all = new LinkedHashMap<>();
        figures.forEach((name, figure) -> {
            if (figure.isCompared()) {
                double[] ratios = figure.ratios();
                all.put(name, List.of(rounded(ratios[0]), rounded(ratios[ratios.length - 1])));
            }
        });
        return all;
    }

    private Map<String, Object> garbage() {
        Map<String, Object> all = new LinkedHashMap<>();
        views.forEach((name, figure) -> all.put(name, Math.round(figure.bytes)));
        return all;
    }

    private static double rounded(double value) {
        return Math.rint(value * 1000) / 1000;
    }
}
