package dev.byol.augment.io;

import dev.byol.augment.Image;
import java.io.IOException;
import java.util.List;

/** Some images of a source. */
final class Subset implements ImageSource {
    private final ImageSource source;
    private final int[] indices;
    private final String what;

    /**
     * A subset.
     *
     * @param indices in the source, each checked
     * @param what names the subset in messages
     */
    Subset(ImageSource source, int[] indices, String what) {
        this.source = source;
        this.indices = indices;
        this.what = what;
    }

    @Override
    public int size() {
        return indices.length;
    }

    @Override
    public Image image(int index) throws IOException {
        return source.image(indices[index]);
    }

    @Override
    public LazyImage open(int index) throws IOException {
        return source.open(indices[index]);
    }

    @Override
    public int label(int index) {
        return source.label(indices[index]);
    }

    @Override
    public List<String> classNames() {
        return source.classNames();
    }

    @Override
    public String name(int index) {
        return source.name(indices[index]);
    }

    @Override
    public String description() {
        return source.description() + " (" + what + ")";
    }
}
