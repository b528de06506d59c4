package dev.byol.augment.load;

import dev.byol.augment.io.ImageSource;
import java.io.IOException;

/** Names images that cannot be read in the log. */
final class Skipped {
    private static final System.Logger LOG = System.getLogger("dev.byol.augment.load");

    private Skipped() {}

    static void log(ImageSource source, int index, IOException cause) {
        LOG.log(System.Logger.Level.WARNING, message(source.name(index), String.valueOf(cause.getMessage())));
    }

    static String message(String name, String cause) {
        return "skipping an image that cannot be read: " + (cause.contains(name) ? cause : name + ": " + cause);
    }
}
