package dev.byol.tf;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.Summary;

/** A TensorBoard event file of scalars. Not thread-safe. */
public final class EventFile implements AutoCloseable {
    private static final AtomicInteger CREATED = new AtomicInteger();

    private final OutputStream out;

    private EventFile(OutputStream out) {
        this.out = out;
    }

    /**
     * Starts an event file with a name of its own in a folder.
     *
     * @param directory made if it does not exist
     */
    public static EventFile create(Path directory) throws IOException {
        Files.createDirectories(directory);
        long seconds = System.currentTimeMillis() / 1000;
        String name = "events.out.tfevents." + seconds + "."
                + ProcessHandle.current().pid() + "." + CREATED.getAndIncrement() + ".byol";
        EventFile events = new EventFile(new BufferedOutputStream(
                Files.newOutputStream(directory.resolve(name), StandardOpenOption.CREATE_NEW)));
        events.write(event().setFileVersion("brain.Event:2").build());
        return events;
    }

    /**
     * Writes scalars of a step.
     *
     * @param step completed updates
     * @param values by tag
     */
    public void scalars(long step, Map<String, Double> values) throws IOException {
        Summary.Builder summary = Summary.newBuilder();
        values.forEach((tag, value) ->
                summary.addValue(Summary.Value.newBuilder().setTag(tag).setSimpleValue(value.floatValue())));
        write(event().setStep(step).setSummary(summary).build());
    }

    private static Event.Builder event() {
        return Event.newBuilder().setWallTime(System.currentTimeMillis() / 1000.0);
    }

    /** A TFRecord: length, its checksum, data, its checksum. */
    private void write(Event event) throws IOException {
        byte[] data = event.toByteArray();
        byte[] length = new byte[Long.BYTES];
        little(length).putLong(data.length);
        out.write(length);
        out.write(checksum(length));
        out.write(data);
        out.write(checksum(data));
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

    /** Makes what was written visible to readers. */
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
