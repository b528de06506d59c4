package dev.byol.examples;

import dev.byol.augment.AdditiveBrightness;
import dev.byol.augment.Augmentation;
import dev.byol.augment.BoxGaussianBlur;
import dev.byol.augment.Brightness;
import dev.byol.augment.CenterCrop;
import dev.byol.augment.ChannelContrast;
import dev.byol.augment.ColorJitter;
import dev.byol.augment.Compose;
import dev.byol.augment.Contrast;
import dev.byol.augment.GaussianBlur;
import dev.byol.augment.Grayscale;
import dev.byol.augment.HorizontalFlip;
import dev.byol.augment.HsvHue;
import dev.byol.augment.HsvJitter;
import dev.byol.augment.HsvSaturation;
import dev.byol.augment.Hue;
import dev.byol.augment.Operation;
import dev.byol.augment.RandomApply;
import dev.byol.augment.RandomBlur;
import dev.byol.augment.RandomGaussianBlur;
import dev.byol.augment.RandomOrder;
import dev.byol.augment.RandomResizedCrop;
import dev.byol.augment.Resize;
import dev.byol.augment.ResizeShorterSide;
import dev.byol.augment.ResizedCrop;
import dev.byol.augment.Saturation;
import dev.byol.augment.Size;
import dev.byol.augment.Solarize;
import dev.byol.augment.VerticalFlip;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Presets and what was drawn from them, in a person's words. */
final class ViewText {
    private ViewText() {}

    /** What was drawn, in its order: {@code crop 61×58 at (12, 7)}, {@code brightness 1.21}, {@code flip}. */
    static List<String> drawn(List<Operation> operations) {
        return operations.stream().map(ViewText::drawn).toList();
    }

    private static String drawn(Operation operation) {
        if (operation instanceof ResizedCrop crop) {
            return "crop " + size(crop.width(), crop.height()) + " at (" + crop.left() + ", " + crop.top() + ")";
        } else if (operation instanceof ResizeShorterSide resize) {
            return "shorter side to " + resize.side();
        } else if (operation instanceof Resize resize) {
            return "resize to " + size(resize.result());
        } else if (operation instanceof CenterCrop crop) {
            return "centre " + size(crop.side(), crop.side());
        } else if (operation instanceof HorizontalFlip) {
            return "flip";
        } else if (operation instanceof VerticalFlip) {
            return "vertical flip";
        } else if (operation instanceof Grayscale) {
            return "grayscale";
        } else if (operation instanceof Solarize solarize) {
            return "solarise from " + solarize.threshold();
        }
        return colour(operation);
    }

    private static String colour(Operation operation) {
        if (operation instanceof Brightness brightness) {
            return "brightness " + Html.fixed(brightness.factor(), 2);
        } else if (operation instanceof AdditiveBrightness brightness) {
            return "brightness " + (brightness.delta() < 0 ? "" : "+") + Html.fixed(brightness.delta(), 2);
        } else if (operation instanceof Contrast contrast) {
            return "contrast " + Html.fixed(contrast.factor(), 2);
        } else if (operation instanceof ChannelContrast contrast) {
            return "contrast " + Html.fixed(contrast.factor(), 2);
        } else if (operation instanceof Saturation saturation) {
            return "saturation " + Html.fixed(saturation.factor(), 2);
        } else if (operation instanceof HsvSaturation saturation) {
            return "saturation " + Html.fixed(saturation.factor(), 2);
        } else if (operation instanceof Hue hue) {
            return "hue " + Html.fixed(hue.shift(), 2);
        } else if (operation instanceof HsvHue hue) {
            return "hue " + Html.fixed(hue.shift(), 2);
        } else if (operation instanceof BoxGaussianBlur blur) {
            return "blur " + Html.fixed(blur.sigma(), 2);
        } else if (operation instanceof GaussianBlur blur) {
            return "blur " + Html.fixed(blur.sigma(), 2);
        }
        return operation.toString();
    }

    /**
     * A part of a recipe.
     *
     * @param probability how often it is drawn
     * @param what it does, as a noun
     * @param range what its parameters are drawn from; empty if it has none
     */
    record Step(double probability, String what, String range) {}

    /** The parts of a recipe, in their order. */
    static List<Step> steps(List<Augmentation> augmentations) {
        return augmentations.stream().flatMap(a -> steps(1, a)).toList();
    }

    private static Stream<Step> steps(double probability, Augmentation augmentation) {
        if (augmentation instanceof RandomApply apply) {
            return steps(probability * apply.probability(), apply.augmentation());
        } else if (augmentation instanceof Compose parts) {
            return parts.augmentations().stream().flatMap(a -> steps(probability, a));
        } else if (augmentation instanceof Operation operation) {
            return Stream.of(new Step(probability, drawn(operation), ""));
        }
        return Stream.of(random(probability, augmentation));
    }

    private static Step random(double probability, Augmentation augmentation) {
        if (augmentation instanceof RandomResizedCrop crop) {
            return new Step(
                    probability,
                    "crop",
                    percent(crop.minArea()) + " to " + percent(crop.maxArea()) + " of the area, proportions "
                            + ratio(crop.minAspect()) + " to " + ratio(crop.maxAspect()) + ", resized to "
                            + size(crop.side(), crop.side()) + ", "
                            + crop.interpolation().toString().toLowerCase(Locale.ROOT));
        } else if (augmentation instanceof ColorJitter jitter) {
            return jitter(
                    probability,
                    "×" + factor(jitter.brightness()),
                    jitter.contrast(),
                    jitter.saturation(),
                    jitter.hue());
        } else if (augmentation instanceof HsvJitter jitter) {
            return jitter(
                    probability,
                    "±" + number(jitter.brightness()),
                    jitter.contrast(),
                    jitter.saturation(),
                    jitter.hue());
        } else if (augmentation instanceof RandomBlur blur) {
            return new Step(probability, "blur", sigma(blur.minSigma(), blur.maxSigma()));
        } else if (augmentation instanceof RandomGaussianBlur blur) {
            String kernel = ", kernel of " + blur.kernel();
            return new Step(probability, "blur", sigma(blur.minSigma(), blur.maxSigma()) + kernel);
        }
        if (augmentation instanceof RandomOrder order) {
            String parts = steps(order.augmentations()).stream()
                    .map(step -> step.probability == 1 ? step.what : step.what + " " + percent(step.probability))
                    .collect(Collectors.joining(", "));
            return new Step(probability, "in random order", parts);
        }
        return new Step(probability, augmentation.toString(), "");
    }

    private static Step jitter(double probability, String brightness, double contrast, double saturation, double hue) {
        return new Step(
                probability,
                "colour jitter",
                "brightness " + brightness + ", contrast ×" + factor(contrast) + ", saturation ×" + factor(saturation)
                        + ", hue ±" + number(hue) + ", in random order");
    }

    private static String sigma(double least, double most) {
        return "sigma " + number(least) + " to " + number(most) + " pixels";
    }

    /** {@code 96×96}, width first. */
    static String size(Size size) {
        return size(size.width(), size.height());
    }

    private static String size(int width, int height) {
        return width + "×" + height;
    }

    static String percent(double fraction) {
        return number(Math.rint(fraction * 1000) / 10) + "\u00a0%";
    }

    private static String factor(double strength) {
        return number(Math.max(0, 1 - strength)) + " to " + number(1 + strength);
    }

    /** 3/4 and the like are said as such. */
    private static String ratio(double value) {
        for (int below = 1; below <= 9; below++) {
            double above = value * below;
            if (Math.abs(above - Math.rint(above)) < 1e-9) {
                return Math.round(above) + (below == 1 ? "" : "/" + below);
            }
        }
        return number(value);
    }

    private static String number(double value) {
        double rounded = Math.rint(value * 1000) / 1000;
        return rounded == Math.rint(rounded) ? Long.toString((long) rounded) : Double.toString(rounded);
    }
}
