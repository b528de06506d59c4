package dev.byol.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.byol.golden.Golden;
import dev.byol.golden.GoldenCase;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every single operation against torchvision and Pillow: equal in every byte. */
class AugmentGoldenTest {
    private final Golden golden = Golden.open("augment");

    @TestFactory
    Stream<DynamicTest> everyOperation() {
        return golden.cases().stream()
                .map(c -> dynamicTest(
                        c.string("out") + " " + c.string("op") + " " + c.child("params") + " of " + c.string("image"),
                        () -> check(c)));
    }

    private void check(GoldenCase c) {
        Image image = Goldens.image(golden.tensor("image." + c.string("image")));
        if (c.string("op").equals("to_tensor_normalize")) {
            assertThat(Goldens.normalize(golden.header()).apply(image))
                    .containsExactly(golden.tensor(c.string("out")).transposed(1, 2, 0), within(1e-6f));
            return;
        }
        Optional<List<Operation>> operations = operations(c.string("op"), c.child("params"));
        Assumptions.assumeTrue(operations.isPresent(), "not built yet: " + c.string("op"));
        assertThat(Goldens.apply(operations.orElseThrow(), image))
                .isEqualTo(Goldens.image(golden.tensor(c.string("out"))));
    }

    private static Optional<List<Operation>> operations(String name, GoldenCase p) {
        return switch (name) {
            case "resized_crop" -> {
                int side = p.integer("size");
                yield of(new ResizedCrop(
                        p.integer("top"),
                        p.integer("left"),
                        p.integer("height"),
                        p.integer("width"),
                        new Size(side, side)));
            }
            case "test_view" ->
                of(new ResizeShorterSide(p.integer("resize_shorter")), new CenterCrop(p.integer("center_crop")));
            case "brightness", "contrast", "saturation", "hue" -> of(Goldens.colour(name, p.number("factor")));
            case "grayscale3" -> of(new Grayscale());
            case "hflip" -> of(new HorizontalFlip());
            case "solarize" -> of(new Solarize(p.integer("threshold")));
            case "pil_gaussian_blur" -> of(new BoxGaussianBlur(p.number("radius")));
            default -> Optional.empty();
        };
    }

    private static Optional<List<Operation>> of(Operation... operations) {
        return Optional.of(Arrays.asList(operations));
    }
}
