package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.byol.api.Branch;
import dev.byol.api.Shape;
import dev.byol.api.TargetUpdater;
import dev.byol.api.Tensor;
import dev.byol.api.method.Byol;
import dev.byol.api.nn.Linear;
import dev.byol.api.nn.Mlp;
import dev.byol.api.nn.Norm;
import dev.byol.augment.Image;
import dev.byol.augment.View;
import dev.byol.augment.io.ImageSource;
import dev.byol.augment.load.Epoch;
import dev.byol.augment.load.Loader;
import dev.byol.augment.load.Unreadable;
import dev.byol.optim.Schedules;
import dev.byol.optim.Sgd;
import dev.byol.tf.Checkpoints;
import dev.byol.tf.EventFile;
import dev.byol.tf.FrozenEncoder;
import dev.byol.tf.ImageFormat;
import dev.byol.tf.LinearEvaluation;
import dev.byol.tf.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever holds memory, threads or files is closed in any order, twice, and after it has failed; what is still open goes on. */
class ClosingTest {
    private static final int SIDE = 2;
    private static final int BATCH = 2;
    private static final byte[] IMAGES = new byte[BATCH * SIDE * SIDE * 3];
    private static final Sgd RULE = Sgd.builder()
            .learningRate(Schedules.constant(0.01))
            .momentum(0)
            .weightDecay(0)
            .build();

    @TempDir
    private Path temp;

    private Path model;

    private enum Part {
        TRAINER,
        EPOCH,
        FROZEN,
        LINEAR,
        CHECKPOINTS,
        EVENTS
    }

    /** What says that it is closed. */
    private static final Set<Part> REFUSING = EnumSet.of(Part.TRAINER, Part.EPOCH, Part.FROZEN, Part.LINEAR);

    /** Images, of which one may be such that cannot be read. */
    private record Pixels(boolean isBroken) implements ImageSource {
        @Override
        public int size() {
            return 100 * BATCH;
        }

        @Override
        public Image image(int index) throws IOException {
            if (isBroken && index == size() - 1) {
                throw new IOException("broken");
            }
            return new Image(SIDE, SIDE, 3, new byte[SIDE * SIDE * 3]);
        }
    }

    private static Tensor encoder(Branch branch, Tensor x) {
        return new Linear(3, true).apply(branch, x.reshape(Shape.of(x.shape().dimension(0), SIDE * SIDE * 3)));
    }

    private static Trainer trainer() {
        Mlp mlp = new Mlp(1, 3, 2, Norm.layer());
        return Trainer.builder()
                .method(new Byol(ClosingTest::encoder, mlp, mlp, TargetUpdater.ema(Schedules.constant(0.9))))
                .optimizer(RULE)
                .images(ImageFormat.rgb(SIDE))
                .batch(BATCH)
                .build();
    }

    @BeforeEach
    void export() throws IOException {
        model = temp.resolve("encoder");
        try (Trainer trainer = trainer()) {
            trainer.exportEncoder(model);
        }
    }

    /** All parts, open. */
    private final class Parts {
        private final Trainer trainer = trainer();
        private final Epoch epoch;
        private final FrozenEncoder frozen = FrozenEncoder.loadTrusted(model);
        private final LinearEvaluation linear = LinearEvaluation.builder()
                .encoder(frozen::embed, frozen.features())
                .classes(2)
                .batch(BATCH)
                .head("one", RULE)
                .build();
        private final Path folder = temp.resolve("checkpoints");
        private final Checkpoints checkpoints = Checkpoints.in(folder).keep(1).open();
        private final EventFile events = EventFile.create(folder);

        Parts(boolean isBroken) throws IOException {
            epoch = Loader.builder(new Pixels(isBroken))
                    .views(View.center(SIDE))
                    .batch(BATCH)
                    .threads(1)
                    .unreadable(Unreadable.fail())
                    .build()
                    .epoch(0);
        }

        AutoCloseable of(Part part) {
            return switch (part) {
                case TRAINER -> trainer;
                case EPOCH -> epoch;
                case FROZEN -> frozen;
                case LINEAR -> linear;
                case CHECKPOINTS -> checkpoints;
                case EVENTS -> events;
            };
        }

        void use(Part part) throws IOException {
            switch (part) {
                case TRAINER -> trainer.step(IMAGES, IMAGES);
                case EPOCH -> epoch.next().close();
                case FROZEN -> frozen.embed(IMAGES);
                case LINEAR -> linear.step(IMAGES, 0, 1);
                case CHECKPOINTS -> assertThat(checkpoints.files()).isNotNull();
                case EVENTS -> {
                    events.scalars(1, Map.of("loss", 1.0));
                    events.flush();
                }
            }
        }

        /** What a user or the disk may do wrong. */
        void fail() throws IOException {
            Path damaged = Files.write(folder.resolve("000001-step-1.safetensors"), new byte[3]);
            assertThatThrownBy(() -> trainer.step(new byte[1], IMAGES)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> trainer.restore(damaged)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> trainer.exportEncoder(temp)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> frozen.embed(new byte[1])).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> linear.step(IMAGES, 0, 7)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(checkpoints::newest).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> FrozenEncoder.loadTrusted(folder)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> {
                        while (true) {
                            epoch.next().close();
                        }
                    })
                    .hasMessageContaining("broken");
            Files.delete(damaged);
        }
    }

    /** All 720 with the profile, every other one after failures; else all 24 of those that hold native memory or threads, with the files at changing places. */
    private static List<List<Part>> orders() {
        if (Boolean.getBoolean("byol.closing.all")) {
            return permutations(List.of(Part.values()));
        }
        List<List<Part>> orders = permutations(List.of(Part.TRAINER, Part.EPOCH, Part.FROZEN, Part.LINEAR));
        for (int i = 0; i < orders.size(); i++) {
            orders.get(i).add(i % 5, Part.CHECKPOINTS);
            orders.get(i).add(i % 6, Part.EVENTS);
        }
        return orders;
    }

    private static List<List<Part>> permutations(List<Part> parts) {
        if (parts.isEmpty()) {
            return List.of(List.of());
        }
        List<List<Part>> all = new ArrayList<>();
        for (Part first : parts) {
            List<Part> rest = new ArrayList<>(parts);
            rest.remove(first);
            for (List<Part> permutation : permutations(rest)) {
                List<Part> whole = new ArrayList<>(List.of(first));
                whole.addAll(permutation);
                all.add(whole);
            }
        }
        return all;
    }

    /** Closes what is there in an order, and again; what is still open goes on, and what is not says so. */
    private static void close(Parts parts, List<Part> order, boolean hasFailed) throws Exception {
        Set<Part> open = EnumSet.allOf(Part.class);
        for (Part part : order) {
            parts.of(part).close();
            open.remove(part);
            for (Part other : Part.values()) {
                boolean isUsable = open.contains(other) && (other != Part.LINEAR || open.contains(Part.FROZEN));
                if (isUsable && (other != Part.EPOCH || !hasFailed)) {
                    parts.use(other);
                } else if (!isUsable && REFUSING.contains(other)) {
                    assertThatThrownBy(() -> parts.use(other))
                            .as("%s after %s of %s", other, part, order)
                            .isInstanceOf(IllegalStateException.class);
                }
            }
        }
        for (Part part : order) {
            parts.of(part).close();
        }
    }

    @Test
    void parts_closeInAnyOrder_twice_andAfterTheyHaveFailed() throws Exception {
        close(new Parts(false), List.of(Part.values()), false);
        long pointers = Pointer.totalCount();
        boolean hasFailed = true;
        for (List<Part> order : orders()) {
            hasFailed = !hasFailed;
            Parts parts = new Parts(hasFailed);
            if (hasFailed) {
                parts.fail();
            }
            close(parts, order, hasFailed);
        }
        assertThat(Pointer.totalCount()).as("native objects").isLessThanOrEqualTo(pointers);
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("byol-loader-")) {
                thread.join(10_000);
                assertThat(thread.isAlive()).as("%s has not ended", thread).isFalse();
            }
        }
    }
}
