package dev.byol.augment.io;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The convention of the WebDataset library: files of one archive with the same name up to the first dot of the last part,
 * the key, belong to one sample; what follows the dot says what they hold.
 */
final class WebDataset {
    private static final String LABEL = "cls";
    private static final int LONGEST_LABEL = 32;
    private static final Pattern RANGE = Pattern.compile("\\{(\\d{1,9})\\.\\.(\\d{1,9})}");
    private static final int MOST_SHARDS = 1_000_000;

    private WebDataset() {}

    static String key(String name) {
        return name.substring(0, dot(name));
    }

    private static String ending(String name) {
        return name.substring(Math.min(name.length(), dot(name) + 1));
    }

    private static int dot(String name) {
        int dot = name.indexOf('.', name.lastIndexOf('/') + 1);
        return dot < 0 ? name.length() : dot;
    }

    static boolean isLabel(String name) {
        return ending(name).toLowerCase(Locale.ROOT).equals(LABEL);
    }

    /** Whether the entry is its sample's image, and not some other picture such as {@code key.mask.png}. */
    static boolean isImage(String name) {
        return FileNames.isEnding(ending(name));
    }

    /** @throws DatasetException if the content is not a number from 0 on, as text */
    static int label(byte[] content, Path archive, String name) throws DatasetException {
        boolean isShort = content.length <= LONGEST_LABEL;
        String text = isShort ? new String(content, StandardCharsets.US_ASCII).strip() : content.length + " bytes";
        if (!text.matches("\\d{1,9}")) {
            throw new DatasetException(
                    archive, "\"" + text + "\" in its entry " + name, "a label, a number from 0 on as text");
        }
        return Integer.parseInt(text);
    }

    /** Replaces a range of numbers in braces by each of them. */
    static List<Path> shards(String pattern) {
        Matcher range = RANGE.matcher(pattern);
        if (!range.find()) {
            return List.of(Path.of(pattern));
        }
        int from = Integer.parseInt(range.group(1));
        int to = Integer.parseInt(range.group(2));
        if (from > to || to - from >= MOST_SHARDS) {
            throw new IllegalArgumentException(
                    "a range of shards must go from a number to one that is not lower, of at most " + MOST_SHARDS
                            + " shards, got " + range.group());
        }
        List<Path> shards = new ArrayList<>();
        for (int i = from; i <= to; i++) {
            String number = String.format(Locale.ROOT, "%0" + range.group(1).length() + "d", i);
            shards.add(Path.of(pattern.substring(0, range.start()) + number + pattern.substring(range.end())));
        }
        return shards;
    }
}
