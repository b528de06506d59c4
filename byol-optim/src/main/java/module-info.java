import org.jspecify.annotations.NullMarked;

@NullMarked
module dev.byol.optim {
    requires static org.jspecify;
}
