package dev.byol.eval;

/** How near two rows of features are. */
public enum Metric {
    /**
     * The cosine of their angle, {@code q . x / (||q|| ||x||)}, in [-1, 1]. A row of zeros has no direction: its similarity to
     * every row is 0. What features of self-supervised networks are compared by (InstDisc, DINO, SimSiam's monitor).
     */
    COSINE,

    /** The Euclidean distance {@code ||q - x||}, at least 0; the similarity is minus the distance. */
    EUCLIDEAN
}
