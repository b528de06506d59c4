package dev.byol.augment.io;

import dev.byol.augment.Image;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The image files of a zip or a tar archive, or of a tar archive in several parts (shards), read at any position without
 * unpacking them. Which files count, their order and their classes are those of an {@link ImageFolder}, with these differences:
 *
 * <ul>
 *   <li>A folder around everything, such as {@code photos/} in {@code photos/cat/1.jpg} and {@code photos/dog/2.jpg}, is looked
 *       through as long as it has nothing but folders in it.
 *   <li>If there are files that end in {@code .cls}, the labels are theirs, by the convention of the WebDataset library:
 *       {@code 17.cls} holds the label, a number from 0 on as text, of the image {@code 17.jpg} in the same archive. The name before
 *       the first dot has to be the same, and what follows it has to be an image file's ending. Classes then have no names, and
 *       images without a label are {@link #UNLABELLED}.
 *   <li>Of shards, all files of one come before those of the next.
 *   <li>Of several entries with the same name, the last one counts.
 *   <li>Names are read as UTF-8, whatever the archive says, and bytes that are none as in a folder.
 * </ul>
 *
 * <p>Nothing is ever written for an entry. Those with names that lead out of the archive, such as {@code ../x.jpg}, encrypted ones,
 * links and others that cannot be used are left out, named in {@link #refused()} and, the first of them, in the log. Entries of more than 256 MiB
 * are among them. Positions and names are held in memory; the archive is opened for each image, and must stay unchanged.
 */
public final class ImageArchive implements ImageSource {
    private static final int MOST_LOGGED = 20;

    private static final System.Logger LOG = System.getLogger(ImageArchive.class.getName());

    private final List<Archive> shards;
    private final String root;
    private final int[] firstOfShard;
    private final int[] entries;
    private final Classes classes;
    private final ImageDecoder decoder;

    private ImageArchive(
            List<Archive> shards,
            String root,
            int[] firstOfShard,
            int[] entries,
            Classes classes,
            ImageDecoder decoder) {
        this.shards = shards;
        this.root = root;
        this.firstOfShard = firstOfShard;
        this.entries = entries;
        this.classes = classes;
        this.decoder = decoder;
    }

    /**
     * Opens a zip file. Entries may be stored or deflated.
     *
     * @throws DatasetException if it is not a complete zip file, or has no image
     */
    public static ImageArchive zip(Path file) throws IOException {
        return open(List.of(ZipArchive.open(file)));
    }

    /**
     * Opens a tar file; one compressed by gzip is unpacked to the user's cache: see {@link #tar(List, UnpackCache)}.
     *
     * @throws DatasetException if it is not a complete tar file, or has no image
     */
    public static ImageArchive tar(Path file) throws IOException {
        return tar(List.of(file), UnpackCache.standard());
    }

    /**
     * Opens tar files, in the order given, as one source.
     *
     * @param shards the files; for names with a range of numbers see {@link #shards}
     * @param cache where those that are compressed by gzip are unpacked to, once, for they cannot be read at any position
     * @throws DatasetException if a file is not a complete tar file, or there is no image in any
     * @throws IllegalArgumentException if there is no file
     */
    public static ImageArchive tar(List<Path> shards, UnpackCache cache) throws IOException {
        List<Archive> archives = new ArrayList<>();
        for (Path shard : shards) {
            archives.add(TarArchive.open(shard, cache));
        }
        return open(archives);
    }

    /**
     * The files that a name with a range in braces stands for, as in {@code train-{0000..0127}.tar}.
     *
     * @return the file itself if there is no range
     * @throws IllegalArgumentException if the range has no or more than a million numbers
     */
    public static List<Path> shards(String pattern) {
        return WebDataset.shards(pattern);
    }

    private static ImageArchive open(List<Archive> shards) throws IOException {
        if (shards.isEmpty()) {
            throw new IllegalArgumentException("no archive, expected at least one");
        }
        for (Archive shard : shards) {
            log(shard.file(), shard.refused());
        }
        Index index = new Index(shards, "", new ImageDecoder());
        if (index.size() == 0) {
            Path first = shards.get(0).file();
            throw new DatasetException(
                    first,
                    "no file that ends in " + FileNames.ENDINGS_TEXT
                            + (shards.size() == 1 ? "" : ", in " + shards.size() + " archives"),
                    "an archive with images");
        }
        return index.source();
    }

    private static void log(Path file, List<String> refused) {
        refused.stream()
                .limit(MOST_LOGGED)
                .forEach(entry -> LOG.log(System.Logger.Level.WARNING, "left out {0}!/{1}", file, entry));
        if (refused.size() > MOST_LOGGED) {
            LOG.log(System.Logger.Level.WARNING, "left out {0} more of {1}", refused.size() - MOST_LOGGED, file);
        }
    }

    /**
     * The images below a folder of the archive, as if it had been packed alone; none if there is no image below it, or if the labels
     * are those of {@code .cls} files.
     *
     * @param name relative to the folder that the classes are in
     */
    public Optional<ImageArchive> folder(String name) throws IOException {
        String below = root + name + "/";
        Index index = new Index(shards, below, decoder);
        return index.size() == 0 || index.isWebDataset ? Optional.empty() : Optional.of(index.source());
    }

    /** The same images, decoded in another way. */
    public ImageArchive decodedBy(ImageDecoder other) {
        return new ImageArchive(shards, root, firstOfShard, entries, classes, other);
    }

    /** The entries that were left out, each as "archive!/name: reason". */
    public List<String> refused() {
        return shards.stream()
                .flatMap(shard -> shard.refused().stream().map(entry -> shard.file() + "!/" + entry))
                .toList();
    }

    @Override
    public int size() {
        return entries.length;
    }

    /**
     * Decodes one file, as {@link ImageFolder#image} does.
     *
     * @throws IOException if the archive is damaged here or the file cannot be decoded; the message has both names
     */
    @Override
    public Image image(int index) throws IOException {
        return open(index).decode();
    }

    @Override
    public LazyImage open(int index) throws IOException {
        Archive shard = shards.get(shard(index));
        String name = name(index);
        byte[] bytes;
        try (RandomAccessFile in = shard.open()) {
            bytes = shard.read(in, entries[index]);
        } catch (IOException e) {
            throw new IOException(name + ": " + e.getMessage(), e);
        }
        return decoder.open(bytes, name);
    }

    private int shard(int index) {
        return shard(firstOfShard, Objects.checkIndex(index, size()));
    }

    /** The last shard that begins at or before an image: those without an image begin where the next one does. */
    private static int shard(int[] firstOfShard, int index) {
        int found = Arrays.binarySearch(firstOfShard, index);
        int shard = found >= 0 ? found : -found - 2;
        while (shard + 1 < firstOfShard.length && firstOfShard[shard + 1] == index) {
            shard++;
        }
        return shard;
    }

    @Override
    public int label(int index) {
        return classes.labels().at(index);
    }

    @Override
    public List<String> classNames() {
        return classes.names();
    }

    /** The archive's path and the entry's name: {@code photos.zip!/cat/1.jpg}. */
    @Override
    public String name(int index) {
        Archive shard = shards.get(shard(index));
        return shard.file() + "!/" + shard.names().at(entries[index]);
    }

    @Override
    public String description() {
        Path first = shards.get(0).file();
        String files = shards.size() == 1 ? first.toString() : first + " and " + (shards.size() - 1) + " more";
        return root.isEmpty() ? files : files + "!/" + root;
    }

    /** What becomes of the entries of some archives. */
    private static final class Index {
        private final List<Archive> shards;
        private final String root;
        private final ImageDecoder decoder;
        private final int[] firstOfShard;
        private final int[] entries;
        private final int[] labels;
        private final boolean isWebDataset;

        /** Looks at the entries whose names begin with {@code root}. */
        Index(List<Archive> shards, String root, ImageDecoder decoder) throws IOException {
            this.shards = List.copyOf(shards);
            this.root = root;
            this.decoder = decoder;
            isWebDataset = shards.stream()
                    .anyMatch(shard -> IntStream.range(0, shard.names().size())
                            .anyMatch(i -> WebDataset.isLabel(shard.names().at(i))));
            firstOfShard = new int[shards.size()];
            IntStream.Builder found = IntStream.builder();
            IntStream.Builder foundLabels = IntStream.builder();
            int count = 0;
            for (int s = 0; s < shards.size(); s++) {
                firstOfShard[s] = count;
                count += collect(shards.get(s), found, foundLabels);
            }
            entries = found.build().toArray();
            labels = foundLabels.build().toArray();
        }

        int size() {
            return entries.length;
        }

        private int collect(Archive shard, IntStream.Builder found, IntStream.Builder foundLabels) throws IOException {
            Names names = shard.names();
            int[] wanted = wanted(names);
            Map<String, Integer> labelOf = isWebDataset ? labels(shard, wanted) : Map.of();
            int count = 0;
            for (int entry : wanted) {
                String name = names.at(entry);
                if (isWebDataset ? WebDataset.isImage(name) : FileNames.isImage(name)) {
                    found.add(entry);
                    foundLabels.add(isWebDataset ? labelOf.getOrDefault(WebDataset.key(name), UNLABELLED) : UNLABELLED);
                    count++;
                }
            }
            return count;
        }

        /** The entries below the root in the order of their names, of several with the same name the last one. */
        private int[] wanted(Names names) {
            int[] order = names.order();
            return IntStream.range(0, order.length)
                    .filter(i -> names.at(order[i]).startsWith(root))
                    .filter(i ->
                            i + 1 == order.length || !names.at(order[i + 1]).equals(names.at(order[i])))
                    .map(i -> order[i])
                    .toArray();
        }

        /** Labels by key: other names may lie between those of one key, such as {@code 1.d/2.jpg} between 1.cls and 1.jpg. */
        private static Map<String, Integer> labels(Archive shard, int[] wanted) throws IOException {
            Map<String, Integer> labels = new HashMap<>();
            try (RandomAccessFile in = shard.open()) {
                for (int entry : wanted) {
                    String name = shard.names().at(entry);
                    if (WebDataset.isLabel(name)) {
                        labels.put(WebDataset.key(name), label(shard, in, entry, name));
                    }
                }
            }
            return labels;
        }

        private static int label(Archive shard, RandomAccessFile in, int entry, String name) throws IOException {
            byte[] content;
            try {
                content = shard.read(in, entry);
            } catch (IOException e) {
                throw new DatasetException(
                        shard.file(), e.getMessage() + " in its entry " + name, "a label that can be read");
            }
            return WebDataset.label(content, shard.file(), name);
        }

        ImageArchive source() {
            if (isWebDataset) {
                return source(root, new Classes(List.of(), new Labels(labels)));
            }
            String common = commonFolders();
            return source(common, Classes.byFolder(size(), i -> name(i).substring(common.length())));
        }

        private ImageArchive source(String folder, Classes classes) {
            return new ImageArchive(shards, folder, firstOfShard, entries, classes, decoder);
        }

        private String name(int image) {
            return shards.get(shard(firstOfShard, image)).names().at(entries[image]);
        }

        /** The folders that all images are in and that hold nothing but folders. */
        private String commonFolders() {
            String common = name(0).substring(0, name(0).lastIndexOf('/') + 1);
            int shallowest = Integer.MAX_VALUE;
            for (int i = 0; i < size(); i++) {
                String name = name(i);
                while (!name.startsWith(common)) {
                    common = common.substring(0, common.lastIndexOf('/', common.length() - 2) + 1);
                }
                shallowest = Math.min(shallowest, name.lastIndexOf('/') + 1);
            }
            // an image's own folder is a class, or the whole set, and is not looked through
            String looked = common;
            if (shallowest == common.length() && common.length() > root.length()) {
                looked = common.substring(0, common.lastIndexOf('/', common.length() - 2) + 1);
            }
            return looked.startsWith(root) ? looked : root;
        }
    }
}
