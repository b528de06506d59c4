package dev.byol.tf.view;

/**
 * What was drawn for one view of each of {@code B} images. Arrays are not copied.
 *
 * @param firstColumns the first column of the image that each column of the view is made of, {@code [B][side]}
 * @param columnWeights the weights of the columns from the first one on, whole numbers times {@code 2^-22}, {@code [B][side * taps]}, where
 *     the number of taps is the image's own
 * @param firstRows as {@code firstColumns}
 * @param rowWeights as {@code columnWeights}
 * @param taken which images take each lane of the recipe, {@code [lanes][B]}
 * @param parameters of each lane, {@code [lanes][B * parameters]}
 */
@SuppressWarnings("ArrayRecordComponent")
public record ViewDraws(
        int[][] firstColumns,
        float[][] columnWeights,
        int[][] firstRows,
        float[][] rowWeights,
        boolean[][] taken,
        float[][] parameters) {}
