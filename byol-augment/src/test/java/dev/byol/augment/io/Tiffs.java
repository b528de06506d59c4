package dev.byol.augment.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;

/** TIFF files by their tags, of one LONG each. The pixels, in one strip or tile, begin at byte 8. */
final class Tiffs {
    static final int WIDTH = 256;
    static final int HEIGHT = 257;
    static final int BITS = 258;
    static final int COMPRESSION = 259;
    static final int SAMPLES = 277;
    static final int ROWS = 278;
    static final int TILE_WIDTH = 322;
    static final int TILE_HEIGHT = 323;

    private final SortedMap<Integer, long[]> entries = new TreeMap<>();
    private final byte[] pixels;

    private Tiffs(int width, int height, int bits, int samples, byte[] pixels, boolean tiled) {
        this.pixels = pixels;
        set(WIDTH, width)
                .set(HEIGHT, height)
                .set(BITS, bits)
                .set(COMPRESSION, 1)
                .set(SAMPLES, samples);
        set(262, samples == 3 ? 2 : 1).set(284, 1);
        set(tiled ? 324 : 273, 8).set(tiled ? 325 : 279, pixels.length);
    }

    static Tiffs strip(int width, int height, int bits, int samples) {
        byte[] pixels = new byte[width * height * bits / 8 * samples];
        return new Tiffs(width, height, bits, samples, pixels, false).set(ROWS, height);
    }

    /** One strip that is a JPEG file. */
    static Tiffs jpeg(int width, int height, byte[] jpeg) {
        return new Tiffs(width, height, 8, 3, jpeg, false).set(ROWS, height).set(COMPRESSION, 7);
    }

    static Tiffs tile(int width, int height, int side) {
        return new Tiffs(width, height, 8, 3, new byte[3 * side * side], true)
                .set(TILE_WIDTH, side)
                .set(TILE_HEIGHT, side);
    }

    Tiffs set(int tag, long value) {
        return set(tag, 4, value);
    }

    /** @param type 1 for a byte, 3 for two, 4 for four, 9 for four with a sign */
    Tiffs set(int tag, int type, long value) {
        entries.put(tag, new long[] {type, value, 1});
        return this;
    }

    /** A tag without values. */
    Tiffs empty(int tag) {
        entries.put(tag, new long[] {4, 0, 0});
        return this;
    }

    byte[] bytes() {
        return bytes(entries.size());
    }

    /** A file that has a tag twice, the second time with this value. */
    byte[] twice(int tag, long second) {
        ByteBuffer file = ByteBuffer.wrap(bytes(entries.size() + 1)).order(ByteOrder.LITTLE_ENDIAN);
        int directory = file.getInt(4);
        int at = directory + 2 + 12 * (entries.headMap(tag).size() + 1);
        byte[] rest = new byte[12 * entries.tailMap(tag + 1).size()];
        file.get(at, rest);
        file.putShort(at, (short) tag)
                .putShort(at + 2, (short) 4)
                .putInt(at + 4, 1)
                .putInt(at + 8, (int) second);
        file.put(at + 12, rest);
        return file.array();
    }

    private byte[] bytes(int count) {
        int directory = 8 + (pixels.length + 1) / 2 * 2;
        ByteBuffer out = ByteBuffer.allocate(directory + 2 + 12 * count + 4).order(ByteOrder.LITTLE_ENDIAN);
        out.put("II*\0".getBytes(StandardCharsets.US_ASCII)).putInt(directory).put(pixels);
        out.position(directory);
        out.putShort((short) count);
        entries.forEach((tag, entry) -> out.putShort(tag.shortValue())
                .putShort((short) entry[0])
                .putInt((int) entry[2])
                .putInt((int) entry[1]));
        return out.array();
    }
}
