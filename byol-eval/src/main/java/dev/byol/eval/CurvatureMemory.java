package dev.byol.eval;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The limited memory of L-BFGS: the last steps {@code s} and changes of the gradient {@code y}, which stand for an approximation
 * of the inverse Hessian (Liu and Nocedal, Mathematical Programming 45, 1989).
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

    CurvatureMemory(int capacity) {
        this.capacity = capacity;
    }

    boolean isEmpty() {
        return pairs.isEmpty();
    }

    void clear() {
        pairs.clear();
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
        if (!pairs.isEmpty()) {
            Pair newest = pairs.getFirst();
            double scale = newest.sy / dot(newest.y, newest.y);
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

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += a[j] * b[j];
        }
        return sum;
    }

    private static void add(double[] to, double factor, double[] from) {
        for (int j = 0; j < to.length; j++) {
            to[j] += factor * from[j];
        }
    }
}
