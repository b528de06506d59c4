package dev.byol.augment.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The binary version of CIFAR-100 (Krizhevsky, 2009, "Learning multiple layers of features from tiny images"): records of a
 * coarse label, a fine label and three 32x32 planes, row by row. Folder: {@code train.bin}, {@code test.bin} and, optionally,
 * {@code fine_label_names.txt} and {@code coarse_label_names.txt}.
 */
public final class Cifar100 {
    private static final String SUBFOLDER = "cifar-100-binary";
    private static final String TRAIN = "train.bin";
    private static final String TEST = "test.bin";
    private static final int LABELS = 2;

    /** Which of an image's two labels is its class. */
    public enum Granularity {
        /** 20 superclasses, such as aquatic mammals. */
        COARSE("coarse_label_names.txt", 20, 0),
        /** 100 classes, such as beaver. */
        FINE("fine_label_names.txt", 100, 1);

        private final String names;
        private final int classes;
        private final int position;

        Granularity(String names, int classes, int position) {
            this.names = names;
            this.classes = classes;
            this.position = position;
        }
    }

    private final Path folder;
    private final Granularity granularity;
    private final List<String> classNames;

    private Cifar100(Path folder, Granularity granularity, List<String> classNames) {
        this.folder = folder;
        this.granularity = granularity;
        this.classNames = classNames;
    }

    /** Opens a folder in this format for its 100 fine classes. */
    public static Cifar100 open(Path directory) throws IOException {
        return open(directory, Granularity.FINE);
    }

    /**
     * Opens a folder in this format.
     *
     * @param directory the folder with the files, or the one that contains it as {@code cifar-100-binary}
     * @throws DatasetException if neither folder has a file of this format
     */
    public static Cifar100 open(Path directory, Granularity granularity) throws IOException {
        Path folder = Records.folder(directory, SUBFOLDER, "CIFAR-100", List.of(TRAIN, TEST));
        return new Cifar100(folder, granularity, Classes.names(folder.resolve(granularity.names)));
    }

    /** The classes' names, in the order of the labels; empty without the file of the names. */
    public List<String> classNames() {
        return classNames;
    }

    /**
     * The training images.
     *
     * @throws DatasetException if the file is missing or broken
     */
    public ImageSource train() throws IOException {
        return source(TRAIN);
    }

    /**
     * The test images.
     *
     * @throws DatasetException if the file is missing or broken
     */
    public ImageSource test() throws IOException {
        return source(TEST);
    }

    private ImageSource source(String file) throws IOException {
        Path path = folder.resolve(file);
        return Cifar.open(
                path.toString(), List.of(path), LABELS, granularity.position, granularity.classes, classNames);
    }
}
