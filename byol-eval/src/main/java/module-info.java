import org.jspecify.annotations.NullMarked;

/** Says how good frozen features are: a linear probe, nearest neighbours and measures of collapse, on plain float arrays of any engine. */
@NullMarked
module dev.byol.eval {
    requires static org.jspecify;
    requires com.google.common;

    exports dev.byol.eval;
}
