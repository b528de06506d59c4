package dev.byol.augment.io;

import dev.byol.augment.Image;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the binary versions of CIFAR-10 and CIFAR-100 share: records of labels and three 32x32 planes, row by row. */
final class Cifar {
    private static final int SIDE = 32;
    private static final int PLANE = SIDE * SIDE;

    private Cifar() {}

    /**
     * Opens files of records.
     *
     * @param labelBytes how many bytes before the planes are labels
     * @param labelAt which of them is the label wanted
     * @throws DatasetException if a file is missing or broken, or a label is not below {@code classes}
     */
    static ImageSource open(
            String description, List<Path> paths, int labelBytes, int labelAt, int classes, List<String> classNames)
            throws IOException {
        int length = labelBytes + 3 * PLANE;
        String unit = "images of 32x32x3 with " + (labelBytes == 1 ? "a label" : labelBytes + " labels");
        List<Records> files = new ArrayList<>();
        int count = 0;
        for (Path path : paths) {
            Records records = Records.open(path, length, unit);
            files.add(records);
            count = Math.addExact(count, records.count());
        }
        int[] labels = new int[count];
        int first = 0;
        for (Records records : files) {
            readLabels(records, length, labelAt, classes, labels, first);
            first += records.count();
        }
        return new RecordImages(
                description, List.copyOf(files), record -> decode(record, labelBytes), new Labels(labels), classNames);
    }

    private static void readLabels(Records records, int length, int labelAt, int classes, int[] labels, int first)
            throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(records.file()), 1 << 16)) {
            in.skipNBytes(labelAt);
            for (int i = 0; i < records.count(); i++) {
                int label = in.read();
                if (label < 0 || label >= classes) {
                    throw new DatasetException(
                            records.file(), "label " + label + " of image " + i, "labels from 0 to " + (classes - 1));
                }
                labels[first + i] = label;
                in.skipNBytes(i + 1 < records.count() ? length - 1 : 0);
            }
        }
    }

    private static Image decode(byte[] record, int labelBytes) {
        byte[] samples = new byte[3 * PLANE];
        for (int i = 0, q = 0; i < PLANE; i++, q += 3) {
            samples[q] = record[labelBytes + i];
            samples[q + 1] = record[labelBytes + PLANE + i];
            samples[q + 2] = record[labelBytes + 2 * PLANE + i];
        }
        return new Image(SIDE, SIDE, 3, samples);
    }
}
