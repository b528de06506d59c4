package dev.byol.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a run of the appendix trains, apart from how long and on what: data, of which each run changes a few from the base.
 *
 * @param loss by which the network learns
 * @param encoderNorm of the encoder
 * @param weightStandardised whether the encoder's convolutions are standardised
 * @param projectorNorm of the projection's hidden layer
 * @param predictorNorm of the prediction's hidden layer
 * @param rule of the updates
 */
record StudySetup(
        Loss loss,
        Normalisation encoderNorm,
        boolean weightStandardised,
        Normalisation projectorNorm,
        Normalisation predictorNorm,
        Rule rule) {
    /** BYOL as the main post has it: batch normalisation everywhere, SGD. */
    static final StudySetup BASE =
            new StudySetup(Loss.BYOL, Normalisation.BATCH, false, Normalisation.BATCH, Normalisation.BATCH, Rule.SGD);

    enum Loss {
        BYOL,
        CONTRASTIVE
    }

    enum Normalisation {
        BATCH,
        GROUP,
        LAYER,
        NONE
    }

    /** What moves which layers. */
    enum Rule {
        /** Stochastic gradient descent with momentum. */
        SGD,
        /** The layer-wise adaptive rate everywhere. */
        LARS,
        /** LARS on layer1 and layer2, SGD on the rest. */
        LARS_LAYERS_1_2,
        /** LARS on projection and prediction, SGD on the rest. */
        LARS_MLPS,
        /** SGD, with ten times the rate on layer1 and layer2: the control of the appendix. */
        SGD_FASTER_LAYERS_1_2
    }

    StudySetup loss(Loss value) {
        return new StudySetup(value, encoderNorm, weightStandardised, projectorNorm, predictorNorm, rule);
    }

    StudySetup encoder(Normalisation norm) {
        return new StudySetup(loss, norm, weightStandardised, projectorNorm, predictorNorm, rule);
    }

    StudySetup standardised() {
        return new StudySetup(loss, encoderNorm, true, projectorNorm, predictorNorm, rule);
    }

    StudySetup mlps(Normalisation projector, Normalisation predictor) {
        return new StudySetup(loss, encoderNorm, weightStandardised, projector, predictor, rule);
    }

    StudySetup rule(Rule value) {
        return new StudySetup(loss, encoderNorm, weightStandardised, projectorNorm, predictorNorm, value);
    }

    /** What differs from the base, for people; "the base" if nothing does. */
    String changes() {
        List<String> changes = new ArrayList<>();
        difference(changes, "loss", loss, BASE.loss);
        difference(changes, "encoder norm", encoderNorm, BASE.encoderNorm);
        if (weightStandardised) {
            changes.add("standardised weights");
        }
        difference(changes, "projection norm", projectorNorm, BASE.projectorNorm);
        difference(changes, "prediction norm", predictorNorm, BASE.predictorNorm);
        difference(changes, "rule", rule, BASE.rule);
        return changes.isEmpty() ? "the base" : String.join(", ", changes);
    }

    private static void difference(List<String> changes, String what, Enum<?> value, Enum<?> base) {
        if (value != base) {
            changes.add(what + " " + words(value));
        }
    }

    static String words(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace("_1_2", " 1 and 2").replace('_', ' ');
    }
}
