package dev.byol.tf;

import org.jspecify.annotations.Nullable;

/**
 * What one step takes in, on its way to the device: made by {@link Trainer#prefetch(byte[][])}, used up by {@link Trainer#step(java.util.Set,
 * Prefetched)}. Its arrays must stay as they are until that step is over, or it is closed, which it has to be if no step takes it, or the
 * step fails; it may be, in any case, and after its trainer. It is for the trainer's thread.
 */
public final class Prefetched implements AutoCloseable {
    private final Program program;
    private final StepRun.Views fed;
    private final StepRun.Views beside;
    private Uploads.@Nullable Upload upload;
    private boolean used;

    /**
     * Made by the trainer.
     *
     * @param fed feeds everything
     * @param beside feeds what is not uploaded
     * @param upload null where there is nothing to gain
     */
    Prefetched(Program program, StepRun.Views fed, StepRun.Views beside, Uploads.@Nullable Upload upload) {
        this.program = program;
        this.fed = fed;
        this.beside = beside;
        this.upload = upload;
    }

    /** Feeds the one step that it is for. */
    StepRun.Views use(Program by) {
        if (by != program) {
            throw new IllegalArgumentException("what is prefetched is for the trainer that it was handed to");
        }
        if (used) {
            throw new IllegalStateException("what is prefetched is for one step, and this was used or closed before");
        }
        used = true;
        return (run, part) -> {
            Uploads.Upload sent = upload;
            if (sent == null) {
                fed.feed(run, part);
                return;
            }
            beside.feed(run, part);
            if (sent.give(run)) {
                upload = null; // until here it is ours to forget
            } else {
                fed.feed(run, part);
            }
        };
    }

    /** Waits for what is sent; false if there is nothing, or it did not fit. */
    boolean isThere() {
        return upload != null && upload.arrived();
    }

    /** Forgets it, if no step has taken it. Afterwards nothing reads its arrays any more. */
    @Override
    public void close() {
        used = true;
        Uploads.Upload sent = upload;
        upload = null;
        if (sent != null) {
            sent.discard();
        }
    }
}
