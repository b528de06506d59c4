package dev.byol.examples;

import dev.byol.augment.io.ImageSource;
import dev.byol.augment.io.Sources;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** A labelled source that has no test images of its own, divided at random. */
final class HoldOut {
    private static final int PARTS = 5;

    private HoldOut() {}

    /** One in five of each class, at least one image, to test and the others to train; or why there are too few. */
    static Data.Labels of(ImageSource all, long seed) {
        SortedMap<Integer, Integer> counts = new TreeMap<>();
        for (int i = 0; i < all.size(); i++) {
            counts.merge(all.label(i), 1, Integer::sum);
        }
        counts.remove(ImageSource.UNLABELLED);
        if (counts.size() < 2) {
            return new Data.Unlabelled(tooFew(all));
        }
        for (Map.Entry<Integer, Integer> one : counts.entrySet()) {
            if (one.getValue() < 2) {
                return new Data.Unlabelled(
                        all.description() + " has no labels that a probe could use, for there is a single"
                                + " image in its " + name(all, one.getKey()));
            }
        }
        List<ImageSource> parts = Sources.split(Sources.labelled(all), seed, 1 - 1.0 / PARTS, 1.0 / PARTS);
        String split = "one in " + PARTS + " of each class held out to test, drawn by seed " + seed;
        return new Data.Labelled(parts.get(0), parts.get(1), all.classNames(), split);
    }

    /** All images but those that are held out. */
    static ImageSource pretrained(ImageSource all, Data.Labelled labelled) {
        ImageSource others = Sources.unlabelled(all);
        return others.size() == 0 ? labelled.train() : Sources.concatenate(List.of(labelled.train(), others));
    }

    /** Why a source of fewer than two classes has no labels. */
    static String tooFew(ImageSource source) {
        return source.description() + " has no labels"
                + IntStream.range(0, source.size())
                        .map(source::label)
                        .filter(label -> label != ImageSource.UNLABELLED)
                        .mapToObj(label -> ", for there is a single " + name(source, label))
                        .findFirst()
                        .orElse("");
    }

    private static String name(ImageSource source, int label) {
        List<String> names = source.classNames();
        return label < names.size() ? "subfolder " + names.get(label) : "class " + label;
    }
}
