package dev.byol.examples;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.byol.eval.CollapseEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a training run came to: all that {@code report.json} holds, and the numbers of the page.
 *
 * @param method name of the method, {@code byol}
 * @param seed of the run
 * @param steps completed updates
 * @param loss mean over the last epoch
 * @param positiveCosine mean over the last epoch of the cosine of z and z' of one image, both directions
 * @param negativeCosine the same over different images
 * @param accuracy what a probe makes of the features, or why there is none
 * @param returns to checkpoints of a healthy network that a collapse has led to, in words; mostly none
 * @param events what the collapse watch told, in the order of steps
 * @param stopped whether the run was ended by the last of them
 * @param imagesPerSecond images (not views) that the training took in, a second
 * @param secondsTotal of the whole run
 * @param config settings in the order to show them; strings, numbers or booleans
 * @param versions of what the run stood on, in the order to show them
 */
record Report(
        String method,
        long seed,
        long steps,
        double loss,
        double positiveCosine,
        double negativeCosine,
        Accuracy accuracy,
        List<String> returns,
        List<CollapseEvent> events,
        boolean stopped,
        double imagesPerSecond,
        double secondsTotal,
        Map<String, Object> config,
        Map<String, String> versions) {

    /** Above this mean cosine of different images all of them lie on one point: the representation has collapsed. */
    private static final double COLLAPSED = 0.99;

    /** What frozen features are worth. */
    sealed interface Accuracy {}

    /**
     * Test accuracies of frozen features, in percent.
     *
     * @param linearTop1 of a linear classifier on the learned features
     * @param randomInitLinearTop1 of the same on the untrained network's features
     * @param knnTop1 of nearest neighbours on the learned features
     * @param randomInitKnnTop1 of the same on the untrained network's features
     */
    record Measured(double linearTop1, double randomInitLinearTop1, double knnTop1, double randomInitKnnTop1)
            implements Accuracy {
        Measured {
            requirePercent("linearTop1", linearTop1);
            requirePercent("randomInitLinearTop1", randomInitLinearTop1);
            requirePercent("knnTop1", knnTop1);
            requirePercent("randomInitKnnTop1", randomInitKnnTop1);
        }
    }

    /**
     * No accuracy.
     *
     * @param reason a sentence for the page
     */
    record NotMeasured(String reason) implements Accuracy {}

    Report {
        requireFinite("loss", loss);
        requireFinite("positiveCosine", positiveCosine);
        requireFinite("negativeCosine", negativeCosine);
        requireFinite("imagesPerSecond", imagesPerSecond);
        requireFinite("secondsTotal", secondsTotal);
        returns = List.copyOf(returns);
        events = List.copyOf(events);
        config = Collections.unmodifiableMap(new LinkedHashMap<>(config));
        versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
    }

    /** Whether all images ended on one point. */
    boolean collapsed() {
        return negativeCosine > COLLAPSED;
    }

    /**
     * Writes {@code report.json}.
     *
     * @param file appears whole; replaced if it is there
     * @throws IOException if it cannot be written
     */
    void write(Path file) throws IOException {
        AtomicFiles.write(file, json());
    }

    String json() {
        Map<String, @org.jspecify.annotations.Nullable Object> keys = new LinkedHashMap<>();
        keys.put("method", method);
        keys.put("seed", seed);
        keys.put("steps", steps);
        keys.put("loss", rounded(loss, 6));
        keys.put("positiveCosine", rounded(positiveCosine, 6));
        keys.put("negativeCosine", rounded(negativeCosine, 6));
        Measured measured = accuracy instanceof Measured m ? m : null;
        keys.put("linearTop1", measured == null ? null : rounded(measured.linearTop1, 2));
        keys.put("randomInitLinearTop1", measured == null ? null : rounded(measured.randomInitLinearTop1, 2));
        keys.put("knnTop1", measured == null ? null : rounded(measured.knnTop1, 2));
        keys.put("randomInitKnnTop1", measured == null ? null : rounded(measured.randomInitKnnTop1, 2));
        keys.put("imagesPerSecond", rounded(imagesPerSecond, 1));
        keys.put("secondsTotal", rounded(secondsTotal, 1));
        keys.put("config", config);
        keys.put("versions", versions);
        keys.put("returns", returns);
        keys.put("events", events.stream().map(Report::event).toList());
        keys.put("stopped", stopped);
        try {
            return JSON.std
                            .with(JSON.Feature.PRETTY_PRINT_OUTPUT, JSON.Feature.WRITE_NULL_PROPERTIES)
                            .asString(keys)
                    + "\n";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Object> event(CollapseEvent event) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("step", event.step());
        keys.put("kind", kind(event));
        keys.put("text", event.toString());
        return keys;
    }

    private static String kind(CollapseEvent event) {
        if (event instanceof CollapseEvent.FullCollapse) {
            return "full collapse";
        } else if (event instanceof CollapseEvent.DimensionalCollapse) {
            return "dimensional collapse";
        } else if (event instanceof CollapseEvent.Recovering) {
            return "recovering";
        }
        return "not finite";
    }

    static double rounded(double value, int digits) {
        double unit = Math.pow(10, digits);
        return Math.rint(value * unit) / unit;
    }

    private static void requireFinite(String name, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(name + " must be finite, got " + value);
        }
    }

    private static void requirePercent(String name, double value) {
        if (!(value >= 0 && value <= 100)) {
            throw new IllegalArgumentException(name + " must be in [0, 100] percent, got " + value);
        }
    }
}
