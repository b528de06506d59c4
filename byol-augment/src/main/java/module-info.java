import org.jspecify.annotations.NullMarked;

@NullMarked
module dev.byol.augment {
    requires static org.jspecify;
}
