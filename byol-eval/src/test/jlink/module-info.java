module dev.byol.alone {
    requires dev.byol.eval;
}
