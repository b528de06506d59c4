package dev.byol.golden;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A tensor of a fixture: row-major values of type {@code F32}, {@code U8} or {@code I64}. */
public final class GoldenTensor {
    private final String name;
    private final String type;
    private final int[] shape;
    private final ByteBuffer data;

    GoldenTensor(String name, String type, int[] shape, ByteBuffer data) {
        this.name = name;
        this.type = type;
        this.shape = shape;
        this.data = data;
    }

    public int[] shape() {
        return shape.clone();
    }

    public int dimension(int axis) {
        return shape[axis];
    }

    /** The number of values. */
    public int size() {
        int size = 1;
        for (int d : shape) {
            size *= d;
        }
        return size;
    }

    public float[] floats() {
        expect("F32");
        float[] values = new float[size()];
        view().asFloatBuffer().get(values);
        return values;
    }

    /** Unsigned bytes, as Java's signed ones. */
    public byte[] bytes() {
        expect("U8");
        byte[] values = new byte[size()];
        view().get(values);
        return values;
    }

    public long[] longs() {
        expect("I64");
        long[] values = new long[size()];
        view().asLongBuffer().get(values);
        return values;
    }

    /** The float values with axes reordered: axis {@code i} of the result is axis {@code order[i]} of this tensor. */
    public float[] transposed(int... order) {
        if (order.length != shape.length) {
            throw new IllegalArgumentException(
                    name + " has " + shape.length + " axes, got an order of " + order.length);
        }
        int[] stride = new int[shape.length];
        int step = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            stride[i] = step;
            step *= shape[i];
        }
        float[] from = floats();
        float[] to = new float[from.length];
        int[] at = new int[order.length];
        for (int i = 0; i < to.length; i++) {
            int source = 0;
            for (int a = 0; a < order.length; a++) {
                source += at[a] * stride[order[a]];
            }
            to[i] = from[source];
            for (int a = order.length - 1; a >= 0 && ++at[a] == shape[order[a]]; a--) {
                at[a] = 0;
            }
        }
        return to;
    }

    private ByteBuffer view() {
        return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    private void expect(String expected) {
        if (!type.equals(expected)) {
            throw new IllegalStateException(name + " is " + type + ", not " + expected);
        }
    }

    @Override
    public String toString() {
        return name + " " + type + java.util.Arrays.toString(shape);
    }
}
