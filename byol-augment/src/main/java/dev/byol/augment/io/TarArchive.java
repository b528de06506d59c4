package dev.byol.augment.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Where the entries of a tar file are, found in one pass over its headers: POSIX ustar and pax, GNU long names, and the old
 * format. Every size is held against the file's own before it is believed.
 */
final class TarArchive implements Archive {
    private static final int BLOCK = 512;
    private static final int LONGEST_HEADER = 1 << 20;
    private static final String EXPECTED = "a tar file";

    private final Path unpacked;
    private final Path file;
    private final Names names;
    private final long[] positions;
    private final int[] sizes;
    private final List<String> refused;

    private TarArchive(Builder builder, Path file) {
        unpacked = builder.file;
        this.file = file;
        names = builder.names.build();
        positions = builder.positions.build().toArray();
        sizes = builder.sizes.build().toArray();
        refused = List.copyOf(builder.refused);
    }

    /**
     * Reads the headers.
     *
     * @param cache where a compressed file is unpacked to
     * @throws DatasetException if it is not a tar file, or one that has been cut off or contradicts itself
     */
    static TarArchive open(Path file, UnpackCache cache) throws IOException {
        Records.size(file, "a tar file, or one compressed by gzip");
        Path plain = cache.plain(file, EXPECTED);
        Builder builder = new Builder(plain);
        try (RandomAccessFile in = new RandomAccessFile(plain.toFile(), "r")) {
            builder.read(in);
        } catch (DatasetException e) {
            throw plain.equals(file)
                    ? e
                    : new DatasetException(file, e.found() + " in the unpacked file", e.expected());
        }
        return new TarArchive(builder, file);
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
        return new RandomAccessFile(unpacked.toFile(), "r");
    }

    @Override
    public byte[] read(RandomAccessFile in, int entry) throws IOException {
        if (positions[entry] + sizes[entry] > in.length()) {
            throw new EOFException("the tar file has become shorter");
        }
        byte[] bytes = new byte[sizes[entry]];
        in.seek(positions[entry]);
        in.readFully(bytes);
        return bytes;
    }

    /** Reads the headers. */
    private static final class Builder {
        private final Path file;
        private final Names.Builder names = new Names.Builder();
        private final LongStream.Builder positions = LongStream.builder();
        private final IntStream.Builder sizes = IntStream.builder();
        private final List<String> refused = new ArrayList<>();

        Builder(Path file) {
            this.file = file;
        }

        void read(RandomAccessFile in) throws IOException {
            long length = in.length();
            byte[] header = new byte[BLOCK];
            Extension extension = Extension.NONE;
            long at = 0;
            while (true) {
                if (length - at < BLOCK) {
                    throw new DatasetException(
                            file, length + " bytes without a tar file's end", EXPECTED + ", complete");
                }
                in.seek(at);
                in.readFully(header);
                if (isZero(header)) {
                    return;
                }
                if (!hasItsChecksum(header)) {
                    throw new DatasetException(file, "no tar header at byte " + at, EXPECTED);
                }
                String name = extension.name.isEmpty() ? name(header) : extension.name;
                char type = (char) (header[156] & 0xFF);
                boolean describesAnother = "xgLK".indexOf(type) >= 0;
                long size = describesAnother || extension.size < 0 ? number(header, 124, 12) : extension.size;
                at += BLOCK;
                if (size < 0 || size > length - at) {
                    throw new DatasetException(
                            file,
                            "entry \"" + name + "\" of " + size + " bytes at byte " + at,
                            "one that ends in the file of " + length + " bytes");
                }
                if (type == 'x' || type == 'L') {
                    extension = extend(extension, type, content(in, size));
                } else if (!describesAnother) {
                    add(Archive.relative(name), type, extension.isSparse, at, size);
                    extension = Extension.NONE;
                }
                at += (size + BLOCK - 1) / BLOCK * BLOCK;
            }
        }

        private void add(String name, char type, boolean isSparse, long position, long size) {
            if (!Archive.isWanted(name) || "3456".indexOf(type) >= 0) { // devices, folders, pipes
                return;
            }
            String problem = problem(name, type, isSparse, size);
            if (!problem.isEmpty()) {
                refused.add(name + ": " + problem);
                return;
            }
            names.add(name);
            positions.add(position);
            sizes.add((int) size);
        }

        private static String problem(String name, char type, boolean isSparse, long size) {
            if (FileNames.isUnsafe(name)) {
                return "a name that leads out of the archive";
            }
            if (type == '1' || type == '2') {
                return "a link, expected a file";
            }
            if (isSparse || (type != '0' && type != '\0' && type != '7')) {
                return "stored in a way (" + (isSparse ? "sparse" : "type " + (int) type) + ") that is not read";
            }
            return size > MOST_BYTES ? size + " bytes, at most " + MOST_BYTES + " are read" : "";
        }

        private byte[] content(RandomAccessFile in, long size) throws IOException {
            if (size > LONGEST_HEADER) {
                throw new DatasetException(
                        file, "a header of " + size + " bytes", "at most " + LONGEST_HEADER + " for a name");
            }
            byte[] content = new byte[(int) size];
            in.readFully(content);
            return content;
        }

        private Extension extend(Extension before, char type, byte[] content) throws IOException {
            return type == 'L'
                    ? new Extension(text(content, 0, content.length), before.size, before.isSparse)
                    : pax(before, content);
        }

        /** Records "length key=value\n", the length in decimal, of the whole record. */
        private Extension pax(Extension before, byte[] content) throws IOException {
            Extension result = before;
            int at = 0;
            while (at < content.length) {
                int space = at;
                int length = 0;
                while (space < content.length && content[space] >= '0' && content[space] <= '9' && space - at < 7) {
                    length = length * 10 + content[space++] - '0';
                }
                if (space == at
                        || space >= content.length
                        || content[space] != ' '
                        || length > content.length - at
                        || length <= space - at + 1
                        || content[at + length - 1] != '\n') {
                    throw new DatasetException(file, "an extended header that is damaged", "pax records");
                }
                result = record(result, Arrays.copyOfRange(content, space + 1, at + length - 1));
                at += length;
            }
            return result;
        }

        private Extension record(Extension before, byte[] bytes) throws IOException {
            String record = FileNames.text(bytes);
            String value = record.substring(record.indexOf('=') + 1);
            if (record.startsWith("path=")) {
                return new Extension(value, before.size, before.isSparse);
            }
            if (record.startsWith("size=")) {
                if (!value.matches("\\d{1,18}")) {
                    throw new DatasetException(file, "an extended header with " + record, "a size in bytes");
                }
                return new Extension(before.name, Long.parseLong(value), before.isSparse);
            }
            return record.startsWith("GNU.sparse.") ? new Extension(before.name, before.size, true) : before;
        }

        private static boolean isZero(byte[] header) {
            for (byte b : header) {
                if (b != 0) {
                    return false;
                }
            }
            return true;
        }

        /** The sum of all bytes, those of the checksum itself taken for spaces; old programs took bytes for signed. */
        private static boolean hasItsChecksum(byte[] header) {
            long unsigned = 0;
            long signed = 0;
            for (int i = 0; i < BLOCK; i++) {
                byte b = i >= 148 && i < 156 ? (byte) ' ' : header[i];
                unsigned += b & 0xFF;
                signed += b;
            }
            long stored = number(header, 148, 8);
            return stored == unsigned || stored == signed;
        }

        /** Octal digits between spaces and zeros, or GNU's big-endian binary after a first bit that is set; -1 for neither. */
        private static long number(byte[] header, int at, int length) {
            if ((header[at] & 0x80) != 0) {
                long value = header[at] & 0x7F;
                boolean isNegative = (header[at] & 0x40) != 0;
                for (int i = 1; i < length; i++) {
                    if (value > Long.MAX_VALUE >> 8) {
                        return -1;
                    }
                    value = value << 8 | (header[at + i] & 0xFF);
                }
                return isNegative ? -1 : value;
            }
            String digits = text(header, at, length).strip();
            return digits.matches("[0-7]+") ? Long.parseLong(digits, 8) : digits.isEmpty() ? 0 : -1;
        }

        private static String name(byte[] header) {
            String name = text(header, 0, 100);
            boolean isPosix = text(header, 257, 6).equals("ustar") && header[262] == 0;
            String prefix = isPosix ? text(header, 345, 155) : "";
            return prefix.isEmpty() ? name : prefix + "/" + name;
        }

        /** The bytes before the first zero. */
        private static String text(byte[] bytes, int at, int length) {
            int end = at;
            while (end < at + length && bytes[end] != 0) {
                end++;
            }
            return FileNames.text(Arrays.copyOfRange(bytes, at, end));
        }
    }

    /**
     * What a header before the header says.
     *
     * @param name empty for none
     * @param size negative for none
     */
    private record Extension(String name, long size, boolean isSparse) {
        static final Extension NONE = new Extension("", -1, false);
    }
}
