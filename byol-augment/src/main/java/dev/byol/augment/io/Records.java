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
    private final Path file;
    private final int length;
    private final int count;

    private Records(Path file, int length, int count) {
        this.file = file;
        this.length = length;
        this.count = count;
    }

    /** @throws DatasetException if there is no such file, or it is empty or not made of whole records */
    static Records open(Path file, int length, String unit) throws IOException {
        String expected = "a multiple of " + length + " bytes (" + unit + ")";
        if (!Files.isRegularFile(file)) {
            throw new DatasetException(file, Files.exists(file) ? "a folder" : "no such file", expected);
        }
        long bytes = Files.size(file);
        if (bytes == 0 || bytes % length != 0 || bytes / length > Integer.MAX_VALUE) {
            throw new DatasetException(file, bytes + " bytes", expected);
        }
        return new Records(file, length, (int) (bytes / length));
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
            in.seek((long) index * length);
            in.readFully(record);
        }
        return record;
    }
}
