package dev.byol.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableLayoutTest {
    private static List<String> operations(TableLayout layout) {
        return layout.lanes().stream().map(TableLayout.Lane::operation).toList();
    }

    private static TableLayout of(Augmentation... parts) {
        return TableLayout.of(new View(8, List.of(parts)));
    }

    @Test
    void appendix_hasLanesForEveryOrderOfItsJitter() {
        List<String> jitter = List.of("Brightness", "Contrast", "Saturation", "Hue");
        List<String> expected = new ArrayList<>();
        IntStream.range(0, 3).forEach(i -> expected.addAll(jitter));
        expected.addAll(List.of("Brightness", "Grayscale", "BoxGaussianBlur"));
        TableLayout layout = TableLayout.of(View.appendix().build());
        assertThat(operations(layout)).isEqualTo(expected);
        assertThat(layout.side()).isEqualTo(96);
        assertThat(layout.lanes().get(14).parameters())
                .as("boxes of radius 1 at a sigma of 2")
                .isEqualTo(3);
    }

    @Test
    void jitterOfStrength0_hasNoLane() {
        assertThat(operations(of(new HsvJitter(0.4, 0, 0.2, 0))))
                .containsExactly("AdditiveBrightness", "HsvSaturation", "AdditiveBrightness");
        assertThat(operations(of(new ColorJitter(0, 0, 0, 0)))).isEmpty();
    }

    @Test
    void everyDrawOfEveryPreset_findsItsLanesInOrder() {
        for (String name : Presets.names()) {
            for (View view : Presets.named(name, 16)) {
                TableLayout layout = TableLayout.of(view);
                DrawTable table = layout.table(1);
                for (int i = 0; i < 300; i++) {
                    Size size = new Size(20 + i % 7, 30);
                    List<Operation> drawn = view.draw(CounterRandom.of(1, 2, i, 3), size);
                    table.write(drawn, size, 0);
                    assertThat(IntStream.range(0, layout.lanes().size())
                                    .filter(lane -> table.taken()[lane][0])
                                    .mapToObj(lane -> layout.lanes().get(lane).operation())
                                    .map(lane -> lane.startsWith("GaussianBlur") ? "GaussianBlur" : lane))
                            .as("%s", drawn)
                            .containsExactlyElementsOf(drawn.stream()
                                    .map(operation -> operation.getClass().getSimpleName())
                                    .filter(o -> !o.contains("Crop") && !o.contains("Flip") && !o.contains("Resize"))
                                    .toList());
                }
            }
        }
    }

    @Test
    void whatATableCannotHold_isRefusedByName() {
        Augmentation own = (random, input) -> List.of();
        assertRefused("cannot be written into a table: its draws are not known", own);
        assertRefused(
                "CenterCrop[side=8] cannot be written into a table: it would be cutting out or resizing after changes of pixels",
                new Brightness(1),
                new CenterCrop(8));
        assertRefused(
                "ResizeShorterSide[side=8, interpolation=BILINEAR] cannot be written into a table: it would be a second resizing",
                new RandomResizedCrop(9, 0.5),
                new ResizeShorterSide(8));
        assertRefused(
                "Resize[result=8x8, interpolation=BICUBIC] cannot be written into a table: it would be resizing after a flip",
                new RandomApply(0.5, new VerticalFlip()),
                new Resize(new Size(8, 8), Interpolation.BICUBIC));
        assertRefused(
                "it would be a second resizing", new RandomOrder(new RandomResizedCrop(8, 0.5), new CenterCrop(8)));
    }

    private static void assertRefused(String says, Augmentation... parts) {
        assertThatThrownBy(() -> of(parts))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(says);
    }

    @Test
    void operationWithoutLane_isRefused() {
        Size size = new Size(8, 8);
        DrawTable table = of(new Brightness(1), new BoxGaussianBlur(2)).table(1);
        table.write(List.of(new Brightness(2), new BoxGaussianBlur(0.5)), size, 0);
        for (List<Operation> drawn : List.<List<Operation>>of(
                List.of(new Contrast(1)),
                List.of(new BoxGaussianBlur(1), new Brightness(1)),
                List.of(new BoxGaussianBlur(6)))) {
            assertThatThrownBy(() -> table.write(drawn, size, 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("has no lane left in the table");
        }
        assertThatThrownBy(() -> table.write(List.of(), new Size(8, 9), 0))
                .hasMessage("a table for views of 8x8 got one of 8x9: []");
    }

    @Test
    void parameters_sayWhatHappens() {
        DrawTable table = of(
                        new Hue(0),
                        new AdditiveBrightness(0),
                        new ChannelContrast(1),
                        new BoxGaussianBlur(0.5),
                        new GaussianBlur(3, 1, Border.ZERO))
                .table(2);
        table.write(
                List.of(
                        new Hue(-0.1),
                        new AdditiveBrightness(0.101),
                        new ChannelContrast(1.1),
                        new BoxGaussianBlur(0.5),
                        new GaussianBlur(3, 1, Border.ZERO)),
                new Size(8, 8),
                1);
        assertThat(table.parameters()[0]).containsExactly(0, 256 - 25);
        assertThat(table.parameters()[1]).as("25.755 levels").containsExactly(0, 26);
        assertThat((double) table.parameters()[2][2] + table.parameters()[2][3]).isCloseTo(1.1, within(1e-14));
        float[] box = table.parameters()[3];
        assertThat(box[2] + 2 * box[3])
                .as("weights add up to 2^24, but for a halved odd one")
                .isBetween(0x1p24f - 1, 0x1p24f);
        double outer = Math.exp(-0.5);
        assertThat(table.parameters()[4][3]).isEqualTo((float) (outer / (1 + 2 * outer)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8})
    void taps_makeTheResizedImage(int side) {
        Random random = new Random(side);
        Size size = new Size(11, 6);
        byte[] samples = new byte[3 * 11 * 6];
        random.nextBytes(samples);
        Image image = new Image(11, 6, 3, samples);
        for (Interpolation filter : Interpolation.values()) {
            Operation crop = new ResizedCrop(1, 2, 5, 7, new Size(side, side + 3), filter);
            List<Operation> drawn = List.of(crop, new VerticalFlip(), new CenterCrop(side), new HorizontalFlip());
            DrawTable table = new TableLayout(side, List.of()).table(1);
            table.write(drawn, size, 0);
            Image expected = image;
            for (Operation operation : drawn) {
                expected = operation.apply(expected);
            }
            assertThat(made(image, table)).isEqualTo(expected);
        }
    }

    private static Image made(Image image, DrawTable table) {
        int side = table.layout().side();
        byte[] out = new byte[3 * side * side];
        for (int c = 0; c < 3; c++) {
            int channel = c;
            int[][] lines = new int[image.height()][side];
            for (int y = 0; y < image.height(); y++) {
                int line = y;
                for (int x = 0; x < side; x++) {
                    int first = table.firstColumns()[0][x];
                    lines[y][x] = sum(
                            table.columnWeights()[0],
                            x,
                            side,
                            k -> image.sample(Math.min(first + k, image.width() - 1), line, channel));
                }
            }
            for (int y = 0; y < side; y++) {
                int first = table.firstRows()[0][y];
                for (int x = 0; x < side; x++) {
                    int column = x;
                    int sum = sum(
                            table.rowWeights()[0],
                            y,
                            side,
                            k -> lines[Math.min(first + k, image.height() - 1)][column]);
                    out[3 * (y * side + x) + c] = (byte) sum;
                }
            }
        }
        return new Image(side, side, 3, out);
    }

    private static int sum(float[] weights, int place, int side, IntUnaryOperator sample) {
        int taps = weights.length / side;
        long sum = 1L << (DrawTable.WEIGHT_BITS - 1);
        for (int k = 0; k < taps; k++) {
            sum += ((long) weights[place * taps + k]) * sample.applyAsInt(k);
        }
        return (int) Math.max(0, Math.min(255, sum >> DrawTable.WEIGHT_BITS));
    }
}
