package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.byol.api.Method;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Operand;
import org.tensorflow.exceptions.TFResourceExhaustedException;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

class OutOfNativeMemoryExceptionTest {
    private static RuntimeException translated(Throwable failure) {
        return OutOfNativeMemoryException.translated(failure, "step 3", "batch, now 256");
    }

    @Test
    void failuresOfMemory_sayWhatToLower() {
        for (Throwable failure : new Throwable[] {
            new TFResourceExhaustedException(
                    "OOM when allocating tensor with shape[256,96,96,64]\n\t [[{{node Relu}}]]"),
            new RuntimeException("std::bad_alloc"),
            new IllegalStateException("failed to allocate: CUDA_ERROR_OUT_OF_MEMORY: out of memory"),
            new OutOfMemoryError("Physical memory usage is too high: physicalBytes (9G) > maxPhysicalBytes (8G)"),
            new OutOfMemoryError("Failed to allocate memory within limits: totalBytes (9G) > maxBytes (8G)"),
            new OutOfMemoryError("Cannot allocate new FloatPointer(7): totalBytes = 7, physicalBytes = 1G")
        }) {
            assertThat(translated(failure))
                    .isInstanceOf(OutOfNativeMemoryException.class)
                    .hasCause(failure)
                    .hasMessage("out of native memory for step 3: lower batch, now 256. The engine says: "
                            + failure.getMessage().lines().findFirst().orElseThrow());
        }
    }

    @Test
    void otherFailures_stayWhatTheyAre() {
        RuntimeException other = new IllegalArgumentException("a shape");
        assertThat(translated(other)).isSameAs(other);
        Error heap = new OutOfMemoryError("Java heap space");
        assertThatThrownBy(() -> translated(heap)).isSameAs(heap);
        Error threads = new OutOfMemoryError("unable to create native thread: possibly out of memory");
        assertThatThrownBy(() -> translated(threads)).isSameAs(threads);
    }

    /** Asks the engine for 2^50 bytes where the images are bright. */
    private static final Method GREEDY = Tiny.OneView.scaled((step, y) -> {
        Ops tf = Tf.ops(y);
        Operand<TFloat32> brightest = tf.max(Tf.operand(y), tf.constant(new int[] {0, 1}));
        Operand<TInt64> size = tf.math.mul(tf.dtypes.cast(brightest, TInt64.class), tf.constant(1L << 48)); // floats
        Operand<TFloat32> huge = tf.fill(tf.reshape(size, tf.constant(new int[] {1})), tf.constant(0f));
        return y.mean().plus(Tf.tensor(tf.reduceSum(huge, tf.constant(0)), y).stopGradient());
    });

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void stepThatDoesNotFit_saysWhichNumbersToLower_andChangesNothing(int microBatch) {
        try (Trainer trainer = Trainer.builder()
                .method(GREEDY)
                .optimizer(Tiny.descent(step -> 0.1))
                .images(Tiny.PIXEL)
                .batch(4)
                .microBatch(microBatch)
                .build()) {
            trainer.stepNormalized(new float[4]);
            String before = trainer.digest();
            assertThatExceptionOfType(OutOfNativeMemoryException.class)
                    .isThrownBy(() -> trainer.stepNormalized(new float[] {0, 0, 1, 0}))
                    .withMessageStartingWith(
                            "out of native memory for step 2 on " + microBatch + " images at a time: lower ")
                    .withMessageContaining(
                            microBatch == 4
                                    ? "lower batch, now 4, set microBatch to a part of it, or lower the side of the images, now 1x1"
                                    : "lower microBatch, now 2 of a batch of 4, or the side of the images, now 1x1")
                    .withMessageContaining("OOM when allocating");
            assertThat(trainer.digest()).isEqualTo(before);
            assertThat(trainer.steps()).isEqualTo(1);
            trainer.stepNormalized(new float[4]);
        }
    }
}
