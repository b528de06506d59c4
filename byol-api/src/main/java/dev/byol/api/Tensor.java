package dev.byol.api;

/**
 * A symbolic value of the step being described: it has a shape and holds no numbers. Immutable.
 *
 * <p>Element-wise operations broadcast as {@link Shape#broadcast} says. Images are {@code [B, H, W, C]}, kernels of
 * convolutions {@code [height, width, in, out]}, those of linear layers {@code [in, out]}. Every operation throws
 * {@link IllegalArgumentException} with both shapes when they do not fit, at the line that described it.
 */
public interface Tensor {
    /** The shape of the value. */
    Shape shape();

    /** Element-wise sum. */
    Tensor plus(Tensor other);

    /** Adds a constant to every element. */
    Tensor plus(double c);

    /** Element-wise difference. */
    Tensor minus(Tensor other);

    /** Subtracts a constant from every element. */
    default Tensor minus(double c) {
        return plus(-c);
    }

    /** Element-wise product. */
    Tensor times(Tensor other);

    /** Multiplies every element by a constant. */
    Tensor times(double c);

    /** Element-wise quotient. */
    Tensor dividedBy(Tensor other);

    /** Divides every element by a constant. */
    Tensor dividedBy(double c);

    /** The larger one, element by element. */
    Tensor maximum(Tensor other);

    /** The larger one of each element and a constant. */
    Tensor maximum(double c);

    /** The smaller one, element by element. */
    Tensor minimum(Tensor other);

    /** The smaller one of each element and a constant. */
    Tensor minimum(double c);

    /** Each element with its sign turned. */
    Tensor negate();

    /** The square of each element. */
    Tensor square();

    /** The square root of each element; its gradient at 0 is infinite. */
    Tensor sqrt();

    /** e to the power of each element. */
    Tensor exp();

    /** The natural logarithm of each element. */
    Tensor log();

    /** max(x, 0) for each element. */
    Tensor relu();

    /** The softmax over the last axis. */
    Tensor softmax();

    /** The logarithm of the softmax over the last axis, computed stably. */
    Tensor logSoftmax();

    /** {@code then} where this is above 0, {@code otherwise} elsewhere; the three broadcast. */
    Tensor wherePositive(Tensor then, Tensor otherwise);

    /** The matrix product {@code [n, k] · [k, m] -> [n, m]}. */
    Tensor matmul(Tensor other);

    /** The sum over the given axes, which stay as size 1; no axes: over all, a scalar. */
    Tensor sum(int... axes);

    /** The mean over the given axes, which stay as size 1; no axes: over all, a scalar. */
    Tensor mean(int... axes);

    /** The same elements in another shape; at most one dimension of it may be unknown, and is found where this shape is known. */
    Tensor reshape(Shape shape);

    /** Axes reordered: axis {@code i} of the result is axis {@code order[i]} of this tensor. */
    Tensor transpose(int... order);

    /** This tensor and another one, joined along an axis. */
    Tensor concat(int axis, Tensor other);

    /** Elements {@code from} (inclusive) to {@code to} (exclusive) along an axis. */
    Tensor slice(int axis, int from, int to);

    /** Zeros added before and after each axis; both arrays have one entry an axis. */
    Tensor pad(int[] before, int[] after);

    /**
     * Two-dimensional convolution (cross-correlation) of {@code [B, H, W, C]} with a kernel {@code [h, w, C, out]}.
     *
     * @param stride step of the window in pixels, at least 1
     * @param padding rows and columns of zeros on every side, as PyTorch pads
     */
    Tensor conv2d(Tensor kernel, int stride, int padding);

    /**
     * The largest value in each window of {@code [B, H, W, C]}; the gradient goes to the first maximum of a window.
     *
     * @param padding rows and columns of minus infinity on every side, at most half the size
     */
    Tensor maxPool(int size, int stride, int padding);

    /** The same value, through which no gradient flows. */
    Tensor stopGradient();

    /** The mean over height and width: {@code [B, H, W, C] -> [B, C]}. */
    default Tensor globalAveragePool() {
        Shape shape = shape();
        return mean(1, 2).reshape(Shape.of(shape.dimension(0), shape.dimension(-1)));
    }

    /** Scaled to length 1 along an axis: {@code x / sqrt(max(sum x^2, 1e-12))}, as in DeepMind's BYOL. */
    default Tensor l2Normalize(int axis) {
        return dividedBy(square().sum(axis).maximum(1e-12).sqrt());
    }

    /** The Euclidean norm of all elements, a scalar. */
    default Tensor norm() {
        return square().sum().sqrt();
    }

    /**
     * The engine's own value behind this tensor: the way out to operations that are not listed here.
     *
     * @throws IllegalStateException if this tensor is described without an engine, or by one that has no such type
     */
    <E> E unwrap(Class<E> engineType);
}
