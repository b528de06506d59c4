package dev.byol.eval;

import java.util.Optional;

/** A smooth convex function of one number, the step along a direction of descent. */
@FunctionalInterface
interface Line {
    /** The function's value and slope at a step. */
    record Point(double step, double value, double slope) {}

    Point at(double step);

    /**
     * A step that satisfies the strong Wolfe conditions with c1 = 1e-4 and c2 = 0.9 (Nocedal and Wright, Numerical Optimization,
     * chapter 3): the value falls by at least {@code c1 * step * |slope(0)|}, and the slope shrinks to at most
     * {@code c2 * |slope(0)|}. Where the fall drowns in the rounding of the value, the first condition is judged by the slope
     * instead (Hager and Zhang, SIAM J. Optim. 16, 2005).
     *
     * <p>A convex function's slope never falls, so that a bracket of its zero is kept and narrowed by the secant rule, with
     * bisection where the secant comes too close to an end.
     *
     * @param start the function at step 0, with a negative slope
     * @param first the step to try first
     * @return the step's point, the last one that was asked for; or nothing if rounding leaves no such step
     */
    default Optional<Point> search(Point start, double first) {
        double rounding = 1e-14 * Math.abs(start.value());
        Point low = start;
        Optional<Point> high = Optional.empty();
        double step = first;
        for (int trial = 0; trial < 60; trial++) {
            Point p = at(step);
            boolean falls = p.value() <= start.value() + 1e-4 * step * start.slope()
                    || (p.value() <= start.value() + rounding && p.slope() <= (2e-4 - 1) * start.slope());
            if (!falls || !(p.slope() <= -0.9 * start.slope())) {
                high = Optional.of(p);
            } else if (p.slope() < 0.9 * start.slope()) {
                low = p;
            } else {
                return Optional.of(p);
            }
            step = next(low, high, start);
        }
        return Optional.empty();
    }

    private static double next(Point low, Optional<Point> high, Point start) {
        if (high.isEmpty()) {
            double step = low.step();
            double secant = step * start.slope() / (start.slope() - low.slope());
            return secant > 2 * step && secant < 10 * step ? secant : (secant >= 10 * step ? 10 * step : 4 * step);
        }
        Point up = high.get();
        double width = up.step() - low.step();
        double secant = low.step() - low.slope() * width / (up.slope() - low.slope());
        boolean inside = secant > low.step() + 0.1 * width && secant < up.step() - 0.1 * width;
        return inside ? secant : low.step() + width / 2;
    }
}
