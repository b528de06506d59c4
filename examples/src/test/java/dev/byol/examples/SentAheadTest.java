package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.byol.api.TargetUpdater;
import dev.byol.api.method.Byol;
import dev.byol.api.nn.Linear;
import dev.byol.api.nn.Mlp;
import dev.byol.api.nn.Norm;
import dev.byol.augment.View;
import dev.byol.augment.load.Batch;
import dev.byol.augment.load.Epoch;
import dev.byol.augment.load.Loader;
import dev.byol.optim.Schedules;
import dev.byol.optim.Sgd;
import dev.byol.tf.DeviceChoice;
import dev.byol.tf.ImageFormat;
import dev.byol.tf.Prefetched;
import dev.byol.tf.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SentAheadTest {
    private static final int SIDE = 8;
    private static final int BATCH = 5;

    private static Trainer trainer() {
        Mlp mlp = new Mlp(1, 8, 4, Norm.layer());
        return Trainer.builder()
                .method(new Byol(
                        (branch, x) -> branch.apply("linear", new Linear(6, true), x.globalAveragePool()),
                        mlp,
                        mlp,
                        TargetUpdater.ema(Schedules.constant(0.9))))
                .optimizer(Sgd.builder().learningRate(Schedules.constant(0.1)).build())
                .images(ImageFormat.rgb(SIDE))
                .batch(BATCH)
                .device(DeviceChoice.CPU)
                .build();
    }

    private static Loader loader() {
        View view = View.appendix().side(SIDE).build();
        return Loader.builder(Repeated.shapes(16, 10, 4 * BATCH))
                .views(view, view)
                .batch(BATCH)
                .build();
    }

    @Test
    void steps_withTheNextBatchSent_areThoseOfEachBatchByItself() throws InterruptedException {
        try (Trainer plain = trainer();
                Trainer ahead = trainer()) {
            int sent = 0;
            for (int number = 0; number < 2; number++) {
                try (Epoch epoch = loader().epoch(number)) {
                    while (epoch.hasNext()) {
                        try (Batch batch = epoch.next()) {
                            plain.step(batch.view(0), batch.view(1));
                        }
                    }
                }
                try (Epoch epoch = loader().epoch(number);
                        SentAhead<Batch> steps = steps(ahead, true)) {
                    while (epoch.hasNext()) {
                        try (Batch batch = epoch.next()) {
                            sent += awaited(epoch).isPresent() ? 1 : 0;
                            steps.step(Set.of(), batch, epoch::peek);
                        }
                    }
                }
            }
            assertThat(sent).isEqualTo(6);
            assertThat(ahead.digest()).isEqualTo(plain.digest());
        }
    }

    private static SentAhead<Batch> steps(Trainer trainer, boolean sends) {
        return new SentAhead<>(trainer, batch -> trainer.prefetch(batch.view(0), batch.view(1)), sends);
    }

    private static Optional<Batch> awaited(Epoch epoch) throws InterruptedException {
        while (epoch.hasNext() && epoch.peek().isEmpty()) {
            Thread.sleep(1);
        }
        return epoch.peek();
    }

    @Test
    void close_forgetsWhatWasSent() throws InterruptedException {
        List<Prefetched> sent = new ArrayList<>();
        try (Trainer trainer = trainer();
                Epoch epoch = loader().epoch(0)) {
            SentAhead<Batch> steps = new SentAhead<>(
                    trainer,
                    batch -> {
                        sent.add(trainer.prefetch(batch.view(0), batch.view(1)));
                        return sent.get(sent.size() - 1);
                    },
                    true);
            try (steps;
                    Batch batch = epoch.next()) {
                awaited(epoch);
                steps.step(Set.of(), batch, epoch::peek);
            }
            assertThat(sent).hasSize(2);
            assertThatThrownBy(() -> trainer.step(Set.of(), sent.get(1))).hasMessageContaining("was used or closed");
        }
    }

    @Test
    void step_onACpu_asksForNoBatchAhead() {
        try (Trainer trainer = trainer();
                Epoch epoch = loader().epoch(0);
                Batch batch = epoch.next();
                SentAhead<Batch> steps =
                        new SentAhead<>(trainer, each -> trainer.prefetch(each.view(0), each.view(1)))) {
            steps.step(Set.of(), batch, () -> {
                throw new AssertionError("there is nothing to gain");
            });
            assertThat(trainer.steps()).isEqualTo(1);
        }
    }
}
