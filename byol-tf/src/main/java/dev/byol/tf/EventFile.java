package dev.byol.tf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.Summary;

/**
 * A TensorBoard event file of scalars. They are kept in memory until they are {@linkplain #flush flushed}; what a full disk does not
 * take stays there for the next time. Not thread-safe.
 */
public final class EventFile implements AutoCloseable {
    private static final AtomicInteger CREATED = new AtomicInteger();
    private static final String NAME = "events.out.tfevents.";
    private static final String END = ".byol";
    /** Bytes of a record around its data: length and checksum before, checksum behind. */
    private static final int BEFORE = Long.BYTES + Integer.BYTES;

    private static final int AROUND = BEFORE + Integer.BYTES;

    private final Path file;
    private final FileChannel channel;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private long length;

    private EventFile(Path file, FileChannel channel, long length) {
        this.file = file;
        this.channel = channel;
        this.length = length;
    }

    /**
     * Starts an event file with a name of its own in a folder.
     *
     * @param directory made if it does not exist
     */
    public static EventFile create(Path directory) throws IOException {
        Files.createDirectories(directory);
        long seconds = System.currentTimeMillis() / 1000;
        Path file = directory.resolve(
                NAME + seconds + "." + ProcessHandle.current().pid() + "." + CREATED.getAndIncrement() + END);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        EventFile events = new EventFile(file, channel, 0);
        events.write(event().setFileVersion("brain.Event:2").build());
        return events;
    }

    /**
     * Goes on with the newest event file of a folder, as a resumed run does: what is there of the next step and later ones is cut off,
     * and so is an end that a killed process left half written. Starts one if there is none.
     *
     * @param directory made if it does not exist
     * @param step the next one
     */
    public static EventFile goOn(Path directory, long step) throws IOException {
        Optional<Path> newest = newest(directory);
        if (newest.isEmpty()) {
            return create(directory);
        }
        FileChannel channel = FileChannel.open(newest.get(), StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            long length = before(channel, step);
            if (length == 0) { // no file of events, or its very beginning is damaged
                channel.close();
                return create(directory);
            }
            channel.truncate(length);
            return new EventFile(newest.get(), channel, length);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static Optional<Path> newest(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return Optional.empty();
        }
        try (Stream<Path> children = Files.list(directory)) {
            return children.filter(child -> {
                        String name = child.getFileName().toString();
                        return name.startsWith(NAME) && name.endsWith(END);
                    })
                    .max(Comparator.comparing(child -> child.toFile().lastModified()));
        }
    }

    /** The length of the part that is whole and of earlier steps. */
    private static long before(FileChannel channel, long step) throws IOException {
        long at = 0;
        while (true) {
            Optional<byte[]> data = record(channel, at);
            if (data.isEmpty()) {
                return at;
            }
            Event event;
            try {
                event = Event.parseFrom(data.get());
            } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                return at;
            }
            if (event.hasSummary() && event.getStep() >= step) {
                return at;
            }
            at += AROUND + data.get().length;
        }
    }

    /** The data of a record; empty if it is not whole. */
    private static Optional<byte[]> record(FileChannel channel, long at) throws IOException {
        long left = channel.size() - at - AROUND;
        if (left < 0) {
            return Optional.empty();
        }
        byte[] length = read(channel, at, Long.BYTES);
        long bytes = little(length).getLong();
        if (bytes < 0
                || bytes > Math.min(left, Integer.MAX_VALUE - 8)
                || !java.util.Arrays.equals(checksum(length), read(channel, at + Long.BYTES, Integer.BYTES))) {
            return Optional.empty();
        }
        byte[] data = read(channel, at + BEFORE, (int) bytes);
        return java.util.Arrays.equals(checksum(data), read(channel, at + BEFORE + bytes, Integer.BYTES))
                ? Optional.of(data)
                : Optional.empty();
    }

    private static byte[] read(FileChannel channel, long at, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, at + bytes.position()) < 0) {
                throw new IOException("the event file became shorter while it was read");
            }
        }
        return bytes.array();
    }

    /**
     * Takes scalars of a step.
     *
     * @param step completed updates
     * @param values by tag
     */
    public void scalars(long step, Map<String, Double> values) {
        Summary.Builder summary = Summary.newBuilder();
        values.forEach((tag, value) ->
                summary.addValue(Summary.Value.newBuilder().setTag(tag).setSimpleValue(value.floatValue())));
        write(event().setStep(step).setSummary(summary).build());
    }

    private static Event.Builder event() {
        return Event.newBuilder().setWallTime(System.currentTimeMillis() / 1000.0);
    }

    /** A TFRecord: length, its checksum, data, its checksum. */
    private void write(Event event) {
        byte[] data = event.toByteArray();
        byte[] length = new byte[Long.BYTES];
        little(length).putLong(data.length);
        pending.writeBytes(length);
        pending.writeBytes(checksum(length));
        pending.writeBytes(data);
        pending.writeBytes(checksum(data));
    }

    /** CRC-32C, masked as TFRecord wants it. */
    static byte[] checksum(byte[] data) {
        CRC32C crc = new CRC32C();
        crc.update(data);
        int value = (int) crc.getValue();
        byte[] masked = new byte[Integer.BYTES];
        little(masked).putInt(((value >>> 15) | (value << 17)) + 0xa282ead8);
        return masked;
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Whether the file is still where it was. */
    public boolean isInPlace() {
        return Files.exists(file);
    }

    /**
     * Makes what was taken visible to readers.
     *
     * @throws IOException if the disk does not take it: it stays here, and the file is no longer than before
     */
    public void flush() throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(pending.toByteArray());
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes, length + bytes.position());
            }
        } catch (IOException e) {
            channel.truncate(length);
            throw e;
        }
        length += bytes.position();
        pending.reset();
    }

    /** Flushes and ends the file. Closing twice is harmless. */
    @Override
    public void close() throws IOException {
        if (channel.isOpen()) {
            try {
                flush();
            } finally {
                channel.close();
            }
        }
    }
}
