package dev.byol.examples;

import dev.byol.augment.Image;
import dev.byol.augment.io.ImageSource;
import dev.byol.augment.io.Stl10;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A procedural image set in STL-10's binary format: ten shapes, and everything else a nuisance. It stands in for a data
 * set where none can be downloaded.
 *
 * <p>An image is a function of (seed, split, index) alone. Classes are balanced: every ten images in a row hold each
 * class once, in random order, the unlabelled ones too.
 *
 * @param side height and width of the images in pixels, at least 8
 * @param unlabelled number of images without labels, at least 1
 * @param train number of labelled images to fit a probe on, at least 1
 * @param test number of labelled images to score it on, at least 1
 * @param seed decides every image
 */
record ShapesData(int side, int unlabelled, int train, int test, long seed) {
    /** Part of the folder's name: another picture generator, another folder. */
    private static final int GENERATOR_VERSION = 2;

    private static final String PREFIX = "shapes-v";
    private static final List<Shape> SHAPES = List.of(Shape.values());
    private static final Duration STALE = Duration.ofHours(1);

    /** The three parts of the set; what they draw never meets. */
    enum Split {
        UNLABELLED(1),
        TRAIN(2),
        TEST(3);

        private final long key;

        Split(long key) {
            this.key = key;
        }
    }

    ShapesData {
        require(side >= 8, "side must be at least 8 pixels, got " + side);
        require(unlabelled >= 1, "unlabelled must be at least 1 image, got " + unlabelled);
        require(train >= 1, "train must be at least 1 image, got " + train);
        require(test >= 1, "test must be at least 1 image, got " + test);
    }

    /** 96 pixels, 4000 unlabelled images, 1000 to train and 1000 to test a probe, seed 0. */
    static ShapesData defaults() {
        return new ShapesData(96, 4000, 1000, 1000, 0);
    }

    /** The names of the classes; label l of the files, 1 to 10, is name l - 1. */
    static List<String> classNames() {
        return SHAPES.stream().map(Shape::label).toList();
    }

    /**
     * The class of an image.
     *
     * @return 0 to 9
     */
    int label(Split split, int index) {
        int[] order = new int[SHAPES.size()];
        SplittableRandom random = new SplittableRandom(key(split, -1 - index / order.length));
        for (int i = 0; i < order.length; i++) {
            int j = (int) Long.remainderUnsigned(random.nextLong(), i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order[index % order.length];
    }

    /**
     * Draws an image.
     *
     * @return {@code [side, side, 3]} as bytes, RGB
     */
    byte[] image(Split split, int index) {
        return ShapeScene.draw(SHAPES.get(label(split, index)), side, key(split, index));
    }

    /**
     * The folder of this set below a cache folder, made if it is not there yet. It appears whole or not at all. Several
     * callers may ask at once; one folder wins and all get it.
     *
     * @param cache created if missing
     * @param tell hears that images are being drawn, which takes a while
     * @return a folder in STL-10's binary format
     * @throws IOException if the cache cannot be written, or if the thread was interrupted
     */
    Path in(Path cache, Consumer<String> tell) throws IOException {
        Path folder = cache.resolve(PREFIX + GENERATOR_VERSION + "-" + side + "px-" + unlabelled + "-" + train + "-"
                + test + "-seed" + seed);
        if (Files.isDirectory(folder)) {
            return folder;
        }
        Files.createDirectories(cache);
        deleteStale(cache);
        tell.accept("drawing " + ((long) unlabelled + train + test) + " images, once, into " + folder);
        try {
            Stl10.write(
                    folder,
                    side,
                    new Part(this, Split.UNLABELLED, unlabelled),
                    new Part(this, Split.TRAIN, train),
                    new Part(this, Split.TEST, test));
        } catch (FileSystemException e) {
            if (!Files.isDirectory(folder)) { // else another caller was faster
                throw e;
            }
        }
        return folder;
    }

    /** One part of the set as images that are drawn when they are asked for. */
    private record Part(ShapesData data, Split split, int size) implements ImageSource {
        @Override
        public Image image(int index) throws IOException {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted while drawing images");
            }
            return new Image(data.side, data.side, 3, data.image(split, index));
        }

        @Override
        public int label(int index) {
            return data.label(split, index);
        }

        @Override
        public List<String> classNames() {
            return ShapesData.classNames();
        }
    }

    private long key(Split split, int index) {
        return mix(mix(mix(seed) + split.key) + index);
    }

    /** Stafford's mix 13, the finaliser of SplitMix64: distinct keys for neighbouring numbers. */
    private static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /** What {@link Stl10#write} left when its process was killed: hidden folders beside. */
    private static void deleteStale(Path cache) throws IOException {
        List<Path> drafts;
        try (Stream<Path> children = Files.list(cache)) {
            drafts = children.filter(child -> child.getFileName().toString().startsWith("." + PREFIX))
                    .toList();
        }
        Instant old = Instant.now().minus(STALE);
        for (Path draft : drafts) {
            try {
                if (Files.getLastModifiedTime(draft).toInstant().isBefore(old)) {
                    deleteAll(draft);
                }
            } catch (NoSuchFileException e) {
                // another caller has moved it into place or deleted it
            }
        }
    }

    private static void deleteAll(Path folder) throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(folder)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.deleteIfExists(path);
        }
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
