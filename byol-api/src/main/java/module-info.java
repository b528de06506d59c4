import org.jspecify.annotations.NullMarked;

/**
 * The words of self-supervised learning: roles, the two branches, networks and methods, and the description of a step
 * that engines run. No engine, no dependency at run time.
 */
@NullMarked
module dev.byol.api {
    requires static org.jspecify;

    exports dev.byol.api;
    exports dev.byol.api.graph;
    exports dev.byol.api.method;
    exports dev.byol.api.nn;
}
