package dev.byol.augment;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads what this package's records print: {@code Name[component=value, ...]}, where a value is a number, a constant of an
 * enum, a size such as {@code 96x96}, another record or a list of values in brackets.
 */
final class Parser {
    /** The records that can be read, by name. */
    static final Map<String, Class<?>> RECORDS = new TreeMap<>(List.of(
                    AdditiveBrightness.class,
                    BoxGaussianBlur.class,
                    Brightness.class,
                    CenterCrop.class,
                    ChannelContrast.class,
                    ColorJitter.class,
                    Compose.class,
                    Contrast.class,
                    GaussianBlur.class,
                    Grayscale.class,
                    HorizontalFlip.class,
                    HsvHue.class,
                    HsvJitter.class,
                    HsvSaturation.class,
                    Hue.class,
                    Normalize.class,
                    RandomApply.class,
                    RandomBlur.class,
                    RandomGaussianBlur.class,
                    RandomOrder.class,
                    RandomResizedCrop.class,
                    Resize.class,
                    ResizeShorterSide.class,
                    ResizedCrop.class,
                    Saturation.class,
                    Solarize.class,
                    VerticalFlip.class,
                    View.class)
            .stream()
            .collect(Collectors.toMap(Class::getSimpleName, Function.identity())));

    private final String text;
    private int position;

    private Parser(String text) {
        this.text = text;
    }

    /**
     * The object that printed this text.
     *
     * @throws IllegalArgumentException if the text is not that of a {@code type}, with the position of what is wrong
     */
    static <T> T parse(String text, Class<T> type) {
        Parser parser = new Parser(text);
        Object value = parser.value(type);
        parser.end();
        return type.cast(value);
    }

    /**
     * The objects of a list that printed this text.
     *
     * @throws IllegalArgumentException if the text is not that of a list of {@code type}, with the position of what is wrong
     */
    static <T> List<T> parseList(String text, Class<T> type) {
        Parser parser = new Parser(text);
        List<T> values = parser.list(type).stream().map(type::cast).toList();
        parser.end();
        return values;
    }

    private void end() {
        if (position < text.length()) {
            throw error(position, "expected the end, found " + found());
        }
    }

    private Object value(Type type) {
        if (type instanceof ParameterizedType list) {
            return list(list.getActualTypeArguments()[0]);
        }
        Class<?> kind = (Class<?>) type;
        if (kind == int.class) {
            return number("a whole number", Integer::valueOf);
        } else if (kind == double.class || kind == Double.class) {
            return number("a number", Double::valueOf);
        } else if (kind == Size.class) {
            return size();
        }
        return kind.isEnum() ? constant(kind) : record(kind);
    }

    private List<Object> list(Type elements) {
        List<Object> values = new ArrayList<>();
        expect("[");
        if (!skip("]")) {
            do {
                values.add(value(elements));
            } while (skip(", "));
            expect("]");
        }
        return values;
    }

    private <N> N number(String what, Function<String, N> parse) {
        int start = position;
        String token = token();
        try {
            return parse.apply(token);
        } catch (NumberFormatException e) {
            throw error(start, "expected " + what + ", found " + quoted(token), e);
        }
    }

    private Size size() {
        int start = position;
        String token = token();
        String[] sides = token.split("x", -1);
        try {
            if (sides.length == 2) {
                return new Size(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
            }
        } catch (NumberFormatException e) {
            throw error(start, "expected a size such as 96x96, found " + quoted(token), e);
        } catch (IllegalArgumentException e) {
            throw error(start, String.valueOf(e.getMessage()), e);
        }
        throw error(start, "expected a size such as 96x96, found " + quoted(token));
    }

    private Object constant(Class<?> type) {
        int start = position;
        String token = token();
        for (Object constant : type.getEnumConstants()) {
            if (constant.toString().equals(token)) {
                return constant;
            }
        }
        throw error(start, "expected one of " + Arrays.toString(type.getEnumConstants()) + ", found " + quoted(token));
    }

    private Object record(Class<?> wanted) {
        int start = position;
        String name = token();
        Class<?> type = RECORDS.get(name);
        if (type == null || !wanted.isAssignableFrom(type)) {
            List<String> fitting = RECORDS.entrySet().stream()
                    .filter(entry -> wanted.isAssignableFrom(entry.getValue()))
                    .map(Map.Entry::getKey)
                    .toList();
            throw error(start, "expected one of " + fitting + ", found " + quoted(name));
        }
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        expect("[");
        for (int i = 0; i < components.length; i++) {
            expect((i == 0 ? "" : ", ") + components[i].getName() + "=");
            values[i] = value(components[i].getGenericType());
        }
        expect("]");
        return create(type, components, values, start);
    }

    private Object create(Class<?> type, RecordComponent[] components, Object[] values, int start) {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            throw error(start, String.valueOf(e.getTargetException().getMessage()), e.getTargetException());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " has no canonical constructor that can be called", e);
        }
    }

    /** What comes before the next bracket, comma or equals sign. */
    private String token() {
        int start = position;
        while (position < text.length() && "[],=".indexOf(text.charAt(position)) < 0) {
            position++;
        }
        return text.substring(start, position);
    }

    private boolean skip(String wanted) {
        if (text.startsWith(wanted, position)) {
            position += wanted.length();
            return true;
        }
        return false;
    }

    private void expect(String wanted) {
        if (!skip(wanted)) {
            throw error(position, "expected " + quoted(wanted) + ", found " + found());
        }
    }

    private String found() {
        return position == text.length()
                ? "the end"
                : quoted(text.substring(position, Math.min(text.length(), position + 20)));
    }

    private static String quoted(String part) {
        return "\"" + part + "\"";
    }

    private static IllegalArgumentException error(int position, String fact) {
        return new IllegalArgumentException("at position " + position + ": " + fact);
    }

    private static IllegalArgumentException error(int position, String fact, Throwable cause) {
        return new IllegalArgumentException("at position " + position + ": " + fact, cause);
    }
}
