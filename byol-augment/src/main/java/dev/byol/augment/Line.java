package dev.byol.augment;

/** What becomes of the lines of an image, or of its columns, while it is cut out, resized and mirrored: from which of them every one is made. */
final class Line {
    private int start;
    private int length;
    private boolean mirrored;
    private boolean resized;
    private Interpolation filter = Interpolation.BILINEAR;
    private int whole; // the length that the part was resized to, of which start and length are a part again
    private int sourceStart;
    private int sourceLength;

    Line(int length) {
        this.length = length;
        this.whole = length;
        this.sourceLength = length;
    }

    void cut(int from, int count) {
        start += mirrored ? length - from - count : from;
        length = count;
    }

    void mirror() {
        mirrored = !mirrored;
    }

    /** Of what was cut out so far. Nothing happens to a line of that length. */
    void resize(int to, Interpolation interpolation) {
        if (resized || mirrored) {
            throw new IllegalArgumentException("a table takes one resizing, before flips");
        }
        resized = true;
        filter = interpolation;
        sourceStart = start;
        sourceLength = length;
        whole = to;
        start = 0;
        length = to;
    }

    /**
     * The weights of every place's taps, and where the taps begin.
     *
     * @return in fixed point, {@code [places * taps]}
     */
    float[] taps(int[] first) {
        Taps taps = new Taps();
        taps.set(filter, sourceLength, whole);
        int count = taps.count();
        float[] weights = new float[length * count];
        for (int i = 0; i < length; i++) {
            int place = start + (mirrored ? length - 1 - i : i);
            first[i] = sourceStart + taps.source(0, place);
            for (int k = 0; k < count; k++) {
                weights[i * count + k] = taps.weight(k, place);
            }
        }
        return weights;
    }
}
