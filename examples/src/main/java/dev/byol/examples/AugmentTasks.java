package dev.byol.examples;

import dev.byol.augment.Augmentation;
import dev.byol.augment.Border;
import dev.byol.augment.BoxGaussianBlur;
import dev.byol.augment.Brightness;
import dev.byol.augment.Canvas;
import dev.byol.augment.ColorJitter;
import dev.byol.augment.Contrast;
import dev.byol.augment.CounterRandom;
import dev.byol.augment.GaussianBlur;
import dev.byol.augment.Grayscale;
import dev.byol.augment.HorizontalFlip;
import dev.byol.augment.Hue;
import dev.byol.augment.Image;
import dev.byol.augment.Normalize;
import dev.byol.augment.Operation;
import dev.byol.augment.RandomResizedCrop;
import dev.byol.augment.Region;
import dev.byol.augment.Saturation;
import dev.byol.augment.Size;
import dev.byol.augment.Solarize;
import dev.byol.augment.View;
import dev.byol.augment.io.ImageDecoder;
import dev.byol.augment.io.ImageSource;
import dev.byol.augment.io.LazyImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** What {@code augment-bench} and the JMH benchmark time, and the images they do it on. Belongs to one thread. */
final class AugmentTasks {
    static final int SIDE = 96;

    /** How many calls each task makes when it is run: single operations, or views, of the next images in turn. */
    static final int CALLS = 16;

    /** The view that is timed whole. */
    static final View VIEW = View.appendix().side(SIDE).build();

    private static final int IMAGES = 64;
    /** Of those, what single operations go through: as many as the peer's script, so that both have them in the same cache. */
    private static final int FEW = 8;

    private static final int PHOTOS = 8;
    private static final float JPEG_QUALITY = 0.9f;
    private static final List<Size> LARGE = List.of(
            new Size(500, 375),
            new Size(375, 500),
            new Size(224, 224),
            new Size(500, 333),
            new Size(320, 240),
            new Size(448, 300));

    private final List<Image> small;
    private final List<byte[]> jpegs;
    private final ImageDecoder decoder = new ImageDecoder();
    private final Canvas canvas = new Canvas();
    private final Canvas decoded = new Canvas();
    private final byte[] view = new byte[3 * SIDE * SIDE];
    private final float[] floats = new float[3 * SIDE * SIDE];
    private final RandomGenerator random = CounterRandom.of(1, 0, 0, 0);
    private int next;
    private float consumed;

    private AugmentTasks(List<Image> small, List<byte[]> jpegs) {
        this.small = small;
        this.jpegs = jpegs;
    }

    /** On made images with the statistics of photographs. */
    static AugmentTasks onMadeImages() {
        return on(IntStream.range(0, PHOTOS)
                .mapToObj(i -> DeadLeaves.draw(640, 480, i))
                .toList());
    }

    /** On parts of these images. */
    static AugmentTasks on(List<Image> images) {
        List<Image> small = DeadLeaves.parts(images, List.of(new Size(SIDE, SIDE)), IMAGES, 7);
        List<byte[]> jpegs = DeadLeaves.parts(images, LARGE, IMAGES, 7).stream()
                .map(AugmentTasks::jpeg)
                .toList();
        return new AugmentTasks(small, jpegs);
    }

    /** On parts of the first images of a source. */
    static AugmentTasks on(ImageSource source) throws IOException {
        List<Image> images = new ArrayList<>();
        for (int i = 0; i < Math.min(PHOTOS, source.size()); i++) {
            images.add(source.image(i));
        }
        return on(images);
    }

    /** Mean bytes a pixel of the JPEG files. */
    double jpegBytesPerPixel() throws IOException {
        double bytes = 0;
        double pixels = 0;
        for (byte[] jpeg : jpegs) {
            Size size = decoder.open(jpeg, "image").size();
            bytes += jpeg.length;
            pixels += (double) size.width() * size.height();
        }
        return bytes / pixels;
    }

    /** The single operations on images of 96x96, by name, in the order of the table. */
    Map<String, Runnable> operations() {
        Map<String, Runnable> tasks = new LinkedHashMap<>();
        tasks.put("randomResizedCrop", each(new RandomResizedCrop(SIDE, 0.2)));
        tasks.put("brightness", each(new Brightness(1.3)));
        tasks.put("contrast", each(new Contrast(1.3)));
        tasks.put("saturation", each(new Saturation(1.3)));
        tasks.put("hue", each(new Hue(0.05)));
        tasks.put("colorJitter", each(new ColorJitter(0.4, 0.4, 0.4, 0.1)));
        tasks.put("grayscale", each(new Grayscale()));
        tasks.put("horizontalFlip", each(new HorizontalFlip()));
        tasks.put("solarize", each(new Solarize(128)));
        for (String sigma : List.of("0.1", "0.5", "1", "2")) {
            tasks.put("blur" + sigma, each(new BoxGaussianBlur(Double.parseDouble(sigma))));
        }
        tasks.put("gaussianBlur", each(new GaussianBlur(9, 1, Border.REFLECT)));
        tasks.put("normalize", times(CALLS, small.subList(0, FEW), image -> {
            Normalize.IMAGENET.apply(image, floats, 0);
            consumed += floats[0];
        }));
        return tasks;
    }

    /** Whole views, two of each image of 96x96. */
    Runnable views() {
        return times(CALLS / 2, small, image -> {
            render(image);
            render(image);
        });
    }

    /** The same as normalised floats. */
    Runnable normalizedViews() {
        return times(CALLS / 2, small, image -> {
            for (int v = 0; v < 2; v++) {
                render(image);
                Normalize.IMAGENET.apply(new Image(SIDE, SIDE, 3, view), floats, 0);
                consumed += floats[0];
            }
        });
    }

    /** Whole views, two of each JPEG file, with its decoding. */
    Runnable jpegViews() {
        return times(CALLS / 2, jpegs, this::renderTwice);
    }

    /** The decoding of JPEG files alone. */
    Runnable jpegDecode() {
        return times(CALLS, jpegs, jpeg -> consumed += decode(jpeg).samples()[0]);
    }

    /** The images of 96x96 again and again, to load from. */
    ImageSource source(int size) {
        return new Source(size, i -> LazyImage.of(small.get(i % IMAGES)));
    }

    /** The JPEG files again and again, to load from. */
    ImageSource jpegSource(int size) {
        return new Source(size, i -> decoder.open(jpegs.get(i % IMAGES), "image " + i));
    }

    /** A number that depends on what was computed and not stored, so that it cannot be left out. */
    float consumed() {
        return consumed;
    }

    private Runnable each(Augmentation augmentation) {
        return times(CALLS, small.subList(0, FEW), image -> {
            canvas.load(image);
            for (Operation operation : augmentation.draw(random, image.size())) {
                operation.apply(canvas);
            }
        });
    }

    private <T> Runnable times(int count, List<T> images, Consumer<T> work) {
        return () -> {
            for (int i = 0; i < count; i++) {
                next = (next + 1) % images.size();
                work.accept(images.get(next));
            }
        };
    }

    private void render(Image image) {
        canvas.render(image, VIEW.draw(random, image.size()), view, 0);
    }

    /** As the loader does: both views are drawn before anything is decoded. */
    private void renderTwice(byte[] jpeg) {
        try {
            LazyImage lazy = decoder.open(jpeg, "image");
            List<Operation> first = VIEW.draw(random, lazy.size());
            List<Operation> second = VIEW.draw(random, lazy.size());
            Region needed = first.get(0).reads(lazy.size()).union(second.get(0).reads(lazy.size()));
            lazy.decode(needed, decoded);
            for (List<Operation> drawn : List.of(first, second)) {
                canvas.load(decoded);
                drawn.forEach(operation -> operation.apply(canvas));
                System.arraycopy(canvas.samples(), 0, view, 0, view.length);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Image decode(byte[] jpeg) {
        try {
            return decoder.decode(jpeg, "image");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By the JDK's encoder, at the quality and with the halved chroma that Pillow has too. */
    private static byte[] jpeg(Image image) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        parameters.setCompressionQuality(JPEG_QUALITY);
        BufferedImage pixels = Png.buffered(image.samples(), image.height(), image.width());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(pixels, null, null), parameters);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    @FunctionalInterface
    private interface Opener {
        LazyImage open(int index) throws IOException;
    }

    private record Source(int size, Opener opener) implements ImageSource {
        @Override
        public Image image(int index) throws IOException {
            return open(index).decode();
        }

        @Override
        public LazyImage open(int index) throws IOException {
            return opener.open(index);
        }
    }
}
