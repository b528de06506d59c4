package dev.byol.augment.io;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The segments of a JPEG file, read up to one of its scans. */
final class Jpeg {
    /** Where the first segment begins. */
    static final int FIRST_SEGMENT = 2;

    private static final int DHT = 0xC4;
    private static final int EOI = 0xD9;
    private static final int SOS = 0xDA;
    private static final int DQT = 0xDB;
    private static final int DNL = 0xDC;
    private static final int DRI = 0xDD;
    private static final int APP0 = 0xE0;
    private static final int APP1 = 0xE1;
    private static final int APP14 = 0xEE;

    /** A file that has more is made to take time. */
    private static final int MOST_SCANS = 100;

    private final Bytes in;
    private int at;
    private @Nullable JpegFrame frame;
    private int scans;

    private final int[] @Nullable [] quantisation = new int[4][];
    private final int[] huffman = new int[8];
    private int restartInterval;
    private boolean jfif;
    private int adobe = -1;
    private @Nullable Orientation orientation;

    /**
     * A component's part in a scan.
     *
     * @param component its index in the frame
     * @param dc where its table of DC coefficients is defined; 0 if nowhere
     * @param ac where its table of AC coefficients is defined; 0 if nowhere
     */
    record Part(int component, int dc, int ac) {}

    /**
     * A scan.
     *
     * @param parts its components
     * @param first the first coefficient, in the order of the file
     * @param last the last coefficient
     * @param refined the lowest bit read before; 0 if none was
     * @param lowBits the bits below those that are read
     * @param restartInterval units between restart markers; 0 if there are none
     * @param data where its bits begin
     */
    record Scan(List<Part> parts, int first, int last, int refined, int lowBits, int restartInterval, int data) {}

    /** How the components make colours. */
    enum Colours {
        GREY,
        RGB,
        YCC,
        CMYK,
        YCCK
    }

    Jpeg(byte[] content) {
        in = Bytes.of(content);
    }

    /**
     * Reads on to the next scan.
     *
     * @param from where the bits of the last scan end, or {@link #FIRST_SEGMENT}
     * @return null behind the last one
     */
    @Nullable
    Scan nextScan(int from) throws ImageFormatException {
        at = from;
        while (true) {
            int marker = nextMarker();
            if (marker == EOI) {
                return null;
            }
            if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8)) {
                continue; // those without a length
            }
            int length = in.u16(at);
            if (length < 2) {
                throw new ImageFormatException("a segment of " + length + " bytes", "at least 2");
            }
            Bytes segment = in.part(at + 2L, length - 2L);
            int start = at + 2;
            at += length;
            switch (marker) {
                case SOS -> {
                    return scan(segment);
                }
                case DHT -> huffmanTables(segment, start);
                case DQT -> quantisationTables(segment);
                case DRI -> restartInterval = segment.u16(0);
                case APP0 -> jfif |= segment.startsWith("JFIF\0");
                case APP1 -> exif(segment);
                case APP14 -> adobe = segment.startsWith("Adobe") && segment.length() > 11 ? segment.u8(11) : adobe;
                case 0xC0, 0xC1, 0xC2 -> frame(marker, segment);
                default -> {
                    if ((marker >= 0xC0 && marker <= 0xCF) || marker == DNL) {
                        throw new ImageFormatException(
                                marker(marker), "a baseline, sequential or progressive JPEG file with Huffman codes");
                    }
                }
            }
        }
    }

    private int nextMarker() throws ImageFormatException {
        while (true) {
            if (at >= in.length() - 1) {
                throw new ImageFormatException("the end of the file", marker(EOI));
            }
            int marker = in.u8(at + 1L);
            if (in.u8(at) == 0xFF && marker != 0 && marker != 0xFF) {
                at += 2;
                return marker;
            }
            at++;
        }
    }

    /** What messages call a marker. */
    static String marker(int code) {
        String name = switch (code) {
            case EOI -> " (end of image)";
            case SOS -> " (start of scan)";
            case DNL -> " (number of lines)";
            default ->
                code >= 0xD0 && code <= 0xD7 ? " (restart)" : code >= 0xC0 && code <= 0xCF ? " (start of frame)" : "";
        };
        return String.format("marker FF%02X", code) + name;
    }

    private void frame(int marker, Bytes segment) throws ImageFormatException {
        if (frame != null) {
            throw new ImageFormatException("a second frame", "one");
        }
        frame = JpegFrame.read(marker, segment);
    }

    private void huffmanTables(Bytes segment, int start) throws ImageFormatException {
        for (int p = 0; p < segment.length(); ) {
            int id = segment.u8(p);
            if ((id & 0xEC) != 0) {
                throw new ImageFormatException("Huffman table " + id, "0 to 3, for DC or AC");
            }
            huffman[id >> 2 | (id & 3)] = start + p + 1;
            p += 1 + JpegHuffman.length(segment, p + 1);
        }
    }

    private void quantisationTables(Bytes segment) throws ImageFormatException {
        for (int p = 0; p < segment.length(); ) {
            int id = segment.u8(p) & 15;
            int bytes = segment.u8(p) >> 4 == 0 ? 1 : 2;
            if (id > 3) {
                throw new ImageFormatException("quantisation table " + id, "0 to 3");
            }
            int[] table = new int[64];
            for (int k = 0; k < 64; k++) {
                table[k] = bytes == 1 ? segment.u8(p + 1 + k) : segment.u16(p + 1 + 2 * k);
            }
            quantisation[id] = table;
            p += 1 + 64 * bytes;
        }
    }

    private void exif(Bytes segment) throws ImageFormatException {
        if (orientation == null && segment.startsWith("Exif\0\0")) {
            orientation = Orientation.inExif(segment.part(6, segment.length() - 6L));
        }
    }

    private Scan scan(Bytes segment) throws ImageFormatException {
        JpegFrame of = frame();
        if (++scans > MOST_SCANS) {
            throw new ImageFormatException(
                    "more than " + MOST_SCANS + " scans", "a JPEG file that was not made to take time");
        }
        int count = segment.u8(0);
        if (count < 1 || count > of.components().size()) {
            throw new ImageFormatException(
                    "a scan of " + count + " components",
                    "1 to " + of.components().size());
        }
        List<Part> parts = new ArrayList<>(count);
        int samples = 0;
        for (int i = 0; i < count; i++) {
            int component = component(of, segment.u8(1 + 2 * i));
            int tables = segment.u8(2 + 2 * i);
            if ((tables & 0xCC) != 0 || parts.stream().anyMatch(part -> part.component == component)) {
                throw new ImageFormatException(
                        "component " + component + " with tables " + tables + " in a scan", "each once, tables 0 to 3");
            }
            samples += of.components().get(component).h()
                    * of.components().get(component).v();
            parts.add(new Part(component, huffman[tables >> 4], huffman[4 + (tables & 3)]));
        }
        if (count > 1 && samples > 10) {
            throw new ImageFormatException(samples + " blocks in a unit", "at most 10");
        }
        int first = segment.u8(1 + 2 * count);
        int last = segment.u8(2 + 2 * count);
        int refined = segment.u8(3 + 2 * count) >> 4;
        int lowBits = segment.u8(3 + 2 * count) & 15;
        if (!of.progressive()) {
            return new Scan(parts, 0, 63, 0, 0, restartInterval, at);
        }
        boolean dc = first == 0;
        if (dc != (last == 0)
                || last > 63
                || first > last
                || (!dc && count > 1)
                || lowBits > 13
                || (refined != 0 && refined != lowBits + 1)) {
            throw new ImageFormatException(
                    "a scan of coefficients " + first + " to " + last + ", bits " + refined + " to " + lowBits + " of "
                            + count + " components",
                    "a progressive scan");
        }
        return new Scan(parts, first, last, refined, lowBits, restartInterval, at);
    }

    private static int component(JpegFrame frame, int id) throws ImageFormatException {
        for (int i = 0; i < frame.components().size(); i++) {
            if (frame.components().get(i).id() == id) {
                return i;
            }
        }
        throw new ImageFormatException("a scan of component " + id, "one of the frame's");
    }

    JpegFrame frame() throws ImageFormatException {
        if (frame == null) {
            throw new ImageFormatException("no frame before the image's data", "a start of frame");
        }
        return frame;
    }

    Orientation orientation() {
        return orientation == null ? Orientation.UPRIGHT : orientation;
    }

    /** The present quantisation table of a component, in the order of the file {@code [64]}. */
    int[] quantisation(JpegFrame.Component component) throws ImageFormatException {
        int[] table = quantisation[component.quantisation()];
        if (table == null) {
            throw new ImageFormatException("no quantisation table " + component.quantisation(), "one before the scan");
        }
        return table;
    }

    /** What libjpeg guesses of the colours from the markers, and if need be from the components' names. */
    Colours colours() throws ImageFormatException {
        List<JpegFrame.Component> components = frame().components();
        return switch (components.size()) {
            case 1 -> Colours.GREY;
            case 4 -> adobe > 0 ? Colours.YCCK : Colours.CMYK;
            default -> isRgb(components) ? Colours.RGB : Colours.YCC;
        };
    }

    private boolean isRgb(List<JpegFrame.Component> components) {
        if (jfif || adobe >= 0) {
            return !jfif && adobe == 0;
        }
        return components.get(0).id() == 'R'
                && components.get(1).id() == 'G'
                && components.get(2).id() == 'B';
    }
}
