package dev.byol.augment.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.augment.Image;
import dev.byol.augment.View;
import dev.byol.augment.io.ImageSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Loaders of small views, and everything that comes out of them. */
final class Loads {
    private Loads() {}

    static final View LARGE = View.appendix().side(8).build();

    static final View SMALL = View.appendix().side(5).build();

    /** What comes at one position of an epoch. */
    record Loaded(int index, int label, List<List<Byte>> views) {}

    static Loader.Builder loader(ImageSource source) {
        return Loader.builder(source).views(LARGE, SMALL).batch(7).seed(3);
    }

    static List<Loaded> load(Loader loader, long number) {
        return load(loader, number, 0);
    }

    /** Everything from a position of an epoch on, and that the positions say where it is. */
    static List<Loaded> load(Loader loader, long number, int position) {
        List<Loaded> all = new ArrayList<>();
        try (Epoch epoch = loader.epoch(number, position)) {
            while (epoch.hasNext()) {
                assertThat(epoch.position()).isEqualTo(position + all.size());
                try (Batch batch = epoch.next()) {
                    assertThat(batch.position()).isEqualTo(position + all.size());
                    for (int i = 0; i < batch.size(); i++) {
                        all.add(new Loaded(batch.indices()[i], batch.labels()[i], views(loader, batch, i)));
                    }
                }
            }
            assertThat(epoch.position()).isEqualTo(position + all.size());
        }
        return all;
    }

    static List<List<Byte>> views(Loader loader, Batch batch, int slot) {
        assertThat(batch.views()).isEqualTo(loader.views().size());
        return IntStream.range(0, batch.views())
                .mapToObj(v ->
                        slot(batch.view(v), slot, loader.samples(loader.views().get(v))))
                .toList();
    }

    static List<Byte> slot(byte[] batch, int slot, int samples) {
        return IntStream.range(slot * samples, (slot + 1) * samples)
                .mapToObj(i -> batch[i])
                .toList();
    }

    static List<Integer> indices(Loader loader, long number) {
        return load(loader, number).stream().map(Loaded::index).toList();
    }

    static Image pixel() {
        return new Image(1, 1, 3, new byte[3]);
    }

    /** One image again and again, called "photo-i.png". */
    static ImageSource photos(int size, Image image) {
        return new ImageSource() {
            @Override
            public int size() {
                return size;
            }

            @Override
            public Image image(int index) {
                return image;
            }

            @Override
            public String name(int index) {
                return "photo-" + index + ".png";
            }
        };
    }
}
