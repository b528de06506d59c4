package dev.byol.golden;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One golden fixture: {@code NAME.json} with its cases and, where there is one, {@code NAME.safetensors} with its tensors.
 * The files come from the folder named by the system property {@code byol.golden}, which may be relative to the one named by
 * {@code byol.golden.base} (the build's root, since tests run in their module's folder); without it, from the project's own copy.
 */
public final class Golden {
    private final String name;
    private final GoldenCase json;
    private final Map<String, GoldenTensor> tensors;

    private Golden(String name, GoldenCase json, Map<String, GoldenTensor> tensors) {
        this.name = name;
        this.json = json;
        this.tensors = tensors;
    }

    /** Opens the fixture {@code name}, such as {@code augment_chain}. */
    public static Golden open(String name) {
        try {
            byte[] json = read(name + ".json");
            if (json == null) {
                throw new FileNotFoundException("no golden fixture " + name + ".json in " + folder());
            }
            byte[] data = read(name + ".safetensors");
            Map<String, GoldenTensor> tensors = data == null ? Map.of() : parse(name, data);
            return new Golden(name, new GoldenCase(JSON.std.mapFrom(json)), tensors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens the fixture {@code name} if the folder has it. */
    public static Optional<Golden> find(String name) {
        try {
            return read(name + ".json") == null ? Optional.empty() : Optional.of(open(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The fixture's top-level values, outside its cases. */
    public GoldenCase header() {
        return json;
    }

    /** The fixture's cases, in the file's order. */
    public List<GoldenCase> cases() {
        return json.children("cases");
    }

    /** All tensor names, in the file's order. */
    public Set<String> names() {
        return Collections.unmodifiableSet(tensors.keySet());
    }

    /** Whether the fixture holds a tensor of this name. */
    public boolean has(String tensor) {
        return tensors.containsKey(tensor);
    }

    /** The tensor of this name; an error that names the fixture where there is none. */
    public GoldenTensor tensor(String tensor) {
        GoldenTensor found = tensors.get(tensor);
        if (found == null) {
            throw new IllegalArgumentException(
                    "fixture " + name + " has no tensor " + tensor + "; it has " + tensors.keySet());
        }
        return found;
    }

    private static String folder() {
        String folder = System.getProperty("byol.golden", "");
        return folder.isEmpty() ? "the project's own copy" : resolved(folder).toString();
    }

    private static Path resolved(String folder) {
        return Path.of(System.getProperty("byol.golden.base", "")).resolve(folder);
    }

    private static byte[] read(String file) throws IOException {
        String folder = System.getProperty("byol.golden", "");
        if (!folder.isEmpty()) {
            Path path = resolved(folder).resolve(file);
            return Files.exists(path) ? Files.readAllBytes(path) : null;
        }
        try (InputStream in = Golden.class.getResourceAsStream("/golden/" + file)) {
            return in == null ? null : in.readAllBytes();
        }
    }

    private static Map<String, GoldenTensor> parse(String fixture, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int headerLength = Math.toIntExact(buffer.getLong());
        String header = new String(bytes, Long.BYTES, headerLength, StandardCharsets.UTF_8);
        int start = Long.BYTES + headerLength;
        Map<String, GoldenTensor> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, Object> entry : JSON.std.mapFrom(header).entrySet()) {
            if (entry.getKey().equals("__metadata__")) {
                continue;
            }
            GoldenCase info = new GoldenCase(asMap(entry.getValue()));
            int[] shape = info.ints("shape");
            int[] offsets = info.ints("data_offsets");
            ByteBuffer data =
                    buffer.slice(start + offsets[0], offsets[1] - offsets[0]).order(ByteOrder.LITTLE_ENDIAN);
            tensors.put(
                    entry.getKey(),
                    new GoldenTensor(fixture + "/" + entry.getKey(), info.string("dtype"), shape, data));
        }
        return tensors;
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> asMap(Object value) {
        return (Map<String, Object>) value;
    }
}
