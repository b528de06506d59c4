package dev.byol.augment.load;

import dev.byol.augment.io.ImageSource;
import java.io.IOException;

/** What messages say about an image that failed. */
final class Problem {
    private static final System.Logger LOG = System.getLogger("dev.byol.augment.load");

    private Problem() {}

    /** Says in the log that an image is left out. */
    static void log(ImageSource source, int index, IOException cause) {
        LOG.log(System.Logger.Level.WARNING, "an image cannot be read: {0}", describe(source.name(index), cause));
    }

    /** The image's name, once, and what is wrong with it. */
    static String describe(String name, Throwable cause) {
        String message = cause.getMessage();
        if (message == null || message.isBlank() || message.equals(name)) {
            message = cause.toString(); // many exceptions, such as those about files that are gone, say it by their
            // class alone
        }
        return message.contains(name) ? message : name + ": " + message;
    }
}
