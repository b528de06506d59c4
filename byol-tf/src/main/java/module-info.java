import org.jspecify.annotations.NullMarked;

/** The TensorFlow engine: turns a method and an optimizer into one graph, runs, saves and exports it. */
@NullMarked
module dev.byol.tf {
    requires static org.jspecify;
    requires transitive dev.byol.api;
    requires transitive tensorflow;

    exports dev.byol.tf;
    exports dev.byol.tf.view;
}
