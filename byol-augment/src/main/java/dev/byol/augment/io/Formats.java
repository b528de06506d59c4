package dev.byol.augment.io;

import java.io.IOException;
import java.util.HexFormat;

/** Tells formats by how files begin. */
final class Formats {
    private static final int SHOWN = 8;

    private Formats() {}

    /** Reads a file's header. */
    static Encoded open(byte[] content) throws IOException {
        Bytes in = Bytes.of(content);
        if (JpegImage.isJpeg(in)) {
            return JpegImage.open(content);
        }
        if (Png.isPng(in)) {
            return Png.open(content);
        }
        if (Gif.isGif(in)) {
            return Gif.open(content);
        }
        if (PluginImage.isBmp(in)) {
            return PluginImage.openBmp(content);
        }
        if (PluginImage.isTiff(in)) {
            return PluginImage.openTiff(content);
        }
        if (PluginImage.isWebp(in)) {
            return PluginImage.openWebp(content);
        }
        throw new ImageFormatException(
                content.length == 0
                        ? "an empty file"
                        : "a file that begins with bytes "
                                + HexFormat.ofDelimiter(" ").formatHex(content, 0, Math.min(content.length, SHOWN)),
                "a JPEG, PNG, GIF, BMP, TIFF or WebP image");
    }
}
