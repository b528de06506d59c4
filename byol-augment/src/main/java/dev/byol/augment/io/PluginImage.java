package dev.byol.augment.io;

import dev.byol.augment.Image;
import dev.byol.augment.Region;
import dev.byol.augment.Size;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * An image that a {@code javax.imageio} reader decodes: of the JDK or a plugin, whichever is found first. How large it is and
 * whether the file holds as much as it says is looked at beforehand, since readers take what memory a header asks for.
 */
final class PluginImage implements Encoded {
    private static final int ORIENTATION = 0x0112;
    private static final int LONGEST_RUN = 255; // pixels of a BMP file that two bytes make

    private final byte[] content;
    private final String format;
    private final Size size;
    private final Orientation orientation;
    private final long least;
    private final Depth depth;

    /**
     * What a pixel takes.
     *
     * @param reader bytes of the reader's image and of what it unpacks
     * @param words bytes of the file's own samples as they are on the way to floats
     * @param stored bytes of an image of the file's own samples
     */
    private record Depth(long reader, long words, long stored) {
        static final Depth BMP = new Depth(5, 0, 4);
        static final Depth WEBP = new Depth(15, 0, 4);

        static Depth of(Tiff tiff) {
            long bits = tiff.bits();
            long bytes = bits <= 8 ? 1 : bits <= 16 ? 2 : bits <= 32 ? 4 : 8;
            return new Depth(
                    2 * bytes * tiff.samples(),
                    bits > 8 ? Short.BYTES * tiff.samples() : 0,
                    Math.max(3, tiff.samples() * (bits > 8 ? Float.BYTES : 1)));
        }
    }

    /** @param least the bytes that the file must have for an image of this size */
    private PluginImage(byte[] content, String format, Size size, Orientation orientation, long least, Depth depth) {
        this.content = content;
        this.format = format;
        this.size = size;
        this.orientation = orientation;
        this.least = least;
        this.depth = depth;
    }

    static boolean isBmp(Bytes content) {
        return content.startsWith("BM");
    }

    static boolean isTiff(Bytes content) {
        return content.startsWith("II*\0") || content.startsWith("MM\0*");
    }

    static boolean isWebp(Bytes content) {
        return content.startsWith("RIFF") && content.hasAt(8, "WEBP");
    }

    static PluginImage openBmp(byte[] content) throws ImageFormatException {
        Bytes in = Bytes.of(content).littleEndian();
        long header = in.u32(14);
        boolean old = header == 12;
        long width = old ? in.u16(18) : in.u32(18);
        long height = Math.abs(old ? in.u16(20) : (int) in.u32(22));
        int bits = in.u16(old ? 24 : 28);
        long compression = old ? 0 : in.u32(30);
        Size size = size(width, height);
        long data = in.u32(10);
        if (compression > 3) {
            throw new ImageFormatException("BMP compression " + compression, "none, run lengths or bit fields");
        }
        boolean runs = compression == 1 || compression == 2;
        long bytes = runs ? Math.max(in.u32(34), width * height / LONGEST_RUN) : (width * bits + 31) / 32 * 4 * height;
        return new PluginImage(content, "BMP", size, Orientation.UPRIGHT, data + bytes, Depth.BMP);
    }

    static PluginImage openTiff(byte[] content) throws ImageFormatException {
        Tiff tiff = Tiff.firstImage(Bytes.of(content));
        return new PluginImage(
                content,
                "TIFF",
                size(tiff.width(), tiff.height()),
                Orientation.of(tiff.value(ORIENTATION, 1)),
                content.length + tiff.missing(),
                Depth.of(tiff));
    }

    static PluginImage openWebp(byte[] content) throws ImageFormatException {
        Webp webp = Webp.read(Bytes.of(content));
        return new PluginImage(content, "WebP", webp.size(), webp.orientation(), 0, Depth.WEBP);
    }

    /** @throws ImageFormatException if a side is below 1 or no int */
    static Size size(long width, long height) throws ImageFormatException {
        if (width < 1 || height < 1 || width > Integer.MAX_VALUE || height > Integer.MAX_VALUE) {
            throw new ImageFormatException("a size of " + width + "x" + height, "at least 1x1");
        }
        return new Size((int) width, (int) height);
    }

    @Override
    public String format() {
        return format;
    }

    @Override
    public Size size() {
        return size;
    }

    @Override
    public Orientation orientation() {
        return orientation;
    }

    @Override
    public long memory(ImageDecoder.Samples samples) {
        // the content is copied as it is read
        return content.length
                + (depth.reader + (samples == ImageDecoder.Samples.STORED ? depth.words : 0)) * pixels()
                + result(samples);
    }

    @Override
    public long result(ImageDecoder.Samples samples) {
        return pixels() * (samples == ImageDecoder.Samples.STORED ? depth.stored : 3);
    }

    private long pixels() {
        return (long) size.width() * size.height();
    }

    @Override
    public Image decode(Region needed, ImageDecoder.Samples samples) throws IOException {
        if (content.length < least) {
            throw new ImageFormatException("an end after " + content.length + " bytes", least + " for " + size);
        }
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
        if (!readers.hasNext()) {
            throw new ImageFormatException(
                    "a " + format + " image",
                    "a javax.imageio plugin for it on the path, such as com.twelvemonkeys.imageio:imageio-"
                            + format.toLowerCase(Locale.ROOT));
        }
        ImageReader reader = readers.next();
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(content))) {
            reader.setInput(in, true, true);
            BufferedImage image = reader.read(0);
            if (image.getWidth() != size.width() || image.getHeight() != size.height()) {
                throw new ImageFormatException(
                        image.getWidth() + "x" + image.getHeight() + " pixels", size + " as the header says");
            }
            return samples == ImageDecoder.Samples.RGB ? rgb(image) : stored(image);
        } catch (ImageFormatException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // readers throw all kinds at broken files
            throw new IOException(
                    "found what the " + format + " reader cannot decode (" + e + "), expected an image", e);
        } finally {
            reader.dispose();
        }
    }

    private static Image rgb(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        byte[] out = new byte[width * height * 3];
        if (isGreyOrRgb(image)) {
            Raster raster = image.getRaster();
            int bands = raster.getNumBands();
            int[] row = new int[width * bands];
            for (int y = 0, q = 0; y < height; y++) {
                raster.getPixels(0, y, width, 1, row);
                for (int x = 0; x < width; x++) {
                    for (int c = 0; c < 3; c++, q++) {
                        int band = bands < 3 ? 0 : c;
                        out[q] = (byte) eightBits(row[x * bands + band], bits(raster, band));
                    }
                }
            }
        } else {
            int[] row = new int[width];
            for (int y = 0, q = 0; y < height; y++) {
                image.getRGB(0, y, width, 1, row, 0, width);
                for (int x = 0; x < width; x++, q += 3) {
                    out[q] = (byte) (row[x] >> 16);
                    out[q + 1] = (byte) (row[x] >> 8);
                    out[q + 2] = (byte) row[x];
                }
            }
        }
        return new Image(width, height, 3, out);
    }

    private static int eightBits(int sample, int bits) {
        return bits > 8 ? sample >> (bits - 8) : sample * 255 / ((1 << bits) - 1);
    }

    private static Image stored(BufferedImage image) {
        if (!isGreyOrRgb(image) || !hasOneDepth(image.getRaster())) {
            return rgb(image);
        }
        Raster raster = image.getRaster();
        int width = image.getWidth();
        int height = image.getHeight();
        int bands = raster.getNumBands();
        int length = Math.multiplyExact(width * height, bands);
        int[] row = new int[width * bands];
        if (bits(raster, 0) == 8) {
            byte[] out = new byte[length];
            for (int y = 0, q = 0; y < height; y++) {
                raster.getPixels(0, y, width, 1, row);
                for (int i = 0; i < row.length; i++) {
                    out[q++] = (byte) row[i];
                }
            }
            return new Image(width, height, bands, out);
        }
        short[] out = new short[length];
        for (int y = 0, q = 0; y < height; y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int i = 0; i < row.length; i++) {
                out[q++] = (short) row[i];
            }
        }
        return Image.ofUnsigned16(width, height, bands, out);
    }

    /** Whether the samples themselves are grey or RGB, perhaps with transparency. */
    private static boolean isGreyOrRgb(BufferedImage image) {
        int kind = image.getColorModel().getColorSpace().getType();
        int type = image.getRaster().getDataBuffer().getDataType();
        return !(image.getColorModel() instanceof IndexColorModel)
                && !image.isAlphaPremultiplied()
                && (kind == ColorSpace.TYPE_GRAY || kind == ColorSpace.TYPE_RGB)
                && (type == DataBuffer.TYPE_BYTE || type == DataBuffer.TYPE_USHORT || type == DataBuffer.TYPE_INT);
    }

    /** Whether all samples have 8 bits or all have 16. */
    private static boolean hasOneDepth(Raster raster) {
        int bits = bits(raster, 0);
        return (bits == 8 || bits == 16)
                && Arrays.stream(raster.getSampleModel().getSampleSize()).allMatch(size -> size == bits);
    }

    private static int bits(Raster raster, int band) {
        return raster.getSampleModel().getSampleSize(band);
    }
}
