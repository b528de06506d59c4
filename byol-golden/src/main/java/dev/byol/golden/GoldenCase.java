package dev.byol.golden;

import java.util.List;
import java.util.Map;

/** A JSON object of a fixture, with typed access to its values; a value that is missing or of another type is an error that names it. */
public record GoldenCase(Map<String, Object> values) {
    /** Whether the key is present and not null. */
    public boolean has(String key) {
        return values.get(key) != null;
    }

    public String string(String key) {
        return as(key, String.class);
    }

    public boolean flag(String key) {
        return as(key, Boolean.class);
    }

    public double number(String key) {
        return as(key, Number.class).doubleValue();
    }

    public int integer(String key) {
        return as(key, Number.class).intValue();
    }

    public double[] numbers(String key) {
        return list(key).stream().mapToDouble(v -> ((Number) v).doubleValue()).toArray();
    }

    public int[] ints(String key) {
        return list(key).stream().mapToInt(v -> ((Number) v).intValue()).toArray();
    }

    public List<String> strings(String key) {
        return list(key).stream().map(String.class::cast).toList();
    }

    /** The list under {@code key}, its elements as Jackson reads them. */
    public List<?> list(String key) {
        return as(key, List.class);
    }

    public GoldenCase child(String key) {
        return new GoldenCase(Golden.asMap(as(key, Map.class)));
    }

    public List<GoldenCase> children(String key) {
        return list(key).stream().map(v -> new GoldenCase(Golden.asMap(v))).toList();
    }

    private <T> T as(String key, Class<T> type) {
        Object value = values.get(key);
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException("expected a " + type.getSimpleName() + " under " + key + ", found "
                    + value + "; the keys are " + values.keySet());
        }
        return type.cast(value);
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
