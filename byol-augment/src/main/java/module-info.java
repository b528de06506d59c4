import org.jspecify.annotations.NullMarked;

/** Decodes images, draws random views of them and loads batches in parallel. Needs the JDK only, and knows nothing of training. */
@NullMarked
module dev.byol.augment {
    requires java.desktop;
    requires static org.jspecify;

    exports dev.byol.augment;
    exports dev.byol.augment.io;
    exports dev.byol.augment.load;
}
