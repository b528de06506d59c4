package dev.byol.augment.io;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Many relative paths, divided by {@code /}, in little memory: UTF-8, one after the other. */
final class Names {
    /**
     * Names are ordered folder by folder, and by code point within a folder: {@code a/x} comes before {@code a-b/x}, though
     * a dash comes before a slash. File systems and zip tools differ in their order; this one depends on the names alone.
     */
    private static final int SEPARATOR_RANK = 0;

    private final byte[] text;
    private final int[] ends;

    private Names(byte[] text, int[] ends) {
        this.text = text;
        this.ends = ends;
    }

    int size() {
        return ends.length;
    }

    String at(int index) {
        int begin = begin(index);
        return new String(text, begin, ends[index] - begin, StandardCharsets.UTF_8);
    }

    private int begin(int index) {
        return index == 0 ? 0 : ends[index - 1];
    }

    /** The order of the names, equal ones in the order in which they were added. */
    int[] order() {
        return IntStream.range(0, size())
                .boxed()
                .sorted(this::compare)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private int compare(int left, int right) {
        int p = begin(left);
        int q = begin(right);
        int common = Math.min(ends[left] - p, ends[right] - q);
        int differ = Arrays.mismatch(text, p, p + common, text, q, q + common);
        return differ < 0
                ? Integer.compare(ends[left] - p, ends[right] - q)
                : Integer.compare(rank(text[p + differ]), rank(text[q + differ]));
    }

    /** Bytes of UTF-8, read as unsigned, have the order of the code points. */
    private static int rank(byte b) {
        return b == '/' ? SEPARATOR_RANK : b & 0xFF;
    }

    /** The names at some indices, in that order. */
    Names at(int[] indices) {
        Builder builder = new Builder();
        for (int index : indices) {
            builder.add(text, begin(index), ends[index]);
        }
        return builder.build();
    }

    /** Collects names. */
    static final class Builder {
        private final ByteArrayOutputStream text = new ByteArrayOutputStream();
        private final IntStream.Builder ends = IntStream.builder();
        private int size;

        int size() {
            return size;
        }

        void add(String name) {
            byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
            add(bytes, 0, bytes.length);
        }

        private void add(byte[] from, int begin, int end) {
            text.write(from, begin, end - begin);
            ends.add(text.size());
            size++;
        }

        Names build() {
            return new Names(text.toByteArray(), ends.build().toArray());
        }
    }
}
