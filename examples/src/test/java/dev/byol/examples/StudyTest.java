package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class StudyTest {
    /** What the appendix and the post show. */
    private static final String[] FIGURES = {
        "accuracy_resnet_batch_norm",
        "accuracy_resnet_group_norm",
        "weight_decay_distance",
        "weight_decay_train_loss",
        "weight_std_distance",
        "weight_std_train_loss",
        "lars_layer12_lr",
        "lars_layer12_loss",
        "lars_layer12_distance",
        "lars_mlp_lr",
        "lars_mlp_loss",
        "lars_mlp_distance",
        "lars_lr",
        "lars_loss"
    };

    @Test
    void figures_areTheAppendixs() {
        assertThat(Study.FIGURES).extracting(StudyFigure::name).containsExactly(FIGURES);
    }

    @Test
    void figuresAndTable_drawRunsThatExist() {
        Study.FIGURES.forEach(f -> f.runs().forEach(Study::run));
        Study.TABLE.stream().filter(row -> !row.untrained()).forEach(row -> Study.run(row.run()));
    }

    @Test
    void runs_haveNamesOfTheirOwn_andEachIsForSomething() {
        Set<String> used = new HashSet<>();
        Study.FIGURES.forEach(f -> used.addAll(f.runs()));
        Study.TABLE.forEach(row -> used.add(row.run()));
        assertThat(Study.RUNS)
                .extracting(StudyRun::name)
                .doesNotHaveDuplicates()
                .allMatch(used::contains);
    }

    @Test
    void runs_differ() {
        assertThat(Study.RUNS.stream()
                        .collect(Collectors.groupingBy(
                                r -> r.setup() + " " + r.paper(),
                                Collectors.mapping(StudyRun::name, Collectors.toList())))
                        .values())
                .filteredOn(names -> names.size() > 1)
                .isEmpty();
    }

    @Test
    void changes_sayWhatDiffersFromTheBase() {
        assertThat(StudySetup.BASE.changes()).isEqualTo("the base");
        assertThat(Study.run("lars-layer12").setup().changes())
                .isEqualTo("encoder norm group, projection norm none, prediction norm none, rule lars layers 1 and 2");
        assertThat(Study.run("weight-standardisation").setup().changes()).contains("standardised weights");
    }

    @Test
    void figure_unknown() {
        assertThatThrownBy(() -> Study.figure("lars"))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("no figure is called \"lars\"")
                .hasMessageContaining("lars_lr");
    }
}
