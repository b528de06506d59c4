package dev.byol.tf.view;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Changes the pixels of square images, each in its own way. */
interface PixelOperation {
    /** Makes an operation for views of a side and a number of parameters. */
    @FunctionalInterface
    interface Maker {
        PixelOperation make(Ops tf, int side, int parameters);
    }

    /** A kind of operation; blurs take any number of parameters above 0. */
    record Kind(int parameters, Maker maker) {}

    int ANY = -1;

    Map<String, Kind> KINDS = new TreeMap<>(Map.ofEntries(
            Map.entry("Brightness", new Kind(1, (tf, side, parameters) -> new Brightness())),
            Map.entry("Contrast", new Kind(1, (tf, side, parameters) -> new Contrast(side))),
            Map.entry("Saturation", new Kind(1, (tf, side, parameters) -> new Saturation())),
            Map.entry("Hue", new Kind(1, (tf, side, parameters) -> new Hue(tf))),
            Map.entry("Grayscale", new Kind(0, (tf, side, parameters) -> new Grayscale())),
            Map.entry("Solarize", new Kind(1, (tf, side, parameters) -> new Solarize())),
            Map.entry("AdditiveBrightness", new Kind(1, (tf, side, parameters) -> new AdditiveBrightness())),
            Map.entry("ChannelContrast", new Kind(2, (tf, side, parameters) -> new ChannelContrast(side))),
            Map.entry("HsvSaturation", new Kind(1, (tf, side, parameters) -> new HsvSaturation())),
            Map.entry("HsvHue", new Kind(1, (tf, side, parameters) -> new HsvHue(tf))),
            Map.entry("BoxGaussianBlur", new Kind(ANY, BoxBlur::new)),
            Map.entry(
                    "GaussianBlur ZERO",
                    new Kind(ANY, (tf, side, parameters) -> new GaussianBlur(tf, side, parameters, Border.ZERO))),
            Map.entry(
                    "GaussianBlur REFLECT",
                    new Kind(ANY, (tf, side, parameters) -> new GaussianBlur(tf, side, parameters, Border.REFLECT)))));

    /**
     * Describes it.
     *
     * @param x images {@code [n, 3, side, side]}, n at least 0
     * @param parameters {@code [n, P, 1, 1]}
     * @return as {@code x}
     */
    Operand<TFloat32> apply(Ops tf, Operand<TFloat32> x, Operand<TFloat32> parameters);

    static void require(String name, int parameters) {
        Kind kind = KINDS.get(name);
        if (kind == null) {
            throw new IllegalArgumentException(
                    "views in the graph have no operation " + name + "; they have " + KINDS.keySet());
        }
        if (kind.parameters == ANY ? parameters < 1 : parameters != kind.parameters) {
            throw new IllegalArgumentException(name + " takes "
                    + (kind.parameters == ANY ? "1 parameter or more" : kind.parameters + " parameters") + ", got "
                    + parameters);
        }
    }

    static PixelOperation of(Ops tf, String name, int side, int parameters) {
        require(name, parameters);
        return Objects.requireNonNull(KINDS.get(name)).maker.make(tf, side, parameters);
    }
}
