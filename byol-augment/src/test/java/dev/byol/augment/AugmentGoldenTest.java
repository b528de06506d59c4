package dev.byol.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.byol.golden.Golden;
import dev.byol.golden.GoldenCase;
import dev.byol.golden.GoldenTensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every single operation against torchvision and Pillow: equal in every byte, and floats within 1e-6. */
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
        GoldenTensor expected = golden.tensor(c.string("out"));
        List<Operation> operations = operations(c.string("op"), c.child("params"));
        switch (c.string("op")) {
            case "tensor_gaussian_blur_f32" ->
                assertThat(Goldens.apply(operations, image.toFloats()).floatSamples())
                        .containsExactly(expected.transposed(1, 2, 0), within(1e-6f));
            case "tv_gaussian_blur" ->
                assertThat(Arrays.stream(differences(Goldens.apply(operations, image), Goldens.image(expected)))
                                .max()
                                .orElseThrow())
                        .isLessThanOrEqualTo(1);
            default -> assertThat(Goldens.apply(operations, image)).isEqualTo(Goldens.image(expected));
        }
    }

    /** Sums of floats in another order round ties differently, on at most 0.01 % of the values. */
    @Test
    void gaussianBlur_onBytes_differsOnTiesAlone() {
        long off = 0;
        long all = 0;
        for (GoldenCase c : golden.cases()) {
            if (c.string("op").equals("tv_gaussian_blur")) {
                Image image = Goldens.image(golden.tensor("image." + c.string("image")));
                Image expected = Goldens.image(golden.tensor(c.string("out")));
                int[] differences =
                        differences(Goldens.apply(operations(c.string("op"), c.child("params")), image), expected);
                off += Arrays.stream(differences).filter(d -> d > 0).count();
                all += differences.length;
            }
        }
        assertThat(off).isLessThanOrEqualTo((long) Math.ceil(all * 1e-4));
    }

    private static int[] differences(Image found, Image expected) {
        assertThat(found.size()).isEqualTo(expected.size());
        return IntStream.range(0, expected.samples().length)
                .map(i -> Math.abs((found.samples()[i] & 0xFF) - (expected.samples()[i] & 0xFF)))
                .toArray();
    }

    private static List<Operation> operations(String name, GoldenCase p) {
        return switch (name) {
            case "resized_crop" -> {
                int side = p.integer("size");
                yield List.of(new ResizedCrop(
                        p.integer("top"),
                        p.integer("left"),
                        p.integer("height"),
                        p.integer("width"),
                        new Size(side, side)));
            }
            case "test_view" ->
                List.of(new ResizeShorterSide(p.integer("resize_shorter")), new CenterCrop(p.integer("center_crop")));
            case "brightness", "contrast", "saturation", "hue" -> List.of(Goldens.colour(name, p.number("factor")));
            case "grayscale3" -> List.of(new Grayscale());
            case "hflip" -> List.of(new HorizontalFlip());
            case "solarize" -> List.of(new Solarize(p.integer("threshold")));
            case "pil_gaussian_blur" -> List.of(new BoxGaussianBlur(p.number("radius")));
            case "tv_gaussian_blur", "tensor_gaussian_blur_f32" ->
                List.of(new GaussianBlur(p.integer("kernel"), p.number("sigma"), Border.REFLECT));
            default -> throw new IllegalArgumentException("no operation " + name);
        };
    }
}
