package dev.byol.augment.io;

import dev.byol.augment.Canvas;
import dev.byol.augment.Image;
import dev.byol.augment.Region;
import dev.byol.augment.Size;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Decodes image files, by default to RGB of 8 bits with the values that Pillow has after {@code convert("RGB")}. Immutable and
 * safe to share between threads.
 *
 * <pre>{@code
 * Image image = new ImageDecoder().decode(Path.of("cat.jpg"));
 * }</pre>
 *
 * <p>What a file is, its content decides, never its name:
 *
 * <ul>
 *   <li>JPEG: baseline, extended sequential and progressive, 8 bits, Huffman codes; grey, RGB, YCbCr, CMYK and YCCK. Values
 *       are libjpeg-turbo's by default (exact integer transform, interpolated chroma), level for level.
 *   <li>PNG: all kinds. Of 16-bit samples the upper byte is kept; for 16-bit grey Pillow has 255 for all above 255 instead.
 *   <li>GIF: the first frame.
 *   <li>BMP, by the JDK, and TIFF and WebP, by the JDK or any {@code javax.imageio} plugin that is present, such as
 *       TwelveMonkeys'.
 * </ul>
 *
 * <p>Grey becomes three equal channels. Transparency is dropped and the colours beneath it are kept. Images are turned upright
 * as EXIF says (Pillow's {@code ImageOps.exif_transpose}). Colour profiles are not applied.
 *
 * <p>Whatever a file holds, the result is an image or an {@code IOException} with the file's name, what was found and what was
 * expected: broken, truncated and empty files, files that are no image, and images of more pixels than are wanted, for which
 * no memory is taken, nor for those that the whole heap could not hold. An {@code OutOfMemoryError} is no property of a file
 * and passes. A JPEG file must end with its end marker, a PNG file with its last chunk, and all of a PNG file's
 * checksums must be right.
 *
 * @param mostPixels images of more are refused
 * @param samples what is made of the file's samples
 */
public record ImageDecoder(long mostPixels, Samples samples) {
    /** Pillow's limit of pixels, the default here. */
    public static final long DEFAULT_MOST_PIXELS = 178_956_970;

    /** Bytes of an RGB image that a canvas may keep the memory of. */
    private static final long MOST_KEPT = 1 << 25;

    /** What is made of a file's samples. */
    public enum Samples {
        /** Three channels of 8 bits. */
        RGB,
        /**
         * The channels that the file has, grey as one and transparency as the last, floats in [0, 1] if they have 16 bits.
         * Palettes, and JPEG files with colour, become RGB.
         */
        STORED
    }

    /**
     * @throws IllegalArgumentException if {@code mostPixels} is below 1 or more than an RGB image can have, 2^31 / 3
     */
    public ImageDecoder {
        if (mostPixels < 1 || mostPixels > Integer.MAX_VALUE / 3) {
            throw new IllegalArgumentException(
                    "most pixels must be in [1, " + Integer.MAX_VALUE / 3 + "], got " + mostPixels);
        }
    }

    /** A decoder to RGB of 8 bits of images of up to {@link #DEFAULT_MOST_PIXELS} pixels. */
    public ImageDecoder() {
        this(DEFAULT_MOST_PIXELS, Samples.RGB);
    }

    /**
     * The same decoder with another limit of pixels.
     *
     * @throws IllegalArgumentException as the constructor says
     */
    public ImageDecoder mostPixels(long pixels) {
        return new ImageDecoder(pixels, samples);
    }

    /** The same decoder that keeps channels and depth: see {@link Samples#STORED}. */
    public ImageDecoder stored() {
        return new ImageDecoder(mostPixels, Samples.STORED);
    }

    /**
     * Decodes a file of at most 256 MiB.
     *
     * @throws IOException if the file cannot be read or decoded; the message has its path
     */
    public Image decode(Path file) throws IOException {
        return open(file).decode();
    }

    /**
     * Decodes a file's content.
     *
     * @param content the whole file
     * @param name what messages call it
     * @throws IOException if it cannot be decoded; the message has its name
     */
    public Image decode(byte[] content, String name) throws IOException {
        return open(content, name).decode();
    }

    /**
     * Reads a file, and of its image the header; pixels are decoded later.
     *
     * @throws IOException if the file cannot be read, has more than 256 MiB or is no image that can be decoded; the message has its path
     */
    public LazyImage open(Path file) throws IOException {
        return open(file, file.toString());
    }

    /** Opens a file that messages call by another name than its path's text. */
    LazyImage open(Path file, String name) throws IOException {
        byte[] content;
        try {
            content = read(file, Archive.MOST_BYTES);
        } catch (FileSystemException e) {
            throw e; // has the path
        } catch (IOException e) {
            throw named(name, e);
        }
        return open(content, name);
    }

    /** Reads a whole file, or a pipe, which has no size, unless there is more than may be. */
    static byte[] read(Path file, int mostBytes) throws IOException {
        long size = Files.size(file);
        if (size > mostBytes) {
            throw new ImageFormatException(size + " bytes", "at most " + mostBytes);
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = new byte[(int) size];
            int length = in.readNBytes(content, 0, content.length);
            byte[] more = in.readNBytes(mostBytes - length + 1);
            if (more.length > mostBytes - length) {
                throw new ImageFormatException("more than " + mostBytes + " bytes", "at most as many");
            }
            if (length + more.length == content.length) {
                return content;
            }
            byte[] all = Arrays.copyOf(content, length + more.length);
            System.arraycopy(more, 0, all, length, more.length);
            return all;
        }
    }

    /**
     * Reads the header of a file's content; pixels are decoded later.
     *
     * @param content the whole file, which must not change until the image is decoded
     * @param name what messages call it
     * @throws IOException if it is no image that can be decoded; the message has its name
     */
    public LazyImage open(byte[] content, String name) throws IOException {
        try {
            Encoded encoded = Formats.open(content);
            requireFewPixels(encoded);
            requireMemory(encoded, content.length);
            return new Lazy(encoded, name);
        } catch (IOException e) {
            throw named(name, e);
        }
    }

    private void requireFewPixels(Encoded encoded) throws IOException {
        Size size = encoded.size();
        long pixels = (long) size.width() * size.height();
        if (pixels > mostPixels) {
            throw new ImageFormatException(
                    encoded.format() + " image of " + size + ", which is " + pixels + " pixels",
                    "at most " + mostPixels);
        }
    }

    private void requireMemory(Encoded encoded, int content) throws IOException {
        boolean isUpright = encoded.orientation().equals(Orientation.UPRIGHT);
        long memory = content + encoded.memory(samples) + (isUpright ? 0 : encoded.result(samples));
        long heap = Runtime.getRuntime().maxMemory();
        if (memory > heap) {
            throw new ImageFormatException(
                    encoded.format() + " image of " + encoded.size() + ", which takes " + (memory >> 20)
                            + " MiB to decode",
                    "at most the heap's " + (heap >> 20) + " MiB");
        }
    }

    private static IOException named(String name, IOException e) {
        return new IOException(name + ": " + e.getMessage(), e);
    }

    private interface Decoding<T> {
        T of(Region stored) throws IOException;
    }

    private final class Lazy implements LazyImage {
        private final Encoded encoded;
        private final String name;

        Lazy(Encoded encoded, String name) {
            this.encoded = encoded;
            this.name = name;
        }

        @Override
        public Size size() {
            return encoded.orientation().upright(encoded.size());
        }

        @Override
        public Image decode() throws IOException {
            return decode(Region.of(size()));
        }

        @Override
        public Image decode(Region needed) throws IOException {
            return guarded(needed, stored -> encoded.orientation().apply(encoded.decode(stored, samples)));
        }

        @Override
        public void decode(Region needed, Canvas into) throws IOException {
            if (3L * size().width() * size().height() > MOST_KEPT) {
                into.load(decode(needed));
                return;
            }
            guarded(needed, stored -> {
                encoded.decode(stored, samples, into);
                encoded.orientation().apply(into);
                return into;
            });
        }

        private <T> T guarded(Region needed, Decoding<T> decoding) throws IOException {
            if (!needed.isWithin(size())) {
                throw new IllegalArgumentException(name + ": " + needed + " does not lie in an image of " + size());
            }
            try {
                return decoding.of(encoded.orientation().stored(needed, encoded.size()));
            } catch (IOException e) {
                throw named(name, e);
            }
        }

        @Override
        public LazyImage reduced(Size least) {
            Orientation orientation = encoded.orientation();
            return new Lazy(encoded.reduced(orientation.upright(least)), name); // sides are swapped back as they were
        }
    }
}
