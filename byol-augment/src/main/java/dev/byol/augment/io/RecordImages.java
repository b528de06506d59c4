package dev.byol.augment.io;

import dev.byol.augment.Image;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/** Images that are the records of one file or several. */
record RecordImages(
        String description, List<Records> files, RecordDecoder decoder, Labels labels, List<String> classNames)
        implements ImageSource {
    /** Turns a record into an image. */
    @FunctionalInterface
    interface RecordDecoder {
        /**
         * Decodes one record.
         *
         * @throws IllegalArgumentException if the samples are not an image's
         */
        Image decode(byte[] record);
    }

    @Override
    public int size() {
        return files.stream().mapToInt(Records::count).sum();
    }

    @Override
    public Image image(int index) throws IOException {
        int within = Objects.checkIndex(index, size());
        int file = 0;
        while (within >= files.get(file).count()) {
            within -= files.get(file++).count();
        }
        byte[] record = files.get(file).read(within);
        try {
            return decoder.decode(record);
        } catch (IllegalArgumentException e) {
            throw new IOException(name(index) + ": " + e.getMessage(), e);
        }
    }

    @Override
    public int label(int index) {
        return labels.at(index);
    }
}
