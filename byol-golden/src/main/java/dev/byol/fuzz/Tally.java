package dev.byol.fuzz;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** What has become of the inputs. */
final class Tally {
    /** Of a hundred inputs, at least so many have to get past the header: else it is the header alone that is tried. */
    private static final int LEAST_DEEP_PERCENT = 10;

    private final String reader;
    private final Set<String> refusals = new TreeSet<>();
    private long inputs;
    private long deep;
    private long whole;
    private long mostBytes;

    Tally(String reader) {
        this.reader = reader;
    }

    /**
     * Counts an input.
     *
     * @param refusal where in the code it was refused; empty if it was read whole
     * @return whether it was refused somewhere new
     */
    boolean add(boolean isDeep, String refusal, long bytes) {
        inputs++;
        deep += isDeep ? 1 : 0;
        whole += refusal.isEmpty() ? 1 : 0;
        mostBytes = Math.max(mostBytes, bytes);
        return !refusal.isEmpty() && refusals.add(refusal);
    }

    long inputs() {
        return inputs;
    }

    void requireDepth() {
        if (deep * 100 < inputs * LEAST_DEEP_PERCENT || whole == 0 || whole == inputs) {
            throw new AssertionError(this + ": expected at least " + LEAST_DEEP_PERCENT
                    + " % past the header, and some read whole and some refused");
        }
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s: %,d inputs, %.0f %% past the header, %.0f %% read whole, refused at %d places, at most %,d KiB for one",
                reader,
                inputs,
                100.0 * deep / inputs,
                100.0 * whole / inputs,
                refusals.size(),
                mostBytes >> 10);
    }
}
