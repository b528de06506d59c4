package dev.byol.fuzz;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/**
 * Makes damaged files of good ones, the same ones for the same seed: bits flipped, bytes cut off, put in, taken out and doubled, two
 * files spliced, numbers in binary and in text replaced by those that break arithmetic.
 */
final class Mutator {
    /** Where most formats have what they say about themselves: at the beginning, or at the end. */
    private static final int HEADER = 128;

    private static final int LONGEST_BLOCK = 256;
    private static final int KEPT = 64;

    private static final long[] NUMBERS = {
        0,
        1,
        -1,
        2,
        7,
        8,
        127,
        128,
        255,
        256,
        32_767,
        32_768,
        65_535,
        65_536,
        1 << 24,
        (1 << 28) + 1,
        Integer.MAX_VALUE - 8,
        Integer.MAX_VALUE,
        1L << 31,
        (1L << 32) - 1,
        1L << 32,
        Long.MAX_VALUE - 7,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    private final List<byte[]> seeds;
    private final List<byte[]> kept = new ArrayList<>();
    private final UnaryOperator<byte[]> repair;
    private final int longest;
    private final SplittableRandom random;

    /** @param repair makes a file's checksums right as far as it can be followed; half of the files go through it */
    Mutator(List<byte[]> seeds, UnaryOperator<byte[]> repair, long seed) {
        this.seeds = List.copyOf(seeds);
        this.repair = repair;
        longest = 1024 + 4 * seeds.stream().mapToInt(s -> s.length).max().orElse(0);
        random = new SplittableRandom(seed);
    }

    byte[] next() {
        byte[] content = pick();
        do {
            content = changed(content);
        } while (random.nextBoolean());
        if (content.length > longest) {
            content = Arrays.copyOf(content, longest);
        }
        return random.nextBoolean() ? repair.apply(content) : content;
    }

    /** Goes on from a file as well, since it has led somewhere. */
    void keep(byte[] content) {
        if (kept.size() < KEPT) {
            kept.add(content);
        } else {
            kept.set(random.nextInt(KEPT), content);
        }
    }

    private byte[] pick() {
        boolean isSeed = kept.isEmpty() || random.nextBoolean();
        List<byte[]> from = isSeed ? seeds : kept;
        return from.get(random.nextInt(from.size())).clone();
    }

    private byte[] changed(byte[] content) {
        if (content.length == 0) {
            return pick();
        }
        return switch (random.nextInt(12)) {
            case 0, 1 -> flipped(content);
            case 2 -> replaced(content);
            case 3 -> Arrays.copyOf(content, at(content));
            case 4 -> spliced(content, at(content), noise(), at(content));
            case 5 -> without(content);
            case 6 -> doubled(content);
            case 7 -> overwritten(content);
            case 8 -> joined(content, pick());
            case 9 -> withNumber(content);
            case 10 -> withSum(content);
            default -> withText(content);
        };
    }

    /** A position. */
    private int at(byte[] content) {
        int near = Math.min(content.length, HEADER);
        return switch (random.nextInt(4)) {
            case 0, 1 -> random.nextInt(content.length);
            case 2 -> random.nextInt(near);
            default -> content.length - 1 - random.nextInt(near);
        };
    }

    private byte[] flipped(byte[] content) {
        content[at(content)] ^= (byte) (1 << random.nextInt(8));
        return content;
    }

    private byte[] replaced(byte[] content) {
        content[at(content)] = (byte) random.nextInt(256);
        return content;
    }

    private byte[] noise() {
        byte[] noise = new byte[1 + random.nextInt(16)];
        if (random.nextBoolean()) {
            Arrays.fill(noise, (byte) random.nextInt(256));
        } else {
            random.nextBytes(noise);
        }
        return noise;
    }

    /** What is between two positions, the later one left out. */
    private byte[] block(byte[] content, int from) {
        return Arrays.copyOfRange(
                content, from, from + 1 + random.nextInt(Math.min(LONGEST_BLOCK, content.length - from)));
    }

    private static byte[] spliced(byte[] content, int end, byte[] middle, int begin) {
        return ByteBuffer.allocate(end + middle.length + content.length - begin)
                .put(content, 0, end)
                .put(middle)
                .put(content, begin, content.length - begin)
                .array();
    }

    private byte[] without(byte[] content) {
        int from = at(content);
        return spliced(content, from, new byte[0], from + block(content, from).length);
    }

    private byte[] doubled(byte[] content) {
        int to = at(content);
        return spliced(content, to, block(content, at(content)), to);
    }

    private byte[] overwritten(byte[] content) {
        byte[] block = block(content, at(content));
        System.arraycopy(block, 0, content, random.nextInt(content.length - block.length + 1), block.length);
        return content;
    }

    /** The beginning of one file and the end of another. */
    private byte[] joined(byte[] content, byte[] other) {
        int end = at(content);
        int begin = other.length == 0 ? 0 : random.nextBoolean() ? Math.min(end, other.length) : at(other);
        return ByteBuffer.allocate(end + other.length - begin)
                .put(content, 0, end)
                .put(other, begin, other.length - begin)
                .array();
    }

    private long number() {
        return NUMBERS[random.nextInt(NUMBERS.length)];
    }

    private byte[] withNumber(byte[] content) {
        return put(content, number(), false);
    }

    private byte[] withSum(byte[] content) {
        return put(content, random.nextInt(-16, 17), true);
    }

    /** Writes a number of 1, 2, 4 or 8 bytes, of either order of bytes, or adds it to the one that is there. */
    private byte[] put(byte[] content, long number, boolean isAdded) {
        int size = 1 << random.nextInt(4);
        if (content.length < size) {
            return content;
        }
        ByteBuffer field = ByteBuffer.wrap(content, Math.min(at(content), content.length - size), size);
        field.order(random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        int p = field.position();
        switch (size) {
            case 1 -> field.put((byte) (number + (isAdded ? field.get(p) : 0)));
            case 2 -> field.putShort((short) (number + (isAdded ? field.getShort(p) : 0)));
            case 4 -> field.putInt((int) (number + (isAdded ? field.getInt(p) : 0)));
            default -> field.putLong(number + (isAdded ? field.getLong(p) : 0));
        }
        return content;
    }

    /** Replaces digits by another number, decimal or octal, of the same length or of its own. */
    private byte[] withText(byte[] content) {
        int from = at(content);
        while (from < content.length && !isDigit(content[from])) {
            from++;
        }
        int end = from;
        while (end < content.length && isDigit(content[end])) {
            end++;
        }
        if (from == end) {
            return flipped(content);
        }
        String digits = digits();
        if (random.nextBoolean()) {
            int length = end - from;
            String padded = "0".repeat(length) + digits.replace("-", "");
            digits = padded.substring(padded.length() - length);
        }
        return spliced(content, from, digits.getBytes(StandardCharsets.US_ASCII), end);
    }

    private String digits() {
        return switch (random.nextInt(4)) {
            case 0 -> Long.toOctalString(number());
            case 1 -> BigInteger.TWO.pow(random.nextInt(30, 66)).toString();
            case 2 -> Integer.toString(random.nextInt(0, 20));
            default -> Long.toString(number());
        };
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
