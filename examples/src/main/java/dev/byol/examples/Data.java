package dev.byol.examples;

import dev.byol.augment.io.Cifar10;
import dev.byol.augment.io.DatasetException;
import dev.byol.augment.io.ImageFolder;
import dev.byol.augment.io.ImageSource;
import dev.byol.augment.io.Stl10;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** The images that an option such as {@code --data stl10:DIR} names. Each part is opened when it is asked for. */
final class Data {
    private static final String EXPECTED = "expected shapes, stl10:DIR, cifar10:DIR or folder:DIR";

    private final Part<ImageSource> unlabelled;
    private final Part<Labels> labels;
    private final OptionalInt side;

    private Data(Part<ImageSource> unlabelled, Part<Labels> labels, OptionalInt side) {
        this.unlabelled = unlabelled;
        this.labels = labels;
        this.side = side;
    }

    @FunctionalInterface
    private interface Part<T> {
        T open() throws IOException;
    }

    /** What there is to fit a probe on and to score it with. */
    sealed interface Labels {}

    /**
     * Labelled images.
     *
     * @param split how they came to be two sets, for the report
     */
    record Labelled(ImageSource train, ImageSource test, List<String> classNames, String split) implements Labels {}

    /**
     * No labels that a probe could use.
     *
     * @param reason what is missing, with the place
     */
    record Unlabelled(String reason) implements Labels {}

    /**
     * Opens what a specification names.
     *
     * @param seed of the split of a labelled folder that has none of its own
     * @param tell hears what takes a while
     */
    static Data open(String spec, long seed, Consumer<String> tell) throws IOException {
        if (spec.equals("shapes")) {
            return shapes(ShapesData.defaults(), cache(), tell);
        }
        int colon = spec.indexOf(':');
        if (colon < 0 || colon == spec.length() - 1) {
            throw new BadInput("no data set is called \"" + spec + "\"; " + EXPECTED);
        }
        String place = spec.substring(colon + 1);
        return switch (spec.substring(0, colon)) {
            case "stl10" -> stl10(place);
            case "cifar10" -> cifar10(Path.of(place));
            case "folder" -> folder(Path.of(place), seed);
            default -> throw new BadInput("no data set is called \"" + spec + "\"; " + EXPECTED);
        };
    }

    /** What is pretrained on: none of the images that {@link #labels()} tests with. */
    ImageSource unlabelled() throws IOException {
        return unlabelled.open();
    }

    /** The labelled images, or why there are none. */
    Labels labels() throws IOException {
        return labels.open();
    }

    /** The labelled images, where nothing else will do. */
    Labelled labelled() throws IOException {
        Labels found = labels();
        if (found instanceof Labelled labelled) {
            return labelled;
        }
        throw new BadInput(((Unlabelled) found).reason()
                + ": expected a subfolder for each of at least two classes, with at least two images in each");
    }

    /** The side of all images, if they are squares of one size. */
    OptionalInt side() {
        return side;
    }

    /** Made images, kept in a cache folder. */
    static Data shapes(ShapesData shapes, Path cache, Consumer<String> tell) throws IOException {
        Path folder = shapes.in(cache, tell);
        Data data = cached(folder, () -> stl10(Stl10.open(folder, shapes.side())));
        return new Data(() -> cached(folder, data::unlabelled), () -> cached(folder, data::labels), data.side);
    }

    private static <T> T cached(Path folder, Part<T> part) throws IOException {
        try {
            return part.open();
        } catch (DatasetException e) {
            throw new BadInput(e.getMessage() + "; the cached images are damaged: delete " + folder);
        }
    }

    private static Data stl10(String place) throws IOException {
        int query = place.indexOf('?');
        if (query < 0) {
            return stl10(Stl10.open(Path.of(place)));
        }
        String option = place.substring(query + 1);
        if (!option.matches("size=[1-9]\\d{0,4}")) {
            throw new BadInput("stl10 takes size=N after the folder, in pixels, got \"" + option + "\"");
        }
        int side = Integer.parseInt(option.substring("size=".length()));
        try {
            return stl10(Stl10.open(Path.of(place.substring(0, query)), side));
        } catch (IllegalArgumentException e) {
            throw new BadInput("\"" + option + "\": " + e.getMessage());
        }
    }

    private static Data stl10(Stl10 set) {
        return new Data(
                set::unlabeled,
                () -> new Labelled(set.train(), set.test(), set.classNames(), "train and test"),
                OptionalInt.of(set.side()));
    }

    private static Data cifar10(Path directory) throws IOException {
        Cifar10 set = Cifar10.open(directory);
        return new Data(
                set::train,
                () -> new Labelled(set.train(), set.test(), set.classNames(), "train and test"),
                OptionalInt.of(32));
    }

    /** A folder with the subfolders train and test is two sets; another labelled one gives every fifth image of a class. */
    private static Data folder(Path directory, long seed) throws IOException {
        Path train = directory.resolve("train");
        Path test = directory.resolve("test");
        if (Files.isDirectory(train) && Files.isDirectory(test)) {
            ImageFolder first = ImageFolder.open(train);
            return new Data(() -> first, () -> split(first, ImageFolder.open(test), directory), OptionalInt.empty());
        }
        ImageFolder all = ImageFolder.open(directory);
        Labels labels = holdOut(all, seed);
        ImageSource unlabelled = labels instanceof Labelled labelled ? labelled.train() : all;
        return new Data(() -> unlabelled, () -> labels, OptionalInt.empty());
    }

    private static Labels split(ImageFolder train, ImageFolder test, Path directory) {
        if (!train.classNames().equals(test.classNames())) {
            throw new BadInput(directory + " has the classes " + train.classNames() + " in train and "
                    + test.classNames() + " in test, expected the same");
        }
        return train.classNames().size() < 2
                ? new Unlabelled(tooFew(train))
                : new Labelled(train, test, train.classNames(), "the folders train and test");
    }

    private static Labels holdOut(ImageFolder all, long seed) {
        int classes = all.classNames().size();
        if (classes < 2) {
            return new Unlabelled(tooFew(all));
        }
        int[] counts = new int[classes];
        IntStream.range(0, all.size()).forEach(i -> counts[all.label(i)]++);
        for (int c = 0; c < classes; c++) {
            if (counts[c] < 2) {
                return new Unlabelled(all.description() + " has no labels that a probe could use, for there is a single"
                        + " image in its subfolder " + all.classNames().get(c));
            }
        }
        return Subset.holdOut(all, seed);
    }

    private static String tooFew(ImageFolder folder) {
        return folder.description() + " has no labels"
                + (folder.classNames().isEmpty()
                        ? ""
                        : ", for there is a single subfolder, "
                                + folder.classNames().get(0));
    }

    /** Where made and unpacked data is kept: {@code $XDG_CACHE_HOME/byol} or {@code ~/.cache/byol}. */
    static Path cache() {
        String home = System.getenv("XDG_CACHE_HOME");
        Path base = home == null || home.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(home);
        return base.resolve("byol");
    }
}
