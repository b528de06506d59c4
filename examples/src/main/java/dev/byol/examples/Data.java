package dev.byol.examples;

import dev.byol.augment.Size;
import dev.byol.augment.io.Cifar10;
import dev.byol.augment.io.Cifar100;
import dev.byol.augment.io.DatasetException;
import dev.byol.augment.io.Idx;
import dev.byol.augment.io.ImageArchive;
import dev.byol.augment.io.ImageFolder;
import dev.byol.augment.io.ImageSource;
import dev.byol.augment.io.Npy;
import dev.byol.augment.io.Sources;
import dev.byol.augment.io.Stl10;
import dev.byol.augment.io.UnpackCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** The images that an option such as {@code --data stl10:DIR} names. Each part is opened when it is asked for. */
final class Data {
    /** What an option may name, for help texts and messages. */
    static final String KINDS =
            "shapes (made on the spot), folder:DIR, zip:FILE, tar:FILE (also .tar.gz, and shards as in"
                    + " train-{000..127}.tar), stl10:DIR[?size=N], cifar10:DIR, cifar100:DIR[?labels=coarse], idx:DIR (MNIST's"
                    + " format) or npy:FILE[?labels=FILE&layout=chw]";

    private static final int CIFAR_SIDE = 32;

    private final Part<ImageSource> everything;
    private final Part<ImageSource> unlabelled;
    private final Part<ImageSource> studied;
    private final Part<ImageSource> examined;
    private final Part<Labels> labels;
    private final OptionalInt side;

    private Data(Part<ImageSource> everything, Part<ImageSource> unlabelled, Part<Labels> labels, OptionalInt side) {
        this(everything, unlabelled, unlabelled, () -> labelled(labels).test(), labels, side);
    }

    private Data(
            Part<ImageSource> everything,
            Part<ImageSource> unlabelled,
            Part<ImageSource> studied,
            Part<ImageSource> examined,
            Part<Labels> labels,
            OptionalInt side) {
        this.everything = everything;
        this.unlabelled = unlabelled;
        this.studied = studied;
        this.examined = examined;
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
    record Labelled(ImageSource train, ImageSource test, List<String> classNames, String split) implements Labels {
        /** The name of a class, or what stands for it. */
        String className(int label) {
            return Data.className(classNames, label);
        }
    }

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
        String kind = spec.substring(0, Math.max(0, colon));
        String place = spec.substring(colon + 1);
        if (place.isEmpty()) {
            throw unknown(spec);
        }
        return switch (kind) {
            case "folder" -> folder(Path.of(place), seed);
            case "zip" -> archive(ImageArchive.zip(Path.of(place)), seed);
            case "tar" -> archive(tar(place), seed);
            case "stl10" -> stl10(Place.of("stl10", place, "size"));
            case "cifar10" -> cifar10(Path.of(place));
            case "cifar100" -> cifar100(Place.of("cifar100", place, "labels"));
            case "idx" -> idx(Path.of(place));
            case "npy" -> npy(Place.of("npy", place, "labels", "layout"), seed);
            default -> throw unknown(spec);
        };
    }

    private static BadInput unknown(String spec) {
        return new BadInput("no data set is called \"" + spec + "\"; expected " + KINDS);
    }

    /** All images there are, each once: those to train with, those to test with, then others. */
    ImageSource everything() throws IOException {
        return everything.open();
    }

    /** What is pretrained on: none of the images that {@link #labels()} tests with. */
    ImageSource unlabelled() throws IOException {
        return unlabelled.open();
    }

    /** What the appendix pretrained on: of STL-10 the labelled training images too, without their labels, before the others. */
    ImageSource studied() throws IOException {
        return studied.open();
    }

    /**
     * What the appendix measured accuracy on, half to fit and half to score: the test images. Of the made ones all that are
     * labelled, none of which is pretrained on: the accuracy of 500 images is off by two points.
     */
    ImageSource examined() throws IOException {
        return examined.open();
    }

    /** The labelled images, or why there are none. */
    Labels labels() throws IOException {
        return labels.open();
    }

    /** The labelled images, where nothing else will do. */
    Labelled labelled() throws IOException {
        return labelled(labels);
    }

    private static Labelled labelled(Part<Labels> labels) throws IOException {
        Labels found = labels.open();
        if (found instanceof Labelled labelled) {
            return labelled;
        }
        throw new BadInput(
                ((Unlabelled) found).reason()
                        + ": expected a subfolder or a label for each of at least two classes, with at least two images in each");
    }

    /** The name of a class, or what stands for it where it has none. */
    static String className(List<String> names, int label) {
        return label < names.size() ? names.get(label) : "class " + label;
    }

    /** The side of all images, if they are squares of one size. */
    OptionalInt side() {
        return side;
    }

    /** Made images, kept in a cache folder. */
    static Data shapes(ShapesData shapes, Path cache, Consumer<String> tell) throws IOException {
        Path folder = shapes.in(cache, tell);
        Data data = cached(folder, () -> stl10(Stl10.open(folder, shapes.side())));
        Part<Labels> labels = () -> cached(folder, data::labels);
        Part<ImageSource> everything = () -> cached(folder, data::everything);
        Part<ImageSource> unlabelled = () -> cached(folder, data::unlabelled);
        Part<ImageSource> examined = () -> {
            Labelled both = labelled(labels);
            return Sources.concatenate(List.of(both.train(), both.test()));
        };
        return new Data(everything, unlabelled, unlabelled, examined, labels, data.side);
    }

    private static <T> T cached(Path folder, Part<T> part) throws IOException {
        try {
            return part.open();
        } catch (DatasetException e) {
            throw new BadInput(e.getMessage() + "; the cached images are damaged: delete " + folder);
        }
    }

    /** A path and what is set behind it, as in {@code DIR?size=64}. */
    private record Place(Path path, Map<String, String> options) {
        static Place of(String kind, String text, String... names) {
            int query = text.indexOf('?');
            if (query < 0) {
                return new Place(Path.of(text), Map.of());
            }
            Map<String, String> options = new HashMap<>();
            for (String option : text.substring(query + 1).split("&", -1)) {
                int equals = option.indexOf('=');
                String name = option.substring(0, Math.max(0, equals));
                if (!List.of(names).contains(name) || equals == option.length() - 1) {
                    throw new BadInput(kind + " takes " + String.join("=... and ", names)
                            + "=... after the path, got \"" + option + "\"");
                }
                options.put(name, option.substring(equals + 1));
            }
            return new Place(Path.of(text.substring(0, query)), options);
        }

        /** The place of a value in a list of those that may be. */
        int choice(String name, List<String> values) {
            String value = options.getOrDefault(name, values.get(0));
            if (!values.contains(value)) {
                throw new BadInput(name + "=" + String.join(" or " + name + "=", values)
                        + " may stand after the path, got \"" + name + "=" + value + "\"");
            }
            return values.indexOf(value);
        }
    }

    private static Data stl10(Place place) throws IOException {
        String size = place.options.getOrDefault("size", "" + Stl10.SIDE);
        if (!size.matches("[1-9]\\d{0,4}")) {
            throw new BadInput("stl10 takes size=N after the path, in pixels, got \"size=" + size + "\"");
        }
        try {
            Stl10 set = Stl10.open(place.path, Integer.parseInt(size));
            Data data = stl10(set);
            return new Data(
                    data.everything,
                    data.unlabelled,
                    () -> Sources.concatenate(List.of(set.train(), set.unlabeled())),
                    data.examined,
                    data.labels,
                    data.side);
        } catch (IllegalArgumentException e) {
            throw new BadInput("\"size=" + size + "\": " + e.getMessage());
        }
    }

    private static Data stl10(Stl10 set) {
        return trainAndTest(
                List.of(set::train, set::test, set::unlabeled),
                set::unlabeled,
                set::train,
                set::test,
                set.classNames(),
                OptionalInt.of(set.side()));
    }

    private static Data cifar10(Path directory) throws IOException {
        Cifar10 set = Cifar10.open(directory);
        return trainAndTest(set::train, set::test, set.classNames(), OptionalInt.of(CIFAR_SIDE));
    }

    private static Data cifar100(Place place) throws IOException {
        List<Cifar100.Granularity> choices = List.of(Cifar100.Granularity.FINE, Cifar100.Granularity.COARSE);
        Cifar100 set = Cifar100.open(place.path, choices.get(place.choice("labels", List.of("fine", "coarse"))));
        return trainAndTest(set::train, set::test, set.classNames(), OptionalInt.of(CIFAR_SIDE));
    }

    private static Data idx(Path directory) throws IOException {
        Idx set = Idx.open(directory);
        ImageSource train = Sources.rgb(set.train());
        return trainAndTest(() -> train, () -> Sources.rgb(set.test()), List.of(), side(train));
    }

    private static Data trainAndTest(
            Part<ImageSource> train, Part<ImageSource> test, List<String> classNames, OptionalInt side) {
        return trainAndTest(List.of(train, test), train, train, test, classNames, side);
    }

    private static Data trainAndTest(
            List<Part<ImageSource>> everything,
            Part<ImageSource> unlabelled,
            Part<ImageSource> train,
            Part<ImageSource> test,
            List<String> classNames,
            OptionalInt side) {
        return new Data(
                () -> all(everything),
                unlabelled,
                () -> new Labelled(train.open(), test.open(), classNames, "train and test"),
                side);
    }

    private static ImageSource all(List<Part<ImageSource>> parts) throws IOException {
        List<ImageSource> sources = new ArrayList<>();
        for (Part<ImageSource> part : parts) {
            sources.add(part.open());
        }
        return Sources.concatenate(sources);
    }

    private static Data npy(Place place, long seed) throws IOException {
        Npy.Layout layout = List.of(Npy.Layout.CHANNELS_LAST, Npy.Layout.CHANNELS_FIRST)
                .get(place.choice("layout", List.of("hwc", "chw")));
        String labels = place.options.get("labels");
        ImageSource all = Sources.rgb(
                labels == null
                        ? Npy.unlabelled(place.path, layout)
                        : Npy.labelled(place.path, Path.of(labels), layout));
        return holdOut(all, seed, side(all));
    }

    /** The side of images that all have the size of the first. */
    private static OptionalInt side(ImageSource source) throws IOException {
        Size size = source.open(0).size();
        return size.width() == size.height() ? OptionalInt.of(size.width()) : OptionalInt.empty();
    }

    private static ImageArchive tar(String place) throws IOException {
        List<Path> shards;
        try {
            shards = ImageArchive.shards(place);
        } catch (IllegalArgumentException e) {
            throw new BadInput("\"tar:" + place + "\": " + e.getMessage());
        }
        return ImageArchive.tar(shards, UnpackCache.standard());
    }

    /** A folder with the subfolders train and test is two sets; another labelled one gives every fifth image of a class. */
    private static Data folder(Path directory, long seed) throws IOException {
        Path train = directory.resolve("train");
        Path test = directory.resolve("test");
        if (Files.isDirectory(train) && Files.isDirectory(test)) {
            ImageFolder first = ImageFolder.open(train);
            return new Data(
                    () -> all(List.of(() -> first, () -> ImageFolder.open(test))),
                    () -> first,
                    () -> split(first, ImageFolder.open(test), directory.toString()),
                    OptionalInt.empty());
        }
        return holdOut(ImageFolder.open(directory), seed, OptionalInt.empty());
    }

    /** As {@link #folder}. */
    private static Data archive(ImageArchive all, long seed) throws IOException {
        Optional<ImageArchive> train = all.folder("train");
        Optional<ImageArchive> test = all.folder("test");
        if (train.isPresent() && test.isPresent()) {
            ImageSource first = train.get();
            ImageSource second = test.get();
            return new Data(
                    () -> all(List.of(() -> first, () -> second)),
                    () -> first,
                    () -> split(first, second, all.description()),
                    OptionalInt.empty());
        }
        return holdOut(all, seed, OptionalInt.empty());
    }

    private static Data holdOut(ImageSource all, long seed, OptionalInt side) {
        Labels labels = HoldOut.of(all, seed);
        ImageSource pretrained = labels instanceof Labelled labelled ? HoldOut.pretrained(all, labelled) : all;
        return new Data(() -> all, () -> pretrained, () -> labels, side);
    }

    private static Labels split(ImageSource train, ImageSource test, String place) {
        if (!train.classNames().equals(test.classNames())) {
            throw new BadInput(place + " has the classes " + train.classNames() + " in train and " + test.classNames()
                    + " in test, expected the same");
        }
        return train.classNames().size() < 2
                ? new Unlabelled(HoldOut.tooFew(train))
                : new Labelled(train, test, train.classNames(), "the folders train and test");
    }

    /** Where made and unpacked data is kept: {@code $XDG_CACHE_HOME/byol} or {@code ~/.cache/byol}. */
    static Path cache() {
        return UnpackCache.standard().folder();
    }
}
