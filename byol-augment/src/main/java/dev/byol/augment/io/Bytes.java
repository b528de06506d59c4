package dev.byol.augment.io;

/** A part of a file's content, read by position; nothing outside it can be read. */
final class Bytes {
    private final byte[] content;
    private final int start;
    private final int length;
    private final boolean littleEndian;

    private Bytes(byte[] content, int start, int length, boolean littleEndian) {
        this.content = content;
        this.start = start;
        this.length = length;
        this.littleEndian = littleEndian;
    }

    static Bytes of(byte[] content) {
        return new Bytes(content, 0, content.length, false);
    }

    /** @throws ImageFormatException if the part does not lie in this one */
    Bytes part(long from, long size) throws ImageFormatException {
        require(from, size);
        return new Bytes(content, start + (int) from, (int) size, littleEndian);
    }

    Bytes littleEndian() {
        return new Bytes(content, start, length, true);
    }

    int length() {
        return length;
    }

    boolean startsWith(String ascii) {
        return hasAt(0, ascii);
    }

    /** Whether these characters, of one byte each, are at a position. */
    boolean hasAt(int at, String latin) {
        if (at + latin.length() > length) {
            return false;
        }
        for (int i = 0; i < latin.length(); i++) {
            if ((content[start + at + i] & 0xFF) != latin.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    int u8(long at) throws ImageFormatException {
        require(at, 1);
        return content[start + (int) at] & 0xFF;
    }

    int u16(long at) throws ImageFormatException {
        require(at, 2);
        return littleEndian ? u8(at) | u8(at + 1) << 8 : u8(at) << 8 | u8(at + 1);
    }

    long u32(long at) throws ImageFormatException {
        long first = u16(at);
        long second = u16(at + 2);
        return littleEndian ? first | second << 16 : first << 16 | second;
    }

    private void require(long at, long size) throws ImageFormatException {
        if (at < 0 || size < 0 || at > length - size) {
            throw new ImageFormatException("an end after " + length + " bytes", (at + size) + " bytes");
        }
    }
}
