package dev.byol.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.byol.golden.Golden;
import dev.byol.golden.GoldenCase;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Whole views of the appendix with all random choices given, against torchvision: equal in every byte. */
class AugmentChainGoldenTest {
    private final Golden golden = Golden.open("augment_chain");
    private final Golden images = Golden.open("augment");
    private final Canvas canvas = new Canvas(); // one for all cases: what one leaves must not show in the next

    @TestFactory
    Stream<DynamicTest> everyView() {
        return golden.cases().stream()
                .map(c -> dynamicTest(c.string("out_u8") + " of " + c.string("image"), () -> check(c)));
    }

    private void check(GoldenCase c) {
        String name = "image." + c.string("image");
        Image image = Goldens.image((golden.has(name) ? golden : images).tensor(name));
        int side = c.integer("size");
        Image expected = Goldens.image(golden.tensor(c.string("out_u8")));
        byte[] batch = new byte[2 * expected.samples().length];
        canvas.render(image, operations(c, side), batch, expected.samples().length);
        Image view = new Image(side, side, 3, java.util.Arrays.copyOfRange(batch, batch.length / 2, batch.length));
        assertThat(view).isEqualTo(expected);
        if (c.has("out_f32")) {
            assertThat(Goldens.normalize(golden.header()).apply(view))
                    .containsExactly(golden.tensor(c.string("out_f32")).transposed(1, 2, 0), within(1e-6f));
        }
    }

    private static List<Operation> operations(GoldenCase c, int side) {
        List<Operation> operations = new ArrayList<>();
        operations.add(new ResizedCrop(
                c.integer("top"), c.integer("left"), c.integer("height"), c.integer("width"), new Size(side, side)));
        if (c.has("jitter")) {
            for (Object pair : c.list("jitter")) {
                List<?> nameAndFactor = (List<?>) pair;
                operations.add(
                        Goldens.colour((String) nameAndFactor.get(0), ((Number) nameAndFactor.get(1)).doubleValue()));
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
}
