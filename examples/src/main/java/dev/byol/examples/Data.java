package dev.byol.examples;

import dev.byol.augment.io.Cifar10;
import dev.byol.augment.io.ImageFolder;
import dev.byol.augment.io.ImageSource;
import dev.byol.augment.io.Stl10;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The images that an option such as {@code --data stl10:DIR} names.
 *
 * @param unlabelled what is pretrained on
 * @param labelled what a probe is fitted on and scored with, if there are labels
 * @param side of all images, if they are squares of one size
 */
record Data(ImageSource unlabelled, Optional<Labelled> labelled, OptionalInt side) {
    private static final String EXPECTED = "expected shapes, stl10:DIR, cifar10:DIR or folder:DIR";

    /**
     * Labelled images.
     *
     * @param split how they came to be two sets, for the report
     */
    record Labelled(ImageSource train, ImageSource test, List<String> classNames, String split) {}

    /**
     * Opens what a specification names.
     *
     * @param seed of the split of a labelled folder that has none of its own
     */
    static Data open(String spec, long seed) throws IOException {
        if (spec.equals("shapes")) {
            ShapesData shapes = ShapesData.defaults();
            return stl10(Stl10.open(shapes.in(cache()), shapes.side()));
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
        return stl10(Stl10.open(Path.of(place.substring(0, query)), side));
    }

    private static Data stl10(Stl10 set) throws IOException {
        Labelled labelled = new Labelled(set.train(), set.test(), set.classNames(), "train and test");
        return new Data(set.unlabeled(), Optional.of(labelled), OptionalInt.of(set.side()));
    }

    private static Data cifar10(Path directory) throws IOException {
        Cifar10 set = Cifar10.open(directory);
        Labelled labelled = new Labelled(set.train(), set.test(), set.classNames(), "train and test");
        return new Data(set.train(), Optional.of(labelled), OptionalInt.of(32));
    }

    /** A folder with the subfolders train and test is two sets; another labelled one gives every fifth image of a class. */
    private static Data folder(Path directory, long seed) throws IOException {
        Path train = directory.resolve("train");
        Path test = directory.resolve("test");
        if (Files.isDirectory(train) && Files.isDirectory(test)) {
            ImageFolder first = ImageFolder.open(train);
            ImageFolder second = ImageFolder.open(test);
            if (!first.classNames().equals(second.classNames())) {
                throw new BadInput(directory + " has the classes " + first.classNames() + " in train and "
                        + second.classNames() + " in test, expected the same");
            }
            Optional<Labelled> labelled = first.classNames().isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Labelled(first, second, first.classNames(), "the folders train and test"));
            return new Data(first, labelled, OptionalInt.empty());
        }
        ImageFolder all = ImageFolder.open(directory);
        Optional<Labelled> labelled =
                all.classNames().isEmpty() ? Optional.empty() : Optional.of(Subset.holdOut(all, seed));
        return new Data(all, labelled, OptionalInt.empty());
    }

    /** Where made and unpacked data is kept: {@code $XDG_CACHE_HOME/byol} or {@code ~/.cache/byol}. */
    static Path cache() {
        String home = System.getenv("XDG_CACHE_HOME");
        Path base = home == null || home.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(home);
        return base.resolve("byol");
    }
}
