package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.byol.api.Encoder;
import dev.byol.api.Method;
import dev.byol.api.Step;
import dev.byol.api.TargetUpdater;
import dev.byol.api.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.tensorflow.op.Ops;

/** A thousand steps hold as much native memory, and as many threads, as two hundred. */
class SteadyMemoryTest {
    private static final int WARM = 200;
    private static final int ALL = 1000;
    /** For the Java heap's first use; 20 KiB left behind in each step would be as much. */
    private static final long SLACK_KIB = 16 * 1024;

    /** Native objects that nobody closed yet, resident memory and threads of the process. */
    private record Held(long pointers, long residentKib, long threads) {
        static Held now() throws IOException {
            return new Held(Pointer.totalCount(), status("VmRSS:"), status("Threads:"));
        }
    }

    private static long status(String key) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith(key)) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IOException("/proc/self/status has no " + key);
    }

    @Test
    void steps_holdNothing() throws IOException {
        Assumptions.assumeTrue(Files.isReadable(Path.of("/proc/self/status")), "there is no /proc/self/status");
        ImageFormat format = ImageFormat.rgb(64);
        try (Trainer trainer = Trainer.builder()
                .method(new Tiny.Square(TargetUpdater.ema(step -> 0.9)))
                .optimizer(Tiny.descent(step -> 1e-9))
                .images(format)
                .batch(32)
                .build()) {
            byte[] view = Tiny.images(trainer, 1);
            byte[] image = Tiny.images(format.size(), 2);
            float[] normalized = new float[view.length];
            Held warm = run(trainer, view, image, normalized, WARM);
            Held end = run(trainer, view, image, normalized, ALL);
            assertThat(end.pointers).isLessThanOrEqualTo(warm.pointers);
            assertThat(end.residentKib).isLessThan(warm.residentKib + SLACK_KIB);
            assertThat(end.threads)
                    .isLessThanOrEqualTo(warm.threads + 4); // the JVM starts compilers and collectors as it likes
        }
    }

    private static Held run(Trainer trainer, byte[] view, byte[] image, float[] normalized, int until)
            throws IOException {
        while (trainer.steps() < until) {
            trainer.step(view, view);
            if (trainer.steps() % 10 == 0) {
                trainer.stepNormalized(normalized, normalized);
                trainer.embed(image);
                trainer.digest();
            }
        }
        return Held.now();
    }

    @Test
    void failedBuild_closesItsGraph() {
        NoGradient method = new NoGradient(new AtomicReference<>());
        Trainer.Builder builder = Tiny.resNet().method(method);
        assertThatIllegalStateException().isThrownBy(builder::build).withMessageContaining("no gradient");
        Ops tf = method.seen.get();
        assertThatIllegalStateException().isThrownBy(() -> tf.constant(1f)).withMessageContaining("close");
    }

    private record NoGradient(AtomicReference<Ops> seen) implements Method {
        @Override
        public Encoder encoder() {
            return Tiny::scaled;
        }

        @Override
        public Tensor loss(Step step) {
            Tensor y = encoder().encode(step.online(), step.view(0));
            seen.set(Tf.ops(y));
            return y.stopGradient().mean();
        }
    }
}
