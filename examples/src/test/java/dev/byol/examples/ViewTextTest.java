package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.augment.AdditiveBrightness;
import dev.byol.augment.Border;
import dev.byol.augment.BoxGaussianBlur;
import dev.byol.augment.Brightness;
import dev.byol.augment.ColorJitter;
import dev.byol.augment.Compose;
import dev.byol.augment.GaussianBlur;
import dev.byol.augment.HorizontalFlip;
import dev.byol.augment.Hue;
import dev.byol.augment.Image;
import dev.byol.augment.Operation;
import dev.byol.augment.RandomApply;
import dev.byol.augment.RandomOrder;
import dev.byol.augment.RandomResizedCrop;
import dev.byol.augment.ResizedCrop;
import dev.byol.augment.Size;
import dev.byol.augment.Solarize;
import dev.byol.augment.VerticalFlip;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ViewTextTest {
    @Test
    void drawn_isSaidAsAPersonWould() {
        List<Operation> operations = List.of(
                new ResizedCrop(7, 12, 58, 61, new Size(96, 96)),
                new Brightness(1.2149),
                new Hue(-0.06),
                new Hue(-0.001),
                new AdditiveBrightness(0.25),
                new AdditiveBrightness(-0.25),
                new HorizontalFlip(),
                new VerticalFlip(),
                new BoxGaussianBlur(0.8),
                new GaussianBlur(9, 1.25, Border.ZERO),
                new Solarize(128));
        assertThat(ViewText.drawn(operations))
                .containsExactly(
                        "crop 61×58 at (12, 7)",
                        "brightness 1.21",
                        "hue −0.06",
                        "hue 0.00",
                        "brightness +0.25",
                        "brightness −0.25",
                        "flip",
                        "vertical flip",
                        "blur 0.80",
                        "blur 1.25",
                        "solarise from 128");
    }

    @Test
    void drawn_operationOfOnesOwn_printsItself() {
        record Tint(int level) implements Operation {
            @Override
            public void apply(dev.byol.augment.Canvas canvas) {}
        }
        assertThat(ViewText.drawn(List.of(new Tint(3)))).containsExactly("Tint[level=3]");
    }

    @Test
    void steps_probabilitiesOfNestedPartsMultiply() {
        List<ViewText.Step> steps = ViewText.steps(List.of(
                new RandomResizedCrop(96, 0.08),
                new RandomApply(0.5, new Compose(new HorizontalFlip(), new RandomApply(0.4, new Solarize(128)))),
                new RandomApply(0.8, new ColorJitter(0.4, 1.5, 0.4, 0.1)),
                new RandomOrder(new Hue(0.1), new RandomApply(0.3, new VerticalFlip()))));
        assertThat(steps)
                .extracting(ViewText.Step::what)
                .containsExactly("crop", "flip", "solarise from 128", "colour jitter", "in random order");
        assertThat(steps).extracting(ViewText.Step::probability).containsExactly(1.0, 0.5, 0.2, 0.8, 1.0);
        assertThat(steps.get(0).range())
                .isEqualTo("8\u00a0% to 100\u00a0% of the area, proportions 3/4 to 4/3, resized to 96×96, bilinear");
        assertThat(steps.get(3).range()).startsWith("brightness ×0.6 to 1.4, contrast ×0 to 2.5,");
        assertThat(steps.get(4).range()).isEqualTo("hue 0.10, vertical flip 30\u00a0%");
    }

    @Test
    void footprint_ofCrops_multiplies_andFlipsMirror() {
        Size size = new Size(100, 50);
        List<Operation> crops = List.of(
                new ResizedCrop(10, 20, 40, 60, new Size(30, 30)), new ResizedCrop(0, 0, 15, 10, new Size(8, 8)));
        assertThat(Footprint.of(crops, size)).isEqualTo(new Footprint(0.2, 0.2, 0.2, 0.4));
        assertThat(Footprint.of(List.of(new HorizontalFlip(), crops.get(0)), size))
                .isEqualTo(new Footprint(0.2, 0.2, 0.6, 0.8));
        assertThat(Footprint.of(List.of(crops.get(0), new HorizontalFlip(), crops.get(1)), size))
                .isEqualTo(new Footprint(0.2 + 0.6 * 20 / 30, 0.2, 0.2, 0.4));
        assertThat(Footprint.of(List.of(new VerticalFlip(), crops.get(0)), size))
                .isEqualTo(new Footprint(0.2, 0, 0.6, 0.8));
        assertThat(Footprint.of(List.of(), size)).isEqualTo(new Footprint(0, 0, 1, 1));
    }

    /** What stands in the footprint is what the view shows: an image whose samples are its coordinates. */
    @Test
    void footprint_isWhereTheViewsPixelsAreFrom() {
        byte[] samples = new byte[3 * 100 * 100];
        for (int i = 0; i < 100 * 100; i++) {
            samples[3 * i] = (byte) (i % 100);
            samples[3 * i + 1] = (byte) (i / 100);
        }
        Image image = new Image(100, 100, 3, samples);
        RandomGenerator random = dev.byol.augment.CounterRandom.of(1, 2, 3, 4);
        for (int n = 0; n < 50; n++) {
            List<Operation> drawn = new java.util.ArrayList<>();
            drawn.addAll(new RandomApply(0.5, new HorizontalFlip()).draw(random, image.size()));
            drawn.addAll(new RandomApply(0.5, new VerticalFlip()).draw(random, image.size()));
            drawn.addAll(new RandomResizedCrop(40, 0.1).draw(random, image.size()));
            Image view = image;
            for (Operation operation : drawn) {
                view = operation.apply(view);
            }
            Footprint footprint = Footprint.of(drawn, image.size());
            double x = (view.sample(20, 20, 0) + view.sample(19, 20, 0)) / 2.0;
            double y = (view.sample(20, 20, 1) + view.sample(20, 19, 1)) / 2.0;
            assertThat(100 * (footprint.left() + footprint.width() / 2) - 0.5).isBetween(x - 1.5, x + 1.5);
            assertThat(100 * (footprint.top() + footprint.height() / 2) - 0.5).isBetween(y - 1.5, y + 1.5);
        }
    }
}
