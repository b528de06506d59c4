package dev.byol.optim;

import static dev.byol.optim.Filters.all;
import static dev.byol.optim.Filters.none;
import static dev.byol.optim.Filters.only;
import static dev.byol.optim.Filters.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.byol.api.Initializer;
import dev.byol.api.Parameter;
import dev.byol.api.Parameter.Role;
import dev.byol.api.Shape;
import dev.byol.api.graph.StepGraph;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiltersTest {
    @Test
    void all_none_chooseEveryAndNo() {
        assertThat(Role.values()).allMatch(role -> all().test(parameter("a", role)));
        assertThat(Role.values()).noneMatch(role -> none().test(parameter("a", role)));
    }

    @Test
    void only_choosesByRole() {
        Predicate<Parameter> norms = only(Role.NORM_SCALE, Role.NORM_OFFSET);
        List<Role> chosen = Arrays.stream(Role.values())
                .filter(role -> norms.test(parameter("a", role)))
                .toList();
        assertThat(chosen).containsExactly(Role.NORM_SCALE, Role.NORM_OFFSET);
    }

    @ParameterizedTest
    @CsvSource({
        "encoder/conv1/kernel, encoder/conv1/kernel, true",
        "encoder/conv1/kernel, encoder/conv1/kernel2, false",
        "encoder/conv1/kernel, online/encoder/conv1/kernel, false",
        "encoder/conv1, encoder/conv1/kernel, false",
        "encoder/*/kernel, encoder/conv1/kernel, true",
        "encoder/*/kernel, encoder/layer1/conv1/kernel, false",
        "encoder/*, encoder/conv1/kernel, false",
        "encoder/layer*/**, encoder/layer3/block0/conv1/kernel, true",
        "encoder/layer1/**, encoder/layer1/block0/conv1/kernel, true",
        "encoder/layer1/**, encoder/layer10/block0/conv1/kernel, false",
        "encoder/layer1/**, encoder/layer1, false",
        "**, encoder/conv1/kernel, true",
        "**/kernel, kernel, true",
        "**/kernel, encoder/layer1/conv1/kernel, true",
        "**/kernel, encoder/mykernel, false",
        "encoder/**/conv*/kernel, encoder/conv1/kernel, true",
        "encoder/**/conv*/kernel, encoder/layer1/block0/conv2/kernel, true",
        "encoder/**/conv*/kernel, encoder/layer1/block0/shortcut/norm/scale, false",
        "a.c/k, abc/k, false",
        "*1/k, conv1/k, true",
        "a*c*e/k, abcde/k, true",
    })
    void path_matchesWholePaths(String glob, String path, boolean expected) {
        assertThat(path(glob).test(parameter(path, Role.KERNEL))).isEqualTo(expected);
    }

    @Test
    void path_ofSeveralPatterns_choosesWhatFitsOne() {
        Predicate<Parameter> early = path("encoder/conv1/*", "encoder/layer1/**");
        assertThat(early).accepts(kernel("encoder/conv1/kernel"), kernel("encoder/layer1/block0/conv1/kernel"));
        assertThat(early).rejects(kernel("encoder/layer2/block0/conv1/kernel"), kernel("x/encoder/conv1/kernel"));
    }

    @Test
    void filters_combine() {
        Predicate<Parameter> filter = only(Role.KERNEL).and(path("encoder/**").negate());
        assertThat(filter).accepts(kernel("projector/linear0/kernel"));
        assertThat(filter).rejects(kernel("encoder/conv1/kernel"), parameter("projector/linear0/bias", Role.BIAS));
    }

    @ParameterizedTest
    @CsvSource({
        "encoder/conv1/kernel, KERNEL, false",
        "encoder/norm1/scale, NORM_SCALE, true", // bn1.weight
        "encoder/norm1/offset, NORM_OFFSET, true",
        "encoder/layer1/block0/conv1/kernel, KERNEL, false",
        "encoder/layer1/block0/norm2/scale, NORM_SCALE, true", // layer1.0.bn2.weight
        "encoder/layer2/block0/shortcut/conv/kernel, KERNEL, false",
        "encoder/layer2/block0/shortcut/norm/scale, NORM_SCALE, false", // layer2.0.downsample.1.weight
        "encoder/layer2/block0/shortcut/norm/offset, NORM_OFFSET, true", // layer2.0.downsample.1.bias
        "projector/linear0/bias, BIAS, true",
        "projector/norm0/scale, NORM_SCALE, false", // net.1.weight
        "predictor/norm0/offset, NORM_OFFSET, true",
        "predictor/linear1/kernel, KERNEL, false",
    })
    void appendixExclusions_areThoseOfItsNames(String path, Role role, boolean expected) {
        assertThat(Filters.appendixExclusions().test(parameter(path, role))).isEqualTo(expected);
        assertThat(Filters.appendixExclusions().negate().test(parameter(path, role)))
                .isNotEqualTo(expected);
    }

    @Test
    void combinations_print_andCompareByValue() {
        Predicate<Parameter> combined =
                only(Role.KERNEL).and(path("a/**").negate()).or(none());
        assertThat(combined)
                .hasToString("((only(KERNEL) and not path(a/**)) or none())")
                .isEqualTo(only(Role.KERNEL).and(path("a/**").negate()).or(none()))
                .isNotEqualTo(only(Role.KERNEL).and(path("a/**")).or(none()));
        assertThat(path("a/**").negate().negate()).isEqualTo(path("a/**"));
        assertThat(combined).accepts(kernel("b/kernel")).rejects(kernel("a/kernel"), parameter("b/bias", Role.BIAS));
        assertThat(none().or(path("a/*"))).accepts(kernel("a/kernel")).rejects(kernel("b/kernel"));
    }

    @Test
    void filters_print_andCompareByValue() {
        assertThat(all()).hasToString("all()").isEqualTo(all()).isNotEqualTo(none());
        assertThat(none()).hasToString("none()");
        assertThat(only(Role.NORM_SCALE, Role.KERNEL)).hasToString("only(KERNEL, NORM_SCALE)");
        assertThat(only(Role.NORM_SCALE, Role.KERNEL)).isEqualTo(only(Role.KERNEL, Role.NORM_SCALE));
        assertThat(path("a/**", "b/*")).hasToString("path(a/**, b/*)").isEqualTo(path("a/**", "b/*"));
        assertThat(path("a/**")).isNotEqualTo(path("b/**")).hasSameHashCodeAs(path("a/**"));
    }

    @Test
    void filters_thatCannotBeMeant_areRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> only()).withMessageContaining("at least one role");
        assertThatIllegalArgumentException().isThrownBy(() -> path()).withMessageContaining("at least one pattern");
        for (String glob : new String[] {"", "/encoder", "encoder/", "encoder//conv1"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> path(glob))
                    .withMessage("a pattern must not have an empty segment, got \"" + glob + "\"");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> path("encoder/layer**"))
                .withMessage("** must be a segment of its own, got \"encoder/layer**\"");
    }

    private static Parameter kernel(String path) {
        return parameter(path, Role.KERNEL);
    }

    private static Parameter parameter(String path, Role role) {
        return StepGraph.training(List.of()).online().parameter(path, Shape.of(1), role, Initializer.zeros());
    }
}
