package dev.byol.api.method;

import dev.byol.api.Shape;
import dev.byol.api.Tensor;

/** What a contrastive method minimises: how badly each query's own key is told from the others, by their cosines. */
@FunctionalInterface
public interface Contrast {
    /**
     * The loss, mean over the queries, a scalar.
     *
     * @param positive cosine of each query with its own key {@code [B, 1]}
     * @param negatives its cosines with other keys {@code [B, M]}, M at least 1
     */
    Tensor loss(Tensor positive, Tensor negatives);

    /**
     * InfoNCE (van den Oord et al. 2018): {@code -log(exp(p / T) / (exp(p / T) + sum exp(n / T)))}.
     *
     * @param temperature T, above 0: 0.2 in MoCo v2 and the appendix, 0.07 in MoCo, 0.5 in SimCLR on CIFAR-10
     */
    static Contrast crossEntropy(double temperature) {
        return new CrossEntropy(temperature);
    }

    /**
     * InfoNCE with EqCo's margin (Zhu et al. 2020, <a href="https://arxiv.org/abs/2010.01929">arXiv 2010.01929</a>):
     * {@code -log(exp(p / T) / (exp(p / T) + alpha / M · sum exp(n / T)))}, so that M negatives weigh as alpha would.
     *
     * @param temperature T, above 0
     * @param alpha the number of negatives to be equal to, above 0: 65536 for MoCo's queue
     */
    static Contrast eqCo(double temperature, double alpha) {
        return new EqCo(temperature, alpha);
    }

    /** BYOL's regression with negatives that repel: {@code (1 - p) + sum (1 + n)}. */
    static Contrast innerProduct() {
        return new InnerProduct();
    }

    /**
     * Each pair classified alone: {@code log(1 + exp(-p / T)) + sum log(1 + exp(n / T))}.
     *
     * @param temperature T, above 0
     */
    static Contrast binaryCrossEntropy(double temperature) {
        return new BinaryCrossEntropy(temperature);
    }

    /**
     * Each row without its own column, {@code [B, B] -> [B, B - 1]}: of all pairs of a batch those of different images.
     *
     * @throws IllegalArgumentException if the matrix is not square or smaller than 2 x 2
     */
    static Tensor offDiagonal(Tensor matrix) {
        Shape shape = matrix.shape();
        if (shape.rank() != 2 || shape.dimension(0) != shape.dimension(1) || shape.dimension(0) < 2) {
            throw new IllegalArgumentException(
                    "pairs of different rows need a matrix [B, B] with B at least 2, got " + shape);
        }
        int b = shape.dimension(0);
        // Without the last value, rows of one more begin with what was on the diagonal.
        Tensor shifted = matrix.reshape(Shape.of(b * b)).slice(0, 0, b * b - 1).reshape(Shape.of(b - 1, b + 1));
        return shifted.slice(1, 1, b + 1).reshape(Shape.of(b, b - 1));
    }
}

record CrossEntropy(double temperature) implements Contrast {
    CrossEntropy {
        Temperature.require(temperature);
    }

    @Override
    public Tensor loss(Tensor positive, Tensor negatives) {
        Tensor logits = positive.concat(1, negatives).dividedBy(temperature);
        return logits.logSoftmax().slice(1, 0, 1).mean().negate();
    }
}

record EqCo(double temperature, double alpha) implements Contrast {
    EqCo {
        Temperature.require(temperature);
        if (!(alpha > 0)) {
            throw new IllegalArgumentException("alpha must be above 0, got " + alpha);
        }
    }

    /** A factor of the exponentials is a term of the logits. */
    @Override
    public Tensor loss(Tensor positive, Tensor negatives) {
        double margin = temperature * Math.log(alpha / negatives.shape().dimension(1));
        return new CrossEntropy(temperature).loss(positive, negatives.plus(margin));
    }
}

record InnerProduct() implements Contrast {
    @Override
    public Tensor loss(Tensor positive, Tensor negatives) {
        return negatives.plus(1).sum(1).minus(positive.minus(1)).mean();
    }
}

record BinaryCrossEntropy(double temperature) implements Contrast {
    BinaryCrossEntropy {
        Temperature.require(temperature);
    }

    @Override
    public Tensor loss(Tensor positive, Tensor negatives) {
        Tensor missed = softplus(positive.dividedBy(-temperature));
        Tensor mistaken = softplus(negatives.dividedBy(temperature));
        return missed.plus(mistaken.sum(1)).mean();
    }

    /** {@code log(1 + exp(x))} without a large exponential. */
    private static Tensor softplus(Tensor x) {
        Tensor magnitude = x.maximum(x.negate());
        return x.relu().plus(magnitude.negate().exp().plus(1).log());
    }
}

final class Temperature {
    private Temperature() {}

    static void require(double temperature) {
        if (!(temperature > 0)) {
            throw new IllegalArgumentException("temperature must be above 0, got " + temperature);
        }
    }
}
