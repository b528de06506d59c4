package dev.byol.optim;

import static dev.byol.optim.Checks.require;

import dev.byol.api.Optimizer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a published linear evaluation was trained, all but its views: what to hand to a linear evaluation, and a text of all its numbers.
 * {@link Recipes} makes them.
 *
 * @param source who trained so, and whether the numbers are theirs or extrapolated
 * @param images labelled images in an epoch, at least 1
 * @param epochs passes over them, at least 1
 * @param batch images in a step, from 1 to {@code images}
 * @param heads the rule of each classifier of the sweep, by its base rate; at least one
 */
public record LinearRecipe(String source, long images, int epochs, int batch, Map<String, Optimizer> heads) {
    public LinearRecipe {
        require(images >= 1, "images must be at least 1, got " + images);
        require(epochs >= 1, "epochs must be at least 1, got " + epochs);
        Recipes.requireBatch(batch, images);
        require(!heads.isEmpty(), "a linear evaluation needs at least one head");
        heads = Collections.unmodifiableMap(new LinkedHashMap<>(heads));
    }

    /** Whole batches in an epoch; what is left over is dropped. */
    public long stepsPerEpoch() {
        return images / batch;
    }
}
