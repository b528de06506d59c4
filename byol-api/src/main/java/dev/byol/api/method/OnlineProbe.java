package dev.byol.api.method;

import dev.byol.api.Encoder;
import dev.byol.api.Method;
import dev.byol.api.Shape;
import dev.byol.api.Step;
import dev.byol.api.Tensor;
import dev.byol.api.nn.Linear;

/**
 * A method with a linear classifier beside it that learns from labels while the encoder learns without them: how good the features
 * are is seen during the training, as in DeepMind's BYOL (Grill et al. 2020, published code).
 *
 * <p>It is trained by the mean cross entropy of the labelled rows of the batch, on the representation y of view 0 that the method
 * {@linkplain Step#observe shows}, through which no gradient flows, and {@linkplain Step#alongside beside} the method's loss. The method
 * does not change by it, even where the probe's own loss is not finite: neither its loss, nor its parameters, nor the encoder that is
 * exported.
 *
 * <p>Labels are fed with every step; rows with the label -1 are left out. The probe's parameters are {@code probe/kernel} and {@code
 * probe/bias}. DeepMind updates them by the same rule as the rest; {@code Rules.split} of {@code dev.byol.optim} gives them their own:
 *
 * <pre>{@code
 * OnlineProbe probe = new OnlineProbe(byol, 10);
 * trainer.method(probe).optimizer(split(path("probe/**"), sgd, lars));
 * ...
 * trainer.feed(OnlineProbe.LABELS, probe.targets(batch.labels()));
 * double accuracy = trainer.step(batch.view(0), batch.view(1)).report("probe_accuracy");
 * }</pre>
 *
 * <p>Reports, of the features and the probe before the update: {@code probe_loss}; {@code probe_accuracy}, the share of the labelled
 * rows whose class has the highest logit, in [0, 1]; and {@code probe_labelled}, the number of labelled rows. Where that is 0, so are
 * the others, and the probe learns nothing.
 *
 * @param method what is trained; it must show y0
 * @param classes number of classes C, at least 2
 */
public record OnlineProbe(Method method, int classes) implements Method {
    /** The input that is fed with the {@linkplain #targets targets} of each batch. */
    public static final String LABELS = "probe/labels";

    public OnlineProbe {
        Classification.requireClasses(classes);
    }

    @Override
    public int views() {
        return method.views();
    }

    @Override
    public Encoder encoder() {
        return method.encoder();
    }

    /**
     * What is fed for the labels of a batch: {@code [B, C]} row-major, 1 at the class of each row, all 0 where there is none.
     *
     * @param labels {@code [B]}, each in [0, C), or -1 for a row without one
     * @throws IllegalArgumentException if a label is out of range; the message names its row
     */
    public float[] targets(int... labels) {
        return Classification.targets(classes, labels);
    }

    /**
     * Describes the method's loss, with the probe beside it.
     *
     * @throws IllegalStateException if the method shows no representation y0
     */
    @Override
    public Tensor loss(Step step) {
        Tensor loss = method.loss(step);
        Tensor y = step.observed().get("y0"); // [B, D], without a gradient
        if (y == null) {
            throw new IllegalStateException("an online probe needs the observed value y0, found "
                    + step.observed().keySet());
        }
        Tensor logits = step.online().apply("probe", new Linear(classes, true), y);
        Tensor targets = step.input(LABELS, Shape.of(y.shape().dimension(0), classes));
        Classification probe = new Classification(logits, targets);
        step.report("probe_loss", probe.loss());
        step.report("probe_accuracy", probe.accuracy());
        step.report("probe_labelled", probe.labelled());
        step.alongside(probe.loss());
        return loss;
    }
}
