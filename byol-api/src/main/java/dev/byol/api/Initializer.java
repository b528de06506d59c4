package dev.byol.api;

import java.util.Arrays;
import java.util.SplittableRandom;

/** The values that a parameter or a state starts with: drawn on the JVM, so that every engine starts alike. */
public sealed interface Initializer {
    /** The start values, row-major; the same shape and seed give the same values on every machine. */
    float[] draw(Shape shape, long seed);

    /** All zeros. */
    static Initializer zeros() {
        return new Constant(0);
    }

    /** All ones. */
    static Initializer ones() {
        return new Constant(1);
    }

    /** Normally distributed with mean 0. */
    static Initializer normal(double deviation) {
        return new Normal(deviation);
    }

    /** Uniformly distributed in [-bound, bound). */
    static Initializer uniform(double bound) {
        return new Uniform(bound);
    }

    /** Random directions: rows (along the last axis) of length 1, uniformly distributed on the sphere. */
    static Initializer directions() {
        return new Directions();
    }

    /** The same value everywhere. */
    record Constant(double value) implements Initializer {
        @Override
        public float[] draw(Shape shape, long seed) {
            float[] values = new float[shape.size()];
            Arrays.fill(values, (float) value);
            return values;
        }
    }

    /** Normal with mean 0 and the given deviation, at least 0. */
    record Normal(double deviation) implements Initializer {
        public Normal {
            if (!(deviation >= 0)) {
                throw new IllegalArgumentException("deviation must be at least 0, got " + deviation);
            }
        }

        /** Marsaglia's polar method on {@link StrictMath}, so that the bits do not depend on the JDK. */
        @Override
        public float[] draw(Shape shape, long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            float[] values = new float[shape.size()];
            int i = 0;
            while (i < values.length) {
                double u = 2 * random.nextDouble() - 1;
                double v = 2 * random.nextDouble() - 1;
                double s = u * u + v * v;
                if (s > 0 && s < 1) {
                    double factor = deviation * Math.sqrt(-2 * StrictMath.log(s) / s);
                    values[i++] = (float) (u * factor);
                    if (i < values.length) {
                        values[i++] = (float) (v * factor);
                    }
                }
            }
            return values;
        }
    }

    /** Uniform in [-bound, bound), the bound at least 0. */
    record Uniform(double bound) implements Initializer {
        public Uniform {
            if (!(bound >= 0)) {
                throw new IllegalArgumentException("bound must be at least 0, got " + bound);
            }
        }

        @Override
        public float[] draw(Shape shape, long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            float[] values = new float[shape.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
            }
            return values;
        }
    }

    /** Rows of length 1. */
    record Directions() implements Initializer {
        @Override
        public float[] draw(Shape shape, long seed) {
            float[] values = normal(1).draw(shape, seed);
            int width = shape.dimension(-1);
            for (int row = 0; row < values.length; row += width) {
                double squares = 0;
                for (int i = row; i < row + width; i++) {
                    squares += (double) values[i] * values[i];
                }
                for (int i = row; i < row + width; i++) {
                    values[i] = (float) (values[i] / Math.sqrt(squares));
                }
            }
            return values;
        }
    }
}
