package dev.byol.examples;

import dev.byol.augment.DrawTable;
import dev.byol.augment.TableLayout;
import dev.byol.augment.View;
import dev.byol.augment.load.Batch;
import dev.byol.augment.load.Sources;
import dev.byol.tf.view.SourceBatch;
import dev.byol.tf.view.ViewDraws;
import dev.byol.tf.view.ViewRecipe;
import java.util.ArrayList;
import java.util.List;

/** From byol-augment's draws to byol-tf's graph: neither knows the other, so that numbers are handed over. */
final class GraphViews {
    private GraphViews() {}

    /** What the graph must be able to make for these views. */
    static List<ViewRecipe> recipes(List<View> views) {
        return views.stream()
                .map(TableLayout::of)
                .map(layout -> new ViewRecipe(
                        layout.side(),
                        layout.lanes().stream().map(TableLayout.Lane::operation).toList(),
                        layout.lanes().stream()
                                .map(TableLayout.Lane::parameters)
                                .toList()))
                .toList();
    }

    /**
     * The images of a batch and what was drawn for them; valid as long as the batch.
     *
     * @throws BadInput if images of very different sizes are too many for one array
     */
    static SourceBatch of(Batch batch) {
        Sources sources;
        try {
            sources = batch.sources();
        } catch (IllegalStateException e) {
            throw new BadInput("--views device: " + e.getMessage());
        }
        List<ViewDraws> draws = new ArrayList<>();
        for (int view = 0; view < batch.views(); view++) {
            draws.add(of(sources.table(view)));
        }
        return new SourceBatch(sources.images(), sources.height(), sources.width(), draws);
    }

    static ViewDraws of(DrawTable table) {
        return new ViewDraws(
                table.firstColumns(),
                table.columnWeights(),
                table.firstRows(),
                table.rowWeights(),
                table.taken(),
                table.parameters());
    }
}
