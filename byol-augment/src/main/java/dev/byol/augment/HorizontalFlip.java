package dev.byol.augment;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Mirrors left and right. */
public record HorizontalFlip() implements Operation {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    @Override
    public void apply(Canvas canvas) {
        if (canvas.isFloat()) {
            FloatPixels.flipHorizontally(canvas);
            return;
        }
        byte[] from = canvas.samples();
        byte[] to = canvas.target(canvas.width(), canvas.height());
        int channels = canvas.channels();
        int stride = canvas.width() * channels;
        for (int start = 0; start < canvas.length(); start += stride) {
            int p = start + stride - channels;
            int q = start;
            if (channels == 3) {
                // Four bytes at once: the fourth is overwritten by the next pixel. The first and the last have no room
                // for it.
                copy(from, p, to, q, 3);
                for (p -= 3, q += 3; p > start; p -= 3, q += 3) {
                    INT.set(to, q, (int) INT.get(from, p));
                }
            }
            for (; p >= start; p -= channels, q += channels) {
                copy(from, p, to, q, channels);
            }
        }
        canvas.advance();
    }

    private static void copy(byte[] from, int p, byte[] to, int q, int count) {
        for (int c = 0; c < count; c++) {
            to[q + c] = from[p + c];
        }
    }
}
