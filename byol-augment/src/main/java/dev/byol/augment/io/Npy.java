package dev.byol.augment.io;

import dev.byol.augment.Image;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * NumPy's {@code .npy} files (NEP 1, versions 1.0 to 3.0): an array {@code [N, height, width]} or
 * {@code [N, height, width, channels]} of images, and one {@code [N]} of labels. Samples are {@code uint8}, {@code uint16}
 * ({@link Image#ofUnsigned16}) or {@code float32} in [0, 1], of either byte order, in C order. Images have the channels of
 * the array, one without that axis; {@link Sources#rgb} makes three of one. Arrays are read image by image, whatever their size.
 */
public final class Npy {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int LONGEST_HEADER = 1 << 16;
    private static final Pattern TYPE = Pattern.compile("'descr'\\s*:\\s*'([<>|=]?)([a-z])(\\d{1,2})'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([\\d,\\s]*)\\)");
    private static final String EXPECTED = "a NumPy array file (.npy)";

    /** Where the axis of the channels is, in an array that has one. */
    public enum Layout {
        /** {@code [N, height, width, channels]}. */
        CHANNELS_LAST,
        /** {@code [N, channels, height, width]}. */
        CHANNELS_FIRST
    }

    private Npy() {}

    /**
     * An array of images without labels.
     *
     * @throws DatasetException if the file is missing or broken, or holds another array
     */
    public static ImageSource unlabelled(Path images, Layout layout) throws IOException {
        return source(ArrayFile.open(images), layout, Labels.NONE);
    }

    /**
     * An array of images and one of their labels, of any integer type; -1 stands for none.
     *
     * @throws DatasetException if a file is missing or broken, or holds another array, or there are not as many labels as images
     */
    public static ImageSource labelled(Path images, Path labels, Layout layout) throws IOException {
        ArrayFile array = ArrayFile.open(images);
        return source(array, layout, labels(ArrayFile.open(labels), array));
    }

    private static ImageSource source(ArrayFile array, Layout layout, Labels labels) throws IOException {
        List<Long> shape = array.shape;
        boolean isImages = shape.size() == 3 || shape.size() == 4;
        if (!isImages || !List.of("u1", "u2", "f4").contains(array.type) || array.elements() == 0) {
            throw new DatasetException(
                    array.file,
                    array.toString(),
                    "uint8, uint16 or float32 [N, height, width] or with channels, none of them 0");
        }
        boolean isFirst = layout == Layout.CHANNELS_FIRST && shape.size() == 4;
        long channels = shape.size() == 3 ? 1 : shape.get(isFirst ? 1 : 3);
        long height = shape.get(isFirst ? 2 : 1);
        long width = shape.get(isFirst ? 3 : 2);
        long bytes = array.elements() / shape.get(0) * array.itemSize();
        if (shape.get(0) > Integer.MAX_VALUE || bytes > Records.LONGEST) {
            throw new DatasetException(array.file, array.toString(), "at most 2^31 images of at most 2^31 bytes each");
        }
        Geometry geometry = new Geometry((int) width, (int) height, (int) channels, isFirst);
        Records records = Records.behind(
                array.file, array.begin, (int) bytes, shape.get(0).intValue());
        return new RecordImages(
                array.file.toString(), List.of(records), record -> geometry.image(record, array), labels, List.of());
    }

    private static Labels labels(ArrayFile array, ArrayFile images) throws IOException {
        boolean isIntegers = array.type.matches("[iu][1248]");
        if (!isIntegers || array.shape.size() != 1 || !array.shape.get(0).equals(images.shape.get(0))) {
            throw new DatasetException(
                    array.file, array.toString(), "integers [" + images.shape.get(0) + "], a label for each image");
        }
        if (array.elements() > Integer.MAX_VALUE) {
            throw new DatasetException(array.file, array.toString(), "at most 2^31 labels");
        }
        int[] labels = new int[(int) array.elements()];
        try (DataInputStream in = array.data()) {
            byte[] item = new byte[array.itemSize()];
            for (int i = 0; i < labels.length; i++) {
                in.readFully(item);
                long label = array.integer(item);
                if (label < ImageSource.UNLABELLED || label > Integer.MAX_VALUE) {
                    throw new DatasetException(array.file, "label " + label + " of image " + i, "labels from -1 on");
                }
                labels[i] = (int) label;
            }
        }
        return new Labels(labels);
    }

    private record Geometry(int width, int height, int channels, boolean isChannelsFirst) {
        Image image(byte[] record, ArrayFile array) {
            return switch (array.type) {
                case "u1" -> bytes(record);
                case "u2" -> shorts(ByteBuffer.wrap(record).order(array.order));
                default -> floats(ByteBuffer.wrap(record).order(array.order));
            };
        }

        private int count() {
            return width * height * channels;
        }

        private Image bytes(byte[] record) {
            byte[] samples = new byte[count()];
            for (int i = 0; i < samples.length; i++) {
                samples[i] = record[source(i)];
            }
            return new Image(width, height, channels, samples);
        }

        private Image shorts(ByteBuffer record) {
            short[] samples = new short[count()];
            for (int i = 0; i < samples.length; i++) {
                samples[i] = record.getShort(2 * source(i));
            }
            return Image.ofUnsigned16(width, height, channels, samples);
        }

        private Image floats(ByteBuffer record) {
            float[] samples = new float[count()];
            for (int i = 0; i < samples.length; i++) {
                samples[i] = record.getFloat(4 * source(i));
            }
            return new Image(width, height, channels, samples);
        }

        /** Where an interleaved sample is in the array. */
        private int source(int interleaved) {
            return isChannelsFirst ? interleaved % channels * width * height + interleaved / channels : interleaved;
        }
    }

    /** What a header says, held against the size of the file. */
    private static final class ArrayFile {
        private final Path file;
        private final long begin;
        private final ByteOrder order;
        private final String type;
        private final List<Long> shape;

        private ArrayFile(Path file, long begin, ByteOrder order, String type, List<Long> shape) {
            this.file = file;
            this.begin = begin;
            this.order = order;
            this.type = type;
            this.shape = shape;
        }

        static ArrayFile open(Path file) throws IOException {
            long bytes = Records.size(file, EXPECTED);
            try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
                if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
                    throw new DatasetException(file, "other first bytes", EXPECTED);
                }
                int version = in.readUnsignedByte();
                in.readByte();
                long length = version == 1
                        ? Short.reverseBytes(in.readShort()) & 0xFFFF
                        : Integer.reverseBytes(in.readInt()) & 0xFFFFFFFFL;
                if (version < 1 || version > 3 || length > LONGEST_HEADER) {
                    throw new DatasetException(
                            file,
                            "version " + version + " with a header of " + length + " bytes",
                            "version 1 to 3 with one of at most " + LONGEST_HEADER);
                }
                byte[] header = new byte[(int) length];
                in.readFully(header);
                long begin = MAGIC.length + 2 + (version == 1 ? 2 : 4) + length;
                return parse(file, new String(header, StandardCharsets.UTF_8).strip(), begin, bytes - begin);
            } catch (EOFException e) {
                throw new DatasetException(file, bytes + " bytes, less than a header", EXPECTED);
            }
        }

        private static ArrayFile parse(Path file, String header, long begin, long bytes) throws IOException {
            Matcher type = TYPE.matcher(header);
            Matcher order = ORDER.matcher(header);
            Matcher shape = SHAPE.matcher(header);
            if (!type.find() || !order.find() || !shape.find()) {
                throw new DatasetException(
                        file,
                        "the header " + header.substring(0, Math.min(200, header.length())),
                        "one with a plain 'descr', 'fortran_order' and 'shape'");
            }
            if (order.group(1).equals("True")) {
                throw new DatasetException(
                        file, "an array in Fortran order", "C order, as numpy.ascontiguousarray makes it");
            }
            List<Long> sizes = new ArrayList<>();
            for (String size : shape.group(1).split(",", -1)) {
                if (!size.isBlank()) {
                    if (!size.strip().matches("\\d{1,18}")) {
                        throw new DatasetException(file, "the shape (" + shape.group(1) + ")", "sizes below 10^18");
                    }
                    sizes.add(Long.parseLong(size.strip()));
                }
            }
            ByteOrder byteOrder = type.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
            ArrayFile array = new ArrayFile(file, begin, byteOrder, type.group(2) + type.group(3), List.copyOf(sizes));
            if (!array.hasBytes(bytes)) {
                throw new DatasetException(
                        file, bytes + " bytes behind a header that says " + array, "exactly as many as it says");
            }
            return array;
        }

        private boolean hasBytes(long bytes) {
            try {
                return Math.multiplyExact(elements(), itemSize()) == bytes;
            } catch (ArithmeticException e) {
                return false;
            }
        }

        long elements() {
            return shape.stream().reduce(1L, Math::multiplyExact);
        }

        int itemSize() {
            return Integer.parseInt(type.substring(1));
        }

        DataInputStream data() throws IOException {
            DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)));
            in.skipNBytes(begin);
            return in;
        }

        /** A signed or unsigned integer, or the greatest if it is greater. */
        long integer(byte[] item) {
            long value = 0;
            for (int i = 0; i < item.length; i++) {
                byte next = item[order == ByteOrder.BIG_ENDIAN ? i : item.length - 1 - i];
                value = i == 0 && type.startsWith("i") ? next : value << 8 | (next & 0xFF);
            }
            return type.startsWith("u") && value < 0 ? Long.MAX_VALUE : value;
        }

        @Override
        public String toString() {
            return type.replace("u1", "uint8").replace("u2", "uint16").replace("f4", "float32") + " " + shape;
        }
    }
}
