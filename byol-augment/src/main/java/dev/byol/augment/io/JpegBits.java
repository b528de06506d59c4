package dev.byol.augment.io;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The entropy-coded bits of a scan, up to the next marker, and the coefficients in them. */
final class JpegBits {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final int BLOCK = 64;

    private byte[] data = {};
    private int at;
    private long bits; // the next bits, from the highest on
    private int count; // how many there are, padding included
    private int padding; // how many zeros have been appended behind the last bit
    private int endOfBand; // blocks to come without further coefficients

    /** Begins to read at a position. */
    void start(byte[] content, int position) {
        data = content;
        at = position;
        bits = 0;
        count = 0;
        padding = 0;
        endOfBand = 0;
    }

    /** Goes on behind the restart marker of this number, 0 to 7. */
    void restart(int number) throws ImageFormatException {
        while (at + 1 < data.length && (data[at] != -1 || data[at + 1] == 0 || data[at + 1] == -1)) {
            at++;
        }
        int expected = 0xD0 + number;
        if (at + 1 >= data.length || (data[at + 1] & 0xFF) != expected) {
            throw new ImageFormatException(
                    at + 1 >= data.length ? "the end of the file" : Jpeg.marker(data[at + 1] & 0xFF),
                    Jpeg.marker(expected));
        }
        start(data, at + 2);
    }

    /** Where the marker is looked for that ends these bits. */
    int position() {
        return at;
    }

    /** At least 32 bits from here on, if need be by appending zeros behind the last one. */
    private void fill() {
        while (count <= 56) {
            int next = at < data.length ? data[at] & 0xFF : 0xFF;
            if (next == 0xFF) {
                if (at + 1 < data.length && data[at + 1] == 0) {
                    at++; // a stuffed zero
                } else {
                    padding += 64 - count;
                    count = 64;
                    return;
                }
            }
            at++;
            bits |= (long) next << (56 - count);
            count += 8;
        }
    }

    private void require() throws ImageFormatException {
        if (padding > count) {
            throw new ImageFormatException(
                    at < data.length ? "a marker within the image's data" : "an end within the image's data",
                    "all of its blocks");
        }
    }

    private static ImageFormatException tooMany() {
        return new ImageFormatException("more than 64 coefficients in a block", "JPEG data");
    }

    /**
     * Reads a block of a sequential scan, and multiplies it by the quantisation.
     *
     * @param quantisation in the order of the file {@code [64]}
     * @param out coefficients {@code [64, blocks]}, in the order of the file; those not read stay as they are
     * @param predictor the component's last DC coefficient
     * @return the component's DC coefficient
     */
    int block(JpegHuffman dc, JpegHuffman ac, int[] quantisation, int[][] out, int block, int predictor)
            throws ImageFormatException {
        if (count < 32) {
            fill();
        }
        long next = bits;
        int left = count;
        int value = predictor;
        int first = dc.entries[(int) (next >>> (64 - JpegHuffman.LOOK))];
        if (first == 0) {
            first = dc.longEntry((int) (next >>> 48));
        }
        next <<= first & 63;
        left -= first & 63;
        int bitsOfDifference = first >> 12 & 15;
        if (bitsOfDifference > 0) {
            value += JpegHuffman.extend((int) (next >>> (64 - bitsOfDifference)), bitsOfDifference);
            next <<= bitsOfDifference;
            left -= bitsOfDifference;
        }
        out[0][block] = value * quantisation[0];
        int[] entries = ac.entries;
        int k = 1;
        while (k < BLOCK) {
            if (left < 32) {
                int word = at <= data.length - 4 ? (int) INT.get(data, at) : -1;
                if (((~word - 0x01010101) & word & 0x80808080) == 0) { // no byte of it is FF
                    next |= (word & 0xFFFFFFFFL) << (32 - left);
                    left += 32;
                    at += 4;
                } else {
                    bits = next;
                    count = left;
                    fill();
                    next = bits;
                    left = count;
                }
            }
            int entry = entries[(int) (next >>> (64 - JpegHuffman.LOOK))];
            if ((entry & JpegHuffman.INCLUDED) != 0) {
                next <<= entry & 63;
                left -= entry & 63;
                k += entry >> 8 & 15;
                if (k >= BLOCK) {
                    throw tooMany();
                }
                out[k][block] = (entry >> 16) * quantisation[k];
                k++;
                continue;
            }
            if (entry == 0) {
                entry = ac.longEntry((int) (next >>> 48));
            }
            next <<= entry & 63;
            left -= entry & 63;
            int size = entry >> 12 & 15;
            int run = entry >> 8 & 15;
            if (size == 0) {
                if (run < 15) {
                    break;
                }
                k += 16;
                continue;
            }
            k += run;
            if (k >= BLOCK) {
                throw tooMany();
            }
            out[k][block] = JpegHuffman.extend((int) (next >>> (64 - size)), size) * quantisation[k];
            next <<= size;
            left -= size;
            k++;
        }
        bits = next;
        count = left;
        require();
        return value;
    }

    private int difference(JpegHuffman dc) throws ImageFormatException {
        int size = symbol(dc) >> 12 & 15;
        return size == 0 ? 0 : JpegHuffman.extend(read(size), size);
    }

    /** The entry of the next code; its bits are taken. The 16 bits after it are there. */
    private int symbol(JpegHuffman table) throws ImageFormatException {
        if (count < 32) {
            fill();
        }
        int entry = table.entries[(int) (bits >>> (64 - JpegHuffman.LOOK))];
        if (entry == 0) {
            entry = table.longEntry((int) (bits >>> 48));
        }
        bits <<= entry & 63;
        count -= entry & 63;
        return entry;
    }

    /** The next bits, at most 16, as a number. */
    private int read(int size) {
        if (size == 0) {
            return 0;
        }
        if (count < size) {
            fill();
        }
        int value = (int) (bits >>> (64 - size));
        bits <<= size;
        count -= size;
        return value;
    }

    private boolean bit() {
        return read(1) != 0;
    }

    /**
     * Reads a DC coefficient, but for its lowest bits in a progressive scan.
     *
     * @return it, which is the predictor of the component's next
     */
    int dcFirst(JpegHuffman dc, short[] out, int block, int predictor, int lowBits) throws ImageFormatException {
        int value = predictor + difference(dc);
        out[block] = (short) (value << lowBits);
        require();
        return value;
    }

    /** Reads the next bit of a DC coefficient. */
    void dcRefine(short[] out, int block, int lowBits) throws ImageFormatException {
        if (bit()) {
            out[block] |= (short) (1 << lowBits);
        }
        require();
    }

    /** Reads AC coefficients from {@code first} to {@code last}, but for their lowest bits in a progressive scan. */
    void acFirst(JpegHuffman ac, short[] out, int block, int first, int last, int lowBits) throws ImageFormatException {
        if (endOfBand > 0) {
            endOfBand--;
            return;
        }
        for (int k = first; k <= last; k++) {
            int entry = symbol(ac);
            int size = entry >> 12 & 15;
            int run = entry >> 8 & 15;
            if (size == 0 && run < 15) {
                endOfBand = (1 << run) - 1 + read(run);
                break;
            }
            k += run;
            if (size > 0) {
                if (k > last) {
                    throw tooMany();
                }
                out[block + k] = (short) (JpegHuffman.extend(read(size), size) << lowBits);
            }
        }
        require();
    }

    /** Reads the next bit of the AC coefficients that are not 0, and those that have their first bit here. */
    void acRefine(JpegHuffman ac, short[] out, int block, int first, int last, int lowBits)
            throws ImageFormatException {
        int k = first;
        while (endOfBand == 0 && k <= last) {
            int entry = symbol(ac);
            int size = entry >> 12 & 15;
            int run = entry >> 8 & 15;
            if (size == 0 && run < 15) {
                endOfBand = (1 << run) + read(run);
                break;
            }
            int value = size == 0 ? 0 : bit() ? 1 << lowBits : -1 << lowBits;
            k = refine(out, block, k, last, lowBits, run);
            if (value != 0) {
                if (k > last) {
                    throw tooMany();
                }
                out[block + k] = (short) value;
            }
            k++;
        }
        if (endOfBand > 0) {
            refine(out, block, k, last, lowBits, BLOCK);
            endOfBand--;
        }
        require();
    }

    /** Refines coefficients from {@code first} on, until behind {@code zeros} that are 0 another one is. */
    private int refine(short[] out, int block, int first, int last, int lowBits, int zeros) {
        int k = first;
        for (int left = zeros; k <= last; k++) {
            int value = out[block + k];
            if (value == 0) {
                if (left-- == 0) {
                    break;
                }
            } else if (bit() && (value & 1 << lowBits) == 0) {
                out[block + k] += (short) (value > 0 ? 1 << lowBits : -1 << lowBits);
            }
        }
        return k;
    }
}
