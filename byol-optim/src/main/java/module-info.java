import org.jspecify.annotations.NullMarked;

/** Update rules and schedules, written in the words of {@code dev.byol.api}; they run on every engine. */
@NullMarked
module dev.byol.optim {
    requires transitive dev.byol.api;
    requires static org.jspecify;

    exports dev.byol.optim;
}
