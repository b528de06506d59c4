package dev.byol.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The file that an option names for a result. */
record OutputFile(Path path) {
    /**
     * A file that can be written, as far as can be known; nothing is made or changed yet.
     *
     * @param option what named it, for the message
     * @throws BadInput if a folder is in its place or its folder cannot be written to
     */
    static OutputFile open(String option, Path path) {
        String refused = option + " " + path + " cannot be written: ";
        if (Files.isDirectory(path)) {
            throw new BadInput(refused + "it is a folder, expected a file or nothing");
        }
        try {
            requireWritable(folderOf(path));
        } catch (IOException e) {
            throw new BadInput(refused + e.getMessage());
        }
        return new OutputFile(path);
    }

    /** Writes the file, and makes its folder if there is none; the file appears whole. */
    void write(String text) throws IOException {
        AtomicFiles.write(inFolder(), text);
    }

    /** The file, for somebody else to write; makes its folder if there is none. */
    Path inFolder() throws IOException {
        Files.createDirectories(folderOf(path));
        return path;
    }

    private static Path folderOf(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }

    /**
     * Looks whether something can be made in a folder that may not be there yet.
     *
     * @throws IOException if not
     */
    static void requireWritable(Path folder) throws IOException {
        Path place = existing(folder);
        if (!Files.isDirectory(place)) {
            throw new IOException(place + " is a file");
        }
        Files.delete(Files.createTempFile(place, ".writable", ""));
    }

    /** The folder itself, or the nearest one above it that is there. */
    static Path existing(Path folder) throws IOException {
        Path place = folder.toAbsolutePath();
        while (!Files.exists(place)) {
            @Nullable Path parent = place.getParent();
            if (parent == null) {
                throw new IOException("there is no " + place);
            }
            place = parent;
        }
        return place;
    }
}
