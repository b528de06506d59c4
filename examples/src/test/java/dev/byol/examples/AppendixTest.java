package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.byol.tf.Checkpoints;
import dev.byol.tf.FolderLock;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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
        return temp.resolve("out/quick/runs/" + run + "/seed-1/result.json");
    }

    @Test
    void figure_isTrainedAndDrawn_andKept() throws IOException {
        Cli first = appendix("--figure", "lars_mlp_lr");

        assertThat(first.code()).as(first.err()).isZero();
        assertThat(first.out()).contains("lars-mlps, seed 1: epoch 1/").contains("lars_mlp_lr");
        assertThat(temp.resolve("out/quick/figures/lars_mlp_lr.svg"))
                .content()
                .contains("<svg", "projection", "prediction");
        assertThat(temp.resolve("out/quick/figures/lars_mlp_lr.csv"))
                .content()
                .startsWith("curve,epoch,value\n\"projection\",");
        assertThat(temp.resolve("out/quick/index.html"))
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

    @Test
    void rehearsal_startsWhatIsWanted_andKeepsNothing() throws IOException {
        Cli cli = appendix("--figure", "lars_layer12_loss", "--run", "table-contrastive", "--rehearse", "3");
        assertThat(cli.code()).as(cli.err()).isZero();
        assertThat(cli.out().lines().filter(line -> line.contains("seed 1: 3 steps, loss ")))
                .hasSize(4)
                .allMatch(line -> line.contains("the whole run about "));
        assertThat(temp.resolve("out")).doesNotExist();
        assertThat(appendix("--table", "--rehearse", "0").err()).contains("--rehearse must be at least 1 step, got 0");
    }

    /** What a killed study leaves are checkpoints after epochs, one of them damaged, and numbers that may go further. */
    @Test
    void run_interrupted_goesOn_fromItsLastGoodCheckpoint() throws IOException {
        Cli whole = appendix("--run", "lars-mlps");
        assertThat(whole.code()).as(whole.err()).isZero();
        StudyHistory expected = StudyHistory.read(temp.resolve("out/quick/runs/lars-mlps/seed-1"));
        assertThat(expected.steps()).hasSize(40).allMatch(step -> StudyHistory.rate(step, "projector") > 0);
        assertThat(expected.accuracies())
                .extracting(StudyHistory.Accuracy::epoch)
                .containsExactly(0.0, 4.0, 8.0, 12.0, 16.0, 20.0);

        Path other = temp.resolve("other");
        StudyTraining killed = killedAfter("epoch 2/");
        assertThatThrownBy(() -> killed.result(Study.run("lars-mlps"), 1, other))
                .hasMessageContaining("epoch 2/");
        assertThat(killed.isDone(other)).isFalse();
        StudyHistory further = StudyHistory.read(other);
        further.steps().add(new StudyHistory.Step(4, 2, 9, 9, 9, List.of(9.0, 9.0, 9.0, 9.0)));
        further.accuracies().add(new StudyHistory.Accuracy(4, 99));
        further.write(other);
        Path newest = other.resolve("checkpoint/000002-step-4.safetensors");
        byte[] bytes = Files.readAllBytes(newest);
        Files.write(newest, Arrays.copyOf(bytes, bytes.length - 1));

        StringWriter told = new StringWriter();
        StudyTraining resumed = training(2, new PrintWriter(told));
        assertThat(resumed.result(Study.run("lars-mlps"), 1, other).history()).isEqualTo(expected);
        assertThat(told.toString())
                .contains("passed over: " + newest + " is truncated", "seed 1: goes on after epoch 1");
        try (Checkpoints checkpoints =
                Checkpoints.in(other.resolve("checkpoint")).open()) {
            assertThat(checkpoints.files()).isEmpty();
        }
    }

    /** It is told and survived; the numbers that were not written come with the next. */
    @Test
    void run_onADiskThatTakesNothing_goesOn() throws IOException {
        Path folder = temp.resolve("other");
        StringWriter text = new StringWriter();
        StudyTraining training = training(1, new PrintWriter(text) {
            @Override
            public void println(String line) {
                super.println(line);
                try {
                    Path place = folder.resolve("checkpoint");
                    if (line.contains("epoch 1/")) { // a file in the place of the folder takes no checkpoint
                        Files.move(place, temp.resolve("aside"));
                        Files.writeString(place, "");
                    } else if (line.contains("epoch 3/")) {
                        Files.delete(place);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
        StudyTraining.Result result = training.result(Study.run("lars-mlps"), 1, folder);
        assertThat(result.history().steps()).hasSize(40);
        assertThat(text.toString().lines().filter(line -> line.contains("could not be saved")))
                .hasSize(2);
        assertThat(text.toString()).contains("its folder had vanished and is made anew");
    }

    private StudyTraining killedAfter(String line) throws IOException {
        return training(1, new PrintWriter(Writer.nullWriter()) {
            @Override
            public void println(String text) {
                if (text.contains(line)) {
                    throw new IllegalStateException("killed after " + text);
                }
            }
        });
    }

    private StudyTraining training(int threads, PrintWriter console) throws IOException {
        Data data = Data.open(
                "stl10:" + new ShapesData(16, 128, 20, 60, 1).in(temp.resolve("cache"), line -> {}) + "?size=16",
                1,
                line -> {});
        return new StudyTraining(
                StudyScale.QUICK, data.studied(), data.labelled().test(), threads, console);
    }

    /** An interrupted run of other settings is not gone on with. */
    @Test
    void run_interrupted_withOtherSettings_isRefused() throws IOException {
        Path folder = temp.resolve("other");
        StudyTraining killed = killedAfter("epoch 1/");
        assertThatThrownBy(() -> killed.result(Study.run("lars-mlps"), 1, folder))
                .hasMessageContaining("epoch 1/");

        StudyTraining training = training(1, new PrintWriter(Writer.nullWriter()));
        assertThatThrownBy(() -> training.result(Study.run("gn-sgd"), 1, folder))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("holds a run with the run lars-mlps, expected gn-sgd");
        assertThatThrownBy(() -> training.result(Study.run("lars-mlps"), 2, folder))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("with the seed 1, expected 2");
    }

    @Test
    void list_saysEveryRun_andTrainsNothing() throws IOException {
        Cli cli = appendix("--list", "--scale", "paper");

        assertThat(cli.code()).isZero();
        Study.RUNS.forEach(run ->
                assertThat(cli.out()).contains(run.name() + ": " + run.setup().changes()));
        assertThat(cli.out())
                .contains("320 epochs", "learning rate 0.8", "accuracy_resnet_group_norm", "two processor cores");
        assertThat(temp.resolve("out")).doesNotExist();
    }

    /** It ends there, is kept as it is, and stops no other run. */
    @Test
    void run_thatDiverges_isAResult() throws IOException {
        StudyRun.Budget budget = new StudyRun.Budget(3, 3, 1e30, 1e-4, 0.99, 16);
        StudyRun run = new StudyRun("gn-sgd", Study.run("gn-sgd").setup(), budget, budget);
        StudyTraining training = training(1, new PrintWriter(Writer.nullWriter()));
        StudyTraining.Result result = training.result(run, 1, temp.resolve("other"));

        assertThat(result.diverged()).startsWith("at step ");
        assertThat(result.history().steps()).hasSizeLessThan(6);
        assertThat(training.result(run, 1, temp.resolve("other")).diverged()).isEqualTo(result.diverged());
        StudyPage page = new StudyPage(
                StudyScale.QUICK,
                "a few images",
                Map.of(
                        "lars-layer12", List.of(result),
                        "sgd-control", List.of(result),
                        "sgd-layer12-faster", List.of(result)));
        assertThat(page.verdicts().get("lars_layer12_distance").words()).isEqualTo("Not judged");
        assertThat(page.html()).contains("Not judged.", "has diverged at step", "<b>diverged</b>");
    }

    /** A finished run is not trained again, whatever is wrong with it, and what is wrong is said before anything is trained. */
    @Test
    void finishedRun_ofOtherSettings_orDamaged_isRefusedFirst() throws IOException {
        assertThat(appendix("--run", "lars-mlps").code()).isZero();
        Path settings = result("lars-mlps").resolveSibling("settings.json");
        String text = Files.readString(settings);
        Files.writeString(settings, text.replace("\"batch\" : \"64\"", "\"batch\" : \"65\""));

        Cli other = appendix("--run", "gn-sgd");
        assertThat(other.code()).isEqualTo(2);
        assertThat(other.err()).contains("with the batch 65, expected 64");
        assertThat(result("gn-sgd").getParent()).doesNotExist();

        Files.writeString(settings, text);
        Files.writeString(result("lars-mlps"), "{");
        Cli damaged = appendix("--run", "lars-mlps");
        assertThat(damaged.code()).isEqualTo(2);
        assertThat(damaged.err()).contains("result.json is damaged", "delete its folder");

        Files.writeString(result("lars-mlps"), "{\"accuracy\" : true}");
        assertThat(appendix("--run", "lars-mlps").err()).contains("result.json is damaged: found accuracy true");
        Files.writeString(result("lars-mlps").resolveSibling("accuracy.csv"), "epoch,accuracy\n");
        assertThat(appendix("--run", "lars-mlps").err()).contains("accuracy.csv is damaged: found no row");
    }

    @Test
    void unusableData_isASentence() throws IOException {
        Path few = new ShapesData(16, 30, 20, 20, 2).in(temp.resolve("cache"), line -> {});
        Cli small = Cli.run(
                "appendix",
                "--table",
                "--data",
                "stl10:" + few + "?size=16",
                "--out",
                temp.resolve("x").toString());
        assertThat(small.code()).isEqualTo(2);
        assertThat(small.err()).contains("a batch of 64", "is larger than the data", "has 50 images");

        Path plain = Pngs.folder(temp.resolve("plain"), 70, 4);
        Cli unlabelled = Cli.run(
                "appendix",
                "--table",
                "--data",
                "folder:" + plain,
                "--out",
                temp.resolve("x").toString());
        assertThat(unlabelled.code()).isEqualTo(2);
        assertThat(unlabelled.err()).contains("has no labels").doesNotContain("\tat ");

        Files.createDirectories(temp.resolve("y/quick"));
        Files.writeString(temp.resolve("y/quick/figures"), "a file");
        Cli taken = Cli.run("appendix", "--table", "--out", temp.resolve("y").toString());
        assertThat(taken.code()).isEqualTo(2);
        assertThat(taken.err()).contains("figures is a file, expected a folder or nothing");
    }

    @Test
    void badInput_isASentence() throws IOException {
        assertThat(appendix().err()).contains("--all, --table, --figure NAME or --run NAME");
        assertThat(appendix("--figure", "nothing").err()).contains("no figure is called \"nothing\"");
        assertThat(appendix("--run", "nothing").err()).contains("no run is called \"nothing\"");
        assertThat(appendix("--table", "--seeds", "0").err()).contains("--seeds must be at least 1, got 0");
        assertThat(appendix("--table", "--scale", "huge").err()).contains("huge");
    }

    @Test
    void secondStudy_inAFolderInUse_isRefusedByName() throws IOException {
        try (FolderLock lock = FolderLock.take(temp.resolve("out"))) {
            assertThat(lock).isNotNull();
            Cli cli = appendix("--run", "lars-mlps");
            assertThat(cli.code()).isEqualTo(2);
            assertThat(cli.err())
                    .contains(temp.resolve("out") + " is in use by process "
                            + ProcessHandle.current().pid());
            assertThat(temp.resolve("out/quick")).doesNotExist();
        }
    }
}
