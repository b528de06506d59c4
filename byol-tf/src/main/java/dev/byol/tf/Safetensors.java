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
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/**
 * Files of named float32 tensors in the safetensors format: the length of a JSON header (8 bytes, little-endian), the
 * header (name, element type, shape, range of bytes; free text under {@code __metadata__}), the values. Python's
 * {@code safetensors} reads them too. What this class writes is {@linkplain Seal sealed}; what others wrote need not be.
 */
final class Safetensors {
    static final String METADATA = "__metadata__";
    private static final int LARGEST_HEADER = 100_000_000;

    /** What a file holds. */
    record Content(Path file, Map<String, Shape> shapes, Map<String, float[]> values, Map<String, String> metadata) {
        /** Fails with the name of every tensor that is missing, left over or of another shape. */
        void requireShapes(Map<String, Shape> expected, String taker) throws IOException {
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
                throw new IOException(file + " does not fit " + taker + ": " + String.join("; ", differences));
            }
        }

        /** The part whose names have a beginning. */
        Content part(String prefix) {
            Map<String, Shape> some = new LinkedHashMap<>(shapes);
            some.keySet().removeIf(name -> !name.startsWith(prefix));
            Map<String, float[]> those = new LinkedHashMap<>(values);
            those.keySet().retainAll(some.keySet());
            return new Content(file, some, those, metadata);
        }
    }

    private Safetensors() {}

    /** Writes beside, flushes to the disk, and moves into place: the file appears whole or not at all. */
    static void write(Path file, Map<String, Shape> shapes, Map<String, float[]> values, Map<String, String> metadata)
            throws IOException {
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
        Files.createDirectories(folder);
        byte[] header = header(shapes, metadata, seals(shapes, values)).getBytes(StandardCharsets.UTF_8);
        Seal.close(header);
        Path beside = Directories.beside(file);
        try {
            try (FileChannel channel =
                    FileChannel.open(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer start = little(Long.BYTES + header.length);
                start.putLong(header.length).put(header).flip();
                writeAll(channel, start);
                for (String name : shapes.keySet()) {
                    writeAll(channel, bytes(name, values));
                }
                channel.force(true);
            }
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(beside);
        }
        Directories.sync(folder);
    }

    private static ByteBuffer bytes(String name, Map<String, float[]> values) {
        float[] floats = Objects.requireNonNull(values.get(name), name);
        ByteBuffer bytes = little(Math.multiplyExact(floats.length, Float.BYTES));
        bytes.asFloatBuffer().put(floats);
        return bytes;
    }

    private static String seals(Map<String, Shape> shapes, Map<String, float[]> values) {
        return shapes.keySet().stream()
                .map(name -> Seal.of(bytes(name, values)))
                .collect(Collectors.joining(" "));
    }

    private static String header(Map<String, Shape> shapes, Map<String, String> metadata, String seals) {
        StringJoiner entries = new StringJoiner(",", "{", "}");
        StringJoiner texts = new StringJoiner(",", "{", "}");
        Map<String, String> sealed = new LinkedHashMap<>(Map.of(Seal.key(), Seal.blank())); // comes first
        sealed.putAll(metadata);
        sealed.put(Seal.TENSORS, seals);
        sealed.forEach((key, value) -> texts.add(Json.quote(key) + ":" + Json.quote(value)));
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
     * Reads a file; no length in it is believed before it is checked, and no value before its checksum, where there is one.
     *
     * @throws IOException if it is missing or damaged: the message says what is wrong
     */
    static Content read(Path file) throws IOException {
        try (FileChannel channel = open(file)) {
            return new Reading(file, channel).content();
        }
    }

    /**
     * The free text of a file's header alone.
     *
     * @throws IOException if the file is missing or its header is damaged
     */
    static Map<String, String> metadata(Path file) throws IOException {
        try (FileChannel channel = open(file)) {
            return new Reading(file, channel).metadata;
        }
    }

    private static FileChannel open(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + " does not exist or is no file");
        }
        return FileChannel.open(file, StandardOpenOption.READ);
    }

    /** One pass over a file. */
    private static final class Reading {
        private final Path file;
        private final FileChannel channel;
        private final long start;
        private final long available;
        private final Map<String, Object> entries = new LinkedHashMap<>();
        private final Map<String, String> metadata = new LinkedHashMap<>();

        Reading(Path file, FileChannel channel) throws IOException {
            this.file = file;
            this.channel = channel;
            long size = channel.size();
            long length =
                    size < Long.BYTES ? -1 : readAll(channel, 0, Long.BYTES).getLong();
            if (length < 2 || length > Math.min(size - Long.BYTES, LARGEST_HEADER)) {
                throw new IOException(file + " is no safetensors file: its " + size + " bytes cannot hold a header of "
                        + length + " bytes");
            }
            start = Long.BYTES + length;
            available = size - start;
            byte[] header = readAll(channel, Long.BYTES, (int) length).array();
            if (Seal.isOn(header) && !Seal.isWhole(header)) {
                throw new IOException(file + " is damaged: the checksum of its header is wrong");
            }
            try {
                entries.putAll(Json.object(Json.parse(new String(header, StandardCharsets.UTF_8))));
                Json.object(entries.getOrDefault(METADATA, Map.of()))
                        .forEach((key, value) -> metadata.put(key, String.valueOf(value)));
            } catch (IllegalArgumentException | ClassCastException e) {
                throw new IOException(file + " has a damaged header: " + e.getMessage(), e);
            }
            entries.remove(METADATA);
            if (metadata.containsKey(Seal.TENSORS) && !Seal.isOn(header)) {
                throw new IOException(file + " has a damaged header: it lacks its checksum");
            }
        }

        Content content() throws IOException {
            try {
                return checkedContent();
            } catch (IllegalArgumentException | IllegalStateException | ClassCastException | ArithmeticException e) {
                throw new IOException(file + " has a damaged header: " + e.getMessage(), e);
            }
        }

        private Content checkedContent() throws IOException {
            Map<String, Shape> shapes = new LinkedHashMap<>();
            Map<String, float[]> values = new LinkedHashMap<>();
            Iterator<String> seals = seals();
            List<String> damaged = new ArrayList<>();
            long next = 0;
            for (Map.Entry<String, Object> entry : entries.entrySet()) {
                String name = entry.getKey();
                Map<String, Object> info = Json.object(entry.getValue());
                Shape shape = Shape.of(ints(info.getOrDefault("shape", "nothing")));
                List<?> range = (List<?>) info.getOrDefault("data_offsets", List.of());
                long bytes = (long) shape.size() * Float.BYTES;
                if (!"F32".equals(info.get("dtype")) || !range.equals(List.of(next, next + bytes))) {
                    throw new IOException(file + ": tensor " + name + " should be F32 in bytes " + next + " to "
                            + (next + bytes) + ", found " + info);
                }
                if (next + bytes > available) {
                    throw new IOException(file + " is truncated: tensor " + name + " ends at byte " + (next + bytes)
                            + " of its data, there are " + available);
                }
                ByteBuffer data = readAll(channel, start + next, Math.toIntExact(bytes));
                if (seals.hasNext() && !seals.next().equals(Seal.of(data))) {
                    damaged.add(name);
                }
                float[] floats = new float[shape.size()];
                data.asFloatBuffer().get(floats);
                shapes.put(name, shape);
                values.put(name, floats);
                next += bytes;
            }
            if (!damaged.isEmpty()) {
                throw new IOException(file + " is damaged: the checksum is wrong of " + String.join(", ", damaged));
            }
            if (next != available) {
                throw new IOException(file + " has " + available + " bytes of data, its header describes " + next);
            }
            return new Content(file, shapes, values, metadata);
        }

        /** One for each tensor, or none at all where the writer knew no checksums. */
        private Iterator<String> seals() throws IOException {
            String text = metadata.getOrDefault(Seal.TENSORS, "");
            List<String> seals = text.isEmpty() ? List.of() : List.of(text.split(" ", -1));
            if (metadata.containsKey(Seal.TENSORS) && seals.size() != entries.size()) {
                throw new IOException(file + " has " + seals.size() + " checksums for " + entries.size() + " tensors");
            }
            return seals.iterator();
        }
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
