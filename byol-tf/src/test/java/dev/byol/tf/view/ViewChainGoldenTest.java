package dev.byol.tf.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.augment.BoxGaussianBlur;
import dev.byol.augment.Brightness;
import dev.byol.augment.Contrast;
import dev.byol.augment.Grayscale;
import dev.byol.augment.HorizontalFlip;
import dev.byol.augment.Hue;
import dev.byol.augment.Image;
import dev.byol.augment.Operation;
import dev.byol.augment.ResizedCrop;
import dev.byol.augment.Saturation;
import dev.byol.augment.Size;
import dev.byol.augment.TableLayout;
import dev.byol.augment.View;
import dev.byol.golden.Golden;
import dev.byol.golden.GoldenCase;
import dev.byol.golden.GoldenTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Whole views of the appendix with all random choices given, made in the graph, against torchvision: equal in every byte. */
class ViewChainGoldenTest {
    private final Golden golden = Golden.open("augment_chain");
    private final Golden images = Golden.open("augment");

    @Test
    void everyView_equalsTorchvisions() {
        golden.cases().stream()
                .collect(Collectors.groupingBy(c -> c.integer("size")))
                .forEach(this::check);
    }

    /** All views of a size are one batch of images of different sizes. */
    private void check(int side, List<GoldenCase> cases) {
        double sigma = cases.stream()
                .filter(c -> c.has("blur_radius"))
                .mapToDouble(c -> c.number("blur_radius"))
                .max()
                .orElse(0);
        View recipe = View.appendix().side(side).blurSigma(0, sigma).build();
        try (Parity parity = new Parity(TableLayout.of(recipe))) {
            List<byte[]> made = parity.inGraph(cases.stream()
                    .map(c -> new Parity.Case(image(c), operations(c, side)))
                    .toList());
            for (int i = 0; i < cases.size(); i++) {
                String expected = cases.get(i).string("out_u8");
                assertThat(made.get(i))
                        .as(expected)
                        .isEqualTo(golden.tensor(expected).bytes());
            }
        }
    }

    private Image image(GoldenCase c) {
        String name = "image." + c.string("image");
        GoldenTensor tensor = (golden.has(name) ? golden : images).tensor(name);
        return new Image(tensor.dimension(1), tensor.dimension(0), tensor.dimension(2), tensor.bytes());
    }

    private static List<Operation> operations(GoldenCase c, int side) {
        List<Operation> operations = new ArrayList<>();
        operations.add(new ResizedCrop(
                c.integer("top"), c.integer("left"), c.integer("height"), c.integer("width"), new Size(side, side)));
        if (c.has("jitter")) {
            for (Object pair : c.list("jitter")) {
                List<?> nameAndFactor = (List<?>) pair;
                operations.add(colour((String) nameAndFactor.get(0), ((Number) nameAndFactor.get(1)).doubleValue()));
            }
        }
        if (c.flag("grayscale")) {
            operations.add(new Grayscale());
        }
        if (c.flag("hflip")) {
            operations.add(new HorizontalFlip());
        }
        if (c.has("blur_radius")) {
            operations.add(new BoxGaussianBlur(c.number("blur_radius")));
        }
        return operations;
    }

    private static Operation colour(String name, double factor) {
        return switch (name) {
            case "brightness" -> new Brightness(factor);
            case "contrast" -> new Contrast(factor);
            case "saturation" -> new Saturation(factor);
            case "hue" -> new Hue(factor);
            default -> throw new IllegalArgumentException("no colour operation " + name);
        };
    }
}
