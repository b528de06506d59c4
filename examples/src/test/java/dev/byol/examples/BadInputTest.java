package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad input: a sentence with what was found and what was expected, exit code 2, no stack trace, nothing started. */
class BadInputTest {
    @TempDir
    private Path temp;

    private Cli pretrain(String... more) {
        List<String> args =
                new ArrayList<>(List.of("pretrain", "--out", temp.resolve("out").toString()));
        args.addAll(List.of(more));
        return Cli.run(args.toArray(String[]::new));
    }

    private static void assertRefused(Cli cli, String... says) {
        assertThat(cli.code()).as(cli.err()).isEqualTo(2);
        assertThat(cli.err()).startsWith("byol: ").contains(says).doesNotContain("\tat ");
        assertThat(cli.err().lines().count()).isLessThanOrEqualTo(3);
    }

    private Path shapes() throws IOException {
        return new ShapesData(16, 40, 20, 20, 1).in(temp.resolve("cache"), line -> {});
    }

    @ParameterizedTest
    @ValueSource(strings = {"stl10", "cifar10", "cifar100", "folder", "zip", "tar", "idx", "npy"})
    void data_thatDoesNotExist(String kind) {
        Path missing = temp.resolve("nowhere");
        assertRefused(pretrain("--data", kind + ":" + missing), missing.toString(), "expected");
    }

    @Test
    void data_truncatedStl10() throws IOException {
        Path file = shapes().resolve("unlabeled_X.bin");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - 1);
        }
        assertRefused(pretrain("--data", "stl10:" + file.getParent() + "?size=16"), file.toString(), "expected");
    }

    @Test
    void data_folderWithoutImages() throws IOException {
        Path folder = Files.createDirectories(temp.resolve("empty"));
        Files.writeString(folder.resolve("notes.txt"), "no image");
        assertRefused(pretrain("--data", "folder:" + folder), folder.toString(), "expected");
    }

    @Test
    void data_fileInsteadOfFolder() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "x");
        assertRefused(pretrain("--data", "stl10:" + file), file.toString(), "expected");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "imagenet",
                "stl10",
                "stl10:",
                "lmdb:here",
                "stl10:here?side=3",
                "stl10:here?size=0",
                "stl10:here?size=20000"
            })
    void data_unknown(String data) {
        assertRefused(
                pretrain("--data", data), data.contains("=20000") ? "16384" : data.contains("?") ? "size=" : data);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "cifar100:here?labels=middle labels=middle",
                "cifar100:here?size=3 size=3",
                "npy:here?labels= labels=",
                "npy:here?layout=chw&labels \"labels\"",
                "npy:here?layout=nchw layout=nchw",
                "tar:here-{3..2}.tar {3..2}",
                "zip: zip:"
            })
    void data_optionsThatDoNotExist(String data, String says) {
        assertRefused(pretrain("--data", data), says);
    }

    /** A file that is something else: what it is, and what it should be. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "zip|end record|zip file",
                "tar|no tar header|tar file",
                "npy|first bytes|NumPy",
                "idx|a file|a folder"
            })
    void data_fileOfAnotherKind(String kind, String found, String expected) throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "no archive, no array. ".repeat(100));
        assertRefused(pretrain("--data", kind + ":" + file), file.toString(), "found ", found, "expected ", expected);
    }

    @Test
    void labelled_withoutLabels() throws IOException {
        Path folder = Pngs.folder(temp.resolve("flat"), 3, 16);
        assertRefused(
                pretrain("--data", "stl10:" + shapes() + "?size=16", "--labelled", "folder:" + folder),
                "no labels",
                folder.toString());
    }

    @Test
    void batch_largerThanTheData() throws IOException {
        assertRefused(pretrain("--data", "stl10:" + shapes() + "?size=16", "--batch", "41"), "--batch 41", "40 images");
    }

    @ParameterizedTest
    @ValueSource(ints = {5_000, 200_000})
    void crop_largerThanMemory(int crop) throws IOException {
        assertRefused(
                pretrain(
                        "--data",
                        "stl10:" + shapes() + "?size=16",
                        "--batch",
                        "32",
                        "--encoder",
                        "resnet50",
                        "--crop",
                        "" + crop),
                "--crop " + crop,
                "--batch 32");
    }

    @Test
    void option_unknown() {
        assertRefused(pretrain("--epoch", "3"), "--epoch");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "--encoder resnet19 resnet19",
                "--method moco moco",
                "--optimizer adam adam",
                "--projector-norm group group",
                "--precision float16 float16",
                "--epochs 0 0",
                "--epochs many many",
                "--batch 1 1",
                "--micro-batch 3 3",
                "--micro-batch 1 1",
                "--mlp 128 128",
                "--mlp 0,4 0",
                "--jitter 1,2,3 1.0",
                "--jitter 0.4,0.4,0.4,0.6 0.6",
                "--crop-area 0 0.0",
                "--grayscale 1.5 1.5",
                "--flip -1 -1",
                "--blur 2 2.0",
                "--tau 1.01 1.01",
                "--learning-rate 0 0.0",
                "--learning-rate Infinity Infinity",
                "--weight-decay -1 -1.0",
                "--learning-rate NaN NaN",
                "--weight-decay NaN NaN",
                "--crop 0 0",
                "--threads 0 0",
                "--crop -1 -1"
            })
    void value_outOfRange(String option, String value, String says) {
        assertRefused(pretrain(option, value), says);
    }

    @Test
    void command_unknown() {
        assertRefused(Cli.run("train"), "train");
    }

    @Test
    void out_notWritable() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "x");
        Cli cli = Cli.run(
                "pretrain",
                "--data",
                "stl10:" + shapes() + "?size=16",
                "--out",
                file.resolve("out").toString());
        assertRefused(cli, "--out", file.toString());
        assertThat(cli.out()).isEmpty();
    }

    @Test
    void model_missing() throws IOException {
        Path missing = temp.resolve("encoder");
        assertRefused(
                Cli.run("probe", "--model", missing.toString(), "--labelled", "stl10:" + shapes() + "?size=16"),
                missing.toString(),
                "saved_model.pb");
    }

    @Test
    void refusedRun_leavesNothing() throws IOException {
        assertRefused(pretrain("--data", "stl10:" + shapes() + "?size=16", "--batch", "41"), "--batch 41");
        assertRefused(pretrain("--data", "stl10:" + temp.resolve("nowhere")), "nowhere");
        assertThat(temp.resolve("out")).doesNotExist();
    }

    @Test
    void data_imagesThatCannotBeRead() throws IOException {
        Path good = Files.createDirectories(temp.resolve("good"));
        Pngs.folder(good.resolve("a"), 4, 16);
        Pngs.folder(good.resolve("b"), 4, 16);
        Path corrupt = corrupt(temp.resolve("corrupt"));
        assertRefused(
                small("--data", "folder:" + corrupt, "--labelled", "folder:" + good),
                "can be read",
                corrupt.toString());
        assertRefused(small("--data", "folder:" + corrupt), "can be read", corrupt.toString());
        assertThat(temp.resolve("out")).doesNotExist();
    }

    @Test
    void labelled_imagesThatCannotBeRead() throws IOException {
        Path good = Pngs.folder(temp.resolve("good"), 4, 16);
        Path labelled = temp.resolve("labelled");
        corrupt(labelled.resolve("a"));
        corrupt(labelled.resolve("b"));
        assertRefused(
                small("--data", "folder:" + good, "--labelled", "folder:" + labelled),
                "can be read",
                labelled.toString());
        Pngs.folder(labelled.resolve("c"), 4, 16);
        assertRefused(
                small("--data", "folder:" + good, "--labelled", "folder:" + labelled), "two classes", "1 classes");
    }

    private static Path corrupt(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (int i = 0; i < 5; i++) {
            Files.writeString(folder.resolve("broken" + i + ".png"), "no picture");
        }
        return folder;
    }

    private Cli small(String... more) {
        List<String> args = new ArrayList<>(List.of("--crop", "16", "--batch", "4", "--mlp", "8,4", "--stem", "small"));
        args.addAll(List.of(more));
        return pretrain(args.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {"--mlp 50000,50000 weights", "--mlp 30000,30000 heap", "--crop 2147483647 2147483647"})
    void size_thatOverflows(String option, String value, String says) throws IOException {
        assertRefused(pretrain("--data", "stl10:" + shapes() + "?size=16", "--batch", "2", option, value), says);
    }

    @Test
    void training_thatDiverges_saysStepAndAdvice_andLeavesNoReport() throws IOException {
        Path out = Files.createDirectories(temp.resolve("out"));
        Files.writeString(out.resolve("report.json"), "of an earlier run");
        Files.writeString(out.resolve("events.out.tfevents.1.1.0.byol"), "of an earlier run");
        assertRefused(
                small("--data", "stl10:" + shapes() + "?size=16", "--learning-rate", "1e30", "--epochs", "2"),
                "diverged",
                "step ",
                "learning rate");
        try (Stream<Path> files = Files.list(out)) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .doesNotContain("report.json", "report.html", "encoder", "events.out.tfevents.1.1.0.byol")
                    .noneMatch(name -> name.endsWith(".tmp") || name.startsWith("."));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"encoder", "checkpoint"})
    void out_fileInPlaceOfAFolder(String name) throws IOException {
        Path file = Files.createDirectories(temp.resolve("out")).resolve(name);
        Files.writeString(file, "x");
        assertRefused(small("--data", "stl10:" + shapes() + "?size=16"), "--out", file.toString());
        assertThat(file).hasContent("x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"report.json", "report.html", "metrics.csv"})
    void out_folderInPlaceOfAFile(String name) throws IOException {
        Path folder = Files.createDirectories(temp.resolve("out").resolve(name));
        assertRefused(small("--data", "stl10:" + shapes() + "?size=16"), "--out", folder.toString());
    }

    @Test
    void out_encoderThatIsNone() throws IOException {
        Path mine = Files.createDirectories(temp.resolve("out/encoder")).resolve("mine.txt");
        Files.writeString(mine, "precious");
        assertRefused(small("--data", "stl10:" + shapes() + "?size=16"), "--out", "encoder");
        assertThat(mine).hasContent("precious");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {"custom-method --epochs", "benchmark --steps", "benchmark --batch", "benchmark --size"})
    void otherCommands_zero(String command, String option) {
        assertRefused(Cli.run(command, option, "0"), option + " must be ", "got 0");
    }
}
