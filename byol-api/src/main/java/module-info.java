import org.jspecify.annotations.NullMarked;

/** The words of the field: roles, the two branches, networks and methods. No engine. */
@NullMarked
module dev.byol.api {
    requires static org.jspecify;

    exports dev.byol.api;
}
