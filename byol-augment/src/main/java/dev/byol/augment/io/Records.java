package dev.byol.augment.io;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file of records of equal length, read by position. It is opened for each record: that costs microseconds, and leaves
 * nothing to close and nothing that another thread's interrupt could close.
 */
final class Records {
    /** The longest record in bytes: what an array can hold. */
    static final int LONGEST = Integer.MAX_VALUE - 8;

    private final Path file;
    private final long first;
    private final int length;
    private final int count;

    private Records(Path file, long first, int length, int count) {
        this.file = file;
        this.first = first;
        this.length = length;
        this.count = count;
    }

    /** @throws DatasetException if there is no such file, or it is empty or not made of whole records */
    static Records open(Path file, int length, String unit) throws IOException {
        String expected = "a multiple of " + length + " bytes (" + unit + ")";
        long bytes = size(file, expected);
        if (bytes == 0 || bytes % length != 0 || bytes / length > Integer.MAX_VALUE) {
            throw new DatasetException(file, bytes + " bytes", expected);
        }
        return new Records(file, 0, length, (int) (bytes / length));
    }

    /**
     * Records behind a header, of a file whose size has been checked.
     *
     * @param first the position of the first record in bytes
     */
    static Records behind(Path file, long first, int length, int count) {
        return new Records(file, first, length, count);
    }

    /** @throws DatasetException if there is no such file */
    static long size(Path file, String expected) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new DatasetException(file, Files.exists(file) ? "a folder" : "no such file", expected);
        }
        return Files.size(file);
    }

    int count() {
        return count;
    }

    Path file() {
        return file;
    }

    byte[] read(int index) throws IOException {
        byte[] record = new byte[length];
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(first + (long) index * length);
            in.readFully(record);
        }
        return record;
    }
}
