package dev.byol.augment.io;

import dev.byol.augment.Image;
import dev.byol.augment.Region;
import dev.byol.augment.Size;
import java.util.Arrays;

/**
 * The first frame of a GIF file. As in Pillow, what the frame does not cover has the transparent index or else index 0, the
 * image is as large as the screen and the frame need, and indices without a colour are greys.
 */
final class Gif implements Encoded {
    private static final int CODES = 4096;
    private static final int TRAILER = 0x3B;

    private final Bytes in;
    private final Size size;
    private final Region frame;
    private final boolean interlaced;
    private final int background;
    private final Palette palette;
    private final int codeBits;
    private final int data; // where its blocks begin

    private Gif(Bytes in, int descriptor, Bytes global, int background) throws ImageFormatException {
        this.in = in;
        this.background = background;
        int left = in.u16(descriptor);
        int top = in.u16(descriptor + 2L);
        int width = in.u16(descriptor + 4L);
        int height = in.u16(descriptor + 6L);
        if (width == 0 || height == 0) {
            throw new ImageFormatException("a frame of " + width + "x" + height, "at least 1x1");
        }
        frame = new Region(top, left, height, width);
        size = new Size(Math.max(in.u16(6), left + width), Math.max(in.u16(8), top + height));
        int flags = in.u8(descriptor + 8L);
        interlaced = (flags & 0x40) != 0;
        int local = colours(flags);
        palette = new Palette(local == 0 ? global : in.part(descriptor + 9L, 3L * local));
        codeBits = in.u8(descriptor + 9L + 3L * local);
        if (codeBits < 1 || codeBits > 8) {
            throw new ImageFormatException("codes of " + codeBits + " bits", "1 to 8");
        }
        data = descriptor + 10 + 3 * local;
    }

    static boolean isGif(Bytes content) {
        return content.startsWith("GIF87a") || content.startsWith("GIF89a");
    }

    /** Reads up to the first frame. */
    static Gif open(byte[] content) throws ImageFormatException {
        Bytes in = Bytes.of(content).littleEndian();
        int colours = colours(in.u8(10));
        Bytes global = in.part(13, 3L * colours);
        int at = 13 + 3 * colours;
        int background = 0;
        while (true) {
            int kind = in.u8(at++);
            switch (kind) {
                case '!' -> {
                    if (in.u8(at) == 0xF9 && in.u8(at + 1L) >= 4 && (in.u8(at + 2L) & 1) != 0) {
                        background = in.u8(at + 5L);
                    }
                    at++;
                    while (in.u8(at) != 0) {
                        at += 1 + in.u8(at);
                    }
                    at++;
                }
                case ',' -> {
                    return new Gif(in, at, global, background);
                }
                case TRAILER -> throw new ImageFormatException("no frame", "at least one");
                default -> {} // padding
            }
        }
    }

    private static int colours(int flags) {
        return (flags & 0x80) == 0 ? 0 : 2 << (flags & 7);
    }

    private long blockBytes() throws ImageFormatException {
        long sum = 0;
        for (int at = data; in.u8(at) != 0; at += 1 + in.u8(at)) {
            sum += in.part(at + 1L, in.u8(at)).length();
        }
        return sum;
    }

    @Override
    public String format() {
        return "GIF";
    }

    @Override
    public Size size() {
        return size;
    }

    @Override
    public long memory(ImageDecoder.Samples samples) {
        return result(samples) + (long) frame.width() * frame.height();
    }

    @Override
    public long result(ImageDecoder.Samples samples) {
        return 3L * size.width() * size.height();
    }

    @Override
    public Image decode(Region needed, ImageDecoder.Samples samples) throws ImageFormatException {
        long packed = blockBytes();
        if (packed * (CODES - 1) < (long) frame.width() * frame.height()) {
            throw new ImageFormatException(
                    packed + " bytes of data", "more for " + frame.width() + "x" + frame.height() + " pixels");
        }
        byte[] indices = indices();
        byte[] out = new byte[size.width() * size.height() * 3];
        for (int i = 0; i < size.width() * size.height(); i++) {
            palette.put(background, out, 3 * i);
        }
        int row = 0;
        int pass = 0;
        for (int y = 0; y < frame.height(); y++) {
            int q = (frame.top() + row) * size.width() + frame.left();
            for (int x = 0; x < frame.width(); x++) {
                palette.put(indices[y * frame.width() + x] & 0xFF, out, 3 * (q + x));
            }
            row += interlaced ? pass < 2 ? 8 : 16 >> pass : 1;
            while (row >= frame.height() && interlaced && pass < 3) {
                pass++;
                row = 8 >> pass; // 4, 2 and 1
            }
        }
        return new Image(size.width(), size.height(), 3, out);
    }

    /** The frame's indices, by the decompression of Lempel, Ziv and Welch. */
    private byte[] indices() throws ImageFormatException {
        byte[] out = new byte[frame.width() * frame.height()];
        int clear = 1 << codeBits;
        int[] start = new int[CODES]; // where in the result a code's string is, and
        int[] length = new int[CODES];
        Arrays.fill(length, 0, clear, 1);
        int next = clear + 2;
        int bits = codeBits + 1;
        int last = -1; // where the last code's string is
        int done = 0;
        Codes codes = new Codes();
        while (done < out.length) {
            int code = codes.read(bits);
            if (code == clear) {
                next = clear + 2;
                bits = codeBits + 1;
                last = -1;
                continue;
            }
            if (code == clear + 1 || code > next || (code == next && last < 0)) {
                throw new ImageFormatException(
                        code == clear + 1 ? "an end after " + done + " pixels" : "code " + code + " before its meaning",
                        out.length + " pixels");
            }
            int from = done;
            if (last >= 0 && next < CODES) { // a new code: the last string and the first pixel of this one
                start[next] = last;
                length[next] = from - last + 1;
                next++;
            }
            if (code < clear) {
                out[done++] = (byte) code;
            } else {
                int count = Math.min(length[code], out.length - done);
                for (int i = 0; i < count; i++) { // pixel by pixel, since the string may end in itself
                    out[done + i] = out[start[code] + i];
                }
                done += count;
            }
            last = from;
            if (next == 1 << bits && bits < 12) {
                bits++;
            }
        }
        return out;
    }

    /** Reads codes from the blocks. */
    private final class Codes {
        private int at = data;
        private int left; // bytes of the block
        private int buffer;
        private int count;

        int read(int bits) throws ImageFormatException {
            while (count < bits) {
                if (left == 0) {
                    left = in.u8(at++);
                    if (left == 0) {
                        throw new ImageFormatException("an end within the frame's data", "all of its pixels");
                    }
                }
                buffer |= in.u8(at++) << count;
                count += 8;
                left--;
            }
            int code = buffer & ((1 << bits) - 1);
            buffer >>>= bits;
            count -= bits;
            return code;
        }
    }
}
