package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.byol.api.Encoder;
import dev.byol.api.Method;
import dev.byol.api.Step;
import dev.byol.api.TargetUpdater;
import dev.byol.api.Tensor;
import dev.byol.api.method.Byol;
import dev.byol.api.method.SimSiam;
import dev.byol.api.nn.Linear;
import dev.byol.api.nn.Mlp;
import dev.byol.api.nn.Norm;
import dev.byol.api.nn.ResNet;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

class EncoderExportTest {
    @TempDir
    Path folder;

    private static Trainer trained(Norm norm, Precision precision) {
        Trainer trainer = Tiny.resNet()
                .method(Tiny.byol(norm, TargetUpdater.ema(step -> 0.9)))
                .precision(precision)
                .build();
        Tiny.train(trainer, 3);
        return trainer;
    }

    private void assertSameBits(Trainer trainer) throws Exception {
        Path model = folder.resolve("made/with/parents/encoder");
        byte[] images = Tiny.images(5 * trainer.format().size(), 99);
        float[][] expected = trainer.embed(images);
        trainer.exportEncoder(model);
        try (FrozenEncoder encoder = FrozenEncoder.loadTrusted(model)) {
            assertThat(encoder.embed(images)).isEqualTo(expected);
        }
        assertThat(elsewhere(model, trainer.format(), images))
                .isEqualTo(Shape.of(5, expected[0].length) + " " + digest(expected));
    }

    /** What {@link PlainTensorFlow} prints, run by the Java that runs this test, on a class path. */
    private String elsewhere(Path model, ImageFormat format, byte[] images) throws Exception {
        Path pixels = Files.write(folder.resolve("pixels"), images);
        Path errors = folder.resolve("errors");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith("org.bytedeco.")) // where natives are unpacked
                .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", classPath()));
        command.addAll(List.of(PlainTensorFlow.class.getName(), model.toString(), pixels.toString()));
        for (int size : new int[] {format.height(), format.width(), format.channels()}) {
            command.add(Integer.toString(size));
        }
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(() -> printed + read(errors)).isZero();
        return printed.strip();
    }

    private static String classPath() throws Exception {
        URI main = PlainTensorFlow.class.getResource("PlainTensorFlow.class").toURI();
        Path classes = Path.of(main);
        for (String name = PlainTensorFlow.class.getName();
                name.contains(".");
                name = name.substring(name.indexOf('.') + 1)) {
            classes = classes.getParent();
        }
        return Stream.of(
                        classes.getParent().toString(),
                        System.getProperty("jdk.module.path", ""),
                        System.getProperty("java.class.path", ""))
                .filter(path -> !path.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static String digest(float[][] rows) throws Exception {
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        for (float[] row : rows) {
            ByteBuffer bytes = ByteBuffer.allocate(4 * row.length).order(ByteOrder.nativeOrder());
            bytes.asFloatBuffer().put(row);
            sha.update(bytes);
        }
        return HexFormat.of().formatHex(sha.digest());
    }

    @Test
    void exported_withBatchNorm_givesTheSameBits() throws Exception {
        try (Trainer trainer = trained(Norm.batch(), Precision.FLOAT32)) {
            assertSameBits(trainer);
        }
    }

    @Test
    void exported_withGroupNorm_givesTheSameBits() throws Exception {
        try (Trainer trainer = trained(Norm.group(), Precision.FLOAT32)) {
            assertSameBits(trainer);
        }
    }

    static List<Norm> normsWithoutStatistics() {
        return List.of(Norm.group(), Norm.layer(), Norm.none());
    }

    @ParameterizedTest
    @MethodSource("normsWithoutStatistics")
    void exported_withStandardizedWeights_givesTheSameBits(Norm norm) throws Exception {
        ResNet encoder =
                ResNet.resNet10Tiny().withStem(ResNet.Stem.SMALL).withNorm(norm).withWeightStandardization();
        Mlp mlp = new Mlp(2, 32, 16, Norm.batch());
        try (Trainer trainer = Tiny.resNet()
                .method(new Byol(encoder, mlp, mlp, TargetUpdater.ema(step -> 0.9)))
                .build()) {
            Tiny.train(trainer, 3);
            assertSameBits(trainer);
        }
    }

    @Test
    void exported_fromReducedPrecision_isFloat32() throws IOException {
        try (Trainer trainer = trained(Norm.batch(), Precision.BFLOAT16)) {
            byte[] images = Tiny.images(3 * trainer.format().size(), 99);
            Path model = folder.resolve("encoder");
            trainer.exportEncoder(model);
            try (FrozenEncoder encoder = FrozenEncoder.loadTrusted(model)) {
                assertThat(encoder.embed(images)).isEqualTo(trainer.embed(images));
            }
        }
    }

    /** A method that trains a linear head on a fixed representation of the pixels. */
    @Test
    void exported_withoutParameters_givesTheSameBits() throws IOException {
        Encoder pooled = (branch, x) -> x.globalAveragePool();
        Method method = new SimSiam(
                pooled,
                (branch, y) -> new Linear(2, true).apply(branch, y),
                (branch, z) -> new Linear(2, true).apply(branch, z));
        try (Trainer trainer = Tiny.resNet().method(method).build()) {
            byte[] images = Tiny.images(2 * trainer.format().size(), 1);
            Path model = folder.resolve("encoder");
            trainer.exportEncoder(model);
            try (FrozenEncoder encoder = FrozenEncoder.loadTrusted(model)) {
                assertThat(encoder.embed(images)).isEqualTo(trainer.embed(images));
            }
        }
    }

    /** A linear encoder of images of 2x3 pixels and 2 channels with 4 features. */
    private static Trainer linear() {
        record Linearly(Encoder encoder) implements Method {
            @Override
            public Tensor loss(Step step) {
                return encoder.encode(step.online(), step.view(0)).square().mean();
            }
        }

        return Trainer.builder()
                .method(new Linearly((branch, x) -> new Linear(4, true).apply(branch, x.globalAveragePool())))
                .optimizer(Tiny.descent(step -> 0.1))
                .images(new ImageFormat(2, 3, 2, List.of(0.3, 0.7), List.of(0.5, 2.0)))
                .batch(1)
                .build();
    }

    @Test
    void signature_isTheDefaultOne() throws IOException {
        Path model = folder.resolve("encoder");
        try (Trainer trainer = linear()) {
            trainer.exportEncoder(model);
        }
        try (SavedModelBundle bundle = SavedModelBundle.load(model.toString())) {
            Signature signature = bundle.function("serving_default").signature();
            assertThat(signature.getInputs()).containsOnlyKeys("images");
            assertThat(signature.getOutputs()).containsOnlyKeys("representations");
            Signature.TensorDescription in = signature.getInputs().get("images");
            Signature.TensorDescription out = signature.getOutputs().get("representations");
            assertThat(in.dataType).isEqualTo(DataType.DT_UINT8);
            assertThat(in.shape.asArray()).containsExactly(-1, 2, 3, 2);
            assertThat(out.dataType).isEqualTo(DataType.DT_FLOAT);
            assertThat(out.shape.asArray()).containsExactly(-1, 4);
        }
    }

    @Test
    void frozen_saysWhatItTakes_andTakesAnyNumber() throws IOException {
        Path model = folder.resolve("encoder");
        try (Trainer trainer = linear()) {
            trainer.exportEncoder(model);
            try (FrozenEncoder encoder = FrozenEncoder.loadTrusted(model)) {
                assertThat(encoder.height()).isEqualTo(2);
                assertThat(encoder.width()).isEqualTo(3);
                assertThat(encoder.channels()).isEqualTo(2);
                assertThat(encoder.features()).isEqualTo(4);
                assertThat(encoder.embed(new byte[0])).isEmpty();
                byte[] one = Tiny.images(12, 1);
                assertThat(encoder.embed(one)).isEqualTo(trainer.embed(one)).hasDimensions(1, 4);
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> encoder.embed(new byte[13]))
                        .withMessage("images 2x3x2 need a multiple of 12 values, got 13");
            }
        }
    }

    @Test
    void frozen_closedTwiceIsHarmless_andUseAfterwardsIsRefused() throws IOException {
        Path model = folder.resolve("encoder");
        try (Trainer trainer = linear()) {
            trainer.exportEncoder(model);
        }
        FrozenEncoder encoder = FrozenEncoder.loadTrusted(model);
        encoder.close();
        encoder.close();
        assertThatIllegalStateException().isThrownBy(() -> encoder.embed(new byte[12]));
    }

    @Test
    void export_overAnotherOne_replacesIt_andLeavesNothingBeside() throws IOException {
        Path model = folder.resolve("encoder");
        byte[] images = Tiny.images(24, 1);
        try (Trainer trainer = linear()) {
            trainer.exportEncoder(model);
            Files.createFile(model.resolve("of the old one"));
            trainer.write(Map.of("online/encoder/bias", new float[] {1, 2, 3, 4}));
            trainer.exportEncoder(model);
            assertThat(model.resolve("of the old one")).doesNotExist();
            assertThat(folder).isDirectoryNotContaining(path -> !path.equals(model));
            try (FrozenEncoder encoder = FrozenEncoder.loadTrusted(model)) {
                assertThat(encoder.embed(images)).isEqualTo(trainer.embed(images));
            }
        }
    }

    @Test
    void export_overAnEmptyFolder_fillsIt() throws IOException {
        Path model = Files.createDirectory(folder.resolve("encoder"));
        try (Trainer trainer = linear()) {
            trainer.exportEncoder(model);
        }
        FrozenEncoder.loadTrusted(model).close();
    }

    @Test
    void export_overAFolderOfOtherThings_failsAndChangesNothing() throws IOException {
        Path precious = Files.createDirectories(folder.resolve("models/mine"));
        Path models = folder.resolve("models");
        try (Trainer trainer = linear()) {
            assertThatIOException()
                    .isThrownBy(() -> trainer.exportEncoder(models))
                    .withMessageContainingAll(models.toString(), "saved_model.pb");
        }
        assertThat(precious).isDirectory();
        assertThat(models).isDirectoryNotContaining(path -> !path.equals(precious));
        assertThat(folder).isDirectoryNotContaining(path -> !path.equals(models));
    }

    @Test
    void replace_thatFails_putsTheOldOneBack() throws IOException {
        Path old = Files.createDirectory(folder.resolve("encoder"));
        Path inside = Files.createFile(old.resolve("of the old one"));
        assertThatIOException().isThrownBy(() -> Directories.replace(folder.resolve("never made"), old));
        assertThat(inside).exists();
        assertThat(folder).isDirectoryNotContaining(path -> !path.equals(old));
    }

    @Test
    void exported_variablesHaveTheirNames() throws IOException {
        Path model = folder.resolve("encoder");
        try (Trainer trainer = linear()) {
            trainer.exportEncoder(model);
        }
        List<String> names = new ArrayList<>();
        try (SavedModelBundle bundle = SavedModelBundle.load(model.toString())) {
            bundle.graph().operations().forEachRemaining(operation -> {
                if (operation.type().equals("VariableV2")) {
                    names.add(operation.name());
                }
            });
        }
        assertThat(names).containsExactlyInAnyOrder("online.encoder.kernel", "online.encoder.bias");
    }

    @Test
    void export_overAFile_failsAndChangesNothing() throws IOException {
        Path file = Files.writeString(folder.resolve("encoder"), "precious");
        try (Trainer trainer = linear()) {
            assertThatIOException()
                    .isThrownBy(() -> trainer.exportEncoder(file))
                    .withMessageContaining(file.toString());
        }
        assertThat(file).hasContent("precious");
        assertThat(folder).isDirectoryNotContaining(path -> !path.equals(file));
    }

    // What is no encoder

    private static void refused(Path model, String... facts) {
        assertThatIOException()
                .isThrownBy(() -> FrozenEncoder.loadTrusted(model).close())
                .withMessageContaining(model.toString())
                .withMessageContainingAll(facts);
    }

    @Test
    void load_ofNoModel_says() throws IOException {
        refused(folder.resolve("absent"), "is no exported encoder", "saved_model.pb");
        refused(folder, "is no exported encoder", "saved_model.pb");
        Path file = Files.writeString(folder.resolve("file"), "text");
        refused(file, "is no exported encoder");
        Path garbage = Files.createDirectory(folder.resolve("garbage"));
        Files.writeString(garbage.resolve("saved_model.pb"), "garbage");
        refused(garbage, "is no exported encoder");
    }

    @Test
    void load_ofAModelWithDamagedVariables_says() throws IOException {
        Path model = folder.resolve("encoder");
        try (Trainer trainer = linear()) {
            trainer.exportEncoder(model);
        }
        FrozenEncoder.loadTrusted(model).close();
        Path data = model.resolve("variables/variables.data-00000-of-00001");
        byte[] values = Files.readAllBytes(data);
        Files.write(data, Arrays.copyOf(values, values.length - 1));
        refused(model, "is no exported encoder");
        values[values.length / 2] ^= 1;
        Files.write(data, values);
        refused(model, "is no exported encoder");
        Files.delete(data);
        refused(model, "is no exported encoder");
        Files.delete(model.resolve("variables/variables.index"));
        refused(model, "is no exported encoder", "variables/variables.index is missing");
    }

    /** So that a server of another user can read it. */
    @Test
    void export_hasTheUsualPermissions() throws IOException {
        Path model = folder.resolve("encoder");
        Path checkpoint = folder.resolve("checkpoint");
        try (Trainer trainer = linear()) {
            trainer.exportEncoder(model);
            trainer.save(checkpoint);
        }
        Assumptions.assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"));
        Path plainFolder = Files.createDirectory(folder.resolve("plain"));
        Path plainFile = Files.createFile(plainFolder.resolve("file"));
        assertThat(Files.getPosixFilePermissions(model)).isEqualTo(Files.getPosixFilePermissions(plainFolder));
        assertThat(Files.getPosixFilePermissions(checkpoint)).isEqualTo(Files.getPosixFilePermissions(plainFile));
    }

    @Test
    void load_ofAnotherModel_saysWhatItHas() throws IOException {
        refused(
                model("key", tf -> signature("predict", "images", uint8(tf, 2, 3, 4), "representations", rows(tf, 5))),
                "serving_default");
        refused(
                model(
                        "input",
                        tf -> signature("serving_default", "x", uint8(tf, 2, 3, 4), "representations", rows(tf, 5))),
                "images",
                "[N, H, W, C]",
                "x");
        refused(
                model("output", tf -> signature("serving_default", "images", uint8(tf, 2, 3, 4), "y", rows(tf, 5))),
                "representations",
                "[N, D]",
                "y");
        refused(
                model(
                        "rank",
                        tf -> signature("serving_default", "images", uint8(tf, 3, 4), "representations", rows(tf, 5))),
                "[N, H, W, C]");
        refused(
                model(
                        "type",
                        tf -> signature(
                                "serving_default",
                                "images",
                                tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 2, 3, 4))),
                                "representations",
                                rows(tf, 5))),
                "uint8",
                "FLOAT");
        refused(
                model(
                        "size",
                        tf -> signature(
                                "serving_default", "images", uint8(tf, -1, 3, 4), "representations", rows(tf, 5))),
                "[N, H, W, C]");
        refused(
                model(
                        "features",
                        tf -> signature(
                                "serving_default", "images", uint8(tf, 2, 3, 4), "representations", rows(tf, -1))),
                "[N, D]");
    }

    private static Operand<TUint8> uint8(Ops tf, long... image) {
        long[] batch = new long[image.length + 1];
        batch[0] = -1;
        System.arraycopy(image, 0, batch, 1, image.length);
        return tf.placeholder(TUint8.class, Placeholder.shape(Shape.of(batch)));
    }

    private static Operand<TFloat32> rows(Ops tf, long features) {
        return tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, features)));
    }

    private static Signature signature(String key, String input, Operand<?> x, String output, Operand<?> y) {
        return Signature.builder(key).input(input, x).output(output, y).build();
    }

    private Path model(String name, Function<Ops, Signature> signature) throws IOException {
        Path directory = folder.resolve(name);
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            try (Session session = new Session(graph)) {
                SavedModelBundle.exporter(directory.toString())
                        .withSession(session)
                        .withSignature(signature.apply(tf))
                        .export();
            }
        }
        return directory;
    }
}
