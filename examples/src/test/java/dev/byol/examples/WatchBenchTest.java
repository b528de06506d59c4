package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WatchBenchTest {
    private static final String SMALL = "watch-bench --encoder resnet10 --batch 4 --size 32";

    private static Cli run(String options) {
        return Cli.run((SMALL + " " + options).split(" ", -1));
    }

    @Test
    void everySample_isShown_withTheStepsThatTookARank() {
        Cli cli = run("--steps 4 --rank-every 2");
        assertThat(cli.code()).as(cli.err()).isZero();
        assertThat(cli.out())
                .containsPattern("plain {9}\\[(\\d+\\.\\d+(E-\\d+)?(, )?){4}]")
                .containsPattern("watched {7}\\[(\\d+\\.\\d+(E-\\d+)?(, )?){4}]")
                .contains("with a rank   [false, true, false, true]", "mean of 4: plain ", "standard error");
    }

    @Test
    void numbersBelowOne_areRefused() {
        for (String option : new String[] {"--steps", "--rank-every", "--batch", "--size"}) {
            Cli cli = Cli.run("watch-bench", option, "0");
            assertThat(cli.code()).isEqualTo(Main.BAD_INPUT);
            assertThat(cli.err()).contains(option + " must be at least 1, got 0");
        }
    }
}
