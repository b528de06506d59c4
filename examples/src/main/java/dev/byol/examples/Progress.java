package dev.byol.examples;

import java.util.Locale;

/** Says how far the training is: at the end of every epoch, and in between when a line is due. Not thread-safe. */
final class Progress implements AutoCloseable {
    private static final int BAR = 24;
    private static final int SHORTEST_BAR = 3;

    private final StatusLine line;
    private final int epochs;
    private final int stepsPerEpoch;
    private final long steps;
    private final int batch;

    private boolean started;
    private long firstStep;
    private long firstNanos;

    /**
     * What a line says.
     *
     * @param epoch the running epoch, from 1
     * @param epochs of the training
     * @param step completed steps
     * @param steps of the training
     * @param loss of the last batch
     * @param positiveCosine of the last batch
     * @param negativeCosine of the last batch
     * @param imagesPerSecond mean since the first step, or NaN while it is not known
     * @param secondsLeft until the last step, or NaN while it is not known
     */
    record Status(
            int epoch,
            int epochs,
            long step,
            long steps,
            double loss,
            double positiveCosine,
            double negativeCosine,
            double imagesPerSecond,
            double secondsLeft) {}

    /**
     * @param line where it is said
     * @param epochs of the training, at least 1
     * @param stepsPerEpoch at least 1
     * @param batch images in a step, at least 1
     */
    Progress(StatusLine line, int epochs, int stepsPerEpoch, int batch) {
        this.line = line;
        this.epochs = epochs;
        this.stepsPerEpoch = stepsPerEpoch;
        this.steps = (long) epochs * stepsPerEpoch;
        this.batch = batch;
    }

    /**
     * Reports one finished step. The first one starts the clock, so that what is compiled on the first run counts for
     * nothing.
     *
     * @param row the step's numbers
     */
    void step(MetricsCsv.Row row) {
        long now = line.now();
        long done = row.step() + 1;
        if (!started) {
            started = true;
            firstStep = done;
            firstNanos = now;
        }
        if (done % stepsPerEpoch != 0 && !line.isDue()) {
            return;
        }
        double seconds = (now - firstNanos) / 1e9;
        double perSecond = done > firstStep && seconds > 0 ? (done - firstStep) / seconds : Double.NaN;
        line.show(line(
                new Status(
                        row.epoch() + 1,
                        epochs,
                        done,
                        steps,
                        row.loss(),
                        row.positiveCosine(),
                        row.negativeCosine(),
                        perSecond * batch,
                        (steps - done) / perSecond),
                line.columns()));
    }

    /** Ends the line, so that what is printed next starts on its own; steps may follow on another. */
    @Override
    public void close() {
        line.end();
    }

    /** Everything, the bar in what room is left; where there is little, single spaces, no bar, and in the end a cut. */
    static String line(Status s, int columns) {
        String head = String.format(Locale.ROOT, "epoch %d/%d  step %d/%d", s.epoch, s.epochs, s.step, s.steps);
        String tail = String.format(
                Locale.ROOT,
                "loss %.3f  pos %.2f  neg %.2f  %s img/s  %s left",
                s.loss,
                s.positiveCosine,
                s.negativeCosine,
                Double.isFinite(s.imagesPerSecond) ? String.format(Locale.ROOT, "%.0f", s.imagesPerSecond) : "-",
                duration(s.secondsLeft));
        double share = (double) s.step / s.steps;
        int room = columns - head.length() - tail.length() - "  []  ".length();
        if (room >= BAR / 2) {
            return head + "  " + bar(share, Math.min(BAR, room)) + "  " + tail;
        }
        head = head.replace("  ", " ");
        tail = tail.replace("  ", " ");
        room = columns - head.length() - tail.length() - " [] ".length();
        String line =
                room >= SHORTEST_BAR ? head + " " + bar(share, Math.min(BAR, room)) + " " + tail : head + " " + tail;
        return line.substring(0, Math.min(line.length(), columns));
    }

    static String bar(double share, int cells) {
        int filled = (int) Math.round(cells * Math.max(0, Math.min(1, share)));
        String head = filled > 0 && filled < cells ? "=".repeat(filled - 1) + ">" : "=".repeat(filled);
        return "[" + head + " ".repeat(cells - filled) + "]";
    }

    /** {@code 0:07}, {@code 12:30}, {@code 1:02:03}; {@code -:--} for what is not known. */
    static String duration(double seconds) {
        if (!Double.isFinite(seconds)) {
            return "-:--";
        }
        long whole = Math.round(Math.max(0, seconds));
        long hours = whole / 3600;
        return hours > 0
                ? String.format(Locale.ROOT, "%d:%02d:%02d", hours, whole / 60 % 60, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
    }
}
