package dev.byol.eval;

import java.util.Optional;

/**
 * Minimises a {@link MultinomialLoss} from zero by L-BFGS (Nocedal and Wright, Numerical Optimization, algorithm 7.5). An
 * iteration costs two products with the features: the logits of the direction, and the gradient at the step's end. Where rounding
 * leaves a direction that does not lead down, what was learned of the curvature is forgotten, down to the steepest descent.
 */
final class Lbfgs {
    private static final int MEMORY = 10;

    private final MultinomialLoss loss;
    private final CurvatureMemory memory;
    private final double[] point;
    private final double[][] logits;
    private double value;
    private double[] gradient;
    private int iterations;

    Lbfgs(MultinomialLoss loss) {
        this.loss = loss;
        this.memory = new CurvatureMemory(MEMORY, loss.inverseHessianAtZero());
        this.point = new double[loss.size()];
        this.logits = loss.logits(point);
        this.value = loss.value(point, logits);
        this.gradient = loss.gradient(point, logits);
    }

    /** Iterates until no entry of the gradient is larger than the tolerance, or no step leads further down, or it is enough. */
    void minimise(double tolerance, int maxIterations) {
        while (largestGradient() > tolerance && iterations < maxIterations && advance()) {
            iterations++;
        }
    }

    /** One iteration; false if rounding leaves none that leads down, not even along the steepest descent. */
    private boolean advance() {
        double[] direction = memory.direction(gradient);
        double[][] change = loss.logits(direction);
        Line.Point start = new Line.Point(0, value, CurvatureMemory.dot(gradient, direction));
        double first = memory.knows() ? 1 : 1 / Math.sqrt(CurvatureMemory.dot(gradient, gradient));
        Optional<Line.Point> found =
                start.slope() < 0 ? loss.line(point, logits, direction, change).search(start, first) : Optional.empty();
        if (found.isPresent()) {
            step(found.get(), direction, change);
            return true;
        }
        return memory.forget() && advance();
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
        double[] next = loss.gradient(point, logits);
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
