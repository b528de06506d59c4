package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.byol.api.Shape;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.MapSize;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;

/**
 * What is sent ahead gives the bits of what is not. Where there is no GPU, TensorFlow runs what is placed on one on the CPU, uploads too.
 */
class PrefetchTest {
    private static final int SIDE = 16;
    private static final int BATCH = 4;
    private static final int STEPS = 4;

    private static byte[] view(int seed) {
        return Tiny.images(3 * BATCH * SIDE * SIDE, seed);
    }

    private static Trainer placed(Trainer.Builder settings) {
        assumeTrue(DeviceChoice.AUTO.settle().gpu().isEmpty(), "there is a GPU, whose numbers are not the CPU's");
        return settings.build(ChosenDevice.gpu(0, "for a test"));
    }

    private static void steps(Trainer trainer, int ahead, IntFunction<Prefetched> send) {
        Deque<Prefetched> sent = new ArrayDeque<>();
        for (int i = 0; i < STEPS + ahead; i++) {
            if (i < STEPS) {
                sent.add(send.apply(i));
                assertThat(sent.getLast().isThere()).isEqualTo(trainer.program.uploads.isPresent());
            }
            if (i >= ahead) {
                trainer.step(Set.of(), sent.remove());
            }
        }
        assertThat(waiting(trainer)).isZero();
    }

    /** How many batches wait on the device. */
    private static int waiting(Trainer trainer) {
        if (trainer.program.uploads.isEmpty()) {
            return 0;
        }
        List<Class<? extends TType>> types =
                Collections.nCopies(trainer.program.sources.isPresent() ? 1 : 2, TUint8.class);
        Operand<TInt32> size = ChosenDevice.gpu(0, "for a test")
                .place(Ops.create(trainer.program.graph))
                .mapSize(types, MapSize.sharedName(Uploads.NAME));
        try (Result result = trainer.program.session.runner().fetch(size).run()) {
            return ((TInt32) result.get(0)).getInt();
        }
    }

    private static void assertSame(Trainer.Builder settings) {
        try (Trainer plain = placed(settings);
                Trainer one = placed(settings);
                Trainer two = placed(settings)) {
            for (int i = 0; i < STEPS; i++) {
                plain.step(view(i), view(100 + i));
            }
            steps(one, 1, i -> one.prefetch(view(i), view(100 + i)));
            steps(two, 2, i -> two.prefetch(view(i), view(100 + i)));
            assertThat(one.digest()).isEqualTo(plain.digest());
            assertThat(two.digest()).isEqualTo(plain.digest());
        }
    }

    @Test
    void step_onWhatWasSentAhead_givesTheSameBits() {
        assertSame(Tiny.pooled());
    }

    @Test
    void step_inMicroBatches_givesTheSameBits() {
        assertSame(Tiny.pooled().microBatch(BATCH / 2));
    }

    @Test
    void step_onACpu_givesTheSameBits() {
        try (Trainer plain = Tiny.pooled().device(DeviceChoice.CPU).build();
                Trainer ahead = Tiny.pooled().device(DeviceChoice.CPU).build()) {
            plain.step(view(1), view(2));
            try (Prefetched sent = ahead.prefetch(view(1), view(2))) {
                ahead.step(Set.of(), sent);
            }
            assertThat(ahead.digest()).isEqualTo(plain.digest());
        }
    }

    @Test
    void step_onImagesThatWereSentAhead_givesTheSameBits() {
        View view = View.appendix().side(SIDE).build();
        ViewRecipe recipe = Parity.recipe(TableLayout.of(view));
        Trainer.Builder settings = Tiny.pooled().views(List.of(recipe, recipe));
        try (Trainer plain = placed(settings);
                Trainer ahead = placed(settings)) {
            for (int i = 0; i < STEPS; i++) {
                plain.step(Set.of(), images(view, i));
            }
            steps(ahead, 1, i -> ahead.prefetch(images(view, i)));
            assertThat(ahead.digest()).isEqualTo(plain.digest());
        }
    }

    /** Its graph takes images: there is no place for views to be sent to. */
    @Test
    void viewsForATrainerThatMakesItsOwn_areFed() {
        ViewRecipe recipe =
                Parity.recipe(TableLayout.of(View.appendix().side(SIDE).build()));
        try (Trainer trainer = placed(Tiny.pooled().views(List.of(recipe, recipe)));
                Trainer plain = placed(Tiny.pooled());
                Prefetched sent = trainer.prefetch(view(1), view(2))) {
            assertThat(sent.isThere()).isFalse();
            trainer.step(Set.of(), sent);
            plain.step(view(1), view(2));
            assertThat(trainer.digest()).isEqualTo(plain.digest());
        }
    }

    /** Draws of one view where two are needed, and an input that nobody fed. */
    @Test
    void stepThatFailsEarly_leavesNothingOnTheDevice() {
        View view = View.appendix().side(SIDE).build();
        ViewRecipe recipe = Parity.recipe(TableLayout.of(view));
        ViewRecipe plainer =
                Parity.recipe(TableLayout.of(View.parse(View.center(SIDE).toString())));
        try (Trainer trainer = placed(Tiny.pooled().views(List.of(recipe, plainer)))) {
            Prefetched sent = trainer.prefetch(images(view, 1));
            assertThat(sent.isThere()).isTrue();
            try (sent) {
                assertThatThrownBy(() -> trainer.step(Set.of(), sent)).isInstanceOf(IllegalArgumentException.class);
            }
            assertThat(waiting(trainer)).isZero();
        }
        Tiny.OneView labelled = Tiny.OneView.scaled(
                (step, y) -> y.times(step.input("label", Shape.scalar())).mean());
        try (Trainer trainer = placed(Tiny.pooled().method(labelled))) {
            try (Prefetched sent = trainer.prefetch(view(1))) {
                assertThatThrownBy(() -> trainer.step(Set.of(), sent)).hasMessage("input label was never fed");
                trainer.feed("label", new float[] {1});
                assertThat(sent.isThere()).isTrue();
                trainer.step(Set.of(), sent);
            }
        }
    }

    /** Images of another size with every step. */
    private static SourceBatch images(View view, int step) {
        int width = 20 + step;
        int size = 3 * width * width;
        byte[] pixels = Tiny.images(BATCH * size, step);
        List<ViewDraws> draws = new ArrayList<>();
        for (int v = 0; v < 2; v++) {
            DrawTable table = TableLayout.of(view).table(BATCH);
            for (int i = 0; i < BATCH; i++) {
                Image image =
                        new Image(width, width, 3, java.util.Arrays.copyOfRange(pixels, i * size, (i + 1) * size));
                List<Operation> drawn = view.draw(CounterRandom.of(1, step, i, v), image);
                table.write(drawn, image.size(), i);
            }
            draws.add(Parity.draws(table));
        }
        return new SourceBatch(pixels, width, width, draws);
    }

    @Test
    void whatIsClosed_leavesNoTrace() {
        try (Trainer plain = placed(Tiny.pooled());
                Trainer ahead = placed(Tiny.pooled())) {
            Prefetched dropped = ahead.prefetch(view(7), view(8));
            Prefetched sent = ahead.prefetch(view(1), view(2));
            assertThat(dropped.isThere() && sent.isThere()).isTrue();
            assertThat(waiting(ahead)).isEqualTo(2);
            dropped.close();
            dropped.close();
            assertThat(waiting(ahead)).isOne();
            ahead.step(Set.of(), sent);
            plain.step(view(1), view(2));
            sent.close();
            ahead.step(view(3), view(4));
            plain.step(view(3), view(4));
            assertThat(ahead.digest()).isEqualTo(plain.digest());
            assertThatThrownBy(() -> ahead.step(Set.of(), dropped))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("what is prefetched is for one step, and this was used or closed before");
            assertThatThrownBy(() -> ahead.step(Set.of(), sent)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void anotherTrainers_areRefused() {
        try (Trainer one = placed(Tiny.pooled());
                Trainer other = placed(Tiny.pooled());
                Prefetched sent = one.prefetch(view(1), view(2))) {
            assertThatThrownBy(() -> other.step(Set.of(), sent))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("what is prefetched is for the trainer that it was handed to");
            one.step(Set.of(), sent);
        }
    }

    @Test
    void badViews_areRefusedAtOnce() {
        try (Trainer trainer = placed(Tiny.pooled())) {
            assertThatThrownBy(() -> trainer.prefetch(view(1))).hasMessage("the method takes 2 views, got 1");
            assertThatThrownBy(() -> trainer.prefetch(view(1), new byte[5])).hasMessageContaining("view 1 needs");
        }
    }

    @Test
    void trainerThatIsClosed_withViewsOnTheirWay_endsCleanly() {
        Trainer trainer = placed(Tiny.pooled());
        Prefetched sent = trainer.prefetch(view(1), view(2));
        trainer.close();
        assertThatThrownBy(() -> trainer.step(Set.of(), sent)).hasMessage("the trainer is closed");
        assertThatCode(sent::close).doesNotThrowAnyException();
    }

    /** The device gave away what it had: the runs that look for the origin are fed the same. */
    @Test
    void stepThatIsNotFinite_namesTheSameOrigin() {
        Trainer.Builder settings = Tiny.pooled().optimizer(Tiny.descent(step -> 1e30));
        try (Trainer plain = placed(settings);
                Trainer ahead = placed(settings)) {
            NonFinite expected = catchThrowableOfType(NonFiniteException.class, () -> {
                        for (int i = 0; i < STEPS; i++) {
                            plain.step(view(i), view(100 + i));
                        }
                    })
                    .origin();
            NonFinite found = catchThrowableOfType(
                            NonFiniteException.class,
                            () -> steps(ahead, 1, i -> ahead.prefetch(view(i), view(100 + i))))
                    .origin();
            assertThat(found).isEqualTo(expected);
        }
    }
}
