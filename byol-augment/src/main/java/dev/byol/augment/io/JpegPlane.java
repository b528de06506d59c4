package dev.byol.augment.io;

import java.util.Arrays;

/**
 * The rows of one component that are being worked on: those of the last two bands of units. A row holds every n-th sample, then
 * every n-th sample from the second one on, and so on: n lanes, so many that all components' lanes are equally long and loops
 * over rows run at equal indices. Each lane has one more sample at both ends: at the row's ends its first and last sample again.
 */
final class JpegPlane {
    private static final int BLOCK = 8;
    private static final int[] NONE = {};

    private int side; // samples of a block, across and down
    private int lanes;
    private int stretchX;
    private int stretchY;
    private int height;
    private int kept; // rows
    private int lane; // the length of one
    private int last; // the last sample in a row
    private boolean interpolateX;
    private boolean interpolateY;
    private int[][] rows = {};
    private int[] sum = {};
    private int[] near = {};
    private int[] far = {};
    private int[] half = {}; // what rounds
    private int[] stretched = {};

    /**
     * Makes ready for an image.
     *
     * @param firstUnit the first of the units across that are decoded
     * @param units how many they are
     * @param band rows of units that are worked on together
     */
    void begin(JpegFrame frame, JpegFrame.Component component, int firstUnit, int units, int band) {
        side = frame.side(component);
        lanes = component.h() * side / frame.side();
        stretchX = frame.maxH() / lanes;
        stretchY = frame.maxV() * frame.side() / (component.v() * side);
        height = frame.height(component);
        int width = frame.width(component);
        int across = component.h() * side; // samples of a unit
        last = Math.min(width - firstUnit * across, units * across) - 1;
        interpolateX = stretchX == 2 && stretchY <= 2 && width > 2 && frame.side() > 1;
        interpolateY = stretchY == 2 && (stretchX == 1 ? frame.side() > 1 : interpolateX);
        lane = laneOf(frame, units);
        kept = 2 * band * side * component.v();
        reserve(kept, lanes * lane);
        if (sum.length < lanes * lane) {
            sum = new int[lanes * lane];
        }
        int length = frame.maxH() * lane;
        if (stretchX > 1 && stretched.length < length) {
            stretched = new int[length];
            near = new int[length];
            far = new int[length];
            half = new int[length];
        }
        if (interpolateX) {
            for (int i = 0; i < frame.maxH(); i++) {
                int rounding = interpolateY ? 8 - i % 2 : 1 + i % 2;
                Arrays.fill(half, i * lane, (i + 1) * lane, rounding);
            }
        }
    }

    /**
     * Rows grow one by one: an image has many short rows or few long ones, and as many as the one and as long as the other would be
     * a hundred times as much.
     */
    private void reserve(int count, int length) {
        if (rows.length < count) {
            int before = rows.length;
            rows = Arrays.copyOf(rows, count);
            Arrays.fill(rows, before, count, NONE);
        }
        for (int i = 0; i < count; i++) {
            if (rows[i].length < length) {
                rows[i] = new int[length];
            }
        }
    }

    /** The length of a lane. */
    static int laneOf(JpegFrame frame, int units) {
        return units * frame.side() + 2;
    }

    /**
     * Takes over a row of blocks.
     *
     * @param blocks samples {@code [64, blocks]}
     * @param first the first block's index
     * @param count how many blocks
     * @param row the row's number in the component, in blocks
     */
    void put(int[][] blocks, int first, int count, int row) {
        for (int y = 0; y < side; y++) {
            int[] to = row(row * side + y);
            if (side == BLOCK && lanes == 1) {
                putWhole(blocks, y * BLOCK, first, count, to);
            } else if (side == BLOCK && lanes == 2) {
                putHalf(blocks, y * BLOCK, first, count, to, 1);
                putHalf(blocks, y * BLOCK + 1, first, count, to, lane + 1);
            } else {
                for (int x = 0; x < side; x++) {
                    int[] from = blocks[y * BLOCK + x];
                    for (int i = 0; i < count; i++) {
                        to[at(i * side + x)] = from[first + i];
                    }
                }
            }
            to[(lanes - 1) * lane] = to[1];
            to[at(last + 1)] = to[at(last)];
        }
    }

    private int at(int sample) {
        return sample % lanes * lane + 1 + sample / lanes;
    }

    private static void putWhole(int[][] blocks, int row, int first, int count, int[] to) {
        int[] s0 = blocks[row];
        int[] s1 = blocks[row + 1];
        int[] s2 = blocks[row + 2];
        int[] s3 = blocks[row + 3];
        int[] s4 = blocks[row + 4];
        int[] s5 = blocks[row + 5];
        int[] s6 = blocks[row + 6];
        int[] s7 = blocks[row + 7];
        for (int i = first, q = 1; i < first + count; i++, q += 8) {
            to[q] = s0[i];
            to[q + 1] = s1[i];
            to[q + 2] = s2[i];
            to[q + 3] = s3[i];
            to[q + 4] = s4[i];
            to[q + 5] = s5[i];
            to[q + 6] = s6[i];
            to[q + 7] = s7[i];
        }
    }

    private static void putHalf(int[][] blocks, int row, int first, int count, int[] to, int at) {
        int[] s0 = blocks[row];
        int[] s1 = blocks[row + 2];
        int[] s2 = blocks[row + 4];
        int[] s3 = blocks[row + 6];
        for (int i = first, q = at; i < first + count; i++, q += 4) {
            to[q] = s0[i];
            to[q + 1] = s1[i];
            to[q + 2] = s2[i];
            to[q + 3] = s3[i];
        }
    }

    private int[] row(int y) {
        return rows[y % kept];
    }

    /**
     * The component's values in one row of the image, with a lane for every pixel across of a unit's share, as libjpeg
     * stretches them by default: twice as many are interpolated ("fancy"), others repeated.
     */
    int[] imageRow(int y) {
        int own = y / stretchY;
        int[] row = row(own);
        if (interpolateY) {
            boolean upper = y % 2 == 0;
            int[] other = row(Math.min(Math.max(upper ? own - 1 : own + 1, 0), height - 1));
            if (!interpolateX) {
                mix(row, other, sum, upper ? 1 : 2, lanes * lane);
                return sum;
            }
            add(row, other, sum, lanes * lane);
            row = sum;
        }
        return interpolateX ? interpolate(row) : stretchX > 1 ? repeat(row) : row;
    }

    private int[] repeat(int[] row) {
        for (int i = 0; i < lanes * stretchX; i++) {
            System.arraycopy(row, i / stretchX * lane, stretched, i * lane, lane);
        }
        return stretched;
    }

    /** Twice as many samples, each three parts its own sample and one part the nearest other. */
    private int[] interpolate(int[] row) {
        for (int i = 0; i < lanes; i++) {
            System.arraycopy(row, i * lane, near, 2 * i * lane, lane);
            System.arraycopy(row, i * lane, near, (2 * i + 1) * lane, lane);
            if (i > 0) {
                System.arraycopy(row, (i - 1) * lane, far, 2 * i * lane, lane);
                System.arraycopy(row, i * lane, far, (2 * i - 1) * lane, lane);
            }
        }
        System.arraycopy(row, (lanes - 1) * lane, far, 1, lane - 1);
        System.arraycopy(row, 1, far, (2 * lanes - 1) * lane, lane - 1);
        mix(near, far, half, stretched, interpolateY ? 4 : 2, 2 * lanes * lane);
        return stretched;
    }

    private static void add(int[] near, int[] far, int[] out, int length) {
        for (int i = 0; i < length; i++) {
            out[i] = 3 * near[i] + far[i];
        }
    }

    private static void mix(int[] near, int[] far, int[] out, int half, int length) {
        for (int i = 0; i < length; i++) {
            out[i] = (3 * near[i] + far[i] + half) >> 2;
        }
    }

    private static void mix(int[] near, int[] far, int[] half, int[] out, int shift, int length) {
        for (int i = 0; i < length; i++) {
            out[i] = (3 * near[i] + far[i] + half[i]) >> shift;
        }
    }
}
