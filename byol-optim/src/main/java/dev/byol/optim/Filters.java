package dev.byol.optim;

import static dev.byol.optim.Checks.require;

import dev.byol.api.Parameter;
import dev.byol.api.Parameter.Role;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which parameters a part of a rule touches. A filter is a {@code Predicate<Parameter>}: combine them with {@code and},
 * {@code or} and {@code negate}, or write your own. Those of this class, and what they are combined to, print themselves and
 * compare by value.
 */
public final class Filters {
    private Filters() {}

    /** Every parameter. */
    public static Predicate<Parameter> all() {
        return Every.ALL;
    }

    /** No parameter. */
    public static Predicate<Parameter> none() {
        return Every.NONE;
    }

    /**
     * Parameters of the given roles.
     *
     * @throws IllegalArgumentException if no role is given
     */
    public static Predicate<Parameter> only(Role... roles) {
        require(roles.length > 0, "a filter by role needs at least one role; none() touches nothing");
        return new Only(EnumSet.copyOf(List.of(roles)));
    }

    /**
     * Parameters whose whole {@linkplain Parameter#path path} fits one of the patterns. {@code *} stands for any characters
     * within one segment, {@code **} for any number of whole segments, none included unless it comes last:
     * {@code encoder/layer1/**} is everything in that stage, {@code **}{@code /conv*}{@code /kernel} the kernel of every
     * convolution.
     *
     * @throws IllegalArgumentException if no pattern is given, or one has an empty segment or {@code **} beside other characters
     */
    public static Predicate<Parameter> path(String... globs) {
        require(globs.length > 0, "a filter by path needs at least one pattern; none() touches nothing");
        return new Path(List.of(globs));
    }

    /**
     * What Fetterman and Albrecht (2020) keep out of weight decay and adaptation with their list of pieces of names,
     * {@code .bias} and {@code .bn}: every bias and offset, and the scales of those norms of the encoder that are called
     * {@code bn} there. The scales of norms in shortcuts, projector and predictor have no such name and stay in.
     */
    public static Predicate<Parameter> appendixExclusions() {
        return only(Role.BIAS, Role.NORM_OFFSET).or(path("encoder/norm*/scale", "encoder/**/block*/norm*/scale"));
    }

    /** A filter whose combinations are values that print. */
    private interface Filter extends Predicate<Parameter> {
        @Override
        default Predicate<Parameter> and(Predicate<? super Parameter> other) {
            return new And(this, other);
        }

        @Override
        default Predicate<Parameter> or(Predicate<? super Parameter> other) {
            return new Or(this, other);
        }

        @Override
        default Predicate<Parameter> negate() {
            return new Not(this);
        }
    }

    private record And(Predicate<Parameter> one, Predicate<? super Parameter> other) implements Filter {
        @Override
        public boolean test(Parameter parameter) {
            return one.test(parameter) && other.test(parameter);
        }

        @Override
        public String toString() {
            return "(" + one + " and " + other + ")";
        }
    }

    private record Or(Predicate<Parameter> one, Predicate<? super Parameter> other) implements Filter {
        @Override
        public boolean test(Parameter parameter) {
            return one.test(parameter) || other.test(parameter);
        }

        @Override
        public String toString() {
            return "(" + one + " or " + other + ")";
        }
    }

    private record Not(Predicate<Parameter> filter) implements Filter {
        @Override
        public boolean test(Parameter parameter) {
            return !filter.test(parameter);
        }

        @Override
        public Predicate<Parameter> negate() {
            return filter;
        }

        @Override
        public String toString() {
            return "not " + filter;
        }
    }

    private enum Every implements Filter {
        ALL,
        NONE;

        @Override
        public boolean test(Parameter parameter) {
            return this == ALL;
        }

        @Override
        public String toString() {
            return this == ALL ? "all()" : "none()";
        }
    }

    private record Only(Set<Role> roles) implements Filter {
        @Override
        public boolean test(Parameter parameter) {
            return roles.contains(parameter.role());
        }

        @Override
        public String toString() {
            return roles.stream().map(Role::name).collect(Collectors.joining(", ", "only(", ")"));
        }
    }

    private static final class Path implements Filter {
        private final List<String> globs;
        private final Pattern pattern;

        Path(List<String> globs) {
            this.globs = globs;
            this.pattern = Pattern.compile(globs.stream().map(Path::regex).collect(Collectors.joining("|")));
        }

        private static String regex(String glob) {
            List<String> segments = List.of(glob.split("/", -1));
            StringBuilder regex = new StringBuilder();
            for (int i = 0; i < segments.size(); i++) {
                String segment = segments.get(i);
                boolean last = i == segments.size() - 1;
                if (segment.equals("**")) {
                    regex.append(last ? ".*" : "(?:.*/)?");
                    continue;
                }
                require(!segment.isEmpty(), "a pattern must not have an empty segment, got \"" + glob + "\"");
                require(!segment.contains("**"), "** must be a segment of its own, got \"" + glob + "\"");
                regex.append(List.of(segment.split("\\*", -1)).stream()
                        .map(Pattern::quote)
                        .collect(Collectors.joining("[^/]*")));
                regex.append(last ? "" : "/");
            }
            return regex.toString();
        }

        @Override
        public boolean test(Parameter parameter) {
            return pattern.matcher(parameter.path()).matches();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Path path && globs.equals(path.globs);
        }

        @Override
        public int hashCode() {
            return globs.hashCode();
        }

        @Override
        public String toString() {
            return "path(" + String.join(", ", globs) + ")";
        }
    }
}
