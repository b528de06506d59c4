package dev.byol.examples;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Turns raw pixels into PNG, for the report page. */
final class Png {
    private Png() {}

    /**
     * Encodes an image.
     *
     * @param rgb {@code [height, width, 3]} as bytes, RGB
     * @param height in pixels, at least 1
     * @param width in pixels, at least 1
     * @return a PNG file
     * @throws IllegalArgumentException if the number of bytes does not match
     */
    static byte[] encode(byte[] rgb, int height, int width) {
        if (height < 1 || width < 1 || rgb.length != 3 * height * width) {
            throw new IllegalArgumentException("image of height " + height + " and width " + width + " must have "
                    + 3L * height * width + " bytes, got " + rgb.length);
        }
        BufferedImage image = buffered(rgb, height, width);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        // In memory, whatever ImageIO's cache setting says: nothing here is worth a temporary file.
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            if (!ImageIO.write(image, "png", out)) {
                throw new IllegalStateException("this JDK has no PNG writer");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The pixels as the JDK's image writers take them. */
    static BufferedImage buffered(byte[] rgb, int height, int width) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int[] packed = new int[height * width];
        for (int i = 0; i < packed.length; i++) {
            packed[i] = ((rgb[3 * i] & 255) << 16) | ((rgb[3 * i + 1] & 255) << 8) | (rgb[3 * i + 2] & 255);
        }
        image.setRGB(0, 0, width, height, packed, 0, width);
        return image;
    }

    /** The image as the address of an HTML image: it needs no file and no request. */
    static String dataUri(byte[] rgb, int height, int width) {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(encode(rgb, height, width));
    }
}
