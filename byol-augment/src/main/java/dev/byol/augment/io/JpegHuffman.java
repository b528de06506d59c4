package dev.byol.augment.io;

import java.util.Arrays;

/**
 * A Huffman table of a JPEG file. What most codes mean is looked up at once by the next {@value #LOOK} bits, for sequential
 * scans together with the coefficient that follows the code if it lies in those bits too.
 *
 * <p>An entry holds, from the lowest bit: the bits that it takes (6), whether the coefficient is included (1), the zeros
 * before it (4, from bit 8), the bits of the coefficient if they are still to be read (4, from bit 12) and the coefficient
 * if it is included (16 signed, from bit 16).
 */
final class JpegHuffman {
    /** What a table is used for. */
    enum Use {
        DC,
        AC,
        /** AC coefficients together with their codes. */
        AC_INCLUDED
    }

    static final int LOOK = 11;
    static final int INCLUDED = 1 << 6;

    private static final int LONGEST = 16;
    private static final int MOST_CODES = 256;

    final int[] entries = new int[1 << LOOK];
    private final int[] limit = new int[LONGEST + 1]; // above the first 16 bits of any code of this length
    private final int[] offset = new int[LONGEST + 1];
    private byte[] definition = {};
    private Use use = Use.DC;

    /** The length of a table's definition: how many codes have 1 to 16 bits, and their symbols. */
    static int length(Bytes in, long from) throws ImageFormatException {
        int total = 0;
        for (int i = 0; i < LONGEST; i++) {
            total += in.u8(from + i);
        }
        if (total > MOST_CODES) {
            throw new ImageFormatException("a Huffman table of " + total + " codes", "at most " + MOST_CODES);
        }
        in.part(from, LONGEST + total);
        return LONGEST + total;
    }

    /**
     * Makes the table ready for a scan; costs little if it is already.
     *
     * @param from where it is defined; 0 if nowhere
     */
    void prepare(byte[] content, int from, Use purpose) throws ImageFormatException {
        if (from == 0) {
            throw new ImageFormatException("a scan without its Huffman table", "the table before the scan");
        }
        int length = length(Bytes.of(content), from);
        if (purpose == use && Arrays.equals(definition, 0, definition.length, content, from, from + length)) {
            return;
        }
        definition = new byte[0];
        use = purpose;
        fill(content, from);
        definition = Arrays.copyOfRange(content, from, from + length);
    }

    private void fill(byte[] content, int from) throws ImageFormatException {
        Arrays.fill(entries, 0);
        int code = 0;
        int index = 0;
        for (int length = 1; length <= LONGEST; length++) {
            offset[length] = index - code;
            int count = content[from + length - 1] & 0xFF;
            if (code + count > 1 << length) {
                throw new ImageFormatException(
                        "more codes of " + length + " bits than there can be", "a Huffman table");
            }
            for (int i = 0; i < count; i++, index++, code++) {
                int symbol = content[from + LONGEST + index] & 0xFF;
                if (use == Use.DC && symbol > 15) {
                    throw new ImageFormatException("a DC coefficient of " + symbol + " bits", "at most 15");
                }
                if (length <= LOOK) {
                    enter(code, length, symbol, use == Use.AC_INCLUDED);
                }
            }
            limit[length] = code << (LONGEST - length);
            code <<= 1;
        }
    }

    private void enter(int code, int length, int symbol, boolean include) {
        int rest = LOOK - length;
        int plain = entry(symbol, length);
        int size = symbol & 15;
        boolean included = include && size > 0 && size <= rest;
        for (int bits = 0; bits < 1 << rest; bits++) {
            entries[code << rest | bits] = included
                    ? extend(bits >>> (rest - size), size) << 16 | (plain & 0xF00) | INCLUDED | (length + size)
                    : plain;
        }
    }

    private static int entry(int symbol, int length) {
        return (symbol & 15) << 12 | (symbol >> 4) << 8 | length;
    }

    /**
     * The entry of a code that is longer than {@link #LOOK} bits.
     *
     * @param next the next 16 bits
     */
    int longEntry(int next) throws ImageFormatException {
        for (int length = LOOK + 1; length <= LONGEST; length++) {
            if (next < limit[length]) {
                int index = offset[length] + (next >> (LONGEST - length));
                return entry(definition[LONGEST + index] & 0xFF, length);
            }
        }
        throw new ImageFormatException("bits that are no code of the Huffman table", "JPEG data");
    }

    /** The coefficient that some bits mean: the lower half of them are the negative ones. */
    static int extend(int bits, int size) {
        return bits < 1 << (size - 1) ? bits - (1 << size) + 1 : bits;
    }
}
