package dev.byol.augment;

import dev.byol.golden.GoldenCase;
import dev.byol.golden.GoldenTensor;
import java.util.Arrays;
import java.util.List;

/** What the golden tests of this module share. */
final class Goldens {
    private Goldens() {}

    static Image image(GoldenTensor tensor) {
        return new Image(tensor.dimension(1), tensor.dimension(0), tensor.dimension(2), tensor.bytes());
    }

    static Operation colour(String name, double factor) {
        return switch (name) {
            case "brightness" -> new Brightness(factor);
            case "contrast" -> new Contrast(factor);
            case "saturation" -> new Saturation(factor);
            case "hue" -> new Hue(factor);
            default -> throw new IllegalArgumentException("no colour operation " + name);
        };
    }

    static Normalize normalize(GoldenCase header) {
        return new Normalize(boxed(header.numbers("mean")), boxed(header.numbers("std")));
    }

    private static List<Double> boxed(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    static Image apply(List<Operation> operations, Image image) {
        Canvas canvas = new Canvas();
        canvas.load(image);
        operations.forEach(operation -> operation.apply(canvas));
        return canvas.image();
    }
}
