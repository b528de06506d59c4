package dev.byol.augment.io;

/** Labels, one an image; none at all means that nothing is labelled. */
final class Labels {
    static final Labels NONE = new Labels(new int[0]);

    private final int[] values;

    Labels(int[] values) {
        this.values = values;
    }

    int at(int index) {
        return values.length == 0 ? ImageSource.UNLABELLED : values[index];
    }
}
