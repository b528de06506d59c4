package dev.byol.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The numbers of every step: collected while training, written as {@code metrics.csv}. Numbers are printed by {@link
 * Float#toString(float)} and {@link Double#toString(double)}: the shortest text that reads back as the same bits, in
 * every locale. Not thread-safe.
 */
final class MetricsCsv {
    private static final String HEADER =
            "step,epoch,loss,positive_cosine,negative_cosine,deviation,learning_rate,tau,effective_rank";

    private final List<Row> rows = new ArrayList<>();

    /**
     * What one step reported.
     *
     * @param step completed updates before this one, from 0
     * @param epoch from 0
     * @param loss of the batch
     * @param positiveCosine mean cosine of the two views of one image, z with z'
     * @param negativeCosine mean cosine of views of different images
     * @param deviation of the dimensions of normalised z times the root of their number, in [0, 1]
     * @param learningRate that the step used
     * @param tau that the step used
     * @param effectiveRank of z, RankMe, from 1 to min(B, D); empty where it was not measured
     */
    record Row(
            long step,
            int epoch,
            float loss,
            float positiveCosine,
            float negativeCosine,
            float deviation,
            double learningRate,
            double tau,
            OptionalDouble effectiveRank) {}

    /**
     * Reads back the rows before a step; later ones, of a run that was killed after its last checkpoint, are left out.
     *
     * @throws IOException if the file is missing, or a row is damaged or missing
     */
    static MetricsCsv read(Path file, long steps) throws IOException {
        MetricsCsv metrics = new MetricsCsv();
        if (steps == 0) {
            return metrics;
        }
        List<String> lines = TextFiles.lines(file);
        for (int step = 0; step < steps; step++) {
            String line = step + 1 < lines.size() ? lines.get(step + 1) : "the end of the file";
            try {
                Row row = row(line.split(",", -1));
                if (row.step != step) {
                    throw new IllegalArgumentException();
                }
                metrics.add(row);
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                throw new IOException(
                        file + ", line " + (step + 2) + ": expected the numbers of step " + step + ", found " + line,
                        e);
            }
        }
        return metrics;
    }

    private static Row row(String... cells) {
        if (cells.length != HEADER.split(",", -1).length) {
            throw new IllegalArgumentException();
        }
        return new Row(
                Long.parseLong(cells[0]),
                Integer.parseInt(cells[1]),
                Float.parseFloat(cells[2]),
                Float.parseFloat(cells[3]),
                Float.parseFloat(cells[4]),
                Float.parseFloat(cells[5]),
                Double.parseDouble(cells[6]),
                Double.parseDouble(cells[7]),
                cells[8].isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(cells[8])));
    }

    void add(Row row) {
        rows.add(row);
    }

    /** Forgets the rows from a step on. */
    void rewind(long step) {
        rows.removeIf(row -> row.step >= step);
    }

    /** All rows so far, oldest first. */
    List<Row> rows() {
        return List.copyOf(rows);
    }

    /**
     * Writes all rows so far; the file appears whole, so that this may be called after every epoch.
     *
     * @param file replaced if it is there
     * @throws IOException if it cannot be written
     */
    void write(Path file) throws IOException {
        AtomicFiles.write(file, text());
    }

    String text() {
        StringBuilder out = new StringBuilder(HEADER).append('\n');
        for (Row row : rows) {
            out.append(row.step)
                    .append(',')
                    .append(row.epoch)
                    .append(',')
                    .append(row.loss)
                    .append(',')
                    .append(row.positiveCosine)
                    .append(',')
                    .append(row.negativeCosine)
                    .append(',')
                    .append(row.deviation)
                    .append(',')
                    .append(row.learningRate)
                    .append(',')
                    .append(row.tau)
                    .append(',');
            row.effectiveRank.ifPresent(out::append);
            out.append('\n');
        }
        return out.toString();
    }
}
