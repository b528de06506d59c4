package dev.byol.augment.io;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** PNG files by their parts. */
final class Pngs {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

    private static final List<String> CHUNKS = List.of("IHDR", "PLTE", "IDAT", "eXIf", "tRNS", "IEND");

    private Pngs() {}

    /** A file of rows, each with its filter before it. */
    static byte[] of(int width, int height, int depth, int colour, byte[] rows) {
        return file(header(width, height, depth, colour), chunk("IDAT", deflated(rows)), chunk("IEND", new byte[0]));
    }

    static byte[] file(byte[]... chunks) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(SIGNATURE);
        for (byte[] chunk : chunks) {
            out.writeBytes(chunk);
        }
        return out.toByteArray();
    }

    static byte[] header(int width, int height, int depth, int colour) {
        ByteBuffer header = ByteBuffer.allocate(13);
        header.putInt(width).putInt(height).put((byte) depth).put((byte) colour);
        return chunk("IHDR", header.array());
    }

    static byte[] chunk(String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.ISO_8859_1);
        CRC32 sum = new CRC32();
        sum.update(name);
        sum.update(data);
        return ByteBuffer.allocate(12 + data.length)
                .putInt(data.length)
                .put(name)
                .put(data)
                .putInt((int) sum.getValue())
                .array();
    }

    static byte[] deflated(byte[] data) {
        Deflater deflater = new Deflater();
        deflater.setInput(data);
        deflater.finish();
        byte[] out = new byte[data.length + 64];
        int length = deflater.deflate(out);
        deflater.end();
        return Arrays.copyOf(out, length);
    }

    /**
     * The same file with its checksums right. A chunk of a wrong length ends where the next one seems to begin, or else the file; and the
     * last chunk is put behind it if it is missing.
     */
    static byte[] repaired(byte[] png) {
        if (png.length < SIGNATURE.length) {
            return png;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(png, 0, SIGNATURE.length);
        String text = new String(png, StandardCharsets.ISO_8859_1);
        boolean isWhole = false;
        for (int at = SIGNATURE.length; at + 8 <= png.length && !isWhole; ) {
            int length = ByteBuffer.wrap(png).getInt(at);
            boolean fits = length >= 0
                    && length <= png.length - at - 12
                    && (length == png.length - at - 12 || isName(text, at + 16 + length));
            int end = fits ? at + 12 + length : next(text, at + 8);
            out.writeBytes(
                    chunk(text.substring(at + 4, at + 8), Arrays.copyOfRange(png, at + 8, Math.max(at + 8, end - 4))));
            isWhole = text.startsWith("IEND", at + 4);
            at = end;
        }
        if (!isWhole) {
            out.writeBytes(chunk("IEND", new byte[0]));
        }
        return out.toByteArray();
    }

    private static boolean isName(String text, int at) {
        return CHUNKS.stream().anyMatch(name -> text.startsWith(name, at));
    }

    /** Where the next chunk begins, or the file ends. */
    private static int next(String text, int from) {
        return CHUNKS.stream()
                .mapToInt(name -> text.indexOf(name, from + 8) - 4)
                .filter(at -> at >= from)
                .min()
                .orElse(text.length());
    }
}
