package dev.byol.eval;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a {@code .npy} file says about its matrix (NEP 1). */
record NpyHeader(long rows, int columns, int itemSize) {
    static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int LONGEST = 1 << 16;
    private static final int ALIGNMENT = 64;
    /** Room for any number of rows, so that it can be written when it is known. */
    private static final int WRITTEN = 2 * ALIGNMENT;

    private static final Pattern TYPE = Pattern.compile("'descr'\\s*:\\s*'([^']{0,20})'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([\\d,\\s]*)\\)");
    private static final Pattern MATRIX = Pattern.compile("\\s*(\\d{1,18})\\s*,\\s*(\\d{1,18})\\s*,?\\s*");

    /** Reads a header, so that the values come next; {@code size} is that of the file. */
    static NpyHeader read(Path file, InputStream in, long size) throws IOException {
        byte[] start = in.readNBytes(MAGIC.length + 2);
        if (start.length < MAGIC.length + 2 || !Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw refused(file, "other first bytes", "a NumPy array file (.npy)");
        }
        int version = start[MAGIC.length] & 0xFF;
        if (version < 1 || version > 3) {
            throw refused(file, "version " + version + " of the format", "1, 2 or 3");
        }
        byte[] digits = Arrays.copyOf(in.readNBytes(version == 1 ? 2 : 4), 4);
        long length = ByteBuffer.wrap(digits).order(ByteOrder.LITTLE_ENDIAN).getInt() & 0xFFFFFFFFL;
        long begin = start.length + (version == 1 ? 2 : 4) + length;
        if (length > LONGEST || begin > size) {
            throw refused(
                    file,
                    "a header of " + length + " bytes in a file of " + size,
                    "one of at most " + LONGEST + ", and the values behind it");
        }
        String text = new String(in.readNBytes((int) length), StandardCharsets.UTF_8).strip();
        NpyHeader header = parse(file, text);
        long bytes = size - begin;
        long row = (long) header.columns * header.itemSize;
        if (bytes % row != 0 || bytes / row != header.rows) {
            throw refused(file, bytes + " bytes behind the header", "exactly those of " + header);
        }
        return header;
    }

    private static NpyHeader parse(Path file, String text) throws IOException {
        Matcher type = TYPE.matcher(text);
        Matcher order = ORDER.matcher(text);
        Matcher shape = SHAPE.matcher(text);
        if (!type.find() || !order.find() || !shape.find()) {
            throw refused(
                    file,
                    "the header " + text.substring(0, Math.min(200, text.length())),
                    "one with a plain 'descr', 'fortran_order' and 'shape'");
        }
        if (!type.group(1).equals("<f4") && !type.group(1).equals("<f8")) {
            throw refused(
                    file, "values of type '" + type.group(1) + "'", "'<f4' or '<f8', little-endian float32 or float64");
        }
        if (order.group(1).equals("True")) {
            throw refused(file, "a matrix in Fortran order", "C order, as numpy.ascontiguousarray makes it");
        }
        Matcher matrix = MATRIX.matcher(shape.group(1));
        if (!matrix.matches()) {
            throw refused(file, "the shape (" + shape.group(1) + ")", "two numbers, those of rows and columns");
        }
        long rows = Long.parseLong(matrix.group(1));
        long columns = Long.parseLong(matrix.group(2));
        if (rows == 0 || columns == 0 || columns > LARGEST_ARRAY) {
            throw refused(
                    file,
                    "the shape (" + shape.group(1) + ")",
                    "at least one row, and from 1 to " + LARGEST_ARRAY + " columns");
        }
        return new NpyHeader(rows, (int) columns, type.group(1).equals("<f4") ? Float.BYTES : Double.BYTES);
    }

    /** The header of floats in version 1.0, padded to a length that does not depend on the number of rows. */
    byte[] bytes() {
        ByteBuffer bytes = ByteBuffer.allocate(WRITTEN).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) (WRITTEN - MAGIC.length - 4));
        String text = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + rows + ", " + columns + "), }";
        bytes.put(text.getBytes(StandardCharsets.US_ASCII));
        while (bytes.position() < WRITTEN - 1) {
            bytes.put((byte) ' ');
        }
        return bytes.put((byte) '\n').array();
    }

    static IOException refused(Path file, String found, String expected) {
        return new IOException(file + ": found " + found + ", expected " + expected);
    }

    @Override
    public String toString() {
        return "float" + 8 * itemSize + " [" + rows + ", " + columns + "]";
    }
}
