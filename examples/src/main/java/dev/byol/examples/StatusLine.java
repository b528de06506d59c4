package dev.byol.examples;

import java.io.PrintStream;
import java.util.function.LongSupplier;

/**
 * Says now and then how far something is: on a terminal one line that is rewritten, elsewhere a plain line every ten
 * seconds. Not thread-safe.
 */
final class StatusLine {
    private static final long REDRAW_NANOS = 100_000_000L;
    private static final long LINE_NANOS = 10_000_000_000L;
    /** What a terminal is wide, where it does not say. */
    private static final int COLUMNS = 80;
    /** Back to the first column and clear the line. */
    private static final String REWRITE = "\r\u001b[2K";

    private final PrintStream out;
    private final boolean terminal;
    private final int columns;
    private final LongSupplier clock;
    private boolean started;
    private boolean open;
    private long lastShown;

    /**
     * @param out where lines go
     * @param terminal whether a line can be rewritten
     * @param columns of the terminal: a line that wraps could not be rewritten
     * @param clock nanoseconds
     */
    StatusLine(PrintStream out, boolean terminal, int columns, LongSupplier clock) {
        this.out = out;
        this.terminal = terminal;
        this.columns = terminal ? Math.max(1, columns - 1) : Integer.MAX_VALUE;
        this.clock = clock;
    }

    /** On standard output, as the launcher says it is. */
    static StatusLine standard() {
        return new StatusLine(
                System.out,
                Boolean.getBoolean("byol.terminal"),
                Integer.getInteger("byol.columns", COLUMNS),
                System::nanoTime);
    }

    /** The most characters of a line. */
    int columns() {
        return columns;
    }

    /** Whether a line can be rewritten. */
    boolean isTerminal() {
        return terminal;
    }

    /** What the clock says, in nanoseconds. */
    long now() {
        return clock.getAsLong();
    }

    /** Whether it is time for a line: for the first one, and when the last one is old. */
    boolean isDue() {
        return !started || now() - lastShown >= (terminal ? REDRAW_NANOS : LINE_NANOS);
    }

    /** Shows a line, in place of the last one where that is possible. */
    void show(String line) {
        started = true;
        lastShown = now();
        if (terminal) {
            out.print(REWRITE + line);
            out.flush();
            open = true;
        } else {
            out.println(line);
        }
    }

    /** Ends a line that could still be rewritten, so that what is printed next starts on its own. */
    void end() {
        if (open) {
            out.println();
            open = false;
        }
    }
}
