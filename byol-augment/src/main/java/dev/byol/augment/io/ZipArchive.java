package dev.byol.augment.io;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The central directory of a zip file (PKWARE's APPNOTE 6.3.10, sections 4.3 to 4.5), zip64 included. Every size in it is
 * held against the file's own before it is believed. {@link java.util.zip.ZipFile} would do, but has to be closed, and a
 * source of images is not.
 */
final class ZipArchive implements Archive {
    private static final int END = 0x06054b50;
    private static final int END_LENGTH = 22;
    private static final int END64 = 0x06064b50;
    private static final int END64_LENGTH = 56;
    private static final int LOCATOR64 = 0x07064b50;
    private static final int LOCATOR64_LENGTH = 20;
    private static final int ENTRY = 0x02014b50;
    private static final int ENTRY_LENGTH = 46;
    private static final int LOCAL = 0x04034b50;
    private static final int LOCAL_LENGTH = 30;
    private static final int LONGEST_COMMENT = 0xFFFF;
    private static final long IN_ZIP64 = 0xFFFFFFFFL;

    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    /** Deflate makes at most 258 bytes of two bits. */
    private static final long BEST_RATIO = 1032;

    private static final String EXPECTED = "a zip file";

    private final Path file;
    private final Names names;
    private final long[] positions;
    private final long[] stored;
    private final int[] sizes;
    private final int[] checksums;
    private final int[] methods;
    private final List<String> refused;

    private ZipArchive(Builder builder) {
        file = builder.file;
        names = builder.names.build();
        positions = builder.positions.build().toArray();
        stored = builder.stored.build().toArray();
        sizes = builder.sizes.build().toArray();
        checksums = builder.checksums.build().toArray();
        methods = builder.methods.build().toArray();
        refused = List.copyOf(builder.refused);
    }

    /** @throws DatasetException if it is not a zip file, or one that has been cut off or contradicts itself */
    static ZipArchive open(Path file) throws IOException {
        Records.size(file, EXPECTED);
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            return new Builder(file).read(in);
        }
    }

    @Override
    public Path file() {
        return file;
    }

    @Override
    public Names names() {
        return names;
    }

    @Override
    public List<String> refused() {
        return refused;
    }

    @Override
    public RandomAccessFile open() throws IOException {
        return new RandomAccessFile(file.toFile(), "r");
    }

    @Override
    public byte[] read(RandomAccessFile in, int entry) throws IOException {
        ByteBuffer local = bytes(in, positions[entry], LOCAL_LENGTH);
        if (local.getInt(0) != LOCAL) {
            throw new IOException("the zip file has no entry at byte " + positions[entry]);
        }
        long begin = positions[entry] + LOCAL_LENGTH + unsigned(local, 26) + unsigned(local, 28);
        if (begin + stored[entry] > in.length()) {
            throw new IOException("the zip file ends before its entry does");
        }
        byte[] raw = bytes(in, begin, (int) stored[entry]).array();
        byte[] content = methods[entry] == DEFLATED ? inflate(raw, sizes[entry]) : raw;
        CRC32 checksum = new CRC32();
        checksum.update(content);
        if ((int) checksum.getValue() != checksums[entry]) {
            throw new IOException("the checksum in the zip file is another");
        }
        return content;
    }

    /** Memory grows with what there is, not with what is claimed. */
    private static byte[] inflate(byte[] raw, int size) throws IOException {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(raw);
            byte[] out = new byte[Math.min(size, Math.max(8192, 2 * raw.length))];
            int length = 0;
            while (true) {
                int more = inflater.inflate(out, length, out.length - length);
                length += more;
                if (inflater.finished()) {
                    break;
                }
                if (length == size && inflater.inflate(new byte[1]) > 0) {
                    throw new IOException("the entry has more than the " + size + " bytes that the zip file claims");
                }
                if (!inflater.finished() && (length == size || (more == 0 && length < out.length))) {
                    throw new IOException("the compressed data ends too early");
                }
                if (length == out.length) {
                    out = Arrays.copyOf(out, (int) Math.min(size, 2L * out.length));
                }
            }
            if (length != size) {
                throw new IOException("the entry has " + length + " bytes, the zip file claims " + size);
            }
            return out.length == size ? out : Arrays.copyOf(out, size);
        } catch (DataFormatException e) {
            throw new IOException("the compressed data is damaged", e);
        } finally {
            inflater.end();
        }
    }

    private static ByteBuffer bytes(RandomAccessFile in, long position, int length) throws IOException {
        byte[] bytes = new byte[length];
        in.seek(position);
        in.readFully(bytes);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int unsigned(ByteBuffer buffer, int at) {
        return buffer.getShort(at) & 0xFFFF;
    }

    private static long unsignedInt(ByteBuffer buffer, int at) {
        return buffer.getInt(at) & IN_ZIP64;
    }

    /** Reads the directory. */
    private static final class Builder {
        private final Path file;
        private final Names.Builder names = new Names.Builder();
        private final LongStream.Builder positions = LongStream.builder();
        private final LongStream.Builder stored = LongStream.builder();
        private final IntStream.Builder sizes = IntStream.builder();
        private final IntStream.Builder checksums = IntStream.builder();
        private final IntStream.Builder methods = IntStream.builder();
        private final List<String> refused = new ArrayList<>();

        private long entries;
        private long directory;
        private long directoryLength;

        Builder(Path file) {
            this.file = file;
        }

        ZipArchive read(RandomAccessFile in) throws IOException {
            readEnd(in);
            try (InputStream stream = new BufferedInputStream(new FileInputStream(file.toFile()), 1 << 16)) {
                stream.skipNBytes(directory);
                readEntries(stream);
            } catch (EOFException e) {
                throw new DatasetException(file, "a directory that is cut off", EXPECTED);
            }
            return new ZipArchive(this);
        }

        private void readEnd(RandomAccessFile in) throws IOException {
            long length = in.length();
            int tail = (int) Math.min(length, END_LENGTH + LONGEST_COMMENT);
            ByteBuffer bytes = bytes(in, length - tail, tail);
            int at = tail - END_LENGTH;
            while (at >= 0 && !(bytes.getInt(at) == END && at + END_LENGTH + unsigned(bytes, at + 20) == tail)) {
                at--;
            }
            if (at < 0) {
                throw new DatasetException(
                        file, length + " bytes without a zip file's end record", EXPECTED + ", complete");
            }
            long end = length - tail + at;
            int disk = unsigned(bytes, at + 4);
            entries = unsigned(bytes, at + 10);
            directoryLength = unsignedInt(bytes, at + 12);
            directory = unsignedInt(bytes, at + 16);
            boolean isZip64 = entries == 0xFFFF || directoryLength == IN_ZIP64 || directory == IN_ZIP64;
            if (isZip64 && end >= LOCATOR64_LENGTH) {
                ByteBuffer locator = bytes(in, end - LOCATOR64_LENGTH, LOCATOR64_LENGTH);
                if (locator.getInt(0) == LOCATOR64) {
                    end = readEnd64(in, locator.getLong(8), end - LOCATOR64_LENGTH);
                    disk = 0;
                }
            }
            if (disk != 0) {
                throw new DatasetException(file, "a part of a zip file in several parts", EXPECTED + " in one part");
            }
            if (directory < 0 || directoryLength < 0 || directory > end || directoryLength > end - directory) {
                throw new DatasetException(
                        file,
                        "a directory of " + directoryLength + " bytes at byte " + directory,
                        "one that ends before byte " + end);
            }
            if (entries < 0 || entries > directoryLength / ENTRY_LENGTH) {
                throw new DatasetException(
                        file,
                        entries + " entries in a directory of " + directoryLength + " bytes",
                        "at least " + ENTRY_LENGTH + " bytes an entry");
            }
        }

        private long readEnd64(RandomAccessFile in, long end, long before) throws IOException {
            ByteBuffer bytes = end >= 0 && end <= before - END64_LENGTH ? bytes(in, end, END64_LENGTH) : null;
            if (bytes == null || bytes.getInt(0) != END64) {
                throw new DatasetException(file, "no zip64 end record at byte " + end, EXPECTED);
            }
            entries = bytes.getLong(32);
            directoryLength = bytes.getLong(40);
            directory = bytes.getLong(48);
            return end;
        }

        private void readEntries(InputStream in) throws IOException {
            long left = directoryLength;
            for (long i = 0; i < entries; i++) {
                ByteBuffer entry = next(in, ENTRY_LENGTH);
                if (entry.getInt(0) != ENTRY) {
                    throw new DatasetException(
                            file, "no entry " + i + " of " + entries + " in the directory", EXPECTED);
                }
                int nameLength = unsigned(entry, 28);
                int extraLength = unsigned(entry, 30);
                int commentLength = unsigned(entry, 32);
                left -= ENTRY_LENGTH + nameLength + extraLength + commentLength;
                if (left < 0) {
                    throw new DatasetException(file, "an entry " + i + " that is longer than the directory", EXPECTED);
                }
                // whatever the flag says, as tools forget it
                String name =
                        Archive.relative(FileNames.text(next(in, nameLength).array()));
                ByteBuffer extra = next(in, extraLength);
                in.skipNBytes(commentLength);
                if (Archive.isWanted(name)) {
                    add(name, entry, extra);
                }
            }
        }

        private static ByteBuffer next(InputStream in, int length) throws IOException {
            byte[] bytes = in.readNBytes(length);
            if (bytes.length < length) {
                throw new EOFException();
            }
            return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }

        private void add(String name, ByteBuffer entry, ByteBuffer extra) {
            long size = unsignedInt(entry, 24);
            long compressed = unsignedInt(entry, 20);
            long position = unsignedInt(entry, 42);
            int at = zip64(extra);
            if (size == IN_ZIP64 && at + 8 <= extra.capacity()) {
                size = extra.getLong(at);
                at += 8;
            }
            if (compressed == IN_ZIP64 && at + 8 <= extra.capacity()) {
                compressed = extra.getLong(at);
                at += 8;
            }
            if (position == IN_ZIP64 && at + 8 <= extra.capacity()) {
                position = extra.getLong(at);
            }
            int method = unsigned(entry, 10);
            boolean isEncrypted = (unsigned(entry, 8) & 1) != 0;
            String problem = problem(name, method, isEncrypted, size, compressed, position);
            if (!problem.isEmpty()) {
                refused.add(name + ": " + problem);
                return;
            }
            names.add(name);
            positions.add(position);
            stored.add(compressed);
            sizes.add((int) size);
            checksums.add(entry.getInt(16));
            methods.add(method);
        }

        /** Where the numbers of the zip64 block begin; the end of all blocks without one. */
        private static int zip64(ByteBuffer extra) {
            int at = 0;
            while (at + 4 <= extra.capacity()) {
                if (unsigned(extra, at) == 1) {
                    return at + 4;
                }
                at += 4 + unsigned(extra, at + 2);
            }
            return extra.capacity();
        }

        private String problem(
                String name, int method, boolean isEncrypted, long size, long compressed, long position) {
            if (FileNames.isUnsafe(name)) {
                return "a name that leads out of the archive";
            }
            if (isEncrypted) {
                return "encrypted";
            }
            if (method != STORED && method != DEFLATED) {
                return "compression method " + method + ", expected 0 (stored) or 8 (deflated)";
            }
            if (position < 0 || compressed < 0 || position > directory - LOCAL_LENGTH - compressed) {
                return compressed + " bytes at byte " + position + ", expected them before byte " + directory;
            }
            if (size < 0 || size > MOST_BYTES || compressed > MOST_BYTES) {
                return Math.max(size, compressed) + " bytes, at most " + MOST_BYTES + " are read";
            }
            if (method == STORED ? size != compressed : size > BEST_RATIO * (compressed + 1)) {
                return "the claim that " + compressed + " bytes unpack to " + size;
            }
            return "";
        }
    }
}
