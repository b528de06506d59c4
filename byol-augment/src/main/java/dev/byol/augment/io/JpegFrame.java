package dev.byol.augment.io;

import dev.byol.augment.Size;
import java.util.List;

/**
 * The frame of a JPEG file: its size, how its components are sampled and coded, and how many pixels are made of a block: 8x8, or
 * 4x4, 2x2 or 1 of it for a smaller image.
 */
final class JpegFrame {
    private static final int BLOCK = 8;
    private static final int MOST_SAMPLES = 4;

    private final boolean progressive;
    private final Size whole;
    private final List<Component> components;
    private final int side;
    private final int maxH;
    private final int maxV;

    private JpegFrame(boolean progressive, Size whole, List<Component> components, int side) {
        this.progressive = progressive;
        this.whole = whole;
        this.components = components;
        this.side = side;
        maxH = components.stream().mapToInt(Component::h).max().orElseThrow();
        maxV = components.stream().mapToInt(Component::v).max().orElseThrow();
    }

    /**
     * A component.
     *
     * @param id what scans call it
     * @param h samples across in a unit of the largest h of all components
     * @param v samples down, likewise
     * @param quantisation the number of its table, 0 to 3
     */
    record Component(int id, int h, int v, int quantisation) {}

    /** Reads the frame's segment. */
    static JpegFrame read(int marker, Bytes in) throws ImageFormatException {
        int precision = in.u8(0);
        if (precision != 8) {
            throw new ImageFormatException("samples of " + precision + " bits", "a JPEG file of 8 bits");
        }
        int height = in.u16(1);
        int width = in.u16(3);
        if (width == 0 || height == 0) {
            throw new ImageFormatException("a size of " + width + "x" + height, "at least 1x1");
        }
        int count = in.u8(5);
        if (count != 1 && count != 3 && count != 4) {
            throw new ImageFormatException(count + " components", "1, 3 or 4 in a JPEG file");
        }
        Component[] components = new Component[count];
        for (int i = 0; i < count; i++) {
            int at = 6 + 3 * i;
            int h = in.u8(at + 1) >> 4;
            int v = in.u8(at + 1) & 15;
            int table = in.u8(at + 2);
            if (h < 1 || h > MOST_SAMPLES || v < 1 || v > MOST_SAMPLES || table > 3) {
                throw new ImageFormatException(
                        "a component of " + h + "x" + v + " samples with table " + table,
                        "1x1 to 4x4 samples and a table up to 3");
            }
            components[i] = count == 1 ? new Component(in.u8(at), 1, 1, table) : new Component(in.u8(at), h, v, table);
        }
        JpegFrame frame = new JpegFrame(marker == 0xC2, new Size(width, height), List.of(components), BLOCK);
        for (Component component : components) {
            if (frame.maxH % component.h != 0 || frame.maxV % component.v != 0) {
                throw new ImageFormatException(
                        "a component of " + component.h + "x" + component.v + " samples beside one of " + frame.maxH
                                + "x" + frame.maxV,
                        "whole multiples");
            }
        }
        return frame;
    }

    /** Whether coefficients come in several scans, rather than each component's in one. */
    boolean progressive() {
        return progressive;
    }

    /** The same file, of which a block's luma becomes so many pixels across and down: 8, 4, 2 or 1. */
    JpegFrame reduced(int pixels) {
        return new JpegFrame(progressive, whole, components, pixels);
    }

    /** The size of the image that is made, before it is turned upright. */
    Size size() {
        return new Size(ceil(whole.width() * side, BLOCK), ceil(whole.height() * side, BLOCK));
    }

    /** The pixels across, and down, that a block of the most sampled component becomes. */
    int side() {
        return side;
    }

    /** The components in the order of the file; 1, 3 or 4. */
    List<Component> components() {
        return components;
    }

    /** The most samples across that a component has in a unit's share of pixels. */
    int maxH() {
        return maxH;
    }

    /** The most samples down, likewise. */
    int maxV() {
        return maxV;
    }

    /** Units of coding (MCUs) across, the last one perhaps beyond the image. */
    int unitsAcross() {
        return ceil(whole.width(), BLOCK * maxH);
    }

    /** Units of coding down, the last one perhaps beyond the image. */
    int unitsDown() {
        return ceil(whole.height(), BLOCK * maxV);
    }

    /** A component's blocks across, without those beyond the image. */
    int blocksAcross(Component component) {
        return ceil(whole.width() * component.h, BLOCK * maxH);
    }

    /** A component's blocks down, without those beyond the image. */
    int blocksDown(Component component) {
        return ceil(whole.height() * component.v, BLOCK * maxV);
    }

    /** The blocks of all components in all units. */
    long blocks() {
        return components.stream().mapToLong(this::blocks).sum();
    }

    /** The blocks of a component in all units. */
    long blocks(Component component) {
        return (long) component.h * component.v * unitsAcross() * unitsDown();
    }

    /**
     * The samples across, and down, that a component's block becomes: more than {@link #side()} where that makes up for its
     * coarser sampling.
     */
    int side(Component component) {
        int samples = side;
        while (samples < BLOCK
                && maxH * side % (component.h * samples * 2) == 0
                && maxV * side % (component.v * samples * 2) == 0) {
            samples *= 2;
        }
        return samples;
    }

    /** The samples in a row of a component. */
    int width(Component component) {
        return ceil(whole.width() * component.h * side(component), BLOCK * maxH);
    }

    /** The rows of samples of a component. */
    int height(Component component) {
        return ceil(whole.height() * component.v * side(component), BLOCK * maxV);
    }

    static int ceil(int value, int divisor) {
        return (value + divisor - 1) / divisor;
    }
}
