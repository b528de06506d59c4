package dev.byol.eval;

import java.util.Optional;

/**
 * Minimises a {@link MultinomialLoss} from zero by L-BFGS (Nocedal and Wright, Numerical Optimization, algorithm 7.5). An
 * iteration costs two products with the features: the logits of the direction, and the gradient at the step's end. Where rounding
 * leaves a direction that does not lead down, what was learned of the curvature is forgotten, down to the steepest descent.
 *
 * <p>Most of the way is gone with products in single precision, if there are such. Where their rounding shows, and before it is
 * said to be the solution, the gradient is computed in double precision, and the rest of the way is gone with that.
 *
 * <p>After {@value #PATIENCE} iterations the features are taken for correlated, and the inverse Hessian at zero is worth its cost.
 */
final class Lbfgs {
    private static final int MEMORY = 10;
    private static final int PATIENCE = 100;
    private static final int STALLED = 20;

    /** Of the first gradient: below it, rounding of products in single precision may show. */
    private static final double SINGLE = 1e-6;

    private final MultinomialLoss exact;
    private final CurvatureMemory memory = new CurvatureMemory(MEMORY);
    private final double[] point;
    private MultinomialLoss loss;
    private final double[][] probabilities; // at the step that was looked at last
    private double[][] logits;
    private double value;
    private double[] gradient;
    private int iterations;
    private boolean patient = true;

    Lbfgs(MultinomialLoss exact, Optional<FloatProducts> products) {
        this.exact = exact;
        this.loss = products.map(exact::by).orElse(exact);
        this.point = new double[exact.size()];
        this.logits = loss.logits(point);
        this.probabilities = new double[logits.length][logits[0].length];
        this.value = loss.value(point, logits);
        this.gradient = loss.gradient(point, logits);
    }

    /** Iterates until no entry of the gradient is larger than the tolerance, or no step leads further down, or it is enough. */
    void minimise(double tolerance, int maxIterations) {
        if (loss != exact) {
            approach(Math.max(tolerance, SINGLE * largestGradient()), maxIterations);
            loss = exact;
            logits = loss.logits(point);
            value = loss.value(point, logits);
            gradient = loss.gradient(point, logits);
        }
        while (largestGradient() > tolerance && iterations < maxIterations && advance()) {
            iterations++;
        }
    }

    /** Iterates in single precision, until the gradient is small enough or has stopped to become smaller. */
    private void approach(double tolerance, int maxIterations) {
        double smallest = Double.POSITIVE_INFINITY;
        int stalled = 0;
        while (largestGradient() > tolerance && iterations < maxIterations && stalled < STALLED && descend()) {
            iterations++;
            stalled = largestGradient() < smallest ? 0 : stalled + 1;
            smallest = Math.min(smallest, largestGradient());
        }
    }

    /** One iteration; false if rounding leaves none that leads down, not even along the steepest descent. */
    private boolean advance() {
        return descend() || (memory.forget() && advance());
    }

    /** One iteration; false if rounding leaves none that leads down along the direction of what is known of the curvature. */
    private boolean descend() {
        if (patient && iterations >= PATIENCE) {
            patient = false;
            memory.start(exact.inverseHessianAtZero());
        }
        double[] direction = memory.direction(gradient);
        double[][] change = loss.logits(direction);
        Line.Point start = new Line.Point(0, value, CurvatureMemory.dot(gradient, direction));
        double first = memory.knows() ? 1 : 1 / Math.sqrt(CurvatureMemory.dot(gradient, gradient));
        Optional<Line.Point> found = start.slope() < 0
                ? loss.line(point, logits, direction, change, probabilities).search(start, first)
                : Optional.empty();
        found.ifPresent(to -> step(to, direction, change));
        return found.isPresent();
    }

    private void step(Line.Point to, double[] direction, double[][] change) {
        double[] s = new double[point.length];
        for (int j = 0; j < s.length; j++) {
            s[j] = to.step() * direction[j];
            point[j] += s[j];
        }
        for (int k = 0; k < logits.length; k++) {
            for (int i = 0; i < logits[k].length; i++) {
                logits[k][i] += to.step() * change[k][i];
            }
        }
        double[] next = loss.gradientOf(point, probabilities); // a search ends where it has looked last
        double[] y = new double[next.length];
        for (int j = 0; j < y.length; j++) {
            y[j] = next[j] - gradient[j];
        }
        memory.add(s, y);
        gradient = next;
        value = to.value();
    }

    double[] point() {
        return point;
    }

    double value() {
        return value;
    }

    int iterations() {
        return iterations;
    }

    double largestGradient() {
        double largest = 0;
        for (double g : gradient) {
            largest = Math.max(largest, Math.abs(g));
        }
        return largest;
    }
}
