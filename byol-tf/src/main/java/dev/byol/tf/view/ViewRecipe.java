package dev.byol.tf.view;

import java.util.List;

/**
 * Which operations a view is made of, after it was cut out of its image and resized. Each stands in a lane; an image takes some of
 * them, in their order.
 *
 * @param side pixels of the square that results, at least 1
 * @param operations the lanes' operations by name, such as {@code Brightness}
 * @param parameters how many numbers say what each lane's operation does to an image
 */
public record ViewRecipe(int side, List<String> operations, List<Integer> parameters) {
    /** @throws IllegalArgumentException if the graph has not one of the operations, or it takes another number of parameters */
    public ViewRecipe {
        operations = List.copyOf(operations);
        parameters = List.copyOf(parameters);
        if (side < 1) {
            throw new IllegalArgumentException("side must be at least 1, got " + side);
        }
        if (parameters.size() != operations.size()) {
            throw new IllegalArgumentException("expected a number of parameters for each of " + operations.size()
                    + " operations, got " + parameters.size());
        }
        for (int lane = 0; lane < operations.size(); lane++) {
            PixelOperation.require(operations.get(lane), parameters.get(lane));
        }
    }
}
