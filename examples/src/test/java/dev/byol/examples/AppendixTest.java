package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command, on a few tiny images. */
class AppendixTest {
    @TempDir
    private Path temp;

    private Cli appendix(String... more) throws IOException {
        Path shapes = new ShapesData(16, 128, 20, 60, 1).in(temp.resolve("cache"), line -> {});
        List<String> args = new ArrayList<>(List.of("appendix", "--data", "stl10:" + shapes + "?size=16"));
        args.addAll(List.of("--out", temp.resolve("out").toString()));
        args.addAll(List.of(more));
        return Cli.run(args.toArray(String[]::new));
    }

    private Path result(String run) {
        return temp.resolve("out/runs/quick/" + run + "/seed-1/result.json");
    }

    @Test
    void figure_isTrainedAndDrawn_andKept() throws IOException {
        Cli first = appendix("--figure", "lars_mlp_lr");

        assertThat(first.code()).as(first.err()).isZero();
        assertThat(first.out()).contains("lars-mlps, seed 1: epoch 1/").contains("lars_mlp_lr");
        assertThat(temp.resolve("out/figures/lars_mlp_lr.svg")).content().contains("<svg", "projection", "prediction");
        assertThat(temp.resolve("out/figures/lars_mlp_lr.csv"))
                .content()
                .startsWith("curve,epoch,value\n\"projection\",");
        assertThat(temp.resolve("out/index.html"))
                .content()
                .contains("LARS on the MLPs: local learning rate", "Published", "rule lars mlps", "seed 1");
        FileTime written = Files.getLastModifiedTime(result("lars-mlps"));
        byte[] whole = Files.readAllBytes(result("lars-mlps"));

        Cli second = appendix("--figure", "lars_mlp_lr");
        assertThat(second.code()).as(second.err()).isZero();
        assertThat(second.out()).doesNotContain("epoch 1/");
        assertThat(Files.getLastModifiedTime(result("lars-mlps"))).isEqualTo(written);
        assertThat(Files.readAllBytes(result("lars-mlps"))).isEqualTo(whole);
    }

    /** What a killed study leaves is a checkpoint after an epoch, and numbers that may go further. */
    @Test
    void run_interrupted_goesOn() throws IOException {
        Cli whole = appendix("--run", "lars-mlps");
        assertThat(whole.code()).as(whole.err()).isZero();
        Path folder = temp.resolve("out/runs/quick/lars-mlps/seed-1");
        StudyHistory expected = StudyHistory.read(folder);

        Data data = Data.open(
                "stl10:" + new ShapesData(16, 128, 20, 60, 1).in(temp.resolve("cache"), line -> {}) + "?size=16",
                1,
                line -> {});
        Path other = temp.resolve("other");
        StudyTraining killed = new StudyTraining(StudyScale.QUICK, data, 1, new PrintWriter(Writer.nullWriter()) {
            @Override
            public void println(String line) {
                throw new IllegalStateException("killed after " + line);
            }
        });
        assertThatThrownBy(() -> killed.result(Study.run("lars-mlps"), 1, other))
                .hasMessageContaining("epoch 1/");
        assertThat(killed.isDone(other)).isFalse();
        StudyTraining.Result resumed = new StudyTraining(
                        StudyScale.QUICK, data, 2, new PrintWriter(Writer.nullWriter()))
                .result(Study.run("lars-mlps"), 1, other);

        assertThat(resumed.history()).isEqualTo(expected);
    }

    @Test
    void list_saysEveryRun_andTrainsNothing() throws IOException {
        Cli cli = appendix("--list", "--scale", "paper");

        assertThat(cli.code()).isZero();
        Study.RUNS.forEach(run ->
                assertThat(cli.out()).contains(run.name() + ": " + run.setup().changes()));
        assertThat(cli.out())
                .contains("320 epochs", "learning rate 0.8", "accuracy_resnet_group_norm", "images a second");
        assertThat(temp.resolve("out")).doesNotExist();
    }

    @Test
    void otherSettings_inTheSameFolder_areRefused() throws IOException {
        assertThat(appendix("--run", "lars-mlps").code()).isZero();
        Path file = result("lars-mlps");
        Files.writeString(file, Files.readString(file).replace("\"batch\" : \"64\"", "\"batch\" : \"65\""));

        Cli cli = appendix("--run", "lars-mlps");
        assertThat(cli.code()).isEqualTo(2);
        assertThat(cli.err()).contains("with the batch 65, expected 64");
    }

    @Test
    void badInput_isASentence() throws IOException {
        assertThat(appendix().err()).contains("--all, --table, --figure NAME or --run NAME");
        assertThat(appendix("--figure", "nothing").err()).contains("no figure is called \"nothing\"");
        assertThat(appendix("--run", "nothing").err()).contains("no run is called \"nothing\"");
        assertThat(appendix("--table", "--seeds", "0").err()).contains("--seeds must be at least 1, got 0");
        assertThat(appendix("--table", "--scale", "huge").err()).contains("huge");
    }
}
