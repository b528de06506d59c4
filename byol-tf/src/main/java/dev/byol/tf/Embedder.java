package dev.byol.tf;

import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** Runs an encoder over any number of images, in parts of bounded memory. */
record Embedder(Session session, ImageFormat format, Operand<TUint8> images, Operand<TFloat32> representations) {
    private static final int VALUES_A_RUN = 64 * 96 * 96 * 3;

    float[][] embed(byte[] pixels) {
        if (pixels.length % format.size() != 0) {
            throw new IllegalArgumentException("images " + format.height() + "x" + format.width() + "x"
                    + format.channels() + " need a multiple of " + format.size() + " values, got " + pixels.length);
        }
        int count = pixels.length / format.size();
        int part = Math.max(1, VALUES_A_RUN / format.size());
        float[][] rows = new float[count][];
        for (int from = 0; from < count; from += part) {
            int size = Math.min(part, count - from);
            System.arraycopy(run(pixels, from, size), 0, rows, from, size);
        }
        return rows;
    }

    private float[][] run(byte[] pixels, int from, int size) {
        try (Tensor fed = Memory.bytes(format.batch(size), pixels, from * format.size());
                Result result = session.runner()
                        .feed(images, fed)
                        .fetch(representations)
                        .run()) {
            return Memory.rows(result.get(0));
        }
    }
}
