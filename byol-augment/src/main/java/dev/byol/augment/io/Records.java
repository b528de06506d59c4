package dev.byol.augment.io;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

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

    /**
     * The folder that has one of a set's files: the given one, or the subfolder that the set's archive unpacks to.
     *
     * @param set what messages call the set
     * @param files at least two
     * @throws DatasetException if neither has one
     */
    static Path folder(Path directory, String subfolder, String set, List<String> files) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new DatasetException(
                    directory,
                    Files.exists(directory) ? "a file" : "nothing",
                    "a folder in " + set + "'s binary format");
        }
        return Stream.of(directory, directory.resolve(subfolder))
                .filter(folder -> files.stream().anyMatch(file -> Files.exists(folder.resolve(file))))
                .findFirst()
                .orElseThrow(() -> new DatasetException(
                        directory,
                        "no such file, there or in a subfolder " + subfolder,
                        set + "'s " + String.join(", ", files.subList(0, files.size() - 1)) + " or "
                                + files.get(files.size() - 1)));
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
