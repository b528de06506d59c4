package dev.byol.tf;

import dev.byol.api.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Files of named float32 tensors in the safetensors format: the length of a JSON header (8 bytes, little-endian), the
 * header (name, element type, shape, range of bytes; free text under {@code __metadata__}), the values. Python's
 * {@code safetensors} reads them too.
 */
final class Safetensors {
    private static final String METADATA = "__metadata__";
    private static final int LARGEST_HEADER = 100_000_000;

    /** What a file holds. */
    record Content(Path file, Map<String, Shape> shapes, Map<String, float[]> values, Map<String, String> metadata) {
        /** Fails with the name of every tensor that is missing, left over or of another shape. */
        void requireShapes(Map<String, Shape> expected) throws IOException {
            List<String> differences = new ArrayList<>();
            expected.forEach((name, shape) -> {
                Shape found = shapes.get(name);
                if (found == null) {
                    differences.add("missing " + name + " " + shape);
                } else if (!found.equals(shape)) {
                    differences.add(name + " is " + found + ", expected " + shape);
                }
            });
            shapes.forEach((name, shape) -> {
                if (!expected.containsKey(name)) {
                    differences.add("left over " + name + " " + shape);
                }
            });
            if (!differences.isEmpty()) {
                throw new IOException(file + " does not fit this trainer: " + String.join("; ", differences));
            }
        }

        long number(String key) throws IOException {
            String text = metadata.get(key);
            try {
                return Long.parseLong(String.valueOf(text));
            } catch (NumberFormatException e) {
                throw new IOException(file + " needs a number as " + key + " in its header, found " + text, e);
            }
        }
    }

    private Safetensors() {}

    /** Writes beside, flushes to the disk, and moves into place: the file appears whole or not at all. */
    static void write(Path file, Map<String, Shape> shapes, Map<String, float[]> values, Map<String, String> metadata)
            throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path beside = Directories.beside(file);
        try {
            try (FileChannel channel =
                    FileChannel.open(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                byte[] header = header(shapes, metadata).getBytes(StandardCharsets.UTF_8);
                ByteBuffer start = little(Long.BYTES + header.length);
                start.putLong(header.length).put(header).flip();
                writeAll(channel, start);
                for (String name : shapes.keySet()) {
                    float[] floats = java.util.Objects.requireNonNull(values.get(name), name);
                    ByteBuffer bytes = little(floats.length * Float.BYTES);
                    bytes.asFloatBuffer().put(floats);
                    writeAll(channel, bytes);
                }
                channel.force(true);
            }
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    private static String header(Map<String, Shape> shapes, Map<String, String> metadata) {
        StringJoiner entries = new StringJoiner(",", "{", "}");
        StringJoiner texts = new StringJoiner(",", "{", "}");
        metadata.forEach((key, value) -> texts.add(Json.quote(key) + ":" + Json.quote(value)));
        entries.add(Json.quote(METADATA) + ":" + texts);
        long offset = 0;
        for (Map.Entry<String, Shape> entry : shapes.entrySet()) {
            long end = offset + (long) entry.getValue().size() * Float.BYTES;
            entries.add(Json.quote(entry.getKey()) + ":{\"dtype\":\"F32\",\"shape\":" + entry.getValue()
                    + ",\"data_offsets\":[" + offset + "," + end + "]}");
            offset = end;
        }
        String header = entries.toString();
        return header + " ".repeat(Math.floorMod(-header.getBytes(StandardCharsets.UTF_8).length, 8));
    }

    /**
     * Reads a file; no length in it is believed before it is checked.
     *
     * @throws IOException if it is missing or damaged: the message says what is wrong
     */
    static Content read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + " does not exist or is no file");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            long length =
                    size < Long.BYTES ? -1 : readAll(channel, 0, Long.BYTES).getLong();
            if (length < 2 || length > Math.min(size - Long.BYTES, LARGEST_HEADER)) {
                throw new IOException(file + " is no safetensors file: its " + size + " bytes cannot hold a header of "
                        + length + " bytes");
            }
            byte[] header = readAll(channel, Long.BYTES, (int) length).array();
            try {
                return parse(file, channel, Long.BYTES + length, new String(header, StandardCharsets.UTF_8));
            } catch (IllegalArgumentException | IllegalStateException | ClassCastException | ArithmeticException e) {
                throw new IOException(file + " has a damaged header: " + e.getMessage(), e);
            }
        }
    }

    private static Content parse(Path file, FileChannel channel, long start, String header) throws IOException {
        long available = channel.size() - start;
        Map<String, Shape> shapes = new LinkedHashMap<>();
        Map<String, float[]> values = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        long next = 0;
        for (Map.Entry<String, Object> entry : Json.object(Json.parse(header)).entrySet()) {
            Map<String, Object> info = Json.object(entry.getValue());
            if (entry.getKey().equals(METADATA)) {
                info.forEach((key, value) -> metadata.put(key, String.valueOf(value)));
                continue;
            }
            Shape shape = Shape.of(ints(info.getOrDefault("shape", "nothing")));
            List<?> range = (List<?>) info.getOrDefault("data_offsets", List.of());
            long bytes = (long) shape.size() * Float.BYTES;
            if (!"F32".equals(info.get("dtype")) || !range.equals(List.of(next, next + bytes))) {
                throw new IOException(file + ": tensor " + entry.getKey() + " should be F32 in bytes " + next + " to "
                        + (next + bytes) + ", found " + info);
            }
            if (next + bytes > available) {
                throw new IOException(file + " is truncated: tensor " + entry.getKey() + " ends at byte "
                        + (next + bytes) + " of its data, there are " + available);
            }
            float[] floats = new float[shape.size()];
            readAll(channel, start + next, Math.toIntExact(bytes))
                    .asFloatBuffer()
                    .get(floats);
            shapes.put(entry.getKey(), shape);
            values.put(entry.getKey(), floats);
            next += bytes;
        }
        if (next != available) {
            throw new IOException(file + " has " + available + " bytes of data, its header describes " + next);
        }
        return new Content(file, shapes, values, metadata);
    }

    private static int[] ints(Object list) {
        return ((List<?>) list)
                .stream().mapToInt(n -> Math.toIntExact((Long) n)).toArray();
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static ByteBuffer readAll(FileChannel channel, long at, int length) throws IOException {
        ByteBuffer bytes = little(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, at + bytes.position()) < 0) {
                throw new IOException("the file ended at byte " + (at + bytes.position()));
            }
        }
        return bytes.flip();
    }
}
