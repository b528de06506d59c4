package dev.byol.augment.io;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What the names of files in folders and archives mean. */
final class FileNames {
    /** The endings of image files, in lower case: what the decoders may read. */
    static final List<String> ENDINGS = List.of("jpg", "jpeg", "png", "bmp", "gif", "webp", "tif", "tiff");

    /** The endings for messages. */
    static final String ENDINGS_TEXT = "." + String.join(", .", ENDINGS);

    /** What stands in text for bytes that are none. */
    private static final char REPLACEMENT = '\uFFFD';

    private FileNames() {}

    /**
     * A path in an archive as text, another text for every path: UTF-8. In the place of a file's or a folder's name that is no
     * UTF-8 are its ASCII characters and, for each other byte, U+FFFD and two hexadecimal digits.
     */
    static String text(byte[] path) {
        String text = new String(path, StandardCharsets.UTF_8);
        if (!isEscaped(text)) {
            return text;
        }
        StringBuilder elements = new StringBuilder();
        for (int begin = 0, end = 0; begin <= path.length; begin = end + 1, end = begin) {
            while (end < path.length && path[end] != '/') {
                end++;
            }
            String element = new String(path, begin, end - begin, StandardCharsets.UTF_8);
            elements.append(begin == 0 ? "" : "/").append(isEscaped(element) ? escaped(path, begin, end) : element);
        }
        return elements.toString();
    }

    /**
     * The name of a file or a folder as text, another text for every name, though Java gives the same for all bytes that are
     * none in the system's encoding, and that may be ASCII. Names then are text as in archives.
     */
    static String of(Path file) {
        String name = String.valueOf(file.getFileName());
        if (!isEscaped(name)) {
            return name;
        }
        byte[] bytes = bytes(file);
        String text = text(bytes);
        return mayBeAnother(file, text) ? escaped(bytes, 0, bytes.length) : text;
    }

    /** Whether a name has what stands for bytes that are no text. */
    static boolean isEscaped(String name) {
        return name.indexOf(REPLACEMENT) >= 0;
    }

    /** Whether the file system can have a file of this name, which is then another one. */
    private static boolean mayBeAnother(Path file, String name) {
        try {
            return !file.getFileSystem().getPath(name).toString().isEmpty();
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static String escaped(byte[] name, int begin, int end) {
        StringBuilder text = new StringBuilder();
        for (int i = begin; i < end; i++) {
            if (name[i] >= ' ' && name[i] < 0x7F) {
                text.append((char) name[i]);
            } else {
                text.append(REPLACEMENT).append(String.format(Locale.ROOT, "%02X", name[i]));
            }
        }
        return text.toString();
    }

    /** A name's bytes, which only the URI has. */
    private static byte[] bytes(Path file) {
        String uri = file.toUri().getRawSchemeSpecificPart().replaceFirst("/$", ""); // a folder's ends with a slash
        byte[] encoded = uri.substring(uri.lastIndexOf('/') + 1).getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < encoded.length; i++) {
            if (encoded[i] == '%') {
                bytes.write(Character.digit(encoded[i + 1], 16) << 4 | Character.digit(encoded[i + 2], 16));
                i += 2;
            } else {
                bytes.write(encoded[i]);
            }
        }
        return bytes.toByteArray();
    }

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
