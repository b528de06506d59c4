package dev.byol.api.method;

import dev.byol.api.Encoder;
import dev.byol.api.Method;
import dev.byol.api.Shape;
import dev.byol.api.Step;
import dev.byol.api.Tensor;
import dev.byol.api.nn.Linear;
import java.util.HashSet;
import java.util.List;

/**
 * Linear classifiers on features that are there already: the linear evaluation of a frozen encoder. All of them see the same batch, so
 * that a sweep over learning rates pays for its features once.
 *
 * <p>The only view are the features, as images {@code [B, 1, 1, D]}; labels are fed as {@link #LABELS}. The loss is the sum of the heads'
 * mean cross entropies over the labelled rows. Each head has the parameters {@code NAME/kernel} and {@code NAME/bias}, reports
 * {@code loss/NAME}, and shows its logits {@code [B, C]} as {@code logits/NAME}. One that diverges leaves the others alone: where its
 * loss is not finite it is 0 in the sum.
 *
 * @param classes number of classes C, at least 2
 * @param names of the heads, at least one and all different
 */
public record LinearHeads(int classes, List<String> names) implements Method {
    /** The input that is fed with the {@linkplain #targets targets} of each batch. */
    public static final String LABELS = "labels";

    private static final Encoder FEATURES = (branch, x) -> {
        Shape shape = x.shape();
        return x.reshape(Shape.of(shape.dimension(0), shape.dimension(1) * shape.dimension(2) * shape.dimension(3)));
    };

    public LinearHeads {
        Classification.requireClasses(classes);
        names = List.copyOf(names);
        if (names.isEmpty() || new HashSet<>(names).size() < names.size()) {
            throw new IllegalArgumentException("heads need at least one name and different ones, got " + names);
        }
        for (String name : names) {
            if (name.isBlank() || name.contains("/")) {
                throw new IllegalArgumentException(
                        "a head's name must not be blank nor have a slash, got \"" + name + "\"");
            }
        }
    }

    @Override
    public int views() {
        return 1;
    }

    /** The identity: features as they are. */
    @Override
    public Encoder encoder() {
        return FEATURES;
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

    @Override
    public Tensor loss(Step step) {
        Tensor y = FEATURES.encode(step.online(), step.view(0));
        Tensor targets = step.input(LABELS, Shape.of(y.shape().dimension(0), classes));
        return names.stream()
                .map(name -> loss(step, name, y, targets))
                .reduce(Tensor::plus)
                .orElseThrow();
    }

    private Tensor loss(Step step, String name, Tensor y, Tensor targets) {
        Tensor logits = step.online().apply(name, new Linear(classes, true), y);
        Classification head = new Classification(logits, targets);
        step.observe("logits/" + name, logits);
        step.report("loss/" + name, head.loss());
        return head.finiteLoss();
    }
}
