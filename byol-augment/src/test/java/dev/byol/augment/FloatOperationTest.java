package dev.byol.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every operation on images of any type and size, and closed forms of those without a reference. */
class FloatOperationTest {
    private static final List<Operation> COLOUR = List.of(
            new Brightness(1.3),
            new Brightness(0),
            new Brightness(1e30),
            new Contrast(0.4),
            new Contrast(1e30),
            new Saturation(2),
            new Saturation(1e30),
            new Hue(0.37),
            new Hue(-0.5),
            new Grayscale(),
            new Solarize(77),
            new AdditiveBrightness(0.3),
            new AdditiveBrightness(-1),
            new ChannelContrast(0.5),
            new ChannelContrast(1e6),
            new HsvSaturation(0.6),
            new HsvSaturation(1e30),
            new HsvHue(0.2),
            new HsvHue(0.5),
            new HsvHue(-0.5));

    private static final List<Operation> FILTERS = List.of(
            new GaussianBlur(1, 1, Border.REFLECT),
            new GaussianBlur(9, 1, Border.REFLECT),
            new GaussianBlur(23, 2, Border.REFLECT),
            new GaussianBlur(3, 1e-30, Border.ZERO),
            new GaussianBlur(2001, 1000, Border.REFLECT),
            new BoxGaussianBlur(0),
            new BoxGaussianBlur(0.6),
            new BoxGaussianBlur(30),
            new Resize(new Size(1, 1), Interpolation.BICUBIC),
            new Resize(new Size(13, 4), Interpolation.BICUBIC),
            new Resize(new Size(2, 40), Interpolation.BILINEAR),
            new ResizeShorterSide(5, Interpolation.BICUBIC));

    private static final List<Operation> MOVES = List.of(new HorizontalFlip(), new VerticalFlip(), new CenterCrop(1));

    static Stream<Size> sizes() {
        return Stream.of(
                new Size(1, 1),
                new Size(1, 9),
                new Size(9, 1),
                new Size(2, 2),
                new Size(5, 3),
                new Size(31, 17),
                new Size(3, 130));
    }

    private static Image noise(Size size, int channels) {
        byte[] samples = new byte[size.width() * size.height() * channels];
        CounterRandom random = CounterRandom.of(size.width(), size.height(), channels, 0);
        for (int i = 0; i < samples.length; i++) {
            int v = random.nextInt(300);
            samples[i] = (byte) (v < 256 ? v : v < 280 ? 0 : 255);
        }
        return new Image(size.width(), size.height(), channels, samples);
    }

    private static Image uniform(Size size, int... colour) {
        byte[] samples = new byte[size.width() * size.height() * colour.length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) colour[i % colour.length];
        }
        return new Image(size.width(), size.height(), colour.length, samples);
    }

    private static double distance(Image a, Image b) {
        float[] x = a.toFloats().floatSamples();
        float[] y = b.toFloats().floatSamples();
        assertThat(a.size()).isEqualTo(b.size());
        double most = 0;
        for (int i = 0; i < x.length; i++) {
            most = Math.max(most, Math.abs(x[i] - y[i]));
        }
        return most;
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void everyOperation_ofFloats_isThatOfBytesUpToRounding(Size size) {
        Image image = noise(size, 3);
        for (Operation operation : Stream.of(COLOUR, FILTERS, MOVES)
                .flatMap(List::stream)
                .filter(o -> !o.toString().matches("(Hue|Contrast|ChannelContrast|Saturation|HsvSat).*|.*1.0E30.*"))
                .toList()) {
            double room = operation instanceof BoxGaussianBlur ? 6.0 : operation instanceof Brightness ? 1.0 : 0.51;
            if (operation instanceof Grayscale) {
                room = 0.6; // weights of three digits, against 16 bits
            } else if (operation instanceof Resize || operation instanceof ResizeShorterSide) {
                room = 2; // bytes are rounded and clipped between the axes
            }
            if (!operation.toString().contains("BICUBIC")) {
                assertThat(distance(operation.apply(image), operation.apply(image.toFloats())))
                        .as(operation + " on " + size)
                        .isLessThanOrEqualTo(room / 255 + 1e-6);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void everyOperation_keepsSizeChannelsAndRange(Size size) {
        for (int channels : new int[] {1, 2, 3, 5}) {
            for (Image image :
                    List.of(noise(size, channels), noise(size, channels).toFloats())) {
                for (Operation operation : Stream.of(COLOUR, FILTERS, MOVES)
                        .flatMap(List::stream)
                        .filter(o -> o.accepts(channels))
                        .toList()) {
                    Image result = operation.apply(image);
                    assertThat(result.size()).isEqualTo(operation.resultOf(size));
                    assertThat(result.channels()).isEqualTo(channels);
                    assertThat(result.isFloat()).isEqualTo(image.isFloat());
                    if (result.isFloat()) {
                        // The constructor refuses what is outside [0, 1].
                        new Image(result.width(), result.height(), channels, result.floatSamples());
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void uniformImage_filtersKeepIt(Size size) {
        Image image = uniform(size, 255, 128, 1);
        for (Operation operation : FILTERS) {
            Image expected = uniform(operation.resultOf(size), 255, 128, 1);
            assertThat(operation.apply(image)).as(operation.toString()).isEqualTo(expected);
            assertThat(distance(operation.apply(image.toFloats()), expected))
                    .as(operation.toString())
                    .isLessThan(3e-6);
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void identities_leaveEveryByte(Size size) {
        Image image = noise(size, 3);
        for (Operation operation : List.of(
                new GaussianBlur(1, 3, Border.ZERO),
                new GaussianBlur(9, 1e-3, Border.REFLECT),
                new Resize(size, Interpolation.BICUBIC),
                new ResizedCrop(0, 0, size.height(), size.width(), size, Interpolation.BICUBIC),
                new ResizeShorterSide(Math.min(size.width(), size.height()), Interpolation.BICUBIC),
                new AdditiveBrightness(0),
                new ChannelContrast(1),
                new HsvSaturation(1),
                new HsvHue(0),
                new Solarize(256))) {
            assertThat(operation.apply(image)).as(operation.toString()).isEqualTo(image);
            assertThat(distance(operation.apply(image.toFloats()), image))
                    .as(operation.toString())
                    .isLessThan(1e-6);
        }
        assertThat(new VerticalFlip().apply(new VerticalFlip().apply(image))).isEqualTo(image);
        Image grey = new Grayscale().apply(image);
        assertThat(new Grayscale().apply(grey)).isEqualTo(grey);
        Image floatGrey = new Grayscale().apply(image.toFloats());
        assertThat(distance(new Grayscale().apply(floatGrey), floatGrey))
                .as("the weights add up to 0.9999")
                .isLessThan(1.1e-4);
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void flips_mirrorTheirAxisAlone(Size size) {
        for (int channels : new int[] {1, 3, 4}) {
            Image image = noise(size, channels);
            Image turned = new VerticalFlip().apply(image);
            for (int y = 0; y < size.height(); y++) {
                for (int x = 0; x < size.width(); x++) {
                    assertThat(turned.sample(x, y, channels - 1))
                            .isEqualTo(image.sample(x, size.height() - 1 - y, channels - 1));
                }
            }
            assertThat(new VerticalFlip().apply(image.toFloats())).isEqualTo(turned.toFloats());
            assertThat(new HorizontalFlip().apply(image.toFloats()))
                    .isEqualTo(new HorizontalFlip().apply(image).toFloats());
        }
    }

    @Test
    void crop_ofACrop_isOneCrop() {
        for (Image image :
                List.of(noise(new Size(31, 17), 3), noise(new Size(31, 17), 3).toFloats())) {
            Image twice = Goldens.apply(
                    List.of(
                            new ResizedCrop(2, 3, 14, 20, new Size(20, 14)),
                            new ResizedCrop(4, 5, 6, 7, new Size(7, 6), Interpolation.BICUBIC)),
                    image);
            assertThat(new ResizedCrop(6, 8, 6, 7, new Size(7, 6)).apply(image)).isEqualTo(twice);
        }
    }

    /** Convolution with the outer product of two kernels, pixel by pixel. */
    @ParameterizedTest
    @MethodSource("sizes")
    void gaussianBlur_isItsDefinition(Size size) {
        Image image = noise(size, 2);
        for (Border border : Border.values()) {
            for (int kernel : new int[] {3, 9, 15}) {
                GaussianBlur blur = new GaussianBlur(kernel, 1.7, border);
                float[] found = blur.apply(image.toFloats()).floatSamples();
                Image bytes = blur.apply(image);
                int i = 0;
                for (int y = 0; y < size.height(); y++) {
                    for (int x = 0; x < size.width(); x++) {
                        for (int c = 0; c < 2; c++, i++) {
                            double expected = blurred(image, x, y, c, blur);
                            assertThat((double) found[i]).isCloseTo(expected, within(1e-6));
                            assertThat((double) bytes.sample(x, y, c)).isCloseTo(255 * expected, within(0.501));
                        }
                    }
                }
            }
        }
    }

    private static double blurred(Image image, int x, int y, int c, GaussianBlur blur) {
        int radius = blur.kernel() / 2;
        double sum = 0;
        double weights = 0;
        for (int j = -radius; j <= radius; j++) {
            for (int i = -radius; i <= radius; i++) {
                double w = Math.exp(-(i * i + j * j) / (2 * blur.sigma() * blur.sigma()));
                weights += w;
                int column = x + i;
                int line = y + j;
                if (blur.border() == Border.REFLECT) {
                    column = reflected(column, image.width());
                    line = reflected(line, image.height());
                } else if (column < 0 || column >= image.width() || line < 0 || line >= image.height()) {
                    continue;
                }
                sum += w * image.sample(column, line, c) / 255.0;
            }
        }
        return sum / weights;
    }

    private static int reflected(int index, int count) {
        int i = index;
        while (count > 1 && (i < 0 || i >= count)) {
            i = i < 0 ? -i : 2 * (count - 1) - i;
        }
        return count == 1 ? 0 : i;
    }

    @Test
    void additiveBrightness_addsAndClips() {
        assertThat(new AdditiveBrightness(0.2).apply(uniform(new Size(1, 1), 0, 100, 230)))
                .isEqualTo(uniform(new Size(1, 1), 51, 151, 255));
        assertThat(new AdditiveBrightness(-0.4).apply(new Image(3, 1, 1, new float[] {0.1f, 0.4f, 1})))
                .isEqualTo(new Image(3, 1, 1, new float[] {0, 0, 0.6f}));
    }

    @Test
    void channelContrast_isOfEachChannel() {
        Image image = new Image(2, 1, 2, new byte[] {10, 100, 20, (byte) 200});
        assertThat(new ChannelContrast(0).apply(image)).isEqualTo(uniform(new Size(2, 1), 15, 150));
        assertThat(new ChannelContrast(2).apply(image))
                .isEqualTo(new Image(2, 1, 2, new byte[] {5, 50, 25, (byte) 250}));
        assertThat(new ChannelContrast(0.5)
                        .apply(new Image(2, 1, 1, new float[] {0.2f, 0.6f}))
                        .floatSamples())
                .containsExactly(new float[] {0.3f, 0.5f}, within(1e-7f));
        assertThat(new ChannelContrast(2)
                        .apply(new Image(2, 1, 3, new float[] {0.2f, 0.5f, 0.9f, 0.4f, 0.7f, 0.1f}))
                        .floatSamples())
                .containsExactly(new float[] {0.1f, 0.4f, 1, 0.5f, 0.8f, 0}, within(1e-6f));
    }

    /** Python's {@code colorsys}, which is HSV as defined, with the hue in [0, 1). */
    private static double[] hsv(double r, double g, double b) {
        double v = Math.max(r, Math.max(g, b));
        double range = v - Math.min(r, Math.min(g, b));
        if (range == 0) {
            return new double[] {0, 0, v};
        }
        double h = r == v ? (g - b) / range : g == v ? 2 + (b - r) / range : 4 + (r - g) / range;
        return new double[] {(h / 6 + 1) % 1, range / v, v};
    }

    private static double[] rgb(double h, double s, double v) {
        int sector = (int) (h * 6);
        double f = h * 6 - sector;
        double p = v * (1 - s);
        double q = v * (1 - s * f);
        double t = v * (1 - s * (1 - f));
        return switch (sector % 6) {
            case 0 -> new double[] {v, t, p};
            case 1 -> new double[] {q, v, p};
            case 2 -> new double[] {p, v, t};
            case 3 -> new double[] {p, q, v};
            case 4 -> new double[] {t, p, v};
            default -> new double[] {v, p, q};
        };
    }

    @Test
    void hsvOperations_areChangesInHsv() {
        Image image = noise(new Size(40, 30), 3);
        for (double shift : new double[] {-0.5, -0.21, 0.07, 0.5}) {
            for (double factor : new double[] {0, 0.7, 1.9, 50}) {
                Image turned = new HsvHue(shift).apply(image);
                Image saturated = new HsvSaturation(factor).apply(image);
                float[] turnedFloats = new HsvHue(shift).apply(image.toFloats()).floatSamples();
                float[] saturatedFloats =
                        new HsvSaturation(factor).apply(image.toFloats()).floatSamples();
                for (int i = 0; i < image.samples().length; i += 3) {
                    int x = i / 3 % 40;
                    int y = i / 120;
                    double[] hsv = hsv(
                            image.sample(x, y, 0) / 255.0,
                            image.sample(x, y, 1) / 255.0,
                            image.sample(x, y, 2) / 255.0);
                    double[] wantTurned = rgb((hsv[0] + shift + 1) % 1, hsv[1], hsv[2]);
                    double[] wantSaturated = rgb(hsv[0], Math.min(1, hsv[1] * factor), hsv[2]);
                    for (int c = 0; c < 3; c++) {
                        assertThat((double) turned.sample(x, y, c)).isCloseTo(255 * wantTurned[c], within(0.501));
                        assertThat((double) saturated.sample(x, y, c)).isCloseTo(255 * wantSaturated[c], within(0.501));
                        assertThat((double) turnedFloats[i + c]).isCloseTo(wantTurned[c], within(2e-6));
                        assertThat((double) saturatedFloats[i + c]).isCloseTo(wantSaturated[c], within(1e-6));
                    }
                }
            }
        }
    }

    @Test
    void contrast_ofOneChannel_isAroundItsMean() {
        assertThat(new Contrast(0).apply(new Image(2, 1, 1, new byte[] {10, 21})))
                .isEqualTo(uniform(new Size(2, 1), 16));
        assertThat(new Contrast(0.5)
                        .apply(new Image(2, 1, 1, new float[] {0.2f, 0.6f}))
                        .floatSamples())
                .containsExactly(new float[] {0.3f, 0.5f}, within(1e-7f));
    }

    @Test
    void solarize_ofFloats_inverts128LevelsAsOfBytes() {
        byte[] all = new byte[256];
        for (int v = 0; v < all.length; v++) {
            all[v] = (byte) v;
        }
        Image image = new Image(256, 1, 1, all);
        for (int threshold : new int[] {0, 1, 127, 128, 129, 255, 256}) {
            assertThat(new Solarize(threshold).apply(image.toFloats()).toBytes())
                    .isEqualTo(new Solarize(threshold).apply(image));
        }
    }

    @Test
    void normalize_ofFloats_subtractsAndDivides() {
        Normalize normalize = new Normalize(List.of(0.5, 0.25), List.of(0.5, 2.0));
        assertThat(normalize.apply(new Image(2, 1, 2, new float[] {1, 0.25f, 0, 0.75f})))
                .containsExactly(1, 0, -1, 0.25f);
        Image image = noise(new Size(9, 5), 3);
        assertThat(Normalize.IMAGENET.apply(image.toFloats())).containsExactly(Normalize.IMAGENET.apply(image));
    }

    @Test
    void canvas_reusedForAnySizeAndType_leavesNoTrace() {
        Canvas canvas = new Canvas();
        List<Operation> operations =
                Stream.of(COLOUR, FILTERS.subList(0, 8)).flatMap(List::stream).toList();
        for (Size size : List.of(new Size(40, 33), new Size(1, 1), new Size(3, 70), new Size(33, 40))) {
            for (Image image : List.of(noise(size, 3), noise(size, 3).toFloats())) {
                Object before = image.isFloat()
                        ? image.floatSamples().clone()
                        : image.samples().clone();
                for (Operation operation : operations) {
                    canvas.load(image);
                    operation.apply(canvas);
                    assertThat(canvas.image()).as(operation.toString()).isEqualTo(operation.apply(image));
                }
                assertThat(image.isFloat() ? (Object) image.floatSamples() : image.samples())
                        .isEqualTo(before);
            }
        }
    }
}
