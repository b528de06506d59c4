package dev.byol.tf;

import dev.byol.api.Tensor;
import dev.byol.api.method.Contrast;

/** Losses of methods that the library does not have, in its words: a few lines each are enough. */
final class OtherLosses {
    private OtherLosses() {}

    /** SimCLR's (Chen et al. 2020, arXiv 2002.05709): each of the 2 B projections is told from all others. */
    static Tensor ntXent(Tensor z0, Tensor z1, double temperature) {
        Tensor a = z0.l2Normalize(1);
        Tensor b = z1.l2Normalize(1);
        return queries(a, b, temperature).plus(queries(b, a, temperature)).dividedBy(2);
    }

    private static Tensor queries(Tensor a, Tensor b, double temperature) {
        Tensor own = Contrast.offDiagonal(a.matmul(a.transpose(1, 0)));
        Tensor other = Contrast.offDiagonal(a.matmul(b.transpose(1, 0)));
        return Contrast.crossEntropy(temperature).loss(a.times(b).sum(1), own.concat(1, other));
    }

    /** Barlow Twins' (Zbontar et al. 2021, arXiv 2103.03230). */
    static Tensor barlowTwins(Tensor z0, Tensor z1, double lambda) {
        Tensor a = standardized(z0);
        Tensor b = standardized(z1);
        int batch = z0.shape().dimension(0);
        Tensor diagonal = a.times(b).mean(0);
        Tensor others = Contrast.offDiagonal(a.transpose(1, 0).matmul(b).dividedBy(batch));
        return diagonal.minus(1).square().sum().plus(others.square().sum().times(lambda));
    }

    private static Tensor standardized(Tensor z) {
        Tensor centred = z.minus(z.mean(0));
        return centred.dividedBy(centred.square().mean(0).plus(1e-5).sqrt());
    }

    /** VICReg's (Bardes et al. 2021, arXiv 2105.04906): invariance, variance and covariance. */
    static Tensor vicReg(Tensor z0, Tensor z1, double... weights) {
        Tensor invariance = z0.minus(z1).square().mean();
        Tensor variance = hinge(z0).plus(hinge(z1)).dividedBy(2);
        Tensor covariance = redundancy(z0).plus(redundancy(z1));
        return invariance.times(weights[0]).plus(variance.times(weights[1])).plus(covariance.times(weights[2]));
    }

    private static Tensor hinge(Tensor z) {
        Tensor variance = z.minus(z.mean(0)).square().sum(0).dividedBy(z.shape().dimension(0) - 1);
        return variance.plus(1e-4).sqrt().negate().plus(1).relu().mean();
    }

    private static Tensor redundancy(Tensor z) {
        Tensor centred = z.minus(z.mean(0));
        Tensor covariance =
                centred.transpose(1, 0).matmul(centred).dividedBy(z.shape().dimension(0) - 1);
        return Contrast.offDiagonal(covariance)
                .square()
                .sum()
                .dividedBy(z.shape().dimension(1));
    }
}
