package dev.byol.augment.io;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;

/** Archives and image files for tests. */
final class Archives {
    private Archives() {}

    /** A PNG file of one colour, whose red is a number that tells it from others. */
    static byte[] png(int red) {
        BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 6; i++) {
            image.setRGB(i % 3, i / 3, red << 16 | 0x3344);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** Deflated entries, in the order of the map. */
    static Path zip(Path file, Map<String, byte[]> entries) throws IOException {
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                ZipEntry header = new ZipEntry(entry.getKey());
                header.setTimeLocal(LocalDateTime.of(2026, 11, 29, 12, 0)); // not now: equal entries make equal files
                out.putNextEntry(header);
                out.write(entry.getValue());
            }
        }
        return file;
    }

    static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }

    /** The same file with the checksum and the length at its end right, if it is one of gzip without a name, as far as it unpacks. */
    static byte[] repairedGzip(byte[] gzip) {
        int header = 10;
        if (gzip.length < header + 8 || gzip[0] != 0x1f || gzip[1] != (byte) 0x8b) {
            return gzip;
        }
        Inflater inflater = new Inflater(true);
        inflater.setInput(gzip, header, gzip.length - header);
        byte[] out = new byte[1 << 16];
        try {
            int length = inflater.inflate(out);
            int end = gzip.length - inflater.getRemaining();
            CRC32 sum = new CRC32();
            sum.update(out, 0, length);
            ByteBuffer repaired = ByteBuffer.allocate(end + 8).order(ByteOrder.LITTLE_ENDIAN);
            return repaired.put(gzip, 0, end)
                    .putInt((int) sum.getValue())
                    .putInt(length)
                    .array();
        } catch (DataFormatException e) {
            return gzip;
        } finally {
            inflater.end();
        }
    }

    /** Deletes the files of a folder, if there is one. */
    static void empty(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** Writes tar files, block by block. */
    static final class Tar {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final Charset ofNames;

        Tar() {
            this(StandardCharsets.UTF_8);
        }

        Tar(Charset ofNames) {
            this.ofNames = ofNames;
        }

        static byte[] of(Map<String, byte[]> entries) {
            Tar tar = new Tar();
            entries.forEach(tar::add);
            return tar.end();
        }

        Tar add(String name, byte[] content) {
            return header(name, octal(content.length), '0').content(content);
        }

        Tar text(String name, String content) {
            return add(name, content.getBytes(StandardCharsets.UTF_8));
        }

        /** An entry of kind x with one record. */
        Tar pax(String key, String value) {
            int body = key.length() + value.getBytes(ofNames).length + 3;
            int length = body + 1;
            while (Integer.toString(length).length() + body != length) {
                length++;
            }
            byte[] record = (length + " " + key + "=" + value + "\n").getBytes(ofNames);
            return header("PaxHeaders/x", octal(record.length), 'x').content(record);
        }

        /** GNU's long name. */
        Tar longName(String name) {
            byte[] bytes = (name + "\0").getBytes(ofNames);
            return header("././@LongLink", octal(bytes.length), 'L').content(bytes);
        }

        Tar header(String name, byte[] size, char type) {
            return header(name, "", size, type);
        }

        Tar header(String name, String prefix, byte[] size, char type) {
            byte[] header = new byte[512];
            put(header, 0, name.getBytes(ofNames));
            put(header, 100, "0000644\0".getBytes(StandardCharsets.US_ASCII));
            put(header, 124, size);
            put(header, 257, "ustar\00000".getBytes(StandardCharsets.US_ASCII));
            put(header, 345, prefix.getBytes(ofNames));
            header[156] = (byte) type;
            check(header, 0);
            out.writeBytes(header);
            return this;
        }

        /** The same file with the checksums of its headers right, which are blocks with the word ustar. */
        static byte[] repaired(byte[] tar) {
            byte[] repaired = tar.clone();
            byte[] word = "ustar".getBytes(StandardCharsets.US_ASCII);
            for (int at = 0; at + 512 <= repaired.length; at += 512) {
                if (Arrays.equals(repaired, at + 257, at + 262, word, 0, word.length)) {
                    check(repaired, at);
                }
            }
            return repaired;
        }

        private static void check(byte[] blocks, int header) {
            Arrays.fill(blocks, header + 148, header + 156, (byte) ' ');
            int sum = 0;
            for (int i = header; i < header + 512; i++) {
                sum += blocks[i] & 0xFF;
            }
            put(blocks, header + 148, String.format(Locale.ROOT, "%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII));
        }

        Tar content(byte[] content) {
            out.writeBytes(content);
            out.writeBytes(new byte[(512 - content.length % 512) % 512]);
            return this;
        }

        byte[] end() {
            out.writeBytes(new byte[1024]);
            return out.toByteArray();
        }

        static byte[] octal(long value) {
            return String.format(Locale.ROOT, "%011o\0", value).getBytes(StandardCharsets.US_ASCII);
        }

        private static void put(byte[] header, int at, byte[] bytes) {
            System.arraycopy(bytes, 0, header, at, bytes.length);
        }
    }
}
