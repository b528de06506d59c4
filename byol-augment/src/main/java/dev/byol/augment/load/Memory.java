package dev.byol.augment.load;

import dev.byol.augment.Canvas;
import dev.byol.augment.Image;
import dev.byol.augment.Operation;
import java.util.Arrays;
import java.util.List;

/** Room for the views of a batch: one array {@code [B, H, W, C]} a view, all of bytes or all of floats. */
final class Memory {
    private final byte[][] bytes;
    private final float[][] floats;

    /** One of the two is empty. */
    Memory(byte[][] bytes, float[][] floats) {
        this.bytes = bytes;
        this.floats = floats;
    }

    int views() {
        return bytes.length + floats.length;
    }

    boolean isFloat() {
        return floats.length > 0;
    }

    byte[] bytes(int view) {
        return bytes[view];
    }

    float[] floats(int view) {
        return floats[view];
    }

    /** Writes an image after some operations into a view's array, from an offset on. */
    void render(Canvas canvas, Image image, List<Operation> operations, int view, int offset) {
        if (isFloat()) {
            canvas.render(image, operations, floats[view], offset);
        } else {
            canvas.render(image, operations, bytes[view], offset);
        }
    }

    /** The first samples of every view. */
    Memory truncated(int length) {
        byte[][] fewerBytes = bytes.clone();
        float[][] fewerFloats = floats.clone();
        for (int v = 0; v < bytes.length; v++) {
            fewerBytes[v] = bytes[v].length == length ? bytes[v] : Arrays.copyOf(bytes[v], length);
        }
        for (int v = 0; v < floats.length; v++) {
            fewerFloats[v] = floats[v].length == length ? floats[v] : Arrays.copyOf(floats[v], length);
        }
        return new Memory(fewerBytes, fewerFloats);
    }
}
