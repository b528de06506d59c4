package dev.byol.augment.io;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;

/** The index of an archive's images and labels: where they are, not what is in them. Immutable. */
interface Archive {
    /** Larger entries, and larger files of folders, are not read: an image file that large would not fit into memory as an image. */
    int MOST_BYTES = 1 << 28;

    /** The archive as the user knows it. */
    Path file();

    /** The names of all entries that hold an image or a label, in the archive's order, without those that are {@link #refused}. */
    Names names();

    /** What cannot be used, as "name: reason". */
    List<String> refused();

    /** A file to give to {@link #read}. The caller closes it. */
    RandomAccessFile open() throws IOException;

    /**
     * The content of one entry, at most {@value #MOST_BYTES} bytes.
     *
     * @param in the open archive
     * @throws IOException if the archive lies about it, or has changed since
     */
    byte[] read(RandomAccessFile in, int entry) throws IOException;

    /** A name without leading {@code ./}, as {@code tar} writes it for a folder given as a dot. */
    static String relative(String name) {
        String rest = name;
        while (rest.startsWith("./")) {
            rest = rest.substring(2);
        }
        return rest;
    }

    /** Whether an entry may hold an image or a label; hidden ones are not looked at. */
    static boolean isWanted(String name) {
        return !name.endsWith("/")
                && (FileNames.isUnsafe(name) || !FileNames.isHidden(name))
                && (FileNames.isImage(name) || WebDataset.isLabel(name));
    }
}
