package dev.byol.augment.io;

import java.util.List;
import java.util.Locale;

/** What the names of files in folders and archives mean. */
final class FileNames {
    /** The endings of image files, in lower case: what the decoders may read. */
    static final List<String> ENDINGS = List.of("jpg", "jpeg", "png", "bmp", "gif", "webp", "tif", "tiff");

    /** The endings for messages. */
    static final String ENDINGS_TEXT = "." + String.join(", .", ENDINGS);

    private FileNames() {}

    /** Whether a file with this name or path should hold an image. */
    static boolean isImage(String name) {
        return isEnding(name.substring(name.lastIndexOf('.') + 1)) && name.indexOf('.') >= 0;
    }

    /** Whether this, without a dot, is the ending of image files. */
    static boolean isEnding(String ending) {
        return ENDINGS.contains(ending.toLowerCase(Locale.ROOT));
    }

    /** Whether a file or a folder in the path is hidden, as a Unix shell sees it. */
    static boolean isHidden(String path) {
        return path.startsWith(".") || path.contains("/.");
    }

    /** Whether the path leads, or could on some system lead, out of the folder that it is relative to. */
    static boolean isUnsafe(String path) {
        return path.startsWith("/")
                || path.indexOf('\\') >= 0
                || path.indexOf('\0') >= 0
                || path.matches("[A-Za-z]:.*")
                || List.of(path.split("/", -1)).contains("..");
    }
}
