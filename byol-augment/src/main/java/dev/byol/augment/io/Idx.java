package dev.byol.augment.io;

import dev.byol.augment.Image;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The IDX format of MNIST (LeCun, Bottou, Bengio, Haffner, 1998, "Gradient-based learning applied to document recognition") and
 * of the sets that took it over, Fashion-MNIST, KMNIST, EMNIST: a file of grey images and one of their labels, of unsigned bytes.
 * Images have one channel; {@link Sources#rgb} gives them three. A file may be compressed by gzip, as these sets are distributed.
 *
 * <p>A folder has {@code train-images-idx3-ubyte} and {@code train-labels-idx1-ubyte}, and the same with {@code t10k} for the
 * test; with a dot in place of the second dash and with {@code .gz} behind, too.
 */
public final class Idx {
    private static final int IMAGES_MAGIC = 0x00000803;
    private static final int LABELS_MAGIC = 0x00000801;
    private static final int IMAGES_HEADER = 16;
    private static final int LABELS_HEADER = 8;

    private final Path directory;
    private final UnpackCache cache;

    private Idx(Path directory, UnpackCache cache) {
        this.directory = directory;
        this.cache = cache;
    }

    /**
     * Opens a folder; what is compressed is unpacked to the user's cache.
     *
     * @throws DatasetException if there is no such folder, or neither the training nor the test images in it
     */
    public static Idx open(Path directory) throws IOException {
        return open(directory, UnpackCache.standard());
    }

    /**
     * Opens a folder.
     *
     * @param cache where compressed files are unpacked to, once
     * @throws DatasetException if there is no such folder, or neither the training nor the test images in it
     */
    public static Idx open(Path directory, UnpackCache cache) throws IOException {
        String expected = "a folder with train-images-idx3-ubyte or t10k-images-idx3-ubyte, or the same with .gz";
        if (!Files.isDirectory(directory)) {
            throw new DatasetException(directory, Files.exists(directory) ? "a file" : "nothing", expected);
        }
        Idx idx = new Idx(directory, cache);
        if (idx.find("train-images-idx3-ubyte").isEmpty()
                && idx.find("t10k-images-idx3-ubyte").isEmpty()) {
            throw new DatasetException(directory, "no such file", expected);
        }
        return idx;
    }

    /**
     * The training images with their labels.
     *
     * @throws DatasetException if a file is missing or broken, or there are not as many labels as images
     */
    public ImageSource train() throws IOException {
        return source("train");
    }

    /**
     * The test images with their labels.
     *
     * @throws DatasetException if a file is missing or broken, or there are not as many labels as images
     */
    public ImageSource test() throws IOException {
        return source("t10k");
    }

    private ImageSource source(String part) throws IOException {
        return labelled(file(part + "-images-idx3-ubyte"), file(part + "-labels-idx1-ubyte"), cache);
    }

    private Path file(String name) throws IOException {
        return find(name)
                .orElseThrow(() -> new DatasetException(directory, "no file " + name, name + " or " + name + ".gz"));
    }

    private Optional<Path> find(String name) {
        String dotted = name.replace("-idx", ".idx");
        return Stream.of(name, dotted, name + ".gz", dotted + ".gz")
                .map(directory::resolve)
                .filter(Files::exists)
                .findFirst();
    }

    /**
     * A file of images without labels.
     *
     * @param cache where the file is unpacked to, once, if it is compressed
     * @throws DatasetException if the file is missing or broken
     */
    public static ImageSource unlabelled(Path images, UnpackCache cache) throws IOException {
        return source(images, cache, Optional.empty());
    }

    /**
     * A file of images and one of their labels, with any names.
     *
     * @param cache where the files are unpacked to, once, if they are compressed
     * @throws DatasetException if a file is missing or broken, or there are not as many labels as images
     */
    public static ImageSource labelled(Path images, Path labels, UnpackCache cache) throws IOException {
        return source(images, cache, Optional.of(labels));
    }

    private static ImageSource source(Path images, UnpackCache cache, Optional<Path> labels) throws IOException {
        String expected = "an IDX file of images";
        Records.size(images, expected);
        Path plain = cache.plain(images, expected);
        int[] sides =
                header(images, plain, IMAGES_MAGIC, IMAGES_HEADER, "images [count, height, width] of unsigned bytes");
        int height = sides[1];
        int width = sides[2];
        Records records = Records.behind(plain, IMAGES_HEADER, height * width, sides[0]);
        return new RecordImages(
                images.toString(),
                List.of(records),
                record -> new Image(width, height, 1, record),
                labels.isPresent() ? labels(labels.get(), cache, sides[0]) : Labels.NONE,
                List.of());
    }

    private static Labels labels(Path file, UnpackCache cache, int images) throws IOException {
        String expected = "an IDX file of labels";
        Records.size(file, expected);
        Path plain = cache.plain(file, expected);
        int[] count = header(file, plain, LABELS_MAGIC, LABELS_HEADER, "labels [count] of unsigned bytes");
        if (count[0] != images) {
            throw new DatasetException(file, count[0] + " labels", images + ", a label for each image");
        }
        byte[] bytes = Files.readAllBytes(plain);
        int[] labels = new int[images];
        for (int i = 0; i < images; i++) {
            labels[i] = bytes[LABELS_HEADER + i] & 0xFF;
        }
        return new Labels(labels);
    }

    /** The sizes in the header, which are held against the size of the file. */
    private static int[] header(Path file, Path plain, int magic, int length, String what) throws IOException {
        long bytes = Files.size(plain);
        int[] sizes = new int[(length - 4) / 4];
        try (DataInputStream in = new DataInputStream(Files.newInputStream(plain))) {
            int found = in.readInt();
            if (found != magic) {
                throw new DatasetException(
                        file,
                        String.format("the first bytes 0x%08x", found),
                        String.format("0x%08x of IDX %s", magic, what));
            }
            for (int i = 0; i < sizes.length; i++) {
                sizes[i] = in.readInt();
            }
        } catch (EOFException e) {
            throw new DatasetException(file, bytes + " bytes", "a header of " + length + " bytes of IDX " + what);
        }
        long left = bytes - length;
        boolean isWhole = sizes[0] > 0 && left % sizes[0] == 0;
        long record = isWhole ? left / sizes[0] : -1;
        boolean fits = sizes.length == 1
                ? record == 1
                : sizes[1] > 0 && sizes[2] > 0 && record == (long) sizes[1] * sizes[2] && record <= Records.LONGEST;
        if (!fits) {
            throw new DatasetException(
                    file,
                    left + " bytes behind a header of sizes " + Arrays.toString(sizes),
                    "as many bytes as their product, above 0");
        }
        return sizes;
    }
}
