import org.jspecify.annotations.NullMarked;

@NullMarked
module dev.byol.eval {
    requires static org.jspecify;
}
