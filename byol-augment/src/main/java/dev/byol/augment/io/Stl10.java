package dev.byol.augment.io;

import dev.byol.augment.Image;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The binary format of STL-10 (Coates, Ng, Lee, 2011, "An analysis of single-layer networks in unsupervised feature
 * learning"), with its 96x96 images or square ones of another size. Folder: {@code unlabeled_X.bin}, {@code train_X.bin},
 * {@code train_y.bin}, {@code test_X.bin}, {@code test_y.bin} and, optionally, {@code class_names.txt}. An image is three
 * planes, each column by column; a label is one byte, from 1 on in the file and from 0 on here. There are as many classes as
 * names, and ten without names.
 */
public final class Stl10 {
    /** The side of STL-10's own images, in pixels. */
    public static final int SIDE = 96;

    private static final String SUBFOLDER = "stl10_binary";
    private static final String CLASS_NAMES = "class_names.txt";
    private static final int CLASSES = 10;

    private final Path folder;
    private final int side;
    private final List<String> classNames;

    private Stl10(Path folder, int side, List<String> classNames) {
        this.folder = folder;
        this.side = side;
        this.classNames = classNames;
    }

    /** Opens STL-10 itself, with images of 96x96. */
    public static Stl10 open(Path directory) throws IOException {
        return open(directory, SIDE);
    }

    /**
     * Opens a folder in STL-10's format.
     *
     * @param directory the folder with the files, or the one that contains it as {@code stl10_binary}
     * @param side width and height of the images in pixels
     * @throws DatasetException if neither folder has a file of this format
     */
    public static Stl10 open(Path directory, int side) throws IOException {
        recordLength(side);
        List<String> files = Stream.of(Part.values()).map(Part::images).toList();
        Path folder = Records.folder(directory, SUBFOLDER, "STL-10", files);
        return new Stl10(folder, side, Classes.names(folder.resolve(CLASS_NAMES)));
    }

    private static int recordLength(int side) {
        if (side < 1 || side > 16_384) {
            throw new IllegalArgumentException("the images' side must be in [1, 16384], got " + side);
        }
        return side * side * 3;
    }

    private static int classes(List<String> names) {
        return names.isEmpty() ? CLASSES : Math.min(names.size(), 255);
    }

    /** Width and height of the images in pixels. */
    public int side() {
        return side;
    }

    /** The classes' names, in the order of the labels; empty without {@code class_names.txt}. */
    public List<String> classNames() {
        return classNames;
    }

    /**
     * The images without labels.
     *
     * @throws DatasetException if the file is missing or is not made of whole images
     */
    public ImageSource unlabeled() throws IOException {
        return source(Part.UNLABELED);
    }

    /**
     * The labelled training images.
     *
     * @throws DatasetException if a file is missing or broken, or there are not as many labels as images
     */
    public ImageSource train() throws IOException {
        return source(Part.TRAIN);
    }

    /**
     * The labelled test images.
     *
     * @throws DatasetException if a file is missing or broken, or there are not as many labels as images
     */
    public ImageSource test() throws IOException {
        return source(Part.TEST);
    }

    private ImageSource source(Part part) throws IOException {
        Records records = Records.open(
                folder.resolve(part.images()), recordLength(side), "images of " + side + "x" + side + "x3");
        boolean labelled = part != Part.UNLABELED;
        return new RecordImages(
                records.file().toString(),
                List.of(records),
                record -> new Image(side, side, 3, decode(record, side)),
                labelled ? labels(folder.resolve(part.labels()), records.count()) : Labels.NONE,
                labelled ? classNames : List.of());
    }

    private Labels labels(Path file, int images) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new DatasetException(file, "no such file", images + " bytes, a label for each image");
        }
        byte[] labels = Files.readAllBytes(file);
        if (labels.length != images) {
            throw new DatasetException(file, labels.length + " bytes", images + ", a label for each image");
        }
        int classes = classes(classNames);
        int[] fromZero = new int[images];
        for (int i = 0; i < images; i++) {
            int label = labels[i] & 0xFF;
            if (label < 1 || label > classes) {
                throw new DatasetException(file, "label " + label + " at byte " + i, "labels from 1 to " + classes);
            }
            fromZero[i] = label - 1;
        }
        return new Labels(fromZero);
    }

    /**
     * Writes a whole folder in this format. It appears at once or not at all: the files are written to a folder beside it,
     * which is then renamed. A source of no images leaves its files out.
     *
     * @param directory the folder to make; it may exist if it is empty
     * @param side width and height of the images in pixels
     * @throws FileAlreadyExistsException if the folder has something in it, at the beginning or at the end
     * @throws IllegalArgumentException if an image has another size or not 3 channels, or a label has no class: there are as many as
     *     names, and ten without names
     */
    public static void write(Path directory, int side, ImageSource unlabeled, ImageSource train, ImageSource test)
            throws IOException {
        recordLength(side);
        Path folder = directory.toAbsolutePath().normalize();
        Path parent = Objects.requireNonNull(folder.getParent(), "the root folder cannot be replaced");
        refuseFilled(folder);
        Files.createDirectories(parent);
        Path temporary = Files.createDirectory(parent.resolve("." + folder.getFileName() + "-" + UUID.randomUUID()));
        try {
            write(temporary, side, Part.UNLABELED, unlabeled);
            write(temporary, side, Part.TRAIN, train);
            write(temporary, side, Part.TEST, test);
            List<String> names = train.classNames();
            if (!names.isEmpty()) {
                Files.write(temporary.resolve(CLASS_NAMES), names);
            }
            refuseFilled(folder);
            Files.move(temporary, folder, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            delete(temporary);
        }
    }

    private static void write(Path folder, int side, Part part, ImageSource source) throws IOException {
        if (source.size() == 0) {
            return;
        }
        byte[] labels = new byte[source.size()];
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(folder.resolve(part.images())))) {
            byte[] record = new byte[recordLength(side)];
            for (int i = 0; i < source.size(); i++) {
                Image image = source.image(i);
                if (image.width() != side || image.height() != side || image.channels() != 3) {
                    throw new IllegalArgumentException(
                            source.name(i) + " is " + image + ", expected " + side + "x" + side + "x3");
                }
                encode(image.samples(), side, record);
                out.write(record);
                labels[i] = part == Part.UNLABELED ? 0 : encodeLabel(source, i);
            }
        }
        if (part != Part.UNLABELED) {
            Files.write(folder.resolve(part.labels()), labels);
        }
    }

    private static byte encodeLabel(ImageSource source, int index) {
        int label = source.label(index);
        int last = classes(source.classNames()) - 1;
        if (label < 0 || label > last) {
            throw new IllegalArgumentException(
                    source.name(index) + " has label " + label + ", expected one in [0, " + last + "]");
        }
        return (byte) (label + 1);
    }

    private static void refuseFilled(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                if (files.findAny().isPresent()) {
                    throw new FileAlreadyExistsException(folder + " is not empty");
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    /** Interleaved rows to planes of columns. */
    private static void encode(byte[] samples, int side, byte[] planes) {
        for (int c = 0, q = 0; c < 3; c++) {
            for (int x = 0; x < side; x++) {
                for (int y = 0; y < side; y++) {
                    planes[q++] = samples[(y * side + x) * 3 + c];
                }
            }
        }
    }

    /** Planes of columns to interleaved rows. */
    private static byte[] decode(byte[] planes, int side) {
        byte[] samples = new byte[planes.length];
        for (int c = 0, p = 0; c < 3; c++) {
            for (int x = 0; x < side; x++) {
                int q = x * 3 + c;
                for (int y = 0; y < side; y++, q += side * 3) {
                    samples[q] = planes[p++];
                }
            }
        }
        return samples;
    }

    private enum Part {
        UNLABELED,
        TRAIN,
        TEST;

        private final String prefix = name().toLowerCase(Locale.ROOT);

        String images() {
            return prefix + "_X.bin";
        }

        String labels() {
            return prefix + "_y.bin";
        }
    }
}
