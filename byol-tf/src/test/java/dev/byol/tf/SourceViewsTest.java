package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.byol.augment.Canvas;
import dev.byol.augment.CounterRandom;
import dev.byol.augment.DrawTable;
import dev.byol.augment.Image;
import dev.byol.augment.Operation;
import dev.byol.augment.TableLayout;
import dev.byol.augment.View;
import dev.byol.tf.view.Parity;
import dev.byol.tf.view.SourceBatch;
import dev.byol.tf.view.ViewDraws;
import dev.byol.tf.view.ViewRecipe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training steps that make their views themselves. */
class SourceViewsTest {
    private static final int SIDE = 16;
    private static final int BATCH = 4;
    private static final int WIDTH = 23;
    private static final int HEIGHT = 19;
    private static final View VIEW = View.appendix().side(SIDE).build();

    private static ViewRecipe recipe(int side) {
        return Parity.recipe(TableLayout.of(View.appendix().side(side).build()));
    }

    /** The images of a step, what is drawn for them, and the views that byol-augment makes of them. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Drawn(SourceBatch sources, byte[][] views) {
        static Drawn of(long step) {
            byte[] pixels = Tiny.images(3 * BATCH * WIDTH * HEIGHT, step);
            byte[][] views = new byte[2][3 * BATCH * SIDE * SIDE];
            List<ViewDraws> draws = new ArrayList<>();
            for (int v = 0; v < 2; v++) {
                DrawTable table = TableLayout.of(VIEW).table(BATCH);
                for (int i = 0; i < BATCH; i++) {
                    int size = 3 * WIDTH * HEIGHT;
                    Image image = new Image(WIDTH, HEIGHT, 3, Arrays.copyOfRange(pixels, i * size, (i + 1) * size));
                    List<Operation> drawn = VIEW.draw(CounterRandom.of(1, step, i, v), image);
                    table.write(drawn, image.size(), i);
                    new Canvas().render(image, drawn, views[v], i * 3 * SIDE * SIDE);
                }
                draws.add(Parity.draws(table));
            }
            return new Drawn(new SourceBatch(pixels, HEIGHT, WIDTH, draws), views);
        }
    }

    private static Trainer.Builder settings() {
        return Tiny.pooled().views(List.of(recipe(SIDE), recipe(SIDE)));
    }

    @ParameterizedTest
    @ValueSource(ints = {BATCH, 2})
    void steps_onSources_giveTheBitsOfSteps_onViews(int microBatch) {
        try (Trainer inGraph = settings().microBatch(microBatch).build();
                Trainer fed = Tiny.pooled().microBatch(microBatch).build()) {
            for (int step = 0; step < 2; step++) {
                Drawn drawn = Drawn.of(step);
                StepReport found = inGraph.step(Set.of("z0"), drawn.sources());
                StepReport expected = fed.step(Set.of("z0"), drawn.views());
                assertThat(found.loss()).isEqualTo(expected.loss());
                assertThat(found.observed("z0")).isDeepEqualTo(expected.observed("z0"));
            }
            assertThat(inGraph.digest()).isEqualTo(fed.digest());
        }
    }

    @Test
    void views_canStillBeGiven() {
        try (Trainer inGraph = settings().build();
                Trainer fed = Tiny.pooled().build()) {
            byte[][] views = Drawn.of(7).views();
            assertThat(inGraph.step(views).loss()).isEqualTo(fed.step(views).loss());
        }
    }

    @Test
    void whatDoesNotFit_isRefused() {
        assertThatThrownBy(() -> Tiny.pooled().views(List.of(recipe(SIDE))).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the method takes 2 views, got recipes for 1");
        assertThatThrownBy(() ->
                        Tiny.pooled().views(List.of(recipe(SIDE), recipe(8))).build())
                .hasMessage("recipes of the graph make RGB views of their side, got one of side 8 for images 16x16x3");
        Drawn drawn = Drawn.of(1);
        try (Trainer fed = Tiny.pooled().build();
                Trainer inGraph = settings().build()) {
            assertThatThrownBy(() -> fed.step(Set.of(), drawn.sources()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the trainer makes no views: it was built without recipes");
            SourceBatch sources = drawn.sources();
            assertThatThrownBy(() -> inGraph.step(
                            Set.of(),
                            new SourceBatch(
                                    sources.images(),
                                    HEIGHT,
                                    WIDTH,
                                    sources.draws().subList(0, 1))))
                    .hasMessage("the method takes 2 views, got 1");
            byte[] fewer = Arrays.copyOf(sources.images(), 3 * 3 * WIDTH * HEIGHT);
            assertThatThrownBy(() -> inGraph.step(Set.of(), new SourceBatch(fewer, HEIGHT, WIDTH, sources.draws())))
                    .hasMessage("a step takes a batch of 4 images, got 3");
            assertThatThrownBy(() -> new SourceBatch(fewer, HEIGHT, 22, sources.draws()))
                    .hasMessageContaining("images 19x22x3 need a multiple of 1254 values");
            assertThat(inGraph.steps()).isZero();
        }
    }
}
