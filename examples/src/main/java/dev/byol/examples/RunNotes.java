package dev.byol.examples;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.byol.tf.Checkpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a checkpoint of {@code pretrain} notes of the run beside the trainer's own state.
 *
 * @param epoch that the next batch belongs to, from 0
 * @param position images of that epoch that were taken
 * @param trainingSeconds so far
 * @param totalSeconds so far, with all else
 * @param unreadable images found so far, by index
 * @param returns to healthy checkpoints that a collapse has led to, oldest first, in words; mostly none
 * @param untrained what the untrained network's features are worth; empty without labels
 */
record RunNotes(
        int epoch,
        int position,
        double trainingSeconds,
        double totalSeconds,
        NavigableSet<Integer> unreadable,
        List<String> returns,
        Optional<Evaluation> untrained) {
    private static final String NUMBER = "a number from 0 on";
    private static final String SENTENCES = "a list of sentences";

    RunNotes {
        returns = List.copyOf(returns);
    }

    /** Of a run that begins. */
    static RunNotes start(Optional<Evaluation> untrained) {
        return new RunNotes(0, 0, 0, 0, Collections.emptyNavigableSet(), List.of(), untrained);
    }

    Map<String, String> text() {
        Map<String, String> text = new LinkedHashMap<>();
        text.put("epoch", Integer.toString(epoch));
        text.put("position", Integer.toString(position));
        text.put("training seconds", Double.toString(trainingSeconds));
        text.put("total seconds", Double.toString(totalSeconds));
        text.put("unreadable", unreadable.stream().map(String::valueOf).collect(Collectors.joining(" ")));
        text.put("returns", json(returns));
        untrained.ifPresent(evaluation -> {
            text.put("untrained linear", Double.toString(evaluation.linearTop1()));
            text.put("untrained knn", Double.toString(evaluation.knnTop1()));
            text.put("untrained neighbours", Integer.toString(evaluation.neighbours()));
        });
        return text;
    }

    /**
     * Reads them back.
     *
     * @throws IOException if one is missing or no number, as in a checkpoint of another program
     */
    static RunNotes of(Checkpoint checkpoint) throws IOException {
        NavigableSet<Integer> unreadable = new TreeSet<>();
        String indices = checkpoint.notes().getOrDefault("unreadable", "");
        for (String index : indices.split(" ", -1)) {
            if (!index.isEmpty()) {
                unreadable.add(number(checkpoint, "unreadable", index, Integer::valueOf));
            }
        }
        return new RunNotes(
                number(checkpoint, "epoch", Integer::valueOf),
                number(checkpoint, "position", Integer::valueOf),
                number(checkpoint, "training seconds", Double::valueOf),
                number(checkpoint, "total seconds", Double::valueOf),
                unreadable,
                sentences(checkpoint, checkpoint.notes().getOrDefault("returns", "[]")),
                checkpoint.notes().containsKey("untrained linear")
                        ? Optional.of(new Evaluation(
                                number(checkpoint, "untrained linear", Double::valueOf),
                                number(checkpoint, "untrained knn", Double::valueOf),
                                number(checkpoint, "untrained neighbours", Integer::valueOf)))
                        : Optional.empty());
    }

    private static String json(List<String> sentences) {
        try {
            return JSON.std.asString(sentences);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // strings always become JSON
        }
    }

    private static List<String> sentences(Checkpoint checkpoint, String json) throws IOException {
        try {
            if (JSON.std.anyFrom(json) instanceof List<?> values
                    && values.stream().allMatch(String.class::isInstance)) {
                return values.stream().map(String.class::cast).toList();
            }
        } catch (IOException e) {
            throw damaged(checkpoint, SENTENCES, "returns", json, e);
        }
        throw damaged(checkpoint, SENTENCES, "returns", json, new IllegalArgumentException("other JSON"));
    }

    private static <T extends Number> T number(Checkpoint checkpoint, String key, Function<String, T> parsed)
            throws IOException {
        return number(checkpoint, key, checkpoint.notes().getOrDefault(key, "nothing"), parsed);
    }

    private static <T extends Number> T number(
            Checkpoint checkpoint, String key, String text, Function<String, T> parsed) throws IOException {
        try {
            T number = parsed.apply(text);
            if (number.doubleValue() >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw damaged(checkpoint, NUMBER, key, text, e);
        }
        throw damaged(checkpoint, NUMBER, key, text, new NumberFormatException("below 0"));
    }

    private static IOException damaged(
            Checkpoint checkpoint, String expected, String key, String text, Exception cause) {
        return new IOException(
                checkpoint.file() + " is no checkpoint of pretrain: expected " + expected + " as its note " + key
                        + ", found " + text,
                cause);
    }
}
