package dev.byol.augment.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The binary version of CIFAR-10 (Krizhevsky, 2009, "Learning multiple layers of features from tiny images"): records of a
 * label and three 32x32 planes, row by row. Folder: {@code data_batch_1.bin} to {@code data_batch_5.bin}, as many of them
 * as there are, {@code test_batch.bin} and, optionally, {@code batches.meta.txt}.
 */
public final class Cifar10 {
    private static final String SUBFOLDER = "cifar-10-batches-bin";
    private static final String TEST = "test_batch.bin";
    private static final int CLASSES = 10;

    private final Path folder;
    private final List<String> classNames;

    private Cifar10(Path folder, List<String> classNames) {
        this.folder = folder;
        this.classNames = classNames;
    }

    /**
     * Opens a folder in this format.
     *
     * @param directory the folder with the files, or the one that contains it as {@code cifar-10-batches-bin}
     * @throws DatasetException if neither folder has a file of this format
     */
    public static Cifar10 open(Path directory) throws IOException {
        List<String> files = IntStream.rangeClosed(1, 6)
                .mapToObj(i -> i <= 5 ? trainBatch(i) : TEST)
                .toList();
        Path folder = Records.folder(directory, SUBFOLDER, "CIFAR-10", files);
        return new Cifar10(folder, Classes.names(folder.resolve("batches.meta.txt")));
    }

    private static String trainBatch(int number) {
        return "data_batch_" + number + ".bin";
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
        List<Path> files = IntStream.rangeClosed(1, 5)
                .mapToObj(i -> folder.resolve(trainBatch(i)))
                .filter(Files::exists)
                .toList();
        if (files.isEmpty()) {
            throw new DatasetException(folder, "no training batch", "data_batch_1.bin to data_batch_5.bin");
        }
        return source("train", files);
    }

    /**
     * The test batch.
     *
     * @throws DatasetException if it is missing or broken
     */
    public ImageSource test() throws IOException {
        return source("test", List.of(folder.resolve(TEST)));
    }

    private ImageSource source(String part, List<Path> files) throws IOException {
        return Cifar.open(folder + " (" + part + ")", files, 1, 0, CLASSES, classNames);
    }
}
