package dev.byol.api.method;

import dev.byol.api.Branch;
import dev.byol.api.Encoder;
import dev.byol.api.Initializer;
import dev.byol.api.Method;
import dev.byol.api.Predictor;
import dev.byol.api.Projector;
import dev.byol.api.Shape;
import dev.byol.api.State;
import dev.byol.api.Step;
import dev.byol.api.TargetUpdater;
import dev.byol.api.Tensor;
import dev.byol.api.nn.Mlp;
import dev.byol.api.nn.Norm;
import org.jspecify.annotations.Nullable;

/**
 * Momentum Contrast (He et al. 2019, <a href="https://arxiv.org/abs/1911.05722">arXiv 1911.05722</a>, and v2, Chen et al. 2020,
 * <a href="https://arxiv.org/abs/2003.04297">arXiv 2003.04297</a>): a query q of the online network is told, by its cosine,
 * from keys of other images that the target network made in this step or in those before it. Made by {@link #builder()}.
 *
 * <p>Beyond MoCo it takes a predictor and both directions, whose losses are then summed: the contrastive row of the table of
 * Fetterman and Albrecht (2020) has both.
 *
 * @param predictor after the projector of the queries; the identity in MoCo
 * @param contrast the loss of a query's cosines
 * @param queue the number of keys that are remembered, at least a batch; 0: the other images of the batch are the negatives
 * @param symmetric whether each view is once the query and once the key
 */
public record MoCo(
        Encoder encoder,
        Projector projector,
        Predictor predictor,
        TargetUpdater updater,
        Contrast contrast,
        int queue,
        boolean symmetric)
        implements Method {
    public MoCo {
        if (queue < 0) {
            throw new IllegalArgumentException("queue must be at least 0, got " + queue);
        }
    }

    /**
     * Settings that begin with those of MoCo v2: cross entropy at temperature 0.2, a queue of 65 536 keys, no predictor, one
     * direction. Encoder, projector and updater must be set.
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Tensor loss(Step step) {
        Tensor q0 = query(step, 0);
        Tensor k1 = key(step, 1);
        if (queue == 0) {
            Tensor there = inBatch(q0, k1);
            return symmetric ? there.plus(inBatch(query(step, 1), key(step, 0))) : there;
        }
        State memory =
                step.target(updater).state("queue", Shape.of(queue, k1.shape().dimension(1)), Initializer.directions());
        Tensor others = memory.value(); // rows of length 1, the newest first
        Tensor loss = remembered(q0, k1, others);
        if (symmetric) {
            loss = loss.plus(remembered(query(step, 1), key(step, 0), others));
        }
        memory.assign(enqueued(k1, others)); // after use, and as in the reference only the first direction's
        return loss;
    }

    /** Queries of a view, of length 1: {@code [B, K]}. */
    private Tensor query(Step step, int view) {
        Branch online = step.online();
        Tensor y = encoder.encode(online, step.view(view)); // representation [B, D]
        Tensor z = projector.project(online, y); // projection [B, K]
        Tensor q = predictor.predict(online, z); // prediction [B, K]
        step.observe("y" + view, y);
        step.observe("z" + view, z);
        step.observe("q" + view, q);
        return q.l2Normalize(1);
    }

    /** Keys of a view, of length 1: {@code [B, K]}. */
    private Tensor key(Step step, int view) {
        Branch target = step.target(updater);
        Tensor y = encoder.encode(target, step.view(view));
        Tensor z = projector.project(target, y).stopGradient();
        step.observe("z'" + view, z);
        return z.l2Normalize(1);
    }

    private Tensor inBatch(Tensor q, Tensor k) {
        Tensor pairs = q.matmul(k.transpose(1, 0)); // [B, B]
        return contrast.loss(q.times(k).sum(1), Contrast.offDiagonal(pairs));
    }

    private Tensor remembered(Tensor q, Tensor k, Tensor others) {
        return contrast.loss(q.times(k).sum(1), q.matmul(others.transpose(1, 0)));
    }

    private Tensor enqueued(Tensor keys, Tensor others) {
        int batch = keys.shape().dimension(0);
        if (batch > queue) {
            throw new IllegalArgumentException("queue must hold a batch of " + batch + " keys, got " + queue);
        }
        return batch == queue ? keys : keys.concat(0, others.slice(0, 0, queue - batch));
    }

    /** Named settings of {@link MoCo}. Not thread-safe. */
    public static final class Builder {
        private @Nullable Encoder encoder;
        private @Nullable Projector projector;
        private Predictor predictor = new Mlp(0, 1, 1, Norm.none());
        private @Nullable TargetUpdater updater;
        private Contrast contrast = Contrast.crossEntropy(0.2);
        private int queue = 65_536;
        private boolean symmetric;

        private Builder() {}

        /** What is trained; required. */
        public Builder encoder(Encoder encoder) {
            this.encoder = encoder;
            return this;
        }

        /** From representations to queries and keys; required. */
        public Builder projector(Projector projector) {
            this.projector = projector;
            return this;
        }

        /** After the projector of the queries; the identity by default. */
        public Builder predictor(Predictor predictor) {
            this.predictor = predictor;
            return this;
        }

        /** How the target follows; required. MoCo's is an exponential moving average at 0.999. */
        public Builder updater(TargetUpdater updater) {
            this.updater = updater;
            return this;
        }

        /** The loss of a query's cosines; cross entropy at temperature 0.2 by default. */
        public Builder contrast(Contrast contrast) {
            this.contrast = contrast;
            return this;
        }

        /** The number of keys that are remembered, at least a batch; 65 536 by default. 0: the batch alone. */
        public Builder queue(int queue) {
            this.queue = queue;
            return this;
        }

        /** Whether each view is once the query and once the key; false by default. */
        public Builder symmetric(boolean symmetric) {
            this.symmetric = symmetric;
            return this;
        }

        /**
         * The method.
         *
         * @throws IllegalStateException if encoder, projector or updater was not set
         * @throws IllegalArgumentException if a setting is out of range
         */
        public MoCo build() {
            return new MoCo(
                    required("encoder", encoder),
                    required("projector", projector),
                    predictor,
                    required("updater", updater),
                    contrast,
                    queue,
                    symmetric);
        }

        private static <T> T required(String name, @Nullable T value) {
            if (value == null) {
                throw new IllegalStateException("MoCo needs " + name);
            }
            return value;
        }
    }
}
