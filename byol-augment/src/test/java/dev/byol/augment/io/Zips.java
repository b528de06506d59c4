package dev.byol.augment.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Zip files whose numbers are made to fit one another again. */
final class Zips {
    private static final int ENTRY = 46;
    private static final int END = 22;
    private static final int LOCAL = 30;

    private Zips() {}

    /** A file of one stored entry, {@code 7.png}, whose sizes and position are in the extra block, as zip64 has them. */
    static byte[] zip64() {
        byte[] png = Archives.png(7);
        CRC32 crc = new CRC32();
        crc.update(png);
        byte[] name = "7.png".getBytes(StandardCharsets.US_ASCII);
        ByteBuffer out = ByteBuffer.allocate(1000).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(0x04034b50).put(new byte[22]).putShort((short) 5).putShort((short) 0);
        out.put(name).put(png);
        int directory = out.position();
        out.putInt(0x02014b50)
                .putShort((short) 45)
                .putShort((short) 45)
                .putShort((short) 0)
                .putShort((short) 0);
        out.putInt(0).putInt((int) crc.getValue()).putInt(-1).putInt(-1);
        out.putShort((short) 5)
                .putShort((short) 28)
                .putShort((short) 0)
                .put(new byte[8])
                .putInt(-1)
                .put(name);
        out.putShort((short) 1)
                .putShort((short) 24)
                .putLong(png.length)
                .putLong(png.length)
                .putLong(0);
        int length = out.position() - directory;
        out.putInt(0x06054b50).put(new byte[4]).putShort((short) 1).putShort((short) 1);
        out.putInt(length).putInt(directory).putShort((short) 0);
        return Arrays.copyOf(out.array(), out.position());
    }

    /**
     * The same file with the directory where it is, an end record that counts what is there, and the entries' checksums right, as far as
     * they can be found.
     */
    static byte[] repaired(byte[] zip) {
        byte[] bytes = zip.clone();
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int end = last(file, 0x06054b50, zip.length - END);
        int directory = first(file, 0x02014b50);
        if (end < 0 || directory < 0 || directory > end) {
            return zip;
        }
        int entries = 0;
        for (int at = directory; at + ENTRY <= end && file.getInt(at) == 0x02014b50; entries++) {
            repairEntry(bytes, file, at);
            at += ENTRY + unsigned(file, at + 28) + unsigned(file, at + 30) + unsigned(file, at + 32);
        }
        file.putShort(end + 10, (short) entries)
                .putInt(end + 12, end - directory)
                .putInt(end + 16, directory);
        file.putShort(end + 20, (short) (zip.length - end - END));
        return bytes;
    }

    private static void repairEntry(byte[] bytes, ByteBuffer file, int entry) {
        int local = file.getInt(entry + 42);
        int stored = file.getInt(entry + 20);
        if (local < 0 || local > file.capacity() - LOCAL) {
            return;
        }
        int begin = local + LOCAL + unsigned(file, local + 26) + unsigned(file, local + 28);
        if (stored < 0 || begin > file.capacity() - stored) {
            return;
        }
        boolean isDeflated = file.getShort(entry + 10) == 8;
        byte[] content = isDeflated ? inflated(bytes, begin, stored) : Arrays.copyOfRange(bytes, begin, begin + stored);
        CRC32 sum = new CRC32();
        sum.update(content);
        file.putInt(entry + 16, (int) sum.getValue()).putInt(entry + 24, content.length);
    }

    private static byte[] inflated(byte[] file, int begin, int length) {
        Inflater inflater = new Inflater(true);
        inflater.setInput(file, begin, length);
        byte[] out = new byte[1 << 16];
        try {
            return Arrays.copyOf(out, inflater.inflate(out));
        } catch (DataFormatException e) {
            return new byte[0];
        } finally {
            inflater.end();
        }
    }

    private static int unsigned(ByteBuffer file, int at) {
        return file.getShort(at) & 0xFFFF;
    }

    private static int first(ByteBuffer file, int signature) {
        int at = 0;
        while (at <= file.capacity() - Integer.BYTES && file.getInt(at) != signature) {
            at++;
        }
        return at <= file.capacity() - Integer.BYTES ? at : -1;
    }

    private static int last(ByteBuffer file, int signature, int from) {
        int at = from;
        while (at >= 0 && file.getInt(at) != signature) {
            at--;
        }
        return at;
    }
}
