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
import dev.byol.tf.Checkpoint;
import dev.byol.tf.Checkpoints;
import dev.byol.tf.Precision;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

    /** Where views are made: by the loader's threads, or in the step's graph. */
    enum ViewsOn {
        CPU,
        DEVICE
    }

    /** What is done when the features collapse. */
    enum OnCollapse {
        TELL,
        STOP,
        BACK
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

    @Option(
            names = "--views",
            description =
                    "${COMPLETION-CANDIDATES}: where views are made, by the loader's threads or on the device, in the step's graph."
                            + " What is drawn is the same (${DEFAULT-VALUE}).")
    ViewsOn views = ViewsOn.CPU;

    @Option(names = "--epochs", paramLabel = "N", description = "Passes over the data (${DEFAULT-VALUE}).")
    int epochs = 24;

    @Option(names = "--batch", paramLabel = "N", description = "Images in a step (${DEFAULT-VALUE}).")
    int batch = 64;

    @Option(
            names = "--micro-batch",
            paramLabel = "N",
            description =
                    "Images that are computed at a time, for batches that do not fit into memory: a part of the batch that divides"
                            + " it. Batch statistics are then those of N images (the whole batch).")
    @Nullable
    Integer microBatch;

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
                    "${COMPLETION-CANDIDATES}: only say so; end the run there and then, with its report and exit code "
                            + COLLAPSED
                            + "; or go back to the last checkpoint of a healthy network, with a lower learning rate (${DEFAULT-VALUE}).")
    OnCollapse onCollapse = OnCollapse.TELL;

    @Option(
            names = "--back-rate",
            paramLabel = "X",
            description = "What the learning rate is multiplied by each time the run goes back (${DEFAULT-VALUE}).")
    double backRate = 0.5;

    @Option(
            names = "--back-most",
            paramLabel = "N",
            description = "How often the run goes back; the next collapse ends it (${DEFAULT-VALUE}).")
    int backMost = 3;

    @Option(names = "--threads", paramLabel = "N", description = "Threads that make views (${DEFAULT-VALUE}).")
    int threads = Device.loaderThreads();

    @Option(
            names = "--checkpoint-steps",
            paramLabel = "N",
            description = "Steps from one checkpoint to the next; 0: by time alone (${DEFAULT-VALUE}).")
    long checkpointSteps;

    @Option(
            names = "--checkpoint-minutes",
            paramLabel = "X",
            description = "Minutes from one checkpoint to the next; 0: by steps alone (${DEFAULT-VALUE}).")
    double checkpointMinutes = 10;

    @Option(names = "--keep", paramLabel = "N", description = "Checkpoints that are kept (${DEFAULT-VALUE}).")
    int keep = 3;

    @Option(
            names = "--resume",
            paramLabel = "DIR",
            description = "Goes on with the run in DIR, to the same bits as if it had not been interrupted;"
                    + " its settings need not be given again.")
    @Nullable
    Path resume;

    @Option(
            names = "--dry-run",
            description = "Says what the run will take: parameters, images a second, hours, memory and disk;"
                    + " measures a few steps and leaves nothing in --out.")
    boolean dryRun;

    @Option(names = "--overwrite", description = "Begins anew where an unfinished run lies.")
    boolean overwrite;

    @Option(names = "--out", paramLabel = "DIR", description = "Where the results go (${DEFAULT-VALUE}).")
    Path out = Path.of("out", "pretrain");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        PrintWriter console = spec.commandLine().getOut();
        if (dryRun) {
            BadInput.require(resume == null, "--dry-run predicts a run from its start: leave --resume away");
            validate();
            OutputFolder folder = OutputFolder.open(out);
            new DryRun(setup(console), folder, console).run();
            return 0;
        }
        PretrainRun.End end = resume == null ? begin(console) : goOn(resume, console);
        return end == PretrainRun.End.COLLAPSED ? COLLAPSED : 0;
    }

    private PretrainRun.End begin(PrintWriter console) throws IOException {
        validate();
        OutputFolder folder = OutputFolder.open(out);
        PretrainRun run = prepared(folder, console);
        try (Checkpoints checkpoints = checkpoints(folder)) {
            BadInput.require(
                    overwrite || folder.isFinished() || checkpoints.newestStep().orElse(0) == 0,
                    "--out " + out + " holds an unfinished run: go on with --resume " + out
                            + ", or begin anew with --overwrite");
            return run.begin(checkpoints);
        }
    }

    private PretrainRun.End goOn(Path place, PrintWriter console) throws IOException {
        BadInput.require(
                !spec.commandLine().getParseResult().hasMatchedOption("--out") && !overwrite,
                "--resume goes on in its own folder: leave --out and --overwrite away");
        out = place;
        validate();
        BadInput.require(
                Files.isDirectory(new OutputFolder(out).checkpoints()),
                "--resume " + out
                        + " holds no run: expected a folder that pretrain --out has made, with checkpoint in it");
        OutputFolder folder = OutputFolder.open(out);
        Checkpoint checkpoint = found(folder, console);
        RunSettings.takeUp(spec, checkpoint);
        validate();
        if (folder.isFinished()) {
            console.println(
                    "the run in " + out + " is finished after step " + checkpoint.step() + ": report " + folder.page());
            return PretrainRun.End.FINISHED;
        }
        PretrainRun run = prepared(folder, console);
        try (Checkpoints checkpoints = checkpoints(folder)) {
            return run.goOn(checkpoints, checkpoint);
        }
    }

    private Checkpoint found(OutputFolder folder, PrintWriter console) throws IOException {
        try (Checkpoints checkpoints = checkpoints(folder)) {
            Checkpoints.Found found = checkpoints
                    .newest()
                    .orElseThrow(() ->
                            new BadInput("--resume " + out + " holds no checkpoint yet: begin anew, without --resume"));
            found.damaged().forEach(damage -> console.println("passed over: " + damage));
            return found.checkpoint();
        }
    }

    private Checkpoints checkpoints(OutputFolder folder) throws IOException {
        Checkpoints.Builder checkpoints =
                Checkpoints.in(folder.checkpoints()).keep(keep).keepBest(onCollapse == OnCollapse.BACK ? 1 : 0);
        if (checkpointSteps > 0) {
            checkpoints.everySteps(checkpointSteps);
        }
        if (checkpointMinutes > 0) {
            checkpoints.every(Duration.ofMillis(Math.max(1, Math.round(checkpointMinutes * 60_000))));
        }
        return checkpoints.open();
    }

    private PretrainRun prepared(OutputFolder folder, PrintWriter console) throws IOException {
        PretrainSetup setup = setup(console);
        Map<String, String> settings = RunSettings.of(
                spec,
                Map.of(
                        "--crop", setup.crop(),
                        "--micro-batch", microBatch(),
                        "--learning-rate", learningRate(),
                        "--weight-decay", weightDecay()));
        return new PretrainRun(setup, settings, folder, console);
    }

    private PretrainSetup setup(PrintWriter console) throws IOException {
        Data images = Data.open(data, seed, console::println);
        ImageSource source = images.unlabelled();
        Data.Labels labels = labelled == null
                ? images.labels()
                : Data.open(labelled, seed, console::println).labelled();
        return PretrainSetup.of(
                this, source, labels, crop == null ? images.side().orElse(96) : crop);
    }

    /** What the library would say later, said before anything starts. */
    private void validate() {
        try {
            BadInput.require(epochs >= 1, "--epochs must be at least 1, got " + epochs);
            BadInput.require(batch >= 2, "--batch must be at least 2, got " + batch);
            BadInput.require(
                    microBatch == null || (microBatch >= 2 && batch % microBatch == 0),
                    "--micro-batch must divide --batch " + batch + " and be at least 2, got " + microBatch);
            BadInput.require(threads >= 1, "--threads must be at least 1, got " + threads);
            BadInput.require(backRate > 0 && backRate <= 1, "--back-rate must be in (0, 1], got " + backRate);
            BadInput.require(backMost >= 1, "--back-most must be at least 1, got " + backMost);
            BadInput.require(rankEvery >= 1, "--rank-every must be at least 1, got " + rankEvery);
            BadInput.require(checkpointSteps >= 0, "--checkpoint-steps must be at least 0, got " + checkpointSteps);
            BadInput.require(
                    checkpointMinutes >= 0 && checkpointMinutes <= 1e6,
                    "--checkpoint-minutes must be in [0, 1000000], got " + checkpointMinutes);
            BadInput.require(keep >= 1, "--keep must be at least 1, got " + keep);
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

    /** Images that are computed at a time. */
    int microBatch() {
        return microBatch == null ? batch : microBatch;
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
