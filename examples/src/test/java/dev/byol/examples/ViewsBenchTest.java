package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ViewsBenchTest {
    @Test
    void views_areTimedAndCompared() {
        Cli cli = Cli.run("views-bench", "--preset", "moco2", "--side", "12", "--batch", "6", "--rounds", "1");
        assertThat(cli.code()).as(cli.err()).isZero();
        assertThat(cli.out())
                .contains("6 views of moco2, 12x12 pixels", "in the graph ", "one loader thread ")
                .contains("0 of 2592 values differ in the last round");
    }

    @Test
    void numbersBelow1_areRefused() {
        Cli cli = Cli.run("views-bench", "--batch", "0");
        assertThat(cli.code()).isEqualTo(2);
        assertThat(cli.err()).contains("--batch must be at least 1, got 0");
    }
}
