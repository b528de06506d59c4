package dev.byol.api;

import java.util.Arrays;

/**
 * The dimensions of a tensor, outermost first. A dimension is at least 0, or {@link #UNKNOWN} where it is only known when
 * the step runs (the batch of a network that embeds). Immutable.
 */
public final class Shape {
    /** A dimension that is not known while the step is described. */
    public static final int UNKNOWN = -1;

    private static final Shape SCALAR = new Shape();

    private final int[] dimensions;

    private Shape(int... dimensions) {
        this.dimensions = dimensions;
    }

    /**
     * A shape of the given dimensions; none: a scalar.
     *
     * @throws IllegalArgumentException if a dimension is below -1
     */
    public static Shape of(int... dimensions) {
        for (int d : dimensions) {
            if (d < UNKNOWN) {
                throw new IllegalArgumentException(
                        "a dimension must be at least 0, or -1 for unknown, got " + Arrays.toString(dimensions));
            }
        }
        return dimensions.length == 0 ? SCALAR : new Shape(dimensions.clone());
    }

    /** The shape of a single number. */
    public static Shape scalar() {
        return SCALAR;
    }

    /** The number of dimensions. */
    public int rank() {
        return dimensions.length;
    }

    /**
     * The dimension of an axis; negative axes count from the end.
     *
     * @throws IllegalArgumentException if there is no such axis
     */
    public int dimension(int axis) {
        return dimensions[axis(axis)];
    }

    /** The axis counted from the start: {@code axis(-1)} is the last one. */
    public int axis(int axis) {
        int at = axis < 0 ? axis + dimensions.length : axis;
        if (at < 0 || at >= dimensions.length) {
            throw new IllegalArgumentException("shape " + this + " has no axis " + axis);
        }
        return at;
    }

    /** All dimensions. */
    public int[] dimensions() {
        return dimensions.clone();
    }

    /** Whether every dimension is known. */
    public boolean isKnown() {
        return Arrays.stream(dimensions).noneMatch(d -> d == UNKNOWN);
    }

    /**
     * The number of elements.
     *
     * @throws IllegalStateException if a dimension is unknown
     * @throws ArithmeticException if it does not fit an int
     */
    public int size() {
        if (!isKnown()) {
            throw new IllegalStateException("shape " + this + " has an unknown dimension and therefore no size");
        }
        int size = 1;
        for (int d : dimensions) {
            size = Math.multiplyExact(size, d);
        }
        return size;
    }

    /** This shape with one dimension replaced. */
    public Shape with(int axis, int dimension) {
        int[] copy = dimensions.clone();
        copy[axis(axis)] = dimension;
        return of(copy);
    }

    /**
     * The shape of an element-wise operation on both, by NumPy's rules: aligned at the last axis, a dimension of 1
     * stretches.
     *
     * @throws IllegalArgumentException if they do not fit
     */
    public Shape broadcast(Shape other) {
        int rank = Math.max(rank(), other.rank());
        int[] result = new int[rank];
        for (int i = 1; i <= rank; i++) {
            int a = i <= rank() ? dimension(-i) : 1;
            int b = i <= other.rank() ? other.dimension(-i) : 1;
            if (a != b && a != 1 && b != 1 && a != UNKNOWN && b != UNKNOWN) {
                throw new IllegalArgumentException(
                        "shapes " + this + " and " + other + " do not fit element by element");
            }
            if (a == 1) {
                result[rank - i] = b;
            } else {
                result[rank - i] = a == UNKNOWN && b != 1 ? b : a;
            }
        }
        return of(result);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(dimensions, shape.dimensions);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dimensions);
    }

    @Override
    public String toString() {
        return Arrays.toString(dimensions);
    }
}
