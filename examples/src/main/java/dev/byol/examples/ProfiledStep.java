package dev.byol.examples;

import dev.byol.tf.StepProfile;
import dev.byol.tf.StepProfile.Total;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What a step spent its time on, and how long it took.
 *
 * @param seconds on the clock
 */
record ProfiledStep(StepProfile profile, double seconds) {
    private static final int STEPS = 3;
    private static final int ROWS = 15;
    private static final String ROW = "%-36s %7s %10s %9s%n";

    /** Of three steps the one that took neither the longest nor the shortest time. */
    static ProfiledStep of(Supplier<StepProfile> step) {
        List<ProfiledStep> steps = new ArrayList<>();
        for (int i = 0; i < STEPS; i++) {
            long start = System.nanoTime();
            StepProfile profile = step.get();
            steps.add(new ProfiledStep(profile, (System.nanoTime() - start) / 1e9));
        }
        steps.sort(Comparator.comparingDouble(ProfiledStep::seconds));
        return steps.get(STEPS / 2);
    }

    /** A table of the types of operations that took the longest, and all others in one row. */
    void print(PrintWriter out) {
        List<Total> totals = profile.byType();
        List<Total> rows = new ArrayList<>(totals.subList(0, Math.min(ROWS, totals.size())));
        List<Total> others = totals.subList(rows.size(), totals.size());
        if (!others.isEmpty()) {
            rows.add(new Total(
                    others.size() + (others.size() == 1 ? " other type" : " other types"),
                    others.stream().mapToInt(Total::count).sum(),
                    micros(others),
                    others.stream().mapToDouble(Total::share).sum()));
        }
        out.printf(Locale.ROOT, "a traced step took %.1f ms%n", 1e3 * seconds);
        out.printf(ROW, "operation", "number", "ms", "share");
        rows.forEach(row -> out.printf(
                ROW,
                row.type(),
                row.count(),
                String.format(Locale.ROOT, "%.2f", row.micros() / 1e3),
                String.format(Locale.ROOT, "%.1f %%", 100 * row.share())));
        out.printf(
                Locale.ROOT, "Operations overlap: their sum, %.1f ms, is not the step's time.%n", micros(totals) / 1e3);
        out.flush();
    }

    /** Every type with its number and its time, for a file. */
    List<Map<String, Object>> operations() {
        List<Map<String, Object>> lines = new ArrayList<>();
        for (Total total : profile.byType()) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("type", total.type());
            line.put("count", total.count());
            line.put("milliseconds", Report.rounded(total.micros() / 1e3, 3));
            lines.add(line);
        }
        return lines;
    }

    private static double micros(List<Total> totals) {
        return totals.stream().mapToDouble(Total::micros).sum();
    }
}
