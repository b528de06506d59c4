package dev.byol.tf.view;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.tensorflow.Operand;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;

/**
 * Makes one view of each image of a batch inside a graph, an own one for every image. The values are those of byte arithmetic as Pillow and
 * torchvision have it, seen on the CPU; only {@code GaussianBlur} may be a level off.
 *
 * <p>Every lane is computed for the images that take it, and no other.
 */
public final class ViewGraph {
    private record Lane(Placeholder<TInt64> images, Placeholder<TFloat32> parameters, int count) {}

    private final ViewRecipe recipe;
    private final Crop crop;
    private final List<Lane> lanes = new ArrayList<>();
    private final Map<List<Object>, PixelOperation> operations =
            new HashMap<>(); // whose tables are shared by their lanes
    private final Operand<TFloat32> views;

    /**
     * Describes it.
     *
     * @param planes of {@link #planes}
     */
    public ViewGraph(Ops tf, Operand<TFloat32> planes, ViewRecipe recipe) {
        this.recipe = recipe;
        this.crop = new Crop(tf, recipe.side());
        Operand<TFloat32> x = crop.apply(tf, planes);
        for (int lane = 0; lane < recipe.operations().size(); lane++) {
            x = lane(tf, x, recipe.operations().get(lane), recipe.parameters().get(lane));
        }
        views = tf.linalg.transpose(x, tf.constant(new int[] {0, 2, 3, 1}));
    }

    /**
     * The images of a batch as views are made of them, shared by all views.
     *
     * @param images uint8 {@code [B, H, W, 3]} of any size
     */
    public static Operand<TFloat32> planes(Ops tf, Operand<TUint8> images) {
        return tf.dtypes.cast(tf.linalg.transpose(images, tf.constant(new int[] {0, 3, 1, 2})), TFloat32.class);
    }

    private Operand<TFloat32> lane(Ops tf, Operand<TFloat32> x, String operation, int count) {
        Placeholder<TInt64> images = tf.placeholder(TInt64.class, Placeholder.shape(Shape.of(-1)));
        Placeholder<TFloat32> parameters = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, count, 1, 1)));
        lanes.add(new Lane(images, parameters, count));
        PixelOperation change = operations.computeIfAbsent(
                List.of(operation, count), key -> PixelOperation.of(tf, operation, recipe.side(), count));
        Operand<TFloat32> changed = change.apply(tf, tf.gather(x, images, tf.constant(0)), parameters);
        return tf.tensorScatterNdUpdate(x, tf.expandDims(images, tf.constant(1)), changed);
    }

    /** The views {@code [B, side, side, 3]}, whole numbers from 0 to 255. */
    public Operand<TFloat32> views() {
        return views;
    }

    /**
     * Feeds what was drawn for some of the images, those that the graph has got.
     *
     * @param draws for at least {@code first + count} images
     * @param feed takes each placeholder and its value, which the caller closes after the run
     * @throws IllegalArgumentException if the draws are not those of this recipe, or for fewer images
     */
    public void feed(ViewDraws draws, int first, int count, BiConsumer<Operand<?>, Tensor> feed) {
        Feeds.require(recipe, draws, first + count);
        feed.accept(crop.columns.first(), Feeds.places(draws.firstColumns(), first, count, recipe.side()));
        feed.accept(crop.columns.weights(), Feeds.weights(draws.columnWeights(), first, count, recipe.side()));
        feed.accept(crop.rows.first(), Feeds.places(draws.firstRows(), first, count, recipe.side()));
        feed.accept(crop.rows.weights(), Feeds.weights(draws.rowWeights(), first, count, recipe.side()));
        for (int i = 0; i < lanes.size(); i++) {
            Lane lane = lanes.get(i);
            int[] taking = Feeds.taking(draws.taken()[i], first, count);
            feed.accept(lane.images, Feeds.indices(taking, first));
            feed.accept(lane.parameters, Feeds.parameters(draws.parameters()[i], taking, lane.count));
        }
    }
}
