package dev.byol.augment.io;

import dev.byol.augment.Size;
import org.jspecify.annotations.Nullable;

/** The chunks of a WebP file (its container specification, RFC 9649), as far as it takes to know how large its image is. */
final class Webp {
    private static final int FRAME_HEADER = 16;

    private @Nullable Size canvas;
    private boolean hasData;
    private Orientation orientation = Orientation.UPRIGHT;

    private Webp() {}

    /**
     * Reads all chunks.
     *
     * @throws ImageFormatException if there is a frame that is larger than the first chunk says, or one in another
     */
    static Webp read(Bytes content) throws ImageFormatException {
        Bytes in = content.littleEndian();
        Bytes file = in.part(8, in.u32(4));
        Webp webp = new Webp();
        webp.chunks(file, 4, false);
        return webp;
    }

    private void chunks(Bytes in, long from, boolean isFrame) throws ImageFormatException {
        long at = from;
        while (at < in.length()) {
            long length = in.u32(at + 4);
            Bytes chunk = in.part(at + 8, length);
            if (in.hasAt((int) at, "VP8 ")) {
                data(PluginImage.size(chunk.u16(6) & 0x3FFF, chunk.u16(8) & 0x3FFF));
            } else if (in.hasAt((int) at, "VP8L")) {
                long bits = chunk.u32(1);
                data(PluginImage.size((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1));
            } else if (in.hasAt((int) at, "VP8X")) {
                frame(PluginImage.size(u24(chunk, 4) + 1, u24(chunk, 7) + 1));
            } else if (in.hasAt((int) at, "ANMF")) {
                if (isFrame) {
                    throw new ImageFormatException("a frame in a frame", "none");
                }
                frame(PluginImage.size(u24(chunk, 6) + 1, u24(chunk, 9) + 1));
                chunks(chunk, FRAME_HEADER, true);
            } else if (!isFrame && in.hasAt((int) at, "EXIF")) {
                boolean marked = chunk.startsWith("Exif\0\0");
                orientation = Orientation.inExif(marked ? chunk.part(6, length - 6) : chunk);
            }
            at += 8 + length + length % 2;
        }
    }

    private static long u24(Bytes in, long at) throws ImageFormatException {
        return in.u16(at) | (long) in.u8(at + 2) << 16;
    }

    private void data(Size size) throws ImageFormatException {
        frame(size);
        hasData = true;
    }

    /** Readers take memory for every size that they meet, so that the first has to be the largest. */
    private void frame(Size size) throws ImageFormatException {
        if (canvas == null) {
            canvas = size;
        } else if (size.width() > canvas.width() || size.height() > canvas.height()) {
            throw new ImageFormatException("a frame of " + size + " in an image of " + canvas, "one that fits");
        }
    }

    /** @throws ImageFormatException if there is no image */
    Size size() throws ImageFormatException {
        if (canvas == null || !hasData) {
            throw new ImageFormatException("a WebP file without an image", "one");
        }
        return canvas;
    }

    Orientation orientation() {
        return orientation;
    }
}
