package dev.byol.augment.io;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** JPEG files of any size, of one grey: all coefficients are 0, which takes a bit each for DC and AC. */
final class Jpegs {
    private static final int BASELINE = 0xC0;
    private static final int PROGRESSIVE = 0xC2;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Jpegs(int frame, int width, int height, int... sampling) {
        out.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xD8});
        ByteBuffer header = ByteBuffer.allocate(6 + 3 * sampling.length);
        header.put((byte) 8).putShort((short) height).putShort((short) width).put((byte) sampling.length);
        for (int i = 0; i < sampling.length; i++) {
            header.put(new byte[] {(byte) i, (byte) sampling[i], 0});
        }
        byte[] quantisation = new byte[65];
        Arrays.fill(quantisation, 1, 65, (byte) 1);
        segment(0xDB, quantisation);
        segment(frame, header.array());
        byte[] zeros = new byte[18];
        zeros[1] = 1; // a code of one bit, for 0
        segment(0xC4, zeros);
        byte[] ends = zeros.clone();
        ends[0] = 0x10;
        segment(0xC4, ends);
    }

    private Jpegs segment(int marker, byte[] content) {
        out.writeBytes(ByteBuffer.allocate(4 + content.length)
                .put((byte) 0xFF)
                .put((byte) marker)
                .putShort((short) (2 + content.length))
                .put(content)
                .array());
        return this;
    }

    private Jpegs scan(int first, int last, long bits, int... components) {
        ByteBuffer header = ByteBuffer.allocate(4 + 2 * components.length);
        header.put((byte) components.length);
        for (int component : components) {
            header.put((byte) component).put((byte) 0);
        }
        segment(0xDA, header.put((byte) first).put((byte) last).put((byte) 0).array());
        out.writeBytes(new byte[(int) ((bits + 7) / 8)]);
        return this;
    }

    private byte[] end() {
        out.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xD9});
        return out.toByteArray();
    }

    private static long units(int width, int height, int sampling) {
        int across = 8 * (sampling >> 4);
        int down = 8 * (sampling & 15);
        return (long) ((width + across - 1) / across) * ((height + down - 1) / down);
    }

    /** Grey. */
    static byte[] grey(int width, int height) {
        return new Jpegs(BASELINE, width, height, 0x11)
                .scan(0, 63, 2 * units(width, height, 0x11), 0)
                .end();
    }

    /** Three components in one scan, the first one sampled so often, across and down in hexadecimal. */
    static byte[] atOnce(int width, int height, int sampling) {
        int blocks = (sampling >> 4) * (sampling & 15) + 2;
        return new Jpegs(BASELINE, width, height, sampling, 0x11, 0x11)
                .scan(0, 63, 2L * blocks * units(width, height, sampling), 0, 1, 2)
                .end();
    }

    /** Three components, each in a scan of its own. */
    static byte[] separate(int width, int height) {
        long bits = 2 * units(width, height, 0x11);
        return new Jpegs(BASELINE, width, height, 0x11, 0x11, 0x11)
                .scan(0, 63, bits, 0)
                .scan(0, 63, bits, 1)
                .scan(0, 63, bits, 2)
                .end();
    }

    /** Three components, progressive, AC coefficients left out. */
    static byte[] progressive(int width, int height) {
        return new Jpegs(PROGRESSIVE, width, height, 0x11, 0x11, 0x11)
                .scan(0, 0, 3 * units(width, height, 0x11), 0, 1, 2)
                .end();
    }

    /** The same file with an orientation, 1 to 8. */
    static byte[] oriented(byte[] jpeg, int orientation) {
        byte[] exif = ByteBuffer.allocate(10 + exif(orientation).length)
                .put((byte) 0xFF)
                .put((byte) 0xE1)
                .putShort((short) (8 + exif(orientation).length))
                .put("Exif\0\0".getBytes(StandardCharsets.US_ASCII))
                .put(exif(orientation))
                .array();
        return ByteBuffer.allocate(jpeg.length + exif.length)
                .put(jpeg, 0, 2)
                .put(exif)
                .put(jpeg, 2, jpeg.length - 2)
                .array();
    }

    /** An EXIF block with an orientation and nothing else. */
    static byte[] exif(int orientation) {
        return ByteBuffer.allocate(26)
                .put("MM\0*".getBytes(StandardCharsets.US_ASCII))
                .putInt(8)
                .putShort((short) 1)
                .putShort((short) 0x0112)
                .putShort((short) 3)
                .putInt(1)
                .putShort((short) orientation)
                .array();
    }
}
