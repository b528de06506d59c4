package dev.byol.examples;

import dev.byol.api.Method;
import dev.byol.api.Parameter;
import dev.byol.api.TargetUpdater;
import dev.byol.api.method.MoCo;
import dev.byol.api.method.ReferenceByol;
import dev.byol.api.nn.Mlp;
import dev.byol.api.nn.Norm;
import dev.byol.api.nn.ResNet;
import dev.byol.optim.Filters;
import dev.byol.optim.Recipe;
import dev.byol.optim.Recipes;
import java.util.function.Predicate;

/** From the words of the study to the library's: what a run trains and by which rule. */
record StudyNetworks(StudySetup setup, StudyScale scale, StudyRun.Budget budget, long images) {
    private static final int HIDDEN = 512;
    private static final int OUTPUT = 128;
    private static final double FASTER = 10;
    private static final Predicate<Parameter> EARLY = Filters.path("encoder/layer1/**", "encoder/layer2/**");
    private static final Predicate<Parameter> MLPS = Filters.path("projector/**", "predictor/**");

    /** The appendix's recipe, with this budget. */
    Recipe recipe() {
        Recipes.Appendix recipe = Recipes.appendix(budget.epochs())
                .cosineEpochs(budget.horizon())
                .rate(budget.learningRate())
                .weightDecay(budget.weightDecay())
                .trustCoefficient(budget.trustCoefficient())
                .tau(budget.tau())
                .batch(scale.batch)
                .images(images);
        switch (setup.rule()) {
            case SGD -> {}
            case LARS -> recipe.lars(Filters.all());
            case LARS_LAYERS_1_2 -> recipe.lars(EARLY);
            case LARS_MLPS -> recipe.lars(MLPS);
            case SGD_FASTER_LAYERS_1_2 -> recipe.raised(FASTER, EARLY);
        }
        return recipe.extrapolated().build();
    }

    ResNet encoder() {
        ResNet plain = scale.encoder.network().widerBy(budget.widening()).withNorm(norm(setup.encoderNorm()));
        return setup.weightStandardised() ? plain.withWeightStandardization() : plain;
    }

    Method method() {
        Recipe recipe = recipe();
        Mlp projector = new Mlp(2, HIDDEN, OUTPUT, norm(setup.projectorNorm()));
        Mlp predictor = new Mlp(2, HIDDEN, OUTPUT, norm(setup.predictorNorm()));
        TargetUpdater updater = TargetUpdater.ema(recipe.tau()).beforeOptimizer();
        return switch (setup.loss()) {
            case BYOL -> new ReferenceByol(encoder(), projector, predictor, updater, recipe.lossFactor());
            case CONTRASTIVE ->
                MoCo.builder()
                        .encoder(encoder())
                        .projector(projector)
                        .predictor(predictor)
                        .updater(updater)
                        .queue(scale.queue)
                        .symmetric(true)
                        .build();
        };
    }

    private static Norm norm(StudySetup.Normalisation norm) {
        return switch (norm) {
            case BATCH -> Norm.batch();
            case GROUP -> Norm.group();
            case LAYER -> Norm.layer();
            case NONE -> Norm.none();
        };
    }
}
