package dev.byol.api.nn;

import dev.byol.api.BatchNorm;
import dev.byol.api.BatchRenorm;
import dev.byol.api.Branch;
import dev.byol.api.Initializer;
import dev.byol.api.Network;
import dev.byol.api.Parameter.Role;
import dev.byol.api.Shape;
import dev.byol.api.Tensor;

/** Normalisation of activations {@code [B, ..., C]}; scale starts at 1, offset at 0. */
public sealed interface Norm extends Network {
    /** Batch normalisation with PyTorch's settings. */
    static Norm batch() {
        return new Batch(BatchNorm.DEFAULT);
    }

    /** Batch renormalisation with its published schedule. */
    static Norm renorm() {
        return new Renorm(BatchRenorm.DEFAULT);
    }

    /** Group normalisation with the published 32 groups. */
    static Norm group() {
        return new Group(32, 1e-5);
    }

    /** Layer normalisation over the channels. */
    static Norm layer() {
        return new Layer(1e-5);
    }

    /** No normalisation. */
    static Norm none() {
        return new None();
    }

    /** Statistics over the batch (and the pixels), one pair a channel. */
    record Batch(BatchNorm settings) implements Norm {
        @Override
        public Tensor apply(Branch branch, Tensor x) {
            return branch.batchNorm(x, settings);
        }
    }

    /** Statistics of the batch, corrected towards those of many batches. */
    record Renorm(BatchRenorm settings) implements Norm {
        @Override
        public Tensor apply(Branch branch, Tensor x) {
            return branch.batchRenorm(x, settings);
        }
    }

    /**
     * Group normalisation (Wu and He 2018): statistics over the pixels and the channels of a group, for each image alone.
     * Where 32 groups do not divide the channels there are {@code max(1, min(groups, C / 4))}.
     *
     * @param groups wanted number of groups, at least 1
     * @param epsilon added to the biased variance, above 0
     */
    record Group(int groups, double epsilon) implements Norm {
        public Group {
            if (groups < 1) {
                throw new IllegalArgumentException("groups must be at least 1, got " + groups);
            }
            requireEpsilon(epsilon);
        }

        /** The number of groups for this many channels. */
        public int groupsOf(int channels) {
            int number = channels % groups == 0 ? groups : Math.max(1, Math.min(groups, channels / 4));
            if (channels % number != 0) {
                throw new IllegalArgumentException(channels + " channels cannot be split into " + number + " groups");
            }
            return number;
        }

        @Override
        public Tensor apply(Branch branch, Tensor x) {
            Shape shape = x.shape();
            int channels = shape.dimension(-1);
            int number = groupsOf(channels);
            int pixels = 1;
            for (int i = 1; i < shape.rank() - 1; i++) {
                pixels *= shape.dimension(i);
            }
            Tensor values = x.reshape(Shape.of(shape.dimension(0), pixels, channels));
            Tensor centred = values.minus(ofGroups(values.mean(1), number));
            Tensor variance = ofGroups(centred.square().mean(1), number);
            return normalized(branch, channels, centred, variance, epsilon).reshape(shape);
        }

        /** For each channel {@code [B, 1, C]} the mean of its group: small, so that images are reduced over pixels alone. */
        private static Tensor ofGroups(Tensor channels, int number) {
            Shape shape = channels.shape();
            Tensor grouped = channels.reshape(Shape.of(shape.dimension(0), number, shape.dimension(2) / number));
            return grouped.times(0).plus(grouped.mean(2)).reshape(shape);
        }
    }

    /**
     * Layer normalisation (Ba et al. 2016): statistics over the channels of each row or pixel.
     *
     * @param epsilon added to the biased variance, above 0
     */
    record Layer(double epsilon) implements Norm {
        public Layer {
            requireEpsilon(epsilon);
        }

        @Override
        public Tensor apply(Branch branch, Tensor x) {
            int channels = x.shape().dimension(-1);
            Tensor centred = x.minus(x.mean(-1));
            Tensor variance = centred.square().mean(-1);
            return normalized(branch, channels, centred, variance, epsilon);
        }
    }

    /** The identity. */
    record None() implements Norm {
        @Override
        public Tensor apply(Branch branch, Tensor x) {
            return x;
        }
    }

    private static void requireEpsilon(double epsilon) {
        if (!(epsilon > 0)) {
            throw new IllegalArgumentException("epsilon must be above 0, got " + epsilon);
        }
    }

    /** As one product with {@code scale / deviation}: engines rewrite two products, and not all alike. */
    private static Tensor normalized(Branch branch, int channels, Tensor centred, Tensor variance, double epsilon) {
        Tensor factor = scale(branch, channels).dividedBy(variance.plus(epsilon).sqrt());
        return centred.times(factor).plus(offset(branch, channels));
    }

    private static Tensor scale(Branch branch, int channels) {
        return branch.parameter("scale", Shape.of(channels), Role.NORM_SCALE, Initializer.ones());
    }

    private static Tensor offset(Branch branch, int channels) {
        return branch.parameter("offset", Shape.of(channels), Role.NORM_OFFSET, Initializer.zeros());
    }
}
