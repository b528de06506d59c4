package dev.byol.augment.io;

import dev.byol.augment.Image;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The images of some sources, one source after the other.
 *
 * @param labels of each source, in the terms of {@code classNames}; not used if that is empty
 */
record Concatenation(List<ImageSource> parts, List<String> classNames, List<int[]> labels) implements ImageSource {
    private record Place(ImageSource source, int part, int index) {}

    private Place place(int index) {
        int within = Objects.checkIndex(index, size());
        int part = 0;
        while (within >= parts.get(part).size()) {
            within -= parts.get(part++).size();
        }
        return new Place(parts.get(part), part, within);
    }

    @Override
    public int size() {
        return parts.stream().mapToInt(ImageSource::size).sum();
    }

    @Override
    public Image image(int index) throws IOException {
        Place place = place(index);
        return place.source.image(place.index);
    }

    @Override
    public LazyImage open(int index) throws IOException {
        Place place = place(index);
        return place.source.open(place.index);
    }

    @Override
    public int label(int index) {
        Place place = place(index);
        int label = place.source.label(place.index);
        return label == UNLABELLED || classNames.isEmpty() ? label : labels.get(place.part)[label];
    }

    @Override
    public String name(int index) {
        Place place = place(index);
        return place.source.name(place.index);
    }

    @Override
    public String description() {
        return parts.stream().map(ImageSource::description).collect(Collectors.joining(" + "));
    }
}
