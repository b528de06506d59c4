package dev.byol.augment.io;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The first directory of a TIFF file (revision 6.0), as far as it takes to know that the file holds what it says.
 *
 * @param width pixels in a row
 * @param height rows
 * @param bytes the length of all strips or tiles
 * @param values the first value of each tag of whole numbers, and of the bits of samples the greatest
 */
record Tiff(long width, long height, long bytes, Map<Integer, Long> values) {
    private static final int[] BYTES_OF_TYPE = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};
    private static final int BYTE = 1;
    private static final int SHORT = 3;
    private static final int LONG = 4;

    private static final int WIDTH = 256;
    private static final int HEIGHT = 257;
    private static final int BITS = 258;
    private static final int COMPRESSION = 259;
    private static final int STRIP_OFFSETS = 273;
    private static final int SAMPLES = 277;
    private static final int ROWS = 278;
    private static final int STRIP_BYTES = 279;
    private static final int TILE_WIDTH = 322;
    private static final int TILE_HEIGHT = 323;
    private static final int TILE_OFFSETS = 324;
    private static final int TILE_BYTES = 325;

    /** What decides how much memory readers take. */
    private static final List<Integer> SIZES = List.of(
            WIDTH,
            HEIGHT,
            BITS,
            COMPRESSION,
            STRIP_OFFSETS,
            SAMPLES,
            ROWS,
            STRIP_BYTES,
            TILE_WIDTH,
            TILE_HEIGHT,
            TILE_OFFSETS,
            TILE_BYTES);

    /** The compressions of fax machines, which take at least a bit a row. */
    private static final List<Long> FAX = List.of(2L, 3L, 4L);

    /** No other compression makes so many bytes of one. */
    private static final int MOST_UNPACKED = 1 << 12;

    private static final int MOST_SAMPLES = 16;

    /** Tiles and strips may have so many bytes in any image, */
    private static final double MOST_TILE = 1 << 24;

    /** and so many times as many as the image. */
    private static final int MOST_TIMES = 4;

    /** Reads the directory and looks whether all that it points to lies in the file. */
    static Tiff firstImage(Bytes file) throws ImageFormatException {
        Bytes in = file.startsWith("II") ? file.littleEndian() : file;
        long directory = in.u32(4);
        int entries = in.u16(directory);
        Map<Integer, Long> values = new HashMap<>();
        Map<Integer, Long> entryOf = new HashMap<>();
        for (int i = 0; i < entries; i++) {
            long at = directory + 2 + 12L * i;
            int tag = in.u16(at);
            int type = in.u16(at + 2);
            long count = in.u32(at + 4);
            long bytes = type < BYTES_OF_TYPE.length ? BYTES_OF_TYPE[type] * count : 0;
            long value = bytes <= 4 ? at + 8 : in.u32(at + 8);
            in.part(value, bytes);
            boolean isWhole = type == BYTE || type == SHORT || type == LONG;
            boolean isAgain = entryOf.containsKey(tag);
            if (SIZES.contains(tag) && (!isWhole || count == 0 || isAgain)) {
                throw new ImageFormatException(
                        "tag " + tag + " of type " + type
                                + (count == 0 ? " without values" : isAgain ? " a second time" : ""),
                        "one of whole numbers (type 1, 3 or 4), once");
            }
            if (isWhole && count > 0) {
                entryOf.put(tag, at);
                values.put(tag, element(in, at, 0));
                for (long k = 1; k < count && tag == BITS; k++) {
                    values.merge(tag, element(in, at, k), Math::max);
                }
            }
        }
        long bytes = bytes(in, entryOf, STRIP_OFFSETS, STRIP_BYTES) + bytes(in, entryOf, TILE_OFFSETS, TILE_BYTES);
        Tiff tiff = new Tiff(values.getOrDefault(WIDTH, 0L), values.getOrDefault(HEIGHT, 0L), bytes, values);
        if (tiff.samples() > MOST_SAMPLES || tiff.bits() > 64) {
            throw new ImageFormatException(
                    tiff.samples() + " samples of " + tiff.bits() + " bits a pixel",
                    "at most " + MOST_SAMPLES + " of 64");
        }
        tiff.requireSmallTiles();
        return tiff;
    }

    /** Readers take memory for a whole tile, or a strip, whatever the image covers of it. */
    private void requireSmallTiles() throws ImageFormatException {
        long across = value(TILE_WIDTH, width);
        long down = value(TILE_HEIGHT, Math.min(value(ROWS, height), height));
        double sample = samples() * bits() / 8.0;
        if (across * sample * down > Math.max(MOST_TILE, MOST_TIMES * sample * width * height)) {
            throw new ImageFormatException(
                    "tiles of " + across + "x" + down + " in an image of " + width + "x" + height,
                    "at most " + MOST_TIMES + " times as large as the image");
        }
    }

    /** The samples of a pixel. */
    long samples() {
        return value(SAMPLES, 1);
    }

    /** The bits of a sample, the most if they differ. */
    long bits() {
        return value(BITS, 1);
    }

    /** How many bytes the strips or tiles have less than it takes for an image of this size. */
    long missing() {
        double packed = width / 8.0 * height * samples() * bits();
        long compression = value(COMPRESSION, 1);
        double least = compression == 1 ? packed : FAX.contains(compression) ? height / 8.0 : packed / MOST_UNPACKED;
        return Math.max((long) Math.ceil(least) - bytes, 0);
    }

    /** The length of all strips or tiles, each of which lies in the file; 0 if there are none. */
    private static long bytes(Bytes in, Map<Integer, Long> entryOf, int offsets, int lengths)
            throws ImageFormatException {
        Long offset = entryOf.get(offsets);
        Long length = entryOf.get(lengths);
        if (offset == null || length == null) {
            return 0;
        }
        long count = in.u32(offset + 4);
        if (count != in.u32(length + 4)) {
            throw new ImageFormatException(
                    count + " offsets and " + in.u32(length + 4) + " lengths of strips or tiles", "as many");
        }
        long sum = 0;
        for (long i = 0; i < count; i++) {
            sum += in.part(element(in, offset, i), element(in, length, i)).length();
        }
        return sum;
    }

    private static long element(Bytes in, long entry, long index) throws ImageFormatException {
        int size = BYTES_OF_TYPE[in.u16(entry + 2)];
        long start = in.u32(entry + 4) * size <= 4 ? entry + 8 : in.u32(entry + 8);
        long at = start + size * index;
        return size == 1 ? in.u8(at) : size == 2 ? in.u16(at) : in.u32(at);
    }

    /** The first value of a tag. */
    long value(int tag, long otherwise) {
        return values.getOrDefault(tag, otherwise);
    }
}
