import org.jspecify.annotations.NullMarked;

@NullMarked
module dev.byol.tf {
    requires static org.jspecify;
}
