package dev.byol.augment.io;

/** Colours by index, {@code [256, 3]}: those of a file, and greys behind its last one as in Pillow. */
final class Palette {
    private static final int COLOURS = 256;

    private final byte[] rgb = new byte[3 * COLOURS];

    /** @param file the file's colours, three bytes each */
    Palette(Bytes file) throws ImageFormatException {
        int given = Math.min(file.length() / 3, COLOURS) * 3;
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (i < given ? file.u8(i) : i / 3);
        }
    }

    /** Writes the colour of an index. */
    void put(int index, byte[] out, int at) {
        System.arraycopy(rgb, 3 * index, out, at, 3);
    }
}
