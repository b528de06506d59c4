package dev.byol.examples;

import dev.byol.tf.EventFile;
import dev.byol.tf.StepReport;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a run writes down while it trains: {@code metrics.csv} and the event file. What the disk does not take now, it is given again. */
final class RunLog implements AutoCloseable {
    private final OutputFolder out;
    private final MetricsCsv metrics;
    private EventFile events;

    /**
     * @param steps completed updates: what is there of a run that was killed after them is taken away
     * @throws IOException if the numbers of earlier steps are missing
     */
    RunLog(OutputFolder out, long steps) throws IOException {
        this.out = out;
        this.metrics = MetricsCsv.read(out.metrics(), steps);
        this.events = EventFile.goOn(out.path(), steps);
    }

    /** All rows so far, oldest first. */
    List<MetricsCsv.Row> rows() {
        return metrics.rows();
    }

    void add(MetricsCsv.Row row, StepReport report) {
        metrics.add(row);
        Map<String, Double> scalars = new LinkedHashMap<>(report.reports());
        scalars.put("loss", report.loss());
        scalars.put("learning_rate", row.learningRate());
        scalars.put("tau", row.tau());
        row.effectiveRank().ifPresent(rank -> scalars.put("effective_rank", rank));
        events.scalars(row.step(), scalars);
    }

    /** Takes away the numbers from a step on: the run goes back to it. */
    void rewind(long step) throws IOException {
        metrics.rewind(step);
        events.close();
        events = EventFile.goOn(out.path(), step);
    }

    /** Brings all to the disk. A folder that was deleted is made anew; the event file then begins with what comes next. */
    void write() throws IOException {
        Files.createDirectories(out.path());
        metrics.write(out.metrics());
        if (!events.isInPlace()) {
            events.close();
            events = EventFile.create(out.path());
        }
        events.flush();
    }

    @Override
    public void close() throws IOException {
        events.close();
    }
}
