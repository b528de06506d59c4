package dev.byol.augment.load;

import dev.byol.augment.Canvas;
import dev.byol.augment.Operation;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Room for the views of a batch: one array {@code [B, H, W, C]} a view, all of bytes or all of floats; or for what they are made of. */
final class Memory {
    private final byte[][] bytes;
    private final float[][] floats;
    private final Optional<Sources> sources;

    /** One of the two is empty. */
    Memory(byte[][] bytes, float[][] floats) {
        this(bytes, floats, Optional.empty());
    }

    /** For images and draws in the place of views. */
    Memory(Sources sources) {
        this(new byte[0][], new float[0][], Optional.of(sources));
    }

    private Memory(byte[][] bytes, float[][] floats, Optional<Sources> sources) {
        this.bytes = bytes;
        this.floats = floats;
        this.sources = sources;
    }

    int views() {
        return bytes.length + floats.length + sources.map(Sources::views).orElse(0);
    }

    Optional<Sources> sources() {
        return sources;
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

    /** Writes the image of a canvas after some operations into a view's array, from an offset on; they happen on another canvas. */
    void render(Canvas image, List<Operation> operations, Canvas canvas, int view, int offset) {
        canvas.load(image);
        for (int i = 0; i < operations.size(); i++) {
            operations.get(i).apply(canvas);
        }
        Object from = isFloat() ? canvas.floatSamples() : canvas.samples();
        System.arraycopy(from, 0, isFloat() ? floats[view] : bytes[view], offset, canvas.length());
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
