package dev.byol.augment.io;

import dev.byol.augment.Image;
import dev.byol.augment.Region;
import dev.byol.augment.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * A PNG file of any kind in the specification (ISO/IEC 15948). All chunks and their checksums are looked at before anything
 * is decoded.
 */
final class Png implements Encoded {
    private static final String SIGNATURE = "\u0089PNG\r\n\u001a\n";

    private static final int GREY = 0;
    private static final int RGB = 2;
    private static final int INDEXED = 3;
    private static final int GREY_ALPHA = 4;
    private static final int RGB_ALPHA = 6;

    /** Deflate makes at most so many bytes of one. */
    private static final int MOST_INFLATED = 1032;

    /** First column, first row, and steps across and down. */
    private record Pass(int x, int y, int dx, int dy) {}

    private static final List<Pass> WHOLE = List.of(new Pass(0, 0, 1, 1));
    private static final List<Pass> ADAM7 = List.of(
            new Pass(0, 0, 8, 8),
            new Pass(4, 0, 8, 8),
            new Pass(0, 4, 4, 8),
            new Pass(2, 0, 4, 4),
            new Pass(0, 2, 2, 4),
            new Pass(1, 0, 2, 2),
            new Pass(0, 1, 1, 2));

    private final byte[] content;
    private final List<int[]> data = new ArrayList<>(); // where compressed bytes are, and how many
    private Size size = new Size(1, 1);
    private int depth;
    private int colour;
    private List<Pass> passes = WHOLE;
    private @Nullable Palette palette;
    private Orientation orientation = Orientation.UPRIGHT;

    private Png(byte[] content) {
        this.content = content;
    }

    static boolean isPng(Bytes content) {
        return content.startsWith(SIGNATURE);
    }

    /** Reads all chunks. */
    static Png open(byte[] content) throws ImageFormatException {
        Png png = new Png(content);
        png.readChunks();
        return png;
    }

    private void readChunks() throws ImageFormatException {
        Bytes in = Bytes.of(content);
        CRC32 sum = new CRC32();
        long at = SIGNATURE.length();
        boolean first = true;
        while (true) {
            long length = in.u32(at);
            Bytes chunk = in.part(at + 8, length);
            String type = name(in, at + 4);
            sum.reset();
            sum.update(content, (int) at + 4, (int) length + 4);
            if (sum.getValue() != in.u32(at + 8 + length)) {
                throw new ImageFormatException("a wrong checksum of chunk " + type, "an undamaged file");
            }
            if (first != type.equals("IHDR")) {
                throw new ImageFormatException("chunk " + type, first ? "IHDR first" : "IHDR once");
            }
            first = false;
            switch (type) {
                case "IHDR" -> header(chunk);
                case "PLTE" -> palette = new Palette(chunk);
                case "IDAT" -> data.add(new int[] {(int) at + 8, (int) length});
                case "eXIf" -> orientation = Orientation.inExif(chunk);
                case "IEND" -> {
                    return;
                }
                default -> {} // says nothing about the samples
            }
            at += 12 + length;
        }
    }

    private static String name(Bytes in, long at) throws ImageFormatException {
        StringBuilder name = new StringBuilder(4);
        for (int i = 0; i < 4; i++) {
            int letter = in.u8(at + i);
            if ((letter | 0x20) < 'a' || (letter | 0x20) > 'z') {
                throw new ImageFormatException("byte " + letter + " in a chunk's name", "letters");
            }
            name.append((char) letter);
        }
        return name.toString();
    }

    private void header(Bytes chunk) throws ImageFormatException {
        long width = chunk.u32(0);
        long height = chunk.u32(4);
        if (width < 1 || height < 1 || width > Integer.MAX_VALUE || height > Integer.MAX_VALUE) {
            throw new ImageFormatException("a size of " + width + "x" + height, "at least 1x1");
        }
        size = new Size((int) width, (int) height);
        depth = chunk.u8(8);
        colour = chunk.u8(9);
        boolean valid = switch (colour) {
            case GREY -> depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
            case INDEXED -> depth == 1 || depth == 2 || depth == 4 || depth == 8;
            case RGB, GREY_ALPHA, RGB_ALPHA -> depth == 8 || depth == 16;
            default -> false;
        };
        if (!valid || chunk.u8(10) != 0 || chunk.u8(11) != 0 || chunk.u8(12) > 1) {
            throw new ImageFormatException(
                    "colour type " + colour + " of " + depth + " bits, methods " + chunk.u8(10) + ", " + chunk.u8(11)
                            + " and " + chunk.u8(12),
                    "one of PNG's");
        }
        passes = chunk.u8(12) == 0 ? WHOLE : ADAM7;
    }

    private void requireData() throws ImageFormatException {
        if (colour == INDEXED && palette == null) {
            throw new ImageFormatException("no palette", "one, since the samples are indices");
        }
        long samples = (long) size.width() * size.height() * channels();
        if (samples > Records.LONGEST) {
            throw new ImageFormatException(samples + " samples", "at most " + Records.LONGEST);
        }
        long packed = data.stream().mapToLong(part -> part[1]).sum();
        long least = 0;
        for (Pass pass : passes) {
            least += (long) rows(pass) * (rowLength(columns(pass)) + 1);
        }
        if (packed * MOST_INFLATED < least) {
            throw new ImageFormatException(
                    packed + " bytes of data", "at least " + (least / MOST_INFLATED + 1) + " for " + size);
        }
    }

    private int columns(Pass pass) {
        return Math.max((size.width() - pass.x + pass.dx - 1) / pass.dx, 0);
    }

    private int rows(Pass pass) {
        return columns(pass) == 0 ? 0 : Math.max((size.height() - pass.y + pass.dy - 1) / pass.dy, 0);
    }

    private long rowLength(int columns) {
        return ((long) columns * channels() * depth + 7) / 8;
    }

    private int channels() {
        return switch (colour) {
            case RGB -> 3;
            case GREY_ALPHA -> 2;
            case RGB_ALPHA -> 4;
            default -> 1;
        };
    }

    @Override
    public String format() {
        return "PNG";
    }

    @Override
    public Size size() {
        return size;
    }

    @Override
    public Orientation orientation() {
        return orientation;
    }

    @Override
    public long memory(ImageDecoder.Samples samples) {
        long words = isFloat(samples) ? result(samples) / 2 : 0;
        return result(samples) + words + 2 * rowLength(size.width());
    }

    @Override
    public long result(ImageDecoder.Samples samples) {
        long pixels = (long) size.width() * size.height();
        boolean rgb = samples == ImageDecoder.Samples.RGB || colour == INDEXED;
        return pixels * (rgb ? 3 : channels()) * (isFloat(samples) ? Float.BYTES : 1);
    }

    private boolean isFloat(ImageDecoder.Samples samples) {
        return samples == ImageDecoder.Samples.STORED && depth == 16;
    }

    @Override
    public Image decode(Region needed, ImageDecoder.Samples samples) throws ImageFormatException {
        requireData();
        boolean rgb = samples == ImageDecoder.Samples.RGB || colour == INDEXED;
        Sink sink = rgb ? new RgbSink() : isFloat(samples) ? new WordSink() : new ByteSink();
        Inflater inflater = new Inflater();
        try {
            Rows rows = new Rows(inflater);
            for (Pass pass : passes) {
                rows.read(pass, sink);
            }
            rows.requireEnd();
        } catch (DataFormatException e) {
            throw new ImageFormatException("broken compression (" + e.getMessage() + ")", "PNG data");
        } finally {
            inflater.end();
        }
        return sink.image();
    }

    /** Reads rows of bytes and takes their filters off. */
    private final class Rows {
        private final Inflater inflater;
        private int part;

        Rows(Inflater inflater) {
            this.inflater = inflater;
        }

        void read(Pass pass, Sink sink) throws ImageFormatException, DataFormatException {
            int columns = columns(pass);
            int length = (int) rowLength(columns);
            int step = Math.max(channels() * depth / 8, 1);
            byte[] filter = new byte[1];
            byte[] above = new byte[length];
            byte[] row = new byte[length];
            for (int i = 0; i < rows(pass); i++) {
                read(filter, 1);
                read(row, length);
                unfilter(filter[0], row, above, step);
                int start = (pass.y + i * pass.dy) * size.width() + pass.x;
                sink.put(row, columns, start, pass.dx);
                byte[] free = above;
                above = row;
                row = free;
            }
        }

        private void read(byte[] out, int length) throws ImageFormatException, DataFormatException {
            int done = 0;
            while (done < length) {
                int count = inflater.inflate(out, done, length - done);
                done += count;
                if (count == 0 && !more()) {
                    throw new ImageFormatException("an end within the image's data", "all rows of " + size);
                }
            }
        }

        private boolean more() {
            if (!inflater.needsInput() || part == data.size()) {
                return false;
            }
            int[] next = data.get(part++);
            inflater.setInput(content, next[0], next[1]);
            return true;
        }

        /** Reads on to the end, if it is the next thing, since the checksum of all is there. */
        void requireEnd() throws DataFormatException {
            byte[] beyond = new byte[1];
            while (inflater.inflate(beyond) == 0 && more()) {}
        }
    }

    private static void unfilter(int filter, byte[] row, byte[] above, int step) throws ImageFormatException {
        int length = row.length;
        switch (filter) {
            case 0 -> {}
            case 1 -> {
                for (int i = step; i < length; i++) {
                    row[i] += row[i - step];
                }
            }
            case 2 -> {
                for (int i = 0; i < length; i++) {
                    row[i] += above[i];
                }
            }
            case 3 -> {
                for (int i = 0; i < length; i++) {
                    int left = i < step ? 0 : row[i - step] & 0xFF;
                    row[i] += (byte) ((left + (above[i] & 0xFF)) >> 1);
                }
            }
            case 4 -> {
                for (int i = 0; i < length; i++) {
                    int left = i < step ? 0 : row[i - step] & 0xFF;
                    int corner = i < step ? 0 : above[i - step] & 0xFF;
                    row[i] += (byte) paeth(left, above[i] & 0xFF, corner);
                }
            }
            default -> throw new ImageFormatException("filter " + filter, "0 to 4");
        }
    }

    private static int paeth(int left, int above, int corner) {
        int toLeft = Math.abs(above - corner);
        int toAbove = Math.abs(left - corner);
        int toCorner = Math.abs(left + above - 2 * corner);
        if (toLeft <= toAbove && toLeft <= toCorner) {
            return left;
        }
        return toAbove <= toCorner ? above : corner;
    }

    /** Where rows go. */
    private interface Sink {
        /**
         * Takes a row of packed samples.
         *
         * @param first the first pixel's index in the image
         * @param step from one pixel to the next
         */
        void put(byte[] row, int columns, int first, int step);

        Image image();
    }

    /** The upper 8 bits of a sample, or an index; grey of fewer bits becomes 0 to 255. */
    private int sample(byte[] row, int index) {
        return switch (depth) {
            case 8 -> row[index] & 0xFF;
            case 16 -> row[2 * index] & 0xFF;
            default -> {
                int most = (1 << depth) - 1;
                int perByte = 8 / depth;
                int value = row[index / perByte] >> (8 - depth * (1 + index % perByte)) & most;
                yield colour == INDEXED ? value : value * 255 / most;
            }
        };
    }

    private final class RgbSink implements Sink {
        private final byte[] out = new byte[size.width() * size.height() * 3];

        @Override
        public void put(byte[] row, int columns, int first, int step) {
            if (colour == RGB && depth == 8 && step == 1) {
                System.arraycopy(row, 0, out, 3 * first, 3 * columns);
                return;
            }
            int channels = channels();
            for (int x = 0, q = 3 * first, s = 0; x < columns; x++, q += 3 * step, s += channels) {
                if (palette != null && colour == INDEXED) {
                    palette.put(sample(row, s), out, q);
                } else {
                    out[q] = (byte) sample(row, s);
                    out[q + 1] = channels < 3 ? out[q] : (byte) sample(row, s + 1);
                    out[q + 2] = channels < 3 ? out[q] : (byte) sample(row, s + 2);
                }
            }
        }

        @Override
        public Image image() {
            return new Image(size.width(), size.height(), 3, out);
        }
    }

    private final class ByteSink implements Sink {
        private final int channels = channels();
        private final byte[] out = new byte[size.width() * size.height() * channels];

        @Override
        public void put(byte[] row, int columns, int first, int step) {
            for (int x = 0; x < columns; x++) {
                for (int c = 0; c < channels; c++) {
                    out[(first + x * step) * channels + c] = (byte) sample(row, x * channels + c);
                }
            }
        }

        @Override
        public Image image() {
            return new Image(size.width(), size.height(), channels, out);
        }
    }

    private final class WordSink implements Sink {
        private final int channels = channels();
        private final short[] out = new short[size.width() * size.height() * channels];

        @Override
        public void put(byte[] row, int columns, int first, int step) {
            for (int x = 0; x < columns; x++) {
                for (int c = 0; c < channels; c++) {
                    int p = 2 * (x * channels + c);
                    out[(first + x * step) * channels + c] = (short) (row[p] << 8 | (row[p + 1] & 0xFF));
                }
            }
        }

        @Override
        public Image image() {
            return Image.ofUnsigned16(size.width(), size.height(), channels, out);
        }
    }
}
