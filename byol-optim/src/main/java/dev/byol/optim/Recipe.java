package dev.byol.optim;

import static dev.byol.optim.Checks.require;

import dev.byol.api.Optimizer;
import dev.byol.api.Schedule;

/**
 * How a published run was trained, all but its networks and views: what to hand to a trainer, and a text of all its numbers.
 * {@link Recipes} makes them.
 *
 * @param source who trained so, and whether the numbers are theirs or extrapolated
 * @param images images in an epoch, at least 1
 * @param epochs passes over them, at least 1
 * @param batch images in a step, from 1 to {@code images}
 * @param steps updates in all, at least 1
 * @param optimizer how the online parameters move, at {@code learningRate}
 * @param learningRate of each step, for plots: the optimizer holds it already
 * @param tau the target's inertia at each step, in [0, 1]
 * @param targetFirst whether the target follows the online parameters as they were before the optimizer moved them
 * @param projectsTwice whether the online projection is computed once more for measures, so that the moving statistics of its
 *      norms take each batch twice
 * @param lossFactor what BYOL's loss, the sum of {@code 2 - 2 cos} over both directions, is multiplied by; finite and above 0
 */
public record Recipe(
        String source,
        long images,
        int epochs,
        int batch,
        long steps,
        Optimizer optimizer,
        Schedule learningRate,
        Schedule tau,
        boolean targetFirst,
        boolean projectsTwice,
        double lossFactor) {
    public Recipe {
        require(images >= 1, "images must be at least 1, got " + images);
        require(epochs >= 1, "epochs must be at least 1, got " + epochs);
        Recipes.requireBatch(batch, images);
        require(steps >= 1, "steps must be at least 1, got " + steps);
        require(
                Double.isFinite(lossFactor) && lossFactor > 0,
                "loss factor must be finite and above 0, got " + lossFactor);
    }

    /** Whole batches in an epoch; what is left over is dropped. */
    public long stepsPerEpoch() {
        return images / batch;
    }
}
