package dev.byol.augment.io;

import dev.byol.augment.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A folder of JPEG and PNG files, found recursively and sorted by name. Hidden files and folders are ignored, as are files
 * with other endings than {@code .jpg}, {@code .jpeg} and {@code .png}.
 *
 * <p>If there are images in the folder itself, nothing is labelled. Otherwise every subfolder with images in it is a class,
 * numbered from 0 in the order of their names. Only paths are held in memory; files are decoded when asked for, to RGB:
 * see {@link #image(int)}.
 */
public final class ImageFolder implements ImageSource {
    private static final List<String> ENDINGS = List.of(".jpg", ".jpeg", ".png");

    private static final ImageDecoder DECODER = new ImageDecoder();

    private final Path folder;
    private final List<Path> files;
    private final List<String> classNames;
    private final int[] firstOfClass;

    private ImageFolder(Path folder, List<Path> files, List<String> classNames, int[] firstOfClass) {
        this.folder = folder;
        this.files = files;
        this.classNames = classNames;
        this.firstOfClass = firstOfClass;
    }

    /**
     * Finds the images of a folder, without opening them.
     *
     * @throws DatasetException if there is no such folder or no image in it
     */
    public static ImageFolder open(Path folder) throws IOException {
        String expected = "a folder with JPEG or PNG files";
        if (!Files.isDirectory(folder)) {
            throw new DatasetException(folder, Files.exists(folder) ? "a file" : "nothing", expected);
        }
        List<Path> children = visible(folder);
        List<Path> files = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<Integer> starts = new ArrayList<>();
        boolean labelled = children.stream().noneMatch(ImageFolder::isImage);
        for (Path child : children) {
            int start = files.size();
            collect(child, files);
            if (labelled && files.size() > start) {
                names.add(String.valueOf(child.getFileName()));
                starts.add(start);
            }
        }
        if (files.isEmpty()) {
            throw new DatasetException(folder, "no file that ends in " + String.join(", ", ENDINGS), expected);
        }
        return new ImageFolder(
                folder,
                List.copyOf(files),
                List.copyOf(names),
                starts.stream().mapToInt(Integer::intValue).toArray());
    }

    private static void collect(Path path, List<Path> files) throws IOException {
        if (isImage(path)) {
            files.add(path);
        } else if (Files.isDirectory(path)) {
            for (Path child : visible(path)) {
                collect(child, files);
            }
        }
    }

    private static List<Path> visible(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(child -> !name(child).startsWith("."))
                    .sorted(Comparator.comparing(ImageFolder::name))
                    .toList();
        }
    }

    private static boolean isImage(Path path) {
        String name = name(path).toLowerCase(Locale.ROOT);
        return ENDINGS.stream().anyMatch(name::endsWith) && Files.isRegularFile(path);
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    @Override
    public int size() {
        return files.size();
    }

    /**
     * Decodes one file to RGB of 8 bits: a grey image has three equal channels, transparency is ignored, 16-bit samples keep
     * their upper byte.
     *
     * @throws IOException if the file cannot be decoded; the message has its path
     */
    @Override
    public Image image(int index) throws IOException {
        return open(index).decode();
    }

    @Override
    public LazyImage open(int index) throws IOException {
        return DECODER.open(files.get(index));
    }

    @Override
    public int label(int index) {
        int found = Arrays.binarySearch(firstOfClass, index);
        return found >= 0 ? found : -found - 2; // the class that begins before the index; UNLABELLED without classes
    }

    @Override
    public List<String> classNames() {
        return classNames;
    }

    /** The file of one image. */
    public Path file(int index) {
        return files.get(index);
    }

    @Override
    public String name(int index) {
        return files.get(index).toString();
    }

    @Override
    public String description() {
        return folder.toString();
    }
}
