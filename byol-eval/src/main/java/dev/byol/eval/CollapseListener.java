package dev.byol.eval;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Is told what a {@link CollapseWatch} sees, in the thread that feeds the watch, and does about it what the user wants. What it throws
 * goes to whoever feeds the watch, which is a way to stop training.
 */
@FunctionalInterface
public interface CollapseListener {
    /** Is told of an event, once. */
    void told(CollapseEvent event);

    /** Writes each event to the log: recovery as information, all others as warnings. */
    static CollapseListener logging() {
        Logger logger = System.getLogger(CollapseWatch.class.getName());
        return event ->
                logger.log(event instanceof CollapseEvent.Recovering ? Level.INFO : Level.WARNING, event.toString());
    }
}
