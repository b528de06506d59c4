package dev.byol.examples;

import static dev.byol.examples.StudySetup.BASE;
import static dev.byol.examples.StudySetup.Normalisation.BATCH;
import static dev.byol.examples.StudySetup.Normalisation.GROUP;
import static dev.byol.examples.StudySetup.Normalisation.LAYER;
import static dev.byol.examples.StudySetup.Normalisation.NONE;

import dev.byol.examples.StudyFigure.Curve;
import dev.byol.examples.StudyFigure.Quantity;
import dev.byol.examples.StudyRun.Budget;
import dev.byol.examples.StudySetup.Loss;
import dev.byol.examples.StudySetup.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * All that the appendix (Fetterman and Albrecht 2020) trained: the rows of the main post's table, the figures, and the runs
 * behind them. Published values were read from the plots.
 */
final class Study {
    private static final StudySetup BATCH_ENCODER = BASE;
    private static final StudySetup GROUP_ENCODER = BASE.encoder(GROUP);
    private static final StudySetup NO_BATCH_NORM = GROUP_ENCODER.mlps(NONE, NONE);

    private Study() {}

    /**
     * A row of the table.
     *
     * @param label of the variant
     * @param run that it is; empty for the untrained network
     * @param accuracy that was published, percent
     * @param positive cosine that was published
     * @param negative cosine that was published
     */
    record Row(String label, String run, double accuracy, OptionalDouble positive, OptionalDouble negative) {
        boolean untrained() {
            return run.isEmpty();
        }
    }

    private static Row row(String label, String run, double accuracy, double positive, double negative) {
        return new Row(label, run, accuracy, OptionalDouble.of(positive), OptionalDouble.of(negative));
    }

    /** The table, in the order of the post. */
    static final List<Row> TABLE = List.of(
            row("Contrastive loss", "table-contrastive", 44.1, 0.90, 0.53),
            row("BYOL", "table-byol", 57.7, 0.88, 0.27),
            row("Projection BN only", "table-projection-bn", 55.3, 0.87, 0.27),
            row("Prediction BN only", "table-prediction-bn", 48, 0.955, 0.73),
            row("No normalisation", "table-none", 28.3, 0.9999, 0.9999),
            row("Layer norm", "table-layer-norm", 29.4, 0.9999, 0.9999),
            new Row("Random (untrained)", "", 28.8, OptionalDouble.empty(), OptionalDouble.empty()));

    /** Ten epochs of schedules that were made for 320, as the post ran them. */
    private static final Budget TABLE_PAPER = new Budget(10, 320, 0.8, 1e-4);

    private static final Budget TABLE_QUICK = Budget.table(0.3);
    private static final Budget EARLY_QUICK = Budget.early();
    private static final Budget LONG_QUICK = Budget.small(20, 0.5, 1e-4);
    private static final Budget BATCH_QUICK = Budget.small(30, 0.3, 1e-4);

    private static StudyRun table(String name, StudySetup setup) {
        return new StudyRun(name, setup, TABLE_PAPER, TABLE_QUICK);
    }

    private static StudyRun run(String name, StudySetup setup, Budget paper, Budget quick) {
        return new StudyRun(name, setup, paper, quick);
    }

    /** Every run, in the order in which a whole study does them. */
    static final List<StudyRun> RUNS = List.of(
            table("table-byol", BASE),
            table("table-projection-bn", BASE.mlps(BATCH, NONE)),
            table("table-prediction-bn", BASE.mlps(NONE, BATCH)),
            table("table-none", BASE.mlps(NONE, NONE)),
            table("table-layer-norm", BASE.mlps(LAYER, LAYER)),
            run(
                    "table-contrastive",
                    BASE.mlps(NONE, NONE).loss(Loss.CONTRASTIVE),
                    new Budget(10, 320, 0.02, 1e-4),
                    Budget.table(0.005)),
            run("bn-sgd-bn", BATCH_ENCODER, new Budget(320, 0.8, 1e-4), BATCH_QUICK),
            run(
                    "bn-lars",
                    BATCH_ENCODER.mlps(NONE, NONE).rule(Rule.LARS),
                    new Budget(320, 0.2, 1.5e-6),
                    new Budget(30, 320, 0.2, 1.5e-6, 2.5e-3, 48)),
            run("bn-sgd", BATCH_ENCODER.mlps(NONE, NONE), new Budget(320, 0.8, 1e-4), BATCH_QUICK),
            run("gn-sgd-bn", GROUP_ENCODER, new Budget(320, 0.8, 1e-4), LONG_QUICK),
            run("gn-lars", NO_BATCH_NORM.rule(Rule.LARS), new Budget(320, 0.2, 1.5e-6), Budget.small(30, 0.2, 1.5e-6)),
            run(
                    "gn-lars-slow",
                    NO_BATCH_NORM.rule(Rule.LARS),
                    new Budget(320, 0.1, 1.5e-6),
                    Budget.small(30, 0.1, 1.5e-6)),
            run(
                    "gn-lars-fast",
                    NO_BATCH_NORM.rule(Rule.LARS),
                    new Budget(30, 320, 0.5, 1.5e-6),
                    Budget.small(30, 0.5, 1.5e-6)),
            run("gn-sgd", NO_BATCH_NORM, new Budget(320, 0.8, 1e-4), LONG_QUICK),
            run("weight-decay", NO_BATCH_NORM, new Budget(320, 0.2, 1e-5), Budget.small(20, 0.2, 1e-5)),
            run("weight-decay-higher", NO_BATCH_NORM, new Budget(320, 0.2, 1e-4), Budget.small(20, 0.2, 1e-4)),
            run("weight-decay-lower", NO_BATCH_NORM, new Budget(320, 0.2, 1e-6), Budget.small(20, 0.2, 1e-6)),
            run("weight-standardisation", NO_BATCH_NORM.standardised(), new Budget(320, 0.2, 1e-4), LONG_QUICK),
            run(
                    "lars-layer12",
                    NO_BATCH_NORM.rule(Rule.LARS_LAYERS_1_2),
                    new Budget(20, 320, 0.2, 1.5e-6),
                    EARLY_QUICK),
            run("sgd-control", NO_BATCH_NORM, new Budget(20, 320, 0.2, 1.5e-6), EARLY_QUICK),
            run(
                    "sgd-layer12-faster",
                    NO_BATCH_NORM.rule(Rule.SGD_FASTER_LAYERS_1_2),
                    new Budget(20, 320, 0.2, 1.5e-6),
                    EARLY_QUICK),
            run(
                    "lars-mlps",
                    NO_BATCH_NORM.rule(Rule.LARS_MLPS),
                    new Budget(100, 320, 0.2, 1.5e-6),
                    Budget.small(20, 0.2, 1.5e-6)));

    /** The run of a name. */
    static StudyRun run(String name) {
        return RUNS.stream()
                .filter(r -> r.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no run is called " + name));
    }

    private static Plot.Series published(String label, double... xy) {
        List<Plot.Point> points = new ArrayList<>();
        for (int i = 0; i < xy.length; i += 2) {
            points.add(new Plot.Point(xy[i], xy[i + 1]));
        }
        return Plot.Series.marks(label, points);
    }

    private static final String ACCURACY_CAPTION =
            "Linear accuracy while training with BYOL, for different optimizers and MLP normalisation. The encoder uses ";

    /** The figures, in the appendix's order. */
    static final List<StudyFigure> FIGURES = List.of(
            new StudyFigure(
                    "accuracy_resnet_batch_norm",
                    "Accuracy of a ResNet with batch norm",
                    "linear accuracy, %",
                    false,
                    ACCURACY_CAPTION + "batch norm.",
                    List.of(
                            new Curve("SGD, BN in MLPs", "bn-sgd-bn", Quantity.ACCURACY),
                            new Curve("LARS, no BN in MLPs", "bn-lars", Quantity.ACCURACY),
                            new Curve("SGD, no BN in MLPs", "bn-sgd", Quantity.ACCURACY)),
                    List.of(
                            published("SGD, BN in MLPs", 1, 38, 320, 81.5),
                            published("LARS, no BN in MLPs", 1, 30, 320, 76.5),
                            published("SGD, no BN in MLPs", 1, 28, 15, 28, 320, 72)),
                    "SGD with BN in the MLPs rises to 81.5 %, LARS without to 76.5 % and never collapses; SGD without BN is"
                            + " flat at 28 % until epoch 15, then recovers to 72 %.",
                    320,
                    StudyVerdicts::batchNormAccuracy),
            new StudyFigure(
                    "accuracy_resnet_group_norm",
                    "Accuracy of a ResNet with group norm",
                    "linear accuracy, %",
                    false,
                    ACCURACY_CAPTION + "group norm.",
                    List.of(
                            new Curve("SGD, BN in MLPs", "gn-sgd-bn", Quantity.ACCURACY),
                            new Curve("LARS, lr 0.2, no BN", "gn-lars", Quantity.ACCURACY),
                            new Curve("LARS, lr 0.1, no BN", "gn-lars-slow", Quantity.ACCURACY),
                            new Curve("SGD, no BN", "gn-sgd", Quantity.ACCURACY)),
                    List.of(
                            published("SGD, BN in MLPs", 1, 41, 320, 75),
                            published("LARS, lr 0.2, no BN", 1, 35, 320, 70.5),
                            published("LARS, lr 0.1, no BN", 10, 9.5, 320, 9.5),
                            published("SGD, no BN", 1, 34, 200, 10, 320, 17.5)),
                    "BN in the MLPs alone keeps SGD from collapse (75 %). Without any BN, LARS at 0.2 dips and recovers to"
                            + " 70.5 %, LARS at 0.1 is dead at 9 to 10 % from epoch 10 on, and SGD slides from 34 to 10 %.",
                    320,
                    StudyVerdicts::groupNormAccuracy),
            new StudyFigure(
                    "weight_decay_distance",
                    "Weight decay: representation distance",
                    "mean cosine of z and z\u2032",
                    false,
                    "SGD with learning rate 0.2 and weight decay 1e-5, no batch norm anywhere.",
                    List.of(
                            new Curve("positive", "weight-decay", Quantity.POSITIVE),
                            new Curve("negative", "weight-decay", Quantity.NEGATIVE)),
                    List.of(
                            published("positive", 0, 1, 100, 1, 320, 0.96),
                            published("negative", 0, 1, 100, 1, 145, 0.08, 165, 0.62, 320, 0.56)),
                    "Both cosines are 1 until epoch 100; then the negative one falls to 0.08, comes back to 0.62 and settles"
                            + " at 0.56, with the positive one at 0.96.",
                    320,
                    h -> StudyVerdicts.leavesCollapse(h, "weight-decay")),
            new StudyFigure(
                    "weight_decay_train_loss",
                    "Weight decay: training loss",
                    "loss",
                    true,
                    "SGD with learning rate 0.2 and weight decay 1e-5, no batch norm anywhere.",
                    List.of(
                            new Curve("weight decay 1e-5", "weight-decay", Quantity.LOSS),
                            new Curve("weight decay 1e-4", "weight-decay-higher", Quantity.LOSS),
                            new Curve("weight decay 1e-6", "weight-decay-lower", Quantity.LOSS)),
                    List.of(published("weight decay 1e-5", 1, 0.02, 60, 1e-4, 130, 0.35, 320, 0.08)),
                    "The loss falls below 1e-4 at epoch 60, the sign of collapse, then rises to 0.35 at 130 and settles at"
                            + " 0.08. A decay of 1e-4 recovers now and then, other values never do.",
                    320,
                    h -> StudyVerdicts.lossRisesAgain(h, "weight-decay")),
            new StudyFigure(
                    "weight_std_distance",
                    "Weight standardisation: representation distance",
                    "mean cosine of z and z\u2032",
                    false,
                    "Group norm and weight standardisation, SGD, no batch norm anywhere.",
                    List.of(
                            new Curve("positive", "weight-standardisation", Quantity.POSITIVE),
                            new Curve("negative", "weight-standardisation", Quantity.NEGATIVE)),
                    List.of(published("positive", 0, 1, 320, 0.95), published("negative", 0, 1, 320, 0.22)),
                    "The representations separate within 100 epochs; then the negative cosine bounces between 0 and 0.97,"
                            + " with five or more collapses in 200 epochs, and settles at 0.22.",
                    320,
                    StudyVerdicts::standardisationSeparates),
            new StudyFigure(
                    "weight_std_train_loss",
                    "Weight standardisation: training loss",
                    "loss",
                    true,
                    "Group norm and weight standardisation, SGD, no batch norm anywhere.",
                    List.of(new Curve("training loss", "weight-standardisation", Quantity.LOSS)),
                    List.of(),
                    "The loss oscillates with the cosines; no values were read from this plot.",
                    320,
                    StudyVerdicts::standardisationLoss),
            new StudyFigure(
                    "lars_layer12_lr",
                    "LARS on layer1 and layer2: local learning rate",
                    "LARS local learning rate",
                    false,
                    "LARS on layer1 and layer2 only, SGD on the rest; group norm, no batch norm anywhere. Of the first"
                            + " convolution of each.",
                    List.of(
                            new Curve("layer1", "lars-layer12", Quantity.RATE_LAYER1),
                            new Curve("layer2", "lars-layer12", Quantity.RATE_LAYER2)),
                    List.of(
                            published("layer1", 0, 8, 5.5, 80, 8, 6, 20, 0),
                            published("layer2", 0, 8, 5.5, 70, 8, 6, 20, 0)),
                    "Both rates climb from 8 to 80 and 70 while the network is collapsed, and fall to 6 by epoch 8, then to"
                            + " about 0.",
                    20,
                    StudyVerdicts::localRate),
            new StudyFigure(
                    "lars_layer12_loss",
                    "LARS on layer1 and layer2: training loss",
                    "loss",
                    true,
                    "LARS on layer1 and layer2 only, SGD on the rest; and SGD alone, also with ten times the rate on these"
                            + " layers.",
                    List.of(
                            new Curve("LARS on layer1 and layer2", "lars-layer12", Quantity.LOSS),
                            new Curve("SGD, faster on layer1 and layer2", "sgd-layer12-faster", Quantity.LOSS),
                            new Curve("SGD", "sgd-control", Quantity.LOSS)),
                    List.of(published("LARS on layer1 and layer2", 0, 5e-2, 5.5, 2e-6, 10, 3e-3, 20, 0.15)),
                    "The loss falls to 2e-6 at epochs 5 to 6 and is back at 0.15 at epoch 20.",
                    20,
                    h -> StudyVerdicts.lossRisesAgain(h, "lars-layer12")),
            new StudyFigure(
                    "lars_layer12_distance",
                    "LARS on layer1 and layer2: representation distance",
                    "mean cosine of z and z\u2032",
                    false,
                    "LARS on layer1 and layer2 only, SGD on the rest; SGD alone beside it.",
                    List.of(
                            new Curve("positive, LARS", "lars-layer12", Quantity.POSITIVE),
                            new Curve("negative, LARS", "lars-layer12", Quantity.NEGATIVE),
                            new Curve("negative, SGD faster there", "sgd-layer12-faster", Quantity.NEGATIVE),
                            new Curve("negative, SGD", "sgd-control", Quantity.NEGATIVE)),
                    List.of(
                            published("positive, LARS", 0, 1, 20, 0.91),
                            published("negative, LARS", 0, 1, 9, 1, 20, 0.40)),
                    "The negative cosine stays at 1 until epoch 9 and is 0.40 at epoch 20; SGD with a higher rate on these"
                            + " layers did not learn more useful representations.",
                    20,
                    StudyVerdicts::larsRecovers),
            new StudyFigure(
                    "lars_mlp_lr",
                    "LARS on the MLPs: local learning rate",
                    "LARS local learning rate",
                    false,
                    "LARS on projection and prediction only, SGD on the rest. Of the hidden layer of each.",
                    List.of(
                            new Curve("projection", "lars-mlps", Quantity.RATE_PROJECTOR),
                            new Curve("prediction", "lars-mlps", Quantity.RATE_PREDICTOR)),
                    List.of(published("the highest", 0, 4.5, 100, 4.5)),
                    "The rates stay at or below 4.5.",
                    100,
                    StudyVerdicts::mlpRate),
            new StudyFigure(
                    "lars_mlp_loss",
                    "LARS on the MLPs: training loss",
                    "loss",
                    true,
                    "LARS on projection and prediction only, SGD on the rest.",
                    List.of(new Curve("training loss", "lars-mlps", Quantity.LOSS)),
                    List.of(),
                    "Partial escapes from the collapse, which comes back each time; no values were read from this plot.",
                    100,
                    StudyVerdicts::mlpsCollapse),
            new StudyFigure(
                    "lars_mlp_distance",
                    "LARS on the MLPs: representation distance",
                    "mean cosine of z and z\u2032",
                    false,
                    "LARS on projection and prediction only, SGD on the rest.",
                    List.of(
                            new Curve("positive", "lars-mlps", Quantity.POSITIVE),
                            new Curve("negative", "lars-mlps", Quantity.NEGATIVE)),
                    List.of(published("negative", 0, 0.9998, 66, 0.993, 91, 0.956, 100, 0.9998)),
                    "The negative cosine escapes to 0.993 at epoch 66 and to 0.956 at 91, and is back at 0.9998 each time.",
                    100,
                    StudyVerdicts::mlpsCollapse),
            new StudyFigure(
                    "lars_lr",
                    "LARS: local learning rate of layer1's first convolution",
                    "LARS local learning rate",
                    false,
                    "LARS on all layers, no batch norm anywhere, at two base rates.",
                    List.of(
                            new Curve("base rate 0.5", "gn-lars-fast", Quantity.RATE_LAYER1),
                            new Curve("base rate 0.1", "gn-lars-slow", Quantity.RATE_LAYER1)),
                    List.of(published("base rate 0.5", 2, 29, 20, 0), published("base rate 0.1", 9, 42)),
                    "At 0.5 the rate peaks at 29 in epoch 2, then falls to 0; at 0.1 it peaks at 42 in epoch 9 and wanders"
                            + " between 6 and 30.",
                    20,
                    StudyVerdicts::timing),
            new StudyFigure(
                    "lars_loss",
                    "LARS: training loss at two base rates",
                    "loss",
                    true,
                    "LARS on all layers, no batch norm anywhere, at two base rates.",
                    List.of(
                            new Curve("base rate 0.5", "gn-lars-fast", Quantity.LOSS),
                            new Curve("base rate 0.1", "gn-lars-slow", Quantity.LOSS)),
                    List.of(published("base rate 0.5", 2, 2e-4, 15, 0.2), published("base rate 0.1", 30, 4e-6)),
                    "At 0.5 the loss dips to 2e-4 in epoch 2 and is 0.2 by epoch 15; at 0.1 it falls to 4e-6 and stays.",
                    30,
                    StudyVerdicts::timingOfLoss));

    /** The figure of a name. */
    static StudyFigure figure(String name) {
        return FIGURES.stream()
                .filter(f -> f.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new BadInput("no figure is called \"" + name + "\"; there are "
                        + String.join(
                                ", ", FIGURES.stream().map(StudyFigure::name).toList())));
    }
}
