package dev.byol.examples;

import dev.byol.api.Method;
import dev.byol.api.Optimizer;
import dev.byol.api.Schedule;
import dev.byol.api.TargetUpdater;
import dev.byol.api.method.Byol;
import dev.byol.api.method.SimSiam;
import dev.byol.api.nn.Mlp;
import dev.byol.api.nn.Norm;
import dev.byol.api.nn.ResNet;
import dev.byol.augment.View;
import dev.byol.augment.io.ImageSource;
import dev.byol.optim.Lars;
import dev.byol.optim.Schedules;
import dev.byol.optim.Sgd;
import dev.byol.tf.Precision;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Pretrains an encoder on unlabelled images and shows that it learned: what the options mean, and what they come to. */
@Command(
        name = "pretrain",
        description = "Pretrains an encoder on unlabelled images and says how good its features are.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class Pretrain implements Callable<Integer> {
    enum MethodName {
        BYOL,
        SIMSIAM
    }

    enum EncoderName {
        RESNET10,
        RESNET18,
        RESNET34,
        RESNET50;

        ResNet network() {
            return switch (this) {
                case RESNET10 -> ResNet.resNet10Tiny();
                case RESNET18 -> ResNet.resNet18();
                case RESNET34 -> ResNet.resNet34();
                case RESNET50 -> ResNet.resNet50();
            };
        }
    }

    /** What is done when the features collapse. */
    enum OnCollapse {
        TELL,
        STOP
    }

    /** The exit code of a run that was stopped because it collapsed. */
    static final int COLLAPSED = 3;

    enum EncoderNorm {
        BATCH,
        GROUP
    }

    enum MlpNorm {
        BATCH,
        LAYER,
        NONE;

        Norm norm() {
            return switch (this) {
                case BATCH -> Norm.batch();
                case LAYER -> Norm.layer();
                case NONE -> Norm.none();
            };
        }
    }

    enum OptimizerName {
        SGD(0.2, 1e-4),
        LARS(0.2, 1.5e-6);

        final double learningRate;
        final double weightDecay;

        OptimizerName(double learningRate, double weightDecay) {
            this.learningRate = learningRate;
            this.weightDecay = weightDecay;
        }
    }

    @Option(
            names = "--data",
            paramLabel = "DATA",
            description = "What to learn from: " + Data.KINDS + " (${DEFAULT-VALUE}).")
    String data = "shapes";

    @Option(
            names = "--labelled",
            paramLabel = "DATA",
            description = "Labelled images for the probes, where the data has none or others are wanted.")
    @Nullable
    String labelled;

    @Option(names = "--method", description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    MethodName method = MethodName.BYOL;

    @Option(names = "--encoder", description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    EncoderName encoder = EncoderName.RESNET10;

    @Option(names = "--stem", description = "${COMPLETION-CANDIDATES}: 7x7 and pooling, or 3x3 (${DEFAULT-VALUE}).")
    ResNet.Stem stem = ResNet.Stem.IMAGENET;

    @Option(names = "--encoder-norm", description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    EncoderNorm encoderNorm = EncoderNorm.BATCH;

    @Option(names = "--projector-norm", description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    MlpNorm projectorNorm = MlpNorm.BATCH;

    @Option(names = "--predictor-norm", description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    MlpNorm predictorNorm = MlpNorm.BATCH;

    @Option(
            names = "--mlp",
            paramLabel = "HIDDEN,OUT",
            split = ",",
            arity = "1",
            description = "Widths of projector and predictor (512,128).")
    List<Integer> mlp = List.of(512, 128);

    @Option(names = "--crop", paramLabel = "N", description = "Side of a view in pixels; that of the data, or 96.")
    @Nullable
    Integer crop;

    @Option(
            names = "--crop-area",
            paramLabel = "MIN",
            description = "Smallest part of an image in a view (${DEFAULT-VALUE}).")
    double cropArea = 0.2;

    @Option(
            names = "--jitter",
            paramLabel = "B,C,S,H",
            split = ",",
            arity = "1",
            description = "Brightness, contrast, saturation and hue (0.4,0.4,0.4,0.1).")
    List<Double> jitter = List.of(0.4, 0.4, 0.4, 0.1);

    @Option(names = "--grayscale", paramLabel = "P", description = "Probability of grey (${DEFAULT-VALUE}).")
    double grayscale = 0.2;

    @Option(names = "--flip", paramLabel = "P", description = "Probability of a mirrored view (${DEFAULT-VALUE}).")
    double flip = 0.5;

    @Option(names = "--blur", paramLabel = "P", description = "Probability of blur (${DEFAULT-VALUE}).")
    double blur = 0.5;

    @Option(names = "--epochs", paramLabel = "N", description = "Passes over the data (${DEFAULT-VALUE}).")
    int epochs = 16;

    @Option(names = "--batch", paramLabel = "N", description = "Images in a step (${DEFAULT-VALUE}).")
    int batch = 64;

    @Option(names = "--optimizer", description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    OptimizerName optimizer = OptimizerName.SGD;

    @Option(names = "--learning-rate", paramLabel = "X", description = "Peak, not scaled by the batch (0.2).")
    @Nullable
    Double learningRate;

    @Option(names = "--weight-decay", paramLabel = "X", description = "Of kernels only (sgd 0.0001, lars 0.0000015).")
    @Nullable
    Double weightDecay;

    @Option(
            names = "--tau",
            paramLabel = "X",
            description = "Target's inertia at the start; ends at 1. Short runs want less than the paper's 0.996"
                    + " (${DEFAULT-VALUE}).")
    double tau = 0.95;

    @Option(names = "--precision", description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    Precision precision = Precision.FLOAT32;

    @Option(names = "--seed", paramLabel = "N", description = "Of start values, order and views (${DEFAULT-VALUE}).")
    long seed = 1;

    @Option(
            names = "--rank-every",
            paramLabel = "N",
            description = "Steps from one effective rank of the projections to the next (${DEFAULT-VALUE}).")
    int rankEvery = 10;

    @Option(
            names = "--on-collapse",
            description =
                    "${COMPLETION-CANDIDATES}: only say so, or end the run there and then, with its report and exit code "
                            + COLLAPSED + " (${DEFAULT-VALUE}).")
    OnCollapse onCollapse = OnCollapse.TELL;

    @Option(names = "--threads", paramLabel = "N", description = "Threads that make views (${DEFAULT-VALUE}).")
    int threads = Device.loaderThreads();

    @Option(names = "--out", paramLabel = "DIR", description = "Where the results go (${DEFAULT-VALUE}).")
    Path out = Path.of("out", "pretrain");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        PrintWriter console = spec.commandLine().getOut();
        validate();
        OutputFolder folder = OutputFolder.open(out);
        Data images = Data.open(data, seed, console::println);
        ImageSource source = images.unlabelled();
        Data.Labels labels = labelled == null
                ? images.labels()
                : Data.open(labelled, seed, console::println).labelled();
        int side = crop == null ? images.side().orElse(96) : crop;
        return new PretrainRun(this, source, labels, side, folder, console).run() ? 0 : COLLAPSED;
    }

    /** What the library would say later, said before anything starts. */
    private void validate() {
        try {
            BadInput.require(epochs >= 1, "--epochs must be at least 1, got " + epochs);
            BadInput.require(batch >= 2, "--batch must be at least 2, got " + batch);
            BadInput.require(threads >= 1, "--threads must be at least 1, got " + threads);
            BadInput.require(rankEvery >= 1, "--rank-every must be at least 1, got " + rankEvery);
            BadInput.require(mlp.size() == 2, "--mlp needs two widths, HIDDEN,OUT, got " + mlp);
            BadInput.require(jitter.size() == 4, "--jitter needs four strengths, B,C,S,H, got " + jitter);
            BadInput.require(crop == null || crop >= 1, "--crop must be at least 1, got " + crop);
            BadInput.require(tau >= 0 && tau <= 1, "--tau must be in [0, 1], got " + tau);
            BadInput.require(
                    learningRate() > 0 && Double.isFinite(learningRate()),
                    "--learning-rate must be above 0, got " + learningRate());
            BadInput.require(
                    weightDecay() >= 0 && Double.isFinite(weightDecay()),
                    "--weight-decay must be at least 0, got " + weightDecay());
            view(1);
            method(Schedules.constant(tau));
        } catch (IllegalArgumentException e) {
            throw new BadInput(String.valueOf(e.getMessage()));
        }
    }

    double learningRate() {
        return learningRate == null ? optimizer.learningRate : learningRate;
    }

    double weightDecay() {
        return weightDecay == null ? optimizer.weightDecay : weightDecay;
    }

    View view(int side) {
        return View.appendix()
                .side(side)
                .minArea(cropArea)
                .jitter(jitter.get(0), jitter.get(1), jitter.get(2), jitter.get(3))
                .grayscale(grayscale)
                .flip(flip)
                .blur(blur)
                .build();
    }

    ResNet encoder() {
        return encoder.network()
                .withStem(stem)
                .withNorm(encoderNorm == EncoderNorm.BATCH ? Norm.batch() : Norm.group());
    }

    Method method(Schedule tau) {
        Mlp projector = new Mlp(2, mlp.get(0), mlp.get(1), projectorNorm.norm());
        Mlp predictor = new Mlp(2, mlp.get(0), mlp.get(1), predictorNorm.norm());
        return method == MethodName.BYOL
                ? new Byol(encoder(), projector, predictor, TargetUpdater.ema(tau))
                : new SimSiam(encoder(), projector, predictor);
    }

    Optimizer optimizer(Schedule rate) {
        return optimizer == OptimizerName.SGD
                ? Sgd.builder()
                        .learningRate(rate)
                        .momentum(0.9)
                        .weightDecay(weightDecay())
                        .build()
                : Lars.deepMind()
                        .learningRate(rate)
                        .momentum(0.9)
                        .weightDecay(weightDecay())
                        .build();
    }
}
