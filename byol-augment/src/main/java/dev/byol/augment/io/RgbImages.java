package dev.byol.augment.io;

import dev.byol.augment.Canvas;
import dev.byol.augment.Image;
import dev.byol.augment.Region;
import dev.byol.augment.Size;
import java.io.IOException;
import java.util.List;

/** Images of one channel or three with three channels of bytes. */
record RgbImages(ImageSource source) implements ImageSource {
    @Override
    public int size() {
        return source.size();
    }

    @Override
    public Image image(int index) throws IOException {
        return open(index).decode();
    }

    @Override
    public LazyImage open(int index) throws IOException {
        return new LazyRgb(source.open(index), name(index));
    }

    @Override
    public int label(int index) {
        return source.label(index);
    }

    @Override
    public List<String> classNames() {
        return source.classNames();
    }

    @Override
    public String name(int index) {
        return source.name(index);
    }

    @Override
    public String description() {
        return source.description();
    }

    private record LazyRgb(LazyImage image, String name) implements LazyImage {
        @Override
        public Size size() {
            return image.size();
        }

        @Override
        public Image decode() throws IOException {
            return rgb(image.decode());
        }

        @Override
        public Image decode(Region needed) throws IOException {
            return rgb(image.decode(needed));
        }

        @Override
        public void decode(Region needed, Canvas into) throws IOException {
            image.decode(needed, into);
            if (into.channels() != 3 || into.isFloat()) {
                into.load(rgb(into.image()));
            }
        }

        @Override
        public LazyImage reduced(Size least) {
            return new LazyRgb(image.reduced(least), name);
        }

        private Image rgb(Image decoded) throws IOException {
            int channels = decoded.channels();
            if (channels == 3) {
                return decoded.toBytes();
            }
            if (channels != 1) {
                throw new IOException(name + ": " + channels + " channels, expected 1 or 3 to make RGB of");
            }
            int width = decoded.width();
            int height = decoded.height();
            int length = Math.multiplyExact(3, Math.multiplyExact(width, height));
            byte[] grey = decoded.toBytes().samples();
            byte[] rgb = new byte[length];
            for (int q = 0; q < length; q++) {
                rgb[q] = grey[q / 3];
            }
            return new Image(width, height, 3, rgb);
        }
    }
}
