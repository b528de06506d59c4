package dev.byol.examples;

import java.util.Locale;

/** Says how many of so many images are done, how fast it goes and how long it will take. Not thread-safe. */
final class Countdown implements AutoCloseable {
    private static final int BAR = 24;

    private final StatusLine line;
    private final String what;
    private final long images;
    private final long started;
    private long done;

    /**
     * @param line where it is said
     * @param what is done to the images, in a word
     * @param images how many there are
     */
    Countdown(StatusLine line, String what, long images) {
        this.line = line;
        this.what = what;
        this.images = images;
        this.started = line.now();
    }

    /** So many images more are done. */
    void done(int more) {
        done += more;
        if (done < images && !line.isDue()) {
            return;
        }
        double perSecond = done / ((line.now() - started) / 1e9);
        String text = String.format(
                Locale.ROOT,
                "%s %d/%d  %s  %.0f img/s  %s left",
                what,
                done,
                images,
                Progress.bar((double) done / images, BAR),
                perSecond,
                Progress.duration((images - done) / perSecond));
        line.show(text.substring(0, Math.min(text.length(), line.columns())));
    }

    /** Ends the line, so that what is printed next starts on its own. */
    @Override
    public void close() {
        line.end();
    }
}
