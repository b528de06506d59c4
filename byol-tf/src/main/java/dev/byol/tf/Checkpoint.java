package dev.byol.tf;

import dev.byol.api.Encoder;
import dev.byol.api.Method;
import dev.byol.api.Shape;
import dev.byol.api.Step;
import dev.byol.api.Tensor;
import dev.byol.api.graph.StepGraph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@link Trainer#save} wrote, read and checked: every variable and fed input by name, the step, what the run was made with, and the
 * notes of whoever saved it. {@code docs/checkpoint.md} describes the file. Immutable.
 */
public final class Checkpoint {
    /** Under this prefix come the online encoder's variables. */
    static final String ENCODER = "online/encoder/";

    /** Under this prefix come the fed inputs. */
    static final String INPUT = "input/";

    private static final String FORMAT = "byol-java checkpoint ";
    private static final int VERSION = 2;
    private static final String NOTE = "note:";

    private static final String STEP = "step";
    private static final String SKIPPED = "skipped";

    private final Safetensors.Content content;
    private final long step;
    private final long skipped;

    private Checkpoint(Safetensors.Content content) throws IOException {
        this.content = content;
        requireVersion();
        this.step = number(STEP, "none");
        this.skipped = number(SKIPPED, "0");
        if (step < 0) {
            throw new IOException(file() + " is no checkpoint of this library: step must be at least 0, got " + step);
        }
        if (skipped < 0 || skipped > step) {
            throw new IOException(file() + " is no checkpoint of this library: of " + step + " steps " + skipped
                    + " cannot have been skipped");
        }
    }

    /**
     * Reads a file whole.
     *
     * @throws IOException if it is missing, damaged (the message says whether the header or which tensor), no checkpoint, or of a newer
     *     version of the format than this library knows
     */
    public static Checkpoint read(Path file) throws IOException {
        return of(Safetensors.read(file));
    }

    static Checkpoint of(Safetensors.Content content) throws IOException {
        return new Checkpoint(content);
    }

    /** The text of a header: the format first, then provenance, steps and notes. */
    static Map<String, String> header(
            Map<String, String> provenance, long step, long skipped, Map<String, String> notes) {
        Map<String, String> header = new LinkedHashMap<>();
        header.put("format", FORMAT + VERSION);
        header.putAll(provenance);
        header.put(STEP, Long.toString(step));
        header.put(SKIPPED, Long.toString(skipped));
        header.putAll(notes(notes));
        return header;
    }

    private static Map<String, String> notes(Map<String, String> notes) {
        Map<String, String> prefixed = new LinkedHashMap<>();
        notes.forEach((key, value) -> prefixed.put(NOTE + key, value));
        return prefixed;
    }

    /** The notes in a header's text. */
    static Map<String, String> notesOf(Map<String, String> header) {
        Map<String, String> notes = new LinkedHashMap<>();
        header.forEach((key, value) -> {
            if (key.startsWith(NOTE)) {
                notes.put(key.substring(NOTE.length()), value);
            }
        });
        return notes;
    }

    private void requireVersion() throws IOException {
        String format = content.metadata().getOrDefault("format", "none");
        if (!format.matches(FORMAT + "[1-9]\\d{0,8}")) {
            throw new IOException(file() + " is no checkpoint of this library: expected the format " + FORMAT + VERSION
                    + ", found " + format);
        }
        int version = Integer.parseInt(format.substring(FORMAT.length()));
        if (version > VERSION) {
            throw new IOException(file() + " is a checkpoint of version " + version
                    + ", from a newer library: this one reads versions 1 to " + VERSION);
        }
    }

    private long number(String key, String absent) throws IOException {
        String text = content.metadata().getOrDefault(key, absent);
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IOException(file() + " needs a number as " + key + " in its header, found " + text, e);
        }
    }

    /** Where it was read from. */
    public Path file() {
        return content.file();
    }

    /** Completed steps: updates, and those that were {@linkplain #skipped skipped}. */
    public long step() {
        return step;
    }

    /** Steps that updated nothing, since a number was not finite. */
    public long skipped() {
        return skipped;
    }

    /** What the caller of {@link Trainer#save(Path, Map)} added, in its order. */
    public Map<String, String> notes() {
        return Collections.unmodifiableMap(notesOf(content.metadata()));
    }

    /** What the run was made with: method, optimizer, images, batch, precision, seed, versions of the library and what is below it. */
    public Map<String, String> provenance() {
        Map<String, String> provenance = new LinkedHashMap<>(content.metadata());
        provenance.keySet().removeAll(List.of(STEP, SKIPPED));
        provenance.keySet().removeIf(key -> key.startsWith(NOTE) || key.startsWith(Seal.key()));
        return Collections.unmodifiableMap(provenance);
    }

    /** Names and shapes of all that it holds: parameters, statistics, queues, slots, and under {@code input/} what was fed. */
    public Map<String, Shape> shapes() {
        return Collections.unmodifiableMap(content.shapes());
    }

    Safetensors.Content content() {
        return content;
    }

    /**
     * Exports the online encoder alone, without building a trainer; as {@link Trainer#exportEncoder}.
     *
     * @param encoder the description of the encoder that was trained
     * @param format of the images that it was trained on
     * @param directory made whole; a model that is there is replaced
     * @throws IOException if variables of the encoder are missing here, left over or of another shape, each of which the message names;
     *     or if the folder cannot be written
     */
    public void exportEncoder(Encoder encoder, ImageFormat format, Path directory) throws IOException {
        Engine.start();
        Method method = new EncoderAlone(encoder);
        StepGraph graph = StepGraph.inference(format.batch(Shape.UNKNOWN));
        Program.embed(graph, method);
        Map<String, Shape> expected = new LinkedHashMap<>();
        graph.parameters().forEach(parameter -> expected.put(parameter.name(), parameter.shape()));
        graph.states().forEach(state -> expected.put(state.name(), state.shape()));
        Safetensors.Content part = content.part(ENCODER);
        part.requireShapes(expected, "this encoder");
        EncoderExport.write(directory, method, format, part.values());
    }

    /** As much of a method as an export needs. */
    private record EncoderAlone(Encoder encoder) implements Method {
        @Override
        public Tensor loss(Step step) {
            throw new IllegalStateException("an encoder alone has no loss");
        }
    }

    @Override
    public String toString() {
        return file() + ", step " + step;
    }
}
