package dev.byol.augment.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * The classes of images that have paths.
 *
 * @param names in the order of the labels
 * @param labels of the images
 */
record Classes(List<String> names, Labels labels) {
    static final Classes NONE = new Classes(List.of(), Labels.NONE);

    /**
     * If an image has no folder, nothing is labelled. Otherwise the first folder of every path is a class, numbered from 0 in the
     * order of their names.
     */
    static Classes byFolder(int size, IntFunction<String> paths) {
        SortedMap<String, Integer> found = new TreeMap<>(Classes::byCodePoint);
        for (int i = 0; i < size; i++) {
            String path = paths.apply(i);
            int slash = path.indexOf('/');
            if (slash < 0) {
                return NONE;
            }
            found.put(path.substring(0, slash), 0);
        }
        List<String> names = new ArrayList<>(found.keySet());
        for (int label = 0; label < names.size(); label++) {
            found.put(names.get(label), label);
        }
        int[] labels = new int[size];
        for (int i = 0; i < size; i++) {
            String path = paths.apply(i);
            Integer label = found.get(path.substring(0, path.indexOf('/')));
            labels[i] = label == null ? ImageSource.UNLABELLED : label;
        }
        return new Classes(List.copyOf(names), new Labels(labels));
    }

    /**
     * Reads names, one a line; none without the file.
     *
     * @throws DatasetException if it is not text
     */
    static List<String> names(Path file) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(String::strip).filter(name -> !name.isEmpty()).toList();
        } catch (UncheckedIOException e) {
            throw new DatasetException(file, String.valueOf(e.getCause()), "the classes' names in UTF-8, one a line");
        }
    }

    private static int byCodePoint(String left, String right) {
        return Arrays.compare(left.codePoints().toArray(), right.codePoints().toArray());
    }
}
