package dev.byol.augment.io;

import dev.byol.augment.Image;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Files to RGB of 8 bits, by the JDK's decoders. */
final class Decoder {
    /** Larger images are refused before memory is taken for them; Pillow's limit. */
    private static final long MOST_PIXELS = 178_956_970;

    private Decoder() {}

    static Image decode(Path file) throws IOException {
        return decode(Files.readAllBytes(file), file.toString());
    }

    /**
     * Decodes a file's content.
     *
     * @param name begins the messages of exceptions
     */
    static Image decode(byte[] bytes, String name) throws IOException {
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new IOException("not an image that can be decoded");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
                if (pixels > MOST_PIXELS) {
                    throw new IOException(pixels + " pixels, at most " + MOST_PIXELS + " are decoded");
                }
                List<String> warnings = new ArrayList<>();
                reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
                BufferedImage image = reader.read(0);
                // A JPEG that ends early is only warned about, and what is missing comes out grey.
                if (warnings.stream().anyMatch(warning -> warning.startsWith("Truncated"))) {
                    throw new IOException("the file ends too early");
                }
                return rgb(image);
            } finally {
                reader.dispose();
            }
        } catch (IOException e) {
            throw new IOException(name + ": " + e.getMessage(), e);
        } catch (RuntimeException e) { // the JDK's decoders throw all kinds at broken files
            throw new IOException(name + ": cannot be decoded (" + e + ")", e);
        }
    }

    private static Image rgb(BufferedImage image) throws IOException {
        int width = image.getWidth();
        int height = image.getHeight();
        Raster raster = image.getRaster();
        byte[] out = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
        ColorModel colours = image.getColorModel();
        if (colours instanceof IndexColorModel palette) {
            fromPalette(raster, palette, out);
        } else if (raster.getSampleModel() instanceof PixelInterleavedSampleModel model
                && raster.getDataBuffer() instanceof DataBufferByte buffer
                && raster.getParent() == null) {
            fromBytes(model, buffer, width, height, out);
        } else {
            fromSamples(raster, out);
        }
        return new Image(width, height, 3, out);
    }

    private static void fromBytes(
            PixelInterleavedSampleModel model, DataBufferByte buffer, int width, int height, byte[] out)
            throws IOException {
        byte[] data = buffer.getData();
        int[] offsets = model.getBandOffsets();
        int r = offsets[0];
        int g = offsets[greenBand(offsets.length)];
        int b = offsets[blueBand(offsets.length)];
        int step = model.getPixelStride();
        for (int y = 0, q = 0; y < height; y++) {
            int p = buffer.getOffset() + y * model.getScanlineStride();
            for (int x = 0; x < width; x++, p += step, q += 3) {
                out[q] = data[p + r];
                out[q + 1] = data[p + g];
                out[q + 2] = data[p + b];
            }
        }
    }

    private static void fromPalette(Raster raster, IndexColorModel palette, byte[] out) {
        int width = raster.getWidth();
        int[] row = new int[width];
        for (int y = 0, q = 0; y < raster.getHeight(); y++) {
            raster.getSamples(0, y, width, 1, 0, row);
            for (int x = 0; x < width; x++, q += 3) {
                out[q] = (byte) palette.getRed(row[x]);
                out[q + 1] = (byte) palette.getGreen(row[x]);
                out[q + 2] = (byte) palette.getBlue(row[x]);
            }
        }
    }

    private static void fromSamples(Raster raster, byte[] out) throws IOException {
        int width = raster.getWidth();
        int bands = raster.getNumBands();
        int[] used = {0, greenBand(bands), blueBand(bands)};
        int[] row = new int[width * bands];
        for (int y = 0, q = 0; y < raster.getHeight(); y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int x = 0; x < width; x++) {
                for (int band : used) {
                    out[q++] = (byte) eightBits(
                            row[x * bands + band], raster.getSampleModel().getSampleSize(band));
                }
            }
        }
    }

    private static int eightBits(int sample, int bits) {
        return bits > 8 ? sample >>> (bits - 8) : sample * 255 / ((1 << bits) - 1);
    }

    /** Bands are grey, grey and alpha, RGB, or RGB and alpha. */
    private static int greenBand(int bands) throws IOException {
        if (bands > 4) {
            throw new IOException(bands + " channels, 1 to 4 are decoded");
        }
        return bands < 3 ? 0 : 1;
    }

    private static int blueBand(int bands) {
        return bands < 3 ? 0 : 2;
    }
}
