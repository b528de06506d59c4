package dev.byol.augment.io;

import dev.byol.augment.Region;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Decodes JPEG files exactly as libjpeg-turbo does by default: baseline, extended sequential and progressive ones of 8 bits
 * with Huffman codes. All of a file is read, and pixels are made of what is needed. One decoder belongs to one thread; its
 * memory grows to the widest image and is reused.
 */
final class JpegDecoder {
    private static final ThreadLocal<JpegDecoder> OF_THREAD = ThreadLocal.withInitial(JpegDecoder::new);
    /** Memory for wider images is not kept. */
    private static final int WIDE = 1 << 13;

    /** Memory for more coefficients of a component is not kept. */
    private static final int MANY = 1 << 20;

    /** Blocks that are transformed together, if not more: enough for vectors, and little enough to stay in a cache. */
    private static final int BLOCKS = 512;

    private static final int BLOCK = 8;
    private static final int COEFFICIENTS = BLOCK * BLOCK;
    private static final int[] NATURAL = {
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14,
        21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60,
        61, 54, 47, 55, 62, 63
    };

    private final JpegBits bits = new JpegBits();
    private final JpegHuffman[] dcTables = tables();
    private final JpegHuffman[] acTables = tables();
    private final JpegIdct idct = new JpegIdct();
    private final JpegColours colours = new JpegColours();
    private final JpegPlane[] planes = {new JpegPlane(), new JpegPlane(), new JpegPlane(), new JpegPlane()};
    private int[][] blocks = new int[COEFFICIENTS][0]; // of a band of units, by row and column
    private final int[][] blocksAsRead = new int[COEFFICIENTS][]; // the same, in the order of the file
    private int[] pixels = {};
    private final short[][] stored = new short[4][0]; // coefficients of a file of several scans, a component each

    private JpegDecoder() {}

    private static JpegHuffman[] tables() {
        return new JpegHuffman[] {new JpegHuffman(), new JpegHuffman(), new JpegHuffman(), new JpegHuffman()};
    }

    /**
     * Decodes a file.
     *
     * @param content the whole file
     * @param frame its frame, perhaps of a reduced size
     * @param needed the pixels to make, as stored; others stay as they are
     * @param memory gives so many zeros, or more, once the file is found to be long enough for them
     * @return RGB samples, in that memory
     */
    static byte[] decode(byte[] content, JpegFrame frame, Region needed, IntFunction<byte[]> memory)
            throws ImageFormatException {
        Jpeg jpeg = new Jpeg(content);
        Jpeg.Scan scan = jpeg.nextScan(Jpeg.FIRST_SEGMENT);
        if (scan == null) {
            throw new ImageFormatException("no data before the end of the image", "a scan");
        }
        boolean wide = frame.unitsAcross() * frame.maxH() > WIDE / BLOCK; // as it is stored: blocks are not reduced
        return (wide ? new JpegDecoder() : OF_THREAD.get()).decode(content, jpeg, frame, scan, needed, memory);
    }

    /** Whether a file's first scan has everything, so that each row of units can be finished before the next one is read. */
    static boolean isAtOnce(JpegFrame frame, Jpeg.Scan first) {
        return !frame.progressive()
                && first.parts().size() == frame.components().size();
    }

    /** About the bytes that a file takes beside its image: coefficients that are kept, a band of blocks, planes and rows. */
    static long memory(JpegFrame frame, boolean atOnce) {
        long coefficients = atOnce ? 0 : frame.blocks() * COEFFICIENTS * Short.BYTES;
        long band = Math.max(frame.blocks() / frame.unitsDown(), BLOCKS);
        return coefficients + 5 * band * COEFFICIENTS * Integer.BYTES;
    }

    private byte[] decode(
            byte[] content, Jpeg jpeg, JpegFrame frame, Jpeg.Scan scan, Region needed, IntFunction<byte[]> memory)
            throws ImageFormatException {
        // A block takes two bits at least, or one of a progressive scan.
        long least = frame.blocks() / (frame.progressive() ? 8 : 4);
        if (content.length - scan.data() < least) {
            throw new ImageFormatException(
                    (content.length - scan.data()) + " bytes of data", "at least " + least + " for " + frame.size());
        }
        Output out = new Output(frame, jpeg.colours(), needed, memory);
        if (isAtOnce(frame, scan)) {
            decodeAtOnce(content, jpeg, scan, out);
        } else {
            decodeInScans(content, jpeg, scan, out);
        }
        return out.samples;
    }

    private void prepare(byte[] content, Jpeg.Scan scan, JpegHuffman.Use use) throws ImageFormatException {
        for (Jpeg.Part part : scan.parts()) {
            if (scan.first() == 0 && scan.refined() == 0) {
                dcTables[part.component()].prepare(content, part.dc(), JpegHuffman.Use.DC);
            }
            if (scan.last() > 0) {
                acTables[part.component()].prepare(content, part.ac(), use);
            }
        }
        bits.start(content, scan.data());
    }

    /** All components in one scan: every row of units is finished before the next one is read. */
    private void decodeAtOnce(byte[] content, Jpeg jpeg, Jpeg.Scan scan, Output out) throws ImageFormatException {
        JpegFrame frame = out.frame;
        prepare(content, scan, JpegHuffman.Use.AC_INCLUDED);
        int count = scan.parts().size();
        int[] order = new int[count];
        int[][] quantisation = new int[count][];
        for (int i = 0; i < count; i++) {
            order[i] = scan.parts().get(i).component();
            quantisation[i] = jpeg.quantisation(frame.components().get(order[i]));
        }
        int[] predictors = new int[count];
        int unit = 0;
        for (int y = 0; y < frame.unitsDown(); y++) {
            for (int x = 0; x < frame.unitsAcross(); x++, unit++) {
                if (restarts(scan, unit)) {
                    Arrays.fill(predictors, 0);
                }
                for (int i = 0; i < count; i++) {
                    predictors[i] = unit(order[i], quantisation[i], predictors[i], out, x, y);
                }
            }
            out.finish(y);
        }
        if (jpeg.nextScan(bits.position()) != null) {
            throw new ImageFormatException("a second scan", "all components in the first one");
        }
    }

    private boolean restarts(Jpeg.Scan scan, int unit) throws ImageFormatException {
        int interval = scan.restartInterval();
        if (interval == 0 || unit == 0 || unit % interval != 0) {
            return false;
        }
        bits.restart((unit / interval - 1) % 8);
        return true;
    }

    private int unit(int component, int[] quantisation, int predictor, Output out, int x, int y)
            throws ImageFormatException {
        JpegFrame.Component part = out.components[component];
        int value = predictor;
        for (int v = 0; v < part.v(); v++) {
            for (int h = 0; h < part.h(); h++) {
                int block = out.block(component, x, y, h, v);
                value = bits.block(dcTables[component], acTables[component], quantisation, blocksAsRead, block, value);
            }
        }
        return value;
    }

    /** Coefficients are collected from all scans before the first row of units is finished. */
    private void decodeInScans(byte[] content, Jpeg jpeg, Jpeg.Scan first, Output out) throws ImageFormatException {
        JpegFrame frame = out.frame;
        int count = frame.components().size();
        short[][] coefficients = new short[count][];
        int[][] quantisation = new int[count][];
        Jpeg.Scan scan = first;
        while (scan != null) {
            for (Jpeg.Part part : scan.parts()) {
                int i = part.component();
                JpegFrame.Component component = frame.components().get(i);
                if (coefficients[i] == null) {
                    coefficients[i] = zeros(i, frame.blocks(component) * COEFFICIENTS);
                    quantisation[i] = jpeg.quantisation(component);
                }
            }
            prepare(content, scan, JpegHuffman.Use.AC);
            if (scan.parts().size() == 1) {
                readOne(frame, scan, coefficients);
            } else {
                readTogether(frame, scan, coefficients);
            }
            scan = jpeg.nextScan(bits.position());
        }
        for (int i = 0; i < count; i++) {
            if (coefficients[i] == null) {
                throw new ImageFormatException("no scan of component " + i, "all components");
            }
        }
        for (int y = 0; y < frame.unitsDown(); y++) {
            if (out.isNeeded(y)) {
                for (int i = 0; i < count; i++) {
                    load(coefficients[i], quantisation[i], out, i, y);
                }
                out.finish(y);
            }
        }
    }

    private short[] zeros(int component, long count) {
        int length = Math.toIntExact(count);
        if (length <= stored[component].length) {
            Arrays.fill(stored[component], 0, length, (short) 0);
            return stored[component];
        }
        short[] zeros = new short[length];
        if (length <= MANY) {
            stored[component] = zeros;
        }
        return zeros;
    }

    /** A scan of one component: its blocks row by row, those beyond the image left out. */
    private void readOne(JpegFrame frame, Jpeg.Scan scan, short[][] coefficients) throws ImageFormatException {
        int index = scan.parts().get(0).component();
        JpegFrame.Component component = frame.components().get(index);
        int across = frame.blocksAcross(component);
        int down = frame.blocksDown(component);
        int stride = frame.unitsAcross() * component.h();
        int predictor = 0;
        int unit = 0;
        for (int y = 0; y < down; y++) {
            for (int x = 0; x < across; x++, unit++) {
                predictor = restarts(scan, unit) ? 0 : predictor;
                predictor = read(scan, index, coefficients[index], (y * stride + x) * COEFFICIENTS, predictor);
            }
        }
    }

    private void readTogether(JpegFrame frame, Jpeg.Scan scan, short[][] coefficients) throws ImageFormatException {
        List<Jpeg.Part> parts = scan.parts();
        int[] predictors = new int[parts.size()];
        int unit = 0;
        for (int y = 0; y < frame.unitsDown(); y++) {
            for (int x = 0; x < frame.unitsAcross(); x++, unit++) {
                if (restarts(scan, unit)) {
                    Arrays.fill(predictors, 0);
                }
                for (int i = 0; i < predictors.length; i++) {
                    int index = parts.get(i).component();
                    JpegFrame.Component component = frame.components().get(index);
                    int stride = frame.unitsAcross() * component.h();
                    for (int v = 0; v < component.v(); v++) {
                        for (int h = 0; h < component.h(); h++) {
                            int block = (y * component.v() + v) * stride + x * component.h() + h;
                            predictors[i] = read(scan, index, coefficients[index], block * COEFFICIENTS, predictors[i]);
                        }
                    }
                }
            }
        }
    }

    private int read(Jpeg.Scan scan, int component, short[] out, int at, int predictor) throws ImageFormatException {
        int value = predictor;
        int first = scan.first();
        if (first == 0) {
            if (scan.refined() == 0) {
                value = bits.dcFirst(dcTables[component], out, at, predictor, scan.lowBits());
            } else {
                bits.dcRefine(out, at, scan.lowBits());
            }
            first = 1;
        }
        if (scan.last() > 0) {
            if (scan.refined() == 0) {
                bits.acFirst(acTables[component], out, at, first, scan.last(), scan.lowBits());
            } else {
                bits.acRefine(acTables[component], out, at, first, scan.last(), scan.lowBits());
            }
        }
        return value;
    }

    private void load(short[] coefficients, int[] quantisation, Output out, int index, int y) {
        JpegFrame.Component component = out.components[index];
        int stride = out.frame.unitsAcross() * component.h();
        for (int x = out.firstAcross; x < out.lastAcross; x++) {
            for (int v = 0; v < component.v(); v++) {
                for (int h = 0; h < component.h(); h++) {
                    int block = out.block(index, x, y, h, v);
                    int at = ((y * component.v() + v) * stride + x * component.h() + h) * COEFFICIENTS;
                    for (int k = 0; k < COEFFICIENTS; k++) {
                        blocksAsRead[k][block] = coefficients[at + k] * quantisation[k];
                    }
                }
            }
        }
    }

    /** What is made of the coefficients: the needed pixels, and the units and blocks that they take. */
    private final class Output {
        final JpegFrame frame;
        final JpegFrame.Component[] components;
        final int firstAcross;
        final int lastAcross; // behind the last one
        final byte[] samples;

        private final Jpeg.Colours kind;
        private final int firstDown;
        private final int lastDown; // behind the last one
        private final int[] firstBlock;
        private final int band; // rows of units that are finished together
        private final int unneeded; // where blocks go that are not needed
        private final int left;
        private final int width;
        private final int bottom; // behind the last row
        private int nextRow;

        Output(JpegFrame frame, Jpeg.Colours kind, Region needed, IntFunction<byte[]> memory) {
            this.frame = frame;
            this.kind = kind;
            components = frame.components().toArray(JpegFrame.Component[]::new);
            int h = frame.maxH();
            int v = frame.maxV();
            int side = frame.side();
            left = needed.left() / h * h;
            width = needed.left() + needed.width() - left;
            nextRow = needed.top();
            bottom = needed.top() + needed.height();
            // Interpolation reads one sample further, which is at most a component's share of h or v pixels.
            firstAcross = Math.max(left - h, 0) / (side * h);
            lastAcross = Math.min(JpegFrame.ceil(left + width + h, side * h), frame.unitsAcross());
            firstDown = Math.max(nextRow - v, 0) / (side * v);
            lastDown = Math.min(JpegFrame.ceil(bottom + v, side * v), frame.unitsDown());
            firstBlock = new int[components.length];
            int units = lastAcross - firstAcross;
            int inRow = 0;
            for (JpegFrame.Component component : components) {
                inRow += units * component.h() * component.v();
            }
            band = Math.min(Math.max(BLOCKS / inRow, 1), lastDown - firstDown);
            int block = 0;
            for (int i = 0; i < components.length; i++) {
                firstBlock[i] = block;
                block += band * units * components[i].h() * components[i].v();
                planes[i].begin(frame, components[i], firstAcross, units, band);
            }
            unneeded = block;
            reserve(block + 1, h * JpegPlane.laneOf(frame, units));
            samples = memory.apply(frame.size().width() * frame.size().height() * 3);
        }

        private void reserve(int blockCount, int length) {
            if (blocks[0].length < blockCount) {
                blocks = new int[COEFFICIENTS][blockCount];
            }
            for (int k = 0; k < COEFFICIENTS; k++) {
                blocksAsRead[k] = blocks[NATURAL[k]];
            }
            clear();
            if (pixels.length < length) {
                pixels = new int[length];
            }
        }

        private void clear() {
            for (int[] row : blocks) {
                Arrays.fill(row, 0, unneeded, 0);
            }
        }

        boolean isNeeded(int y) {
            return y >= firstDown && y < lastDown;
        }

        /** Where a block of a unit goes. */
        int block(int component, int x, int y, int h, int v) {
            if (x < firstAcross || x >= lastAcross || !isNeeded(y)) {
                return unneeded;
            }
            int row = (y - firstDown) % band * components[component].v() + v;
            return firstBlock[component]
                    + (row * (lastAcross - firstAcross) + x - firstAcross) * components[component].h()
                    + h;
        }

        /** Makes pixels when a row of units completes a band, but for those that wait for the next row. */
        void finish(int y) {
            boolean last = y + 1 == lastDown;
            if (!isNeeded(y) || ((y + 1 - firstDown) % band != 0 && !last)) {
                return;
            }
            int first = y - (y - firstDown) % band;
            for (int i = 0, from = 0; i < components.length; i++) {
                int side = frame.side(components[i]);
                if (i + 1 == components.length || frame.side(components[i + 1]) != side) {
                    int to = i + 1 == components.length ? unneeded : firstBlock[i + 1];
                    idct.transform(blocks, side, from, to);
                    from = to;
                }
            }
            for (int i = 0; i < components.length; i++) {
                int count = (lastAcross - firstAcross) * components[i].h();
                int v = components[i].v();
                for (int row = first * v; row < (y + 1) * v; row++) {
                    planes[i].put(blocks, firstBlock[i] + (row - first * v) * count, count, row);
                }
            }
            clear();
            int complete =
                    y + 1 == frame.unitsDown() ? bottom : Math.min(((y + 1) * frame.side() - 1) * frame.maxV(), bottom);
            int[][] values = new int[components.length][];
            int h = frame.maxH();
            int lane = JpegPlane.laneOf(frame, lastAcross - firstAcross);
            int from = 1 + left / h - firstAcross * frame.side();
            for (; nextRow < complete; nextRow++) {
                for (int i = 0; i < components.length; i++) {
                    values[i] = planes[i].imageRow(nextRow);
                }
                colours.convert(kind, values, pixels, h * lane);
                int at = (nextRow * frame.size().width() + left) * 3;
                JpegColours.store(pixels, h, lane, from, width, samples, at);
            }
        }
    }
}
