package dev.byol.eval;

import static com.google.common.base.Preconditions.checkArgument;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes features {@code [N, D]} to NumPy's {@code .npy} format, batch by batch, without knowing N before: little-endian {@code float32} in
 * C order, version 1.0, which {@code numpy.load} reads and maps into memory.
 *
 * <pre>{@code
 * try (NpyWriter writer = NpyWriter.create(path, 512)) {
 *     for (float[] batch : batches) {
 *         writer.write(batch);
 *     }
 * }
 * }</pre>
 *
 * <p>The header has the number of rows only when the writer is closed; until then it says 0 rows, so that the file of a program that was
 * killed is refused by {@link NpyReader}. Closing makes a whole file of the rows so far, also after an error: where only all of them
 * will do, write beside the file's place and move it there. Whoever creates a writer closes it. Not safe for use by several threads at once.
 */
public final class NpyWriter implements Closeable {
    private static final int CHUNK = 1 << 16;

    private final FileChannel channel;
    private final int dimension;
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    private long rows;

    private NpyWriter(FileChannel channel, int dimension) {
        this.channel = channel;
        this.dimension = dimension;
    }

    /**
     * Creates a file, or replaces what it holds.
     *
     * @param dimension the number of columns D, at least 1
     * @throws IllegalArgumentException if the dimension is below 1
     */
    public static NpyWriter create(Path file, int dimension) throws IOException {
        checkArgument(dimension >= 1, "features must have at least one column, got a dimension of %s", dimension);
        FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        NpyWriter writer = new NpyWriter(channel, dimension);
        try {
            writer.writeHeader();
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        return writer;
    }

    /** Writes all of some features to a file; their labels are not written. */
    public static void writeFeatures(Path file, Features features) throws IOException {
        try (NpyWriter writer = create(file, features.dimension())) {
            writer.write(features.values());
        }
    }

    /**
     * Writes rows.
     *
     * @param batch {@code [B, D]}, row-major; of any values
     * @return this
     * @throws IllegalArgumentException if the batch is not of whole rows
     */
    public NpyWriter write(float[] batch) throws IOException {
        checkArgument(
                batch.length % dimension == 0, "%s values are not whole rows of %s columns", batch.length, dimension);
        for (int done = 0; done < batch.length; ) {
            int items = Math.min(CHUNK / Float.BYTES, batch.length - done);
            chunk.clear();
            chunk.asFloatBuffer().put(batch, done, items);
            writeFully(chunk.limit(items * Float.BYTES));
            done += items;
        }
        rows += batch.length / dimension;
        return this;
    }

    /** The number of rows so far. */
    public long rows() {
        return rows;
    }

    /** Writes the number of rows, and closes the file. */
    @Override
    public void close() throws IOException {
        if (channel.isOpen()) {
            try (channel) {
                channel.position(0);
                writeHeader();
            }
        }
    }

    private void writeHeader() throws IOException {
        writeFully(ByteBuffer.wrap(new NpyHeader(rows, dimension, Float.BYTES).bytes()));
    }

    private void writeFully(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
