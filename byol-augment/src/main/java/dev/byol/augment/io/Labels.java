package dev.byol.augment.io;

/** Labels of one byte each, 0 to 254; none at all means that nothing is labelled. */
final class Labels {
    private final byte[] values;

    Labels(byte[] values) {
        this.values = values;
    }

    int at(int index) {
        return values.length == 0 ? ImageSource.UNLABELLED : values[index] & 0xFF;
    }
}
