import org.jspecify.annotations.NullMarked;

/** Mains that people run and copy. Not published. */
@NullMarked
module dev.byol.examples {
    requires static org.jspecify;
    requires java.desktop;
    requires jdk.management;
    requires jdk.unsupported; // signals
    requires com.fasterxml.jackson.jr.ob;
    requires dev.byol.augment;
    requires dev.byol.eval;
    requires dev.byol.optim;
    requires dev.byol.tf;
    requires info.picocli;

    opens dev.byol.examples to
            info.picocli;
}
