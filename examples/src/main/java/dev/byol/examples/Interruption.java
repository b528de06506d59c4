package dev.byol.examples;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Hears Ctrl-C and SIGTERM while it is open: the first one asks for an end, the second one ends the process at once. */
final class Interruption implements AutoCloseable {
    /** The exit code of a process that was ended at once: 128 and the number of the signal. */
    static final int ENDED = 130;

    private final List<Runnable> undo = new ArrayList<>();
    private final PrintWriter console;
    private final String answer;
    private boolean answered;
    private volatile boolean asked;

    /**
     * @param console hears the answer to the first signal
     * @param answer what is done about it
     */
    Interruption(PrintWriter console, String answer) {
        this.console = console;
        this.answer = answer;
        for (String name : List.of("INT", "TERM")) {
            try {
                undo.add(Signals.hear(name, () -> heard(name)));
            } catch (IllegalStateException e) {
                System.getLogger(Interruption.class.getName())
                        .log(System.Logger.Level.WARNING, "{0}; it ends the process at once", e.getMessage());
            }
        }
    }

    private synchronized void heard(String name) {
        if (answered) {
            Runtime.getRuntime().halt(ENDED);
        }
        answered = true;
        console.println();
        console.println("SIG" + name + ": " + answer + "; once more ends it at once");
        console.flush();
        asked = true;
    }

    /** Whether a signal came. */
    boolean isAsked() {
        return asked;
    }

    @Override
    public void close() {
        undo.forEach(Runnable::run);
        undo.clear();
    }
}
