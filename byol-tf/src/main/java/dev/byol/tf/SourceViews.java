package dev.byol.tf;

import dev.byol.api.Shape;
import dev.byol.tf.view.SourceBatch;
import dev.byol.tf.view.ViewGraph;
import dev.byol.tf.view.ViewRecipe;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** The part of a step's graph that makes the views of images, where they are not fed. */
final class SourceViews {
    private static final long ANY = org.tensorflow.ndarray.Shape.UNKNOWN_SIZE;

    private final Operand<TUint8> images;
    private final List<ViewGraph> graphs;

    /**
     * Describes them.
     *
     * @param uploads where images may come from, if not fed
     */
    SourceViews(Ops tf, List<ViewRecipe> recipes, Optional<Uploads> uploads) {
        org.tensorflow.ndarray.Shape shape = org.tensorflow.ndarray.Shape.of(ANY, ANY, ANY, 3);
        images = uploads.map(ahead -> ahead.value(0))
                .orElseGet(() -> tf.placeholder(TUint8.class, Placeholder.shape(shape)));
        Operand<TFloat32> planes = ViewGraph.planes(tf, uploads.isPresent() ? tf.ensureShape(images, shape) : images);
        graphs = recipes.stream()
                .map(recipe -> new ViewGraph(tf, planes, recipe))
                .toList();
    }

    /** A view as it would be fed, of a shape that is known when the rest of the step is described. */
    Operand<TUint8> view(Ops tf, int index, Shape shape) {
        return tf.ensureShape(tf.dtypes.cast(graphs.get(index).views(), TUint8.class), Tf.shape(shape));
    }

    /** Feeds some of the images, and what was drawn for them. */
    void feed(StepRun run, SourceBatch batch, int first, int count) {
        Shape shape = Shape.of(count, batch.height(), batch.width(), 3);
        run.feedOnce(images, Memory.bytes(shape, batch.images(), first * 3 * batch.height() * batch.width()));
        feedDraws(run, batch, first, count);
    }

    /** Feeds what was drawn for some of the images. */
    void feedDraws(StepRun run, SourceBatch batch, int first, int count) {
        for (int view = 0; view < graphs.size(); view++) {
            graphs.get(view).feed(batch.draws().get(view), first, count, run::feedOnce);
        }
    }

    /** @throws IllegalArgumentException if the recipes are not for these views */
    static void require(List<ViewRecipe> recipes, ImageFormat format, int views) {
        if (recipes.size() != views) {
            throw new IllegalArgumentException(
                    "the method takes " + views + " views, got recipes for " + recipes.size());
        }
        for (ViewRecipe recipe : recipes) {
            if (format.channels() != 3 || format.height() != recipe.side() || format.width() != recipe.side()) {
                throw new IllegalArgumentException("recipes of the graph make RGB views of their side, got one of side "
                        + recipe.side() + " for images " + format.height() + "x" + format.width() + "x"
                        + format.channels());
            }
        }
    }
}
