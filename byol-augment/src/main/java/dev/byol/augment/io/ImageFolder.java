package dev.byol.augment.io;

import dev.byol.augment.Image;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A folder of image files, found recursively: those that end in {@code .jpg}, {@code .jpeg}, {@code .png}, {@code .bmp},
 * {@code .gif}, {@code .webp}, {@code .tif} or {@code .tiff}, in lower or upper case. Hidden files and folders, whose names begin
 * with a dot, are ignored. The order is by name, folder by folder and by code point, on every file system. A name need not be
 * text in the system's encoding: it is then read as UTF-8, and bytes that are none are U+FFFD and two hexadecimal digits each.
 *
 * <p>If there are images in the folder itself, nothing is labelled. Otherwise every subfolder with images in it is a class,
 * numbered from 0 in the order of their names. Only paths are held in memory, some forty bytes each; files are decoded when asked
 * for: see {@link #image(int)}.
 *
 * <p>Links to files are files. A link to a folder is followed unless that folder is read anyway, be it because it lies in this
 * one, because another link leads to it, or because the link leads back to where it is: no folder is read twice.
 */
public final class ImageFolder implements ImageSource {
    private final Path folder;
    private final Names names;
    /** Files that their names, as text, do not lead back to, by index. */
    private final Map<Integer, Path> unnameable;

    private final Classes classes;
    private final ImageDecoder decoder;

    private ImageFolder(
            Path folder, Names names, Map<Integer, Path> unnameable, Classes classes, ImageDecoder decoder) {
        this.folder = folder;
        this.names = names;
        this.unnameable = unnameable;
        this.classes = classes;
        this.decoder = decoder;
    }

    /**
     * Finds the images of a folder, without opening them.
     *
     * @throws DatasetException if there is no such folder, no image in it, or a folder in it that may not be read
     */
    public static ImageFolder open(Path folder) throws IOException {
        String expected = "a folder with image files";
        if (!Files.isDirectory(folder)) {
            throw new DatasetException(folder, Files.exists(folder) ? "a file" : "nothing", expected);
        }
        Walk walk = new Walk(folder);
        walk.run();
        Names found = walk.names.build();
        if (found.size() == 0) {
            throw new DatasetException(folder, "no file that ends in " + FileNames.ENDINGS_TEXT, expected);
        }
        int[] order = found.order();
        Names names = found.at(order);
        Map<Integer, Path> unnameable = new HashMap<>();
        for (int i = 0; i < order.length && !walk.unnameable.isEmpty(); i++) {
            Path path = walk.unnameable.get(order[i]);
            if (path != null) {
                unnameable.put(i, path);
            }
        }
        return new ImageFolder(
                folder, names, Map.copyOf(unnameable), Classes.byFolder(names.size(), names::at), new ImageDecoder());
    }

    /** The same images, decoded in another way. */
    public ImageFolder decodedBy(ImageDecoder other) {
        return new ImageFolder(folder, names, unnameable, classes, other);
    }

    /**
     * The images below a subfolder; none if there is no such subfolder.
     *
     * @throws DatasetException if there is no image in it
     */
    public Optional<ImageFolder> folder(String name) throws IOException {
        Optional<Path> inner = subfolder(name);
        return inner.isPresent() ? Optional.of(open(inner.get())) : Optional.empty();
    }

    private Optional<Path> subfolder(String name) throws IOException {
        try {
            Path inner = folder.resolve(name);
            if (Files.isDirectory(inner)) {
                return Optional.of(inner);
            } else if (!FileNames.isEscaped(name)) {
                return Optional.empty();
            }
        } catch (InvalidPathException e) {
            // the system's encoding does not have the name, but may have the folder
        }
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            for (Path child : children) {
                if (FileNames.of(child).equals(name) && Files.isDirectory(child)) {
                    return Optional.of(child);
                }
            }
            return Optional.empty();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    @Override
    public int size() {
        return names.size();
    }

    /**
     * Decodes one file, as the {@linkplain #decodedBy decoder} says; by default as {@code new ImageDecoder()} does.
     *
     * @throws IOException if the file cannot be decoded; the message has its path
     */
    @Override
    public Image image(int index) throws IOException {
        return open(index).decode();
    }

    @Override
    public LazyImage open(int index) throws IOException {
        return decoder.open(file(index), name(index));
    }

    @Override
    public int label(int index) {
        return classes.labels().at(index);
    }

    @Override
    public List<String> classNames() {
        return classes.names();
    }

    /** The file of one image. */
    public Path file(int index) {
        Path path = unnameable.get(index);
        return path == null ? folder.resolve(names.at(index)) : path;
    }

    @Override
    public String name(int index) {
        return unnameable.containsKey(index)
                ? folder + "/" + names.at(index)
                : folder.resolve(names.at(index)).toString();
    }

    @Override
    public String description() {
        return folder.toString();
    }

    /** Collects the names of the image files. */
    private static final class Walk {
        private final Path root;
        private final Names.Builder names = new Names.Builder();
        private final Map<Integer, Path> unnameable = new HashMap<>();
        private final Set<Path> read = new HashSet<>();
        private final Deque<Folder> links = new ArrayDeque<>();

        Walk(Path root) {
            this.root = root;
        }

        /**
         * A folder to read.
         *
         * @param name of what is in it: empty, or ends with a slash
         */
        private record Folder(Path path, String name) {}

        void run() throws IOException {
            read(new Folder(root, ""));
            while (!links.isEmpty()) { // after the folders that are there, which links may lead to
                read(links.remove());
            }
        }

        private void read(Folder top) throws IOException {
            Deque<Folder> folders = new ArrayDeque<>(List.of(top));
            List<Folder> found = new ArrayList<>();
            while (!folders.isEmpty()) {
                Folder next = folders.remove();
                if (read.add(next.path.toRealPath())) {
                    children(next, folders, found);
                }
            }
            found.sort(Comparator.comparing(Folder::name));
            links.addAll(found);
        }

        private void children(Folder parent, Deque<Folder> folders, List<Folder> found) throws IOException {
            try (DirectoryStream<Path> children = Files.newDirectoryStream(parent.path)) {
                for (Path child : children) {
                    String name = FileNames.of(child);
                    if (!FileNames.isHidden(name)) {
                        add(child, parent.name + name, folders, found);
                    }
                }
            } catch (AccessDeniedException e) {
                throw new DatasetException(parent.path, "a folder that may not be read", "one that may be");
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
        }

        private void add(Path path, String name, Deque<Folder> folders, List<Folder> found) throws IOException {
            BasicFileAttributes attributes =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            boolean isLink = attributes.isSymbolicLink();
            if (isLink && Files.exists(path)) {
                attributes = Files.readAttributes(path, BasicFileAttributes.class);
            }
            if (attributes.isDirectory()) {
                (isLink ? found : folders).add(new Folder(path, name + "/"));
            } else if (FileNames.isImage(name) && !attributes.isOther()) { // a link to nothing is named when it is read
                if (!leadsTo(name, path)) {
                    unnameable.put(names.size(), path);
                }
                names.add(name);
            }
        }

        private boolean leadsTo(String name, Path path) {
            try {
                return root.resolve(name).equals(path);
            } catch (InvalidPathException e) {
                return false;
            }
        }
    }
}
