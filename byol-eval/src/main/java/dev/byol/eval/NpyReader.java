package dev.byol.eval;

import static com.google.common.base.Preconditions.checkArgument;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads features {@code [N, D]} from NumPy's {@code .npy} format, versions 1.0 to 3.0, batch by batch: little-endian {@code float32}, or
 * {@code float64} that is rounded to floats, in C order. What the header says is held against the size of the file before any of it is
 * used.
 *
 * <pre>{@code
 * try (NpyReader reader = NpyReader.open(path)) {
 *     MeasuresAccumulator accumulator = MeasuresAccumulator.of(reader.dimension());
 *     while (reader.remaining() > 0) {
 *         accumulator.add(reader.read(1024));
 *     }
 * }
 * }</pre>
 *
 * <p>Whoever opens one closes it. Not safe for use by several threads at once.
 *
 * @see NpyWriter
 */
public final class NpyReader implements Closeable {
    private static final int CHUNK = 1 << 16;

    private final Path file;
    private final NpyHeader header;
    private final InputStream in;
    private long next;

    private NpyReader(Path file, NpyHeader header, InputStream in) {
        this.file = file;
        this.header = header;
        this.in = in;
    }

    /**
     * Opens a file.
     *
     * @throws IOException if it cannot be read, or if it does not hold exactly such a matrix, with at least one value; the message names
     *     the file, what was found and what was expected
     */
    public static NpyReader open(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file), CHUNK);
        try {
            return new NpyReader(file, NpyHeader.read(file, in, Files.size(file)), in);
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    /**
     * Reads a whole file, without labels.
     *
     * @throws IOException as {@link #open(Path)} does, or if there are more values than an array can have, or one that is not finite as
     *     a float
     */
    public static Features readFeatures(Path file) throws IOException {
        try (NpyReader reader = open(file)) {
            int rows = (int) Math.min(reader.rows(), Integer.MAX_VALUE);
            if (reader.rows() > NpyHeader.LARGEST_ARRAY / reader.dimension()) {
                throw NpyHeader.refused(
                        file,
                        reader.header.toString(),
                        "at most " + NpyHeader.LARGEST_ARRAY + " values in one array; read it in batches");
            }
            return Features.unlabelled(reader.read(rows), reader.dimension());
        }
    }

    /** The number of rows N. */
    public long rows() {
        return header.rows();
    }

    /** The number of columns D. */
    public int dimension() {
        return header.columns();
    }

    /** How many rows are still to be read. */
    public long remaining() {
        return rows() - next;
    }

    /**
     * The next rows.
     *
     * @param count of rows, at least 1
     * @return {@code [count, D]}, row-major; fewer rows at the end, and none behind it
     * @throws IllegalArgumentException if count is below 1, or if so many rows do not fit an array
     * @throws IOException if the file cannot be read, or if a value is not finite as a float (the message names its row and column)
     */
    public float[] read(int count) throws IOException {
        checkArgument(count >= 1, "the number of rows must be at least 1, got %s", count);
        long size = Math.min(count, remaining()) * dimension();
        checkArgument(
                size <= NpyHeader.LARGEST_ARRAY,
                "%s rows of %s columns do not fit an array, which has at most %s values",
                count,
                dimension(),
                NpyHeader.LARGEST_ARRAY);
        float[] values = new float[(int) size];
        int itemSize = header.itemSize();
        ByteBuffer chunk =
                ByteBuffer.allocate((int) Math.min(CHUNK, size * itemSize)).order(ByteOrder.LITTLE_ENDIAN);
        for (int done = 0; done < values.length; ) {
            int items = Math.min(chunk.capacity() / itemSize, values.length - done);
            if (in.readNBytes(chunk.array(), 0, items * itemSize) < items * itemSize) {
                throw new EOFException(file + " became shorter while it was read, expected " + header);
            }
            for (int i = 0; i < items; i++, done++) {
                double value = itemSize == Float.BYTES ? chunk.getFloat(i * itemSize) : chunk.getDouble(i * itemSize);
                values[done] = (float) value;
                if (!Float.isFinite(values[done])) {
                    throw NpyHeader.refused(
                            file,
                            value + " at row " + (next + done / dimension()) + ", column " + done % dimension(),
                            "values that are finite as floats");
                }
            }
        }
        next += values.length / dimension();
        return values;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    @Override
    public String toString() {
        return "NpyReader of " + file + ": " + header;
    }
}
