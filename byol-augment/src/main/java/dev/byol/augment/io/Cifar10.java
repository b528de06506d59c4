package dev.byol.augment.io;

import dev.byol.augment.Image;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The binary version of CIFAR-10 (Krizhevsky, 2009, "Learning multiple layers of features from tiny images"): records of a
 * label and three 32x32 planes, row by row. Folder: {@code data_batch_1.bin} to {@code data_batch_5.bin}, as many of them
 * as there are, {@code test_batch.bin} and, optionally, {@code batches.meta.txt}.
 */
public final class Cifar10 {
    private static final String SUBFOLDER = "cifar-10-batches-bin";
    private static final int SIDE = 32;
    private static final int PLANE = SIDE * SIDE;
    private static final int RECORD = 1 + 3 * PLANE;
    private static final int CLASSES = 10;

    private final Path folder;
    private final List<Path> trainFiles;
    private final List<String> classNames;

    private Cifar10(Path folder, List<Path> trainFiles, List<String> classNames) {
        this.folder = folder;
        this.trainFiles = trainFiles;
        this.classNames = classNames;
    }

    /**
     * Opens a folder in this format.
     *
     * @param directory the folder with the files, or the one that contains it as {@code cifar-10-batches-bin}
     * @throws DatasetException if neither folder has a file of this format
     */
    public static Cifar10 open(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new DatasetException(
                    directory, Files.exists(directory) ? "a file" : "nothing", "a folder in CIFAR-10's binary format");
        }
        for (Path folder : List.of(directory, directory.resolve(SUBFOLDER))) {
            List<Path> train = IntStream.rangeClosed(1, 5)
                    .mapToObj(i -> folder.resolve("data_batch_" + i + ".bin"))
                    .filter(Files::exists)
                    .toList();
            if (!train.isEmpty() || Files.exists(folder.resolve("test_batch.bin"))) {
                return new Cifar10(folder, train, classNames(folder));
            }
        }
        throw new DatasetException(
                directory,
                "no such file, there or in a subfolder " + SUBFOLDER,
                "CIFAR-10's data_batch_1.bin to data_batch_5.bin or test_batch.bin");
    }

    private static List<String> classNames(Path folder) throws IOException {
        Path file = folder.resolve("batches.meta.txt");
        return Files.exists(file)
                ? Files.readAllLines(file).stream()
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .toList()
                : List.of();
    }

    /** The classes' names, in the order of the labels; empty without {@code batches.meta.txt}. */
    public List<String> classNames() {
        return classNames;
    }

    /**
     * All training batches that are there, in their order.
     *
     * @throws DatasetException if there is none or one is broken
     */
    public ImageSource train() throws IOException {
        if (trainFiles.isEmpty()) {
            throw new DatasetException(folder, "no training batch", "data_batch_1.bin to data_batch_5.bin");
        }
        return source(folder + " (train)", trainFiles);
    }

    /**
     * The test batch.
     *
     * @throws DatasetException if it is missing or broken
     */
    public ImageSource test() throws IOException {
        return source(folder + " (test)", List.of(folder.resolve("test_batch.bin")));
    }

    private ImageSource source(String description, List<Path> paths) throws IOException {
        List<Records> files = new ArrayList<>();
        int count = 0;
        for (Path path : paths) {
            Records records = Records.open(path, RECORD, "images of 32x32x3 with a label");
            files.add(records);
            count += records.count();
        }
        byte[] labels = new byte[count];
        int at = 0;
        for (Records records : files) {
            at = readLabels(records, labels, at);
        }
        return new Source(description, files, new Labels(labels), classNames, count);
    }

    private static int readLabels(Records records, byte[] labels, int first) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(records.file()), 1 << 16)) {
            for (int i = 0; i < records.count(); i++) {
                int label = in.read();
                if (label < 0 || label >= CLASSES) {
                    throw new DatasetException(
                            records.file(), "label " + label + " of image " + i, "labels from 0 to " + (CLASSES - 1));
                }
                labels[first + i] = (byte) label;
                in.skipNBytes(RECORD - 1);
            }
        }
        return first + records.count();
    }

    private static Image decode(byte[] record) {
        byte[] samples = new byte[3 * PLANE];
        for (int i = 0, q = 0; i < PLANE; i++, q += 3) {
            samples[q] = record[1 + i];
            samples[q + 1] = record[1 + PLANE + i];
            samples[q + 2] = record[1 + 2 * PLANE + i];
        }
        return new Image(SIDE, SIDE, 3, samples);
    }

    private record Source(String description, List<Records> files, Labels known, List<String> classNames, int size)
            implements ImageSource {
        @Override
        public Image image(int index) throws IOException {
            int within = index;
            for (Records records : files) {
                if (within < records.count()) {
                    return decode(records.read(within));
                }
                within -= records.count();
            }
            throw new IndexOutOfBoundsException("image " + index + " of " + size);
        }

        @Override
        public int label(int index) {
            return known.at(index);
        }
    }
}
