package dev.byol.examples;

import dev.byol.tf.Prefetched;
import dev.byol.tf.StepReport;
import dev.byol.tf.Trainer;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Steps on batches of which a GPU gets the next one while it computes. To be closed before what the batches come from.
 *
 * @param <T> a batch
 */
final class SentAhead<T> implements AutoCloseable {
    private final Trainer trainer;
    private final Function<T, Prefetched> send;
    private final boolean sends;
    private @Nullable Prefetched next;

    SentAhead(Trainer trainer, Function<T, Prefetched> send) {
        this(trainer, send, trainer.device().gpu().isPresent());
    }

    /** @param sends whether anything is sent ahead at all */
    SentAhead(Trainer trainer, Function<T, Prefetched> send, boolean sends) {
        this.trainer = trainer;
        this.send = send;
        this.sends = sends;
    }

    /**
     * One step. The next batch is sent before it: one that cannot be fails here.
     *
     * @param batch the one that came after the last
     * @param after the one that comes after it, if it is there already
     */
    StepReport step(Set<String> observed, T batch, Supplier<Optional<T>> after) {
        Prefetched early = next;
        next = null;
        try (Prefetched now = early == null ? send.apply(batch) : early) {
            if (sends) {
                next = after.get().map(send).orElse(null);
            }
            return trainer.step(observed, now);
        }
    }

    @Override
    public void close() {
        if (next != null) {
            next.close();
        }
    }
}
