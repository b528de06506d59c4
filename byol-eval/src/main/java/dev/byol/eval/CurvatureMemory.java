package dev.byol.eval;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The limited memory of L-BFGS: the last steps {@code s} and changes of the gradient {@code y}, which stand for an approximation
 * of the inverse Hessian (Liu and Nocedal, Mathematical Programming 45, 1989), from a given one or else from the identity.
 */
final class CurvatureMemory {
    private static final class Pair {
        final double[] s;
        final double[] y;
        final double sy;

        Pair(double[] s, double[] y, double sy) {
            this.s = s;
            this.y = y;
            this.sy = sy;
        }
    }

    private final int capacity;
    private final Deque<Pair> pairs = new ArrayDeque<>(); // the newest first

    private Optional<InverseHessian> initial = Optional.empty();

    CurvatureMemory(int capacity) {
        this.capacity = capacity;
    }

    /** Takes another inverse Hessian to start from; pairs stay. */
    void start(Optional<InverseHessian> from) {
        initial = from;
    }

    /** Drops the pairs, or the given inverse Hessian where there are none; false if there is nothing left to drop. */
    boolean forget() {
        boolean something = knows();
        if (pairs.isEmpty()) {
            initial = Optional.empty();
        }
        pairs.clear();
        return something;
    }

    /** Whether the length of a direction means anything. */
    boolean knows() {
        return !pairs.isEmpty() || initial.isPresent();
    }

    /** Remembers a step and the change of the gradient along it, unless rounding hides the curvature between them. */
    void add(double[] s, double[] y) {
        double sy = dot(s, y);
        if (!(sy > 1e-15 * dot(y, y))) {
            return;
        }
        if (pairs.size() == capacity) {
            pairs.removeLast();
        }
        pairs.addFirst(new Pair(s, y, sy));
    }

    /** The direction of descent, minus the inverse Hessian's approximation times the gradient, by the two-loop recursion. */
    double[] direction(double[] gradient) {
        double[] q = new double[gradient.length];
        add(q, -1, gradient);
        double[] alpha = new double[pairs.size()];
        int i = 0;
        for (Pair pair : pairs) {
            alpha[i] = dot(pair.s, q) / pair.sy;
            add(q, -alpha[i++], pair.y);
        }
        q = initially(q);
        if (!pairs.isEmpty()) {
            Pair newest = pairs.getFirst();
            double scale = newest.sy / dot(newest.y, initially(newest.y));
            for (int j = 0; j < q.length; j++) {
                q[j] *= scale;
            }
        }
        var oldestFirst = pairs.descendingIterator();
        while (oldestFirst.hasNext()) {
            Pair pair = oldestFirst.next();
            add(q, alpha[--i] - dot(pair.y, q) / pair.sy, pair.s);
        }
        return q;
    }

    private double[] initially(double[] vector) {
        return initial.map(h -> h.times(vector)).orElse(vector);
    }

    static double dot(double[] a, double[] b) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int j = 0;
        for (; j + 4 <= a.length; j += 4) { // four sums, since each has to wait for itself
            s0 += a[j] * b[j];
            s1 += a[j + 1] * b[j + 1];
            s2 += a[j + 2] * b[j + 2];
            s3 += a[j + 3] * b[j + 3];
        }
        for (; j < a.length; j++) {
            s0 += a[j] * b[j];
        }
        return (s0 + s1) + (s2 + s3);
    }

    private static void add(double[] to, double factor, double[] from) {
        for (int j = 0; j < to.length; j++) {
            to[j] += factor * from[j];
        }
    }
}
