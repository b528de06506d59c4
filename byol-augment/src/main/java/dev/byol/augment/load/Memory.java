package dev.byol.augment.load;

/** Room for the views of a batch: one array {@code [B, H, W, C]} a view. */
final class Memory {
    private final byte[][] bytes;

    private Memory(byte[][] bytes) {
        this.bytes = bytes;
    }

    static Memory ofBytes(int... lengths) {
        byte[][] arrays = new byte[lengths.length][];
        for (int v = 0; v < lengths.length; v++) {
            arrays[v] = new byte[lengths[v]];
        }
        return new Memory(arrays);
    }

    int views() {
        return bytes.length;
    }

    byte[] bytes(int view) {
        return bytes[view];
    }
}
