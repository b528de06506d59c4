package dev.byol.augment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every operation on byte images against a plain transcription of Pillow's algorithm, sample by sample: the fast ones have
 * bands, words, remainders and margins, and these sizes fall on either side of them.
 */
class ByteOperationsTest {
    /** What one sample of a result is made of. */
    private interface Sample {
        int at(int x, int y, int channel);
    }

    private final Canvas canvas = new Canvas(); // one for all operations of a size, as in a loader

    static Stream<Size> sizes() {
        return Stream.of(
                new Size(1, 1),
                new Size(1, 2),
                new Size(2, 1),
                new Size(1, 9),
                new Size(9, 1),
                new Size(3, 3),
                new Size(5, 3),
                new Size(31, 17),
                new Size(17, 31),
                new Size(3, 300),
                new Size(700, 2),
                new Size(1, 3000),
                new Size(32, 7),
                new Size(96, 5),
                new Size(224, 3),
                new Size(97, 43),
                new Size(200, 130));
    }

    private static Image noise(Size size, int channels, int spread) {
        byte[] samples = new byte[size.width() * size.height() * channels];
        CounterRandom random = CounterRandom.of(size.width(), size.height(), channels, spread);
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) ((256 - spread) / 2 + random.nextInt(spread));
        }
        return new Image(size.width(), size.height(), channels, samples);
    }

    /** Full contrast, and nearly grey, where hues and saturations are coarse. */
    private static List<Image> images(Size size, int... channels) {
        List<Image> images = new ArrayList<>();
        for (int c : channels) {
            images.add(noise(size, c, 256));
            images.add(noise(size, c, 12));
        }
        return images;
    }

    private void check(Operation operation, Image image, Size result, Sample expected) {
        canvas.load(image);
        operation.apply(canvas);
        Image actual = canvas.image();
        assertThat(actual.size()).isEqualTo(result);
        for (int y = 0; y < result.height(); y++) {
            for (int x = 0; x < result.width(); x++) {
                for (int c = 0; c < image.channels(); c++) {
                    if (actual.sample(x, y, c) != expected.at(x, y, c)) {
                        assertThat(actual.sample(x, y, c))
                                .as("%s of %s at x=%s, y=%s, channel=%s", operation, image, x, y, c)
                                .isEqualTo(expected.at(x, y, c));
                    }
                }
            }
        }
    }

    private static int blend(int from, int to, double factor) {
        float value = from + (float) factor * (to - from);
        return value <= 0 ? 0 : value >= 255 ? 255 : (int) value;
    }

    private static int grey(Image image, int x, int y) {
        return (19595 * image.sample(x, y, 0) + 38470 * image.sample(x, y, 1) + 7471 * image.sample(x, y, 2) + 32768)
                >> 16;
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void colours_ofEverySample(Size size) {
        double[] factors = {0, 0.3, 0.6, 0.7, 1, 1.3, 1.4, 1.2345678, 40, 1e6};
        for (Image image : images(size, 3)) {
            long sum = 0;
            for (int y = 0; y < size.height(); y++) {
                for (int x = 0; x < size.width(); x++) {
                    sum += grey(image, x, y);
                }
            }
            int mean = (int) ((double) sum / (size.width() * size.height()) + 0.5);
            for (double f : factors) {
                check(new Brightness(f), image, size, (x, y, c) -> blend(0, image.sample(x, y, c), f));
                check(new Contrast(f), image, size, (x, y, c) -> blend(mean, image.sample(x, y, c), f));
                check(new Saturation(f), image, size, (x, y, c) -> blend(grey(image, x, y), image.sample(x, y, c), f));
            }
            check(new Grayscale(), image, size, (x, y, c) -> grey(image, x, y));
            for (double shift : new double[] {-0.5, -0.1, -0.003, 0, 0.05, 0.37, 0.5}) {
                check(new Hue(shift), image, size, (x, y, c) -> hue(image, x, y, (int) (shift * 255))[c]);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void anyChannels_flipSolarizeBrightness(Size size) {
        for (Image image : images(size, 1, 2, 3, 4, 5)) {
            check(new HorizontalFlip(), image, size, (x, y, c) -> image.sample(size.width() - 1 - x, y, c));
            check(new Brightness(0.77), image, size, (x, y, c) -> blend(0, image.sample(x, y, c), 0.77));
            for (int threshold : new int[] {0, 1, 128, 255, 256}) {
                check(new Solarize(threshold), image, size, (x, y, c) -> {
                    int v = image.sample(x, y, c);
                    return v < threshold ? v : 255 - v;
                });
            }
        }
    }

    /** Python's colorsys in Pillow's mixture of float and double. */
    private static int[] hue(Image image, int x, int y, int shift) {
        int r = image.sample(x, y, 0);
        int g = image.sample(x, y, 1);
        int b = image.sample(x, y, 2);
        int max = Math.max(r, Math.max(g, b));
        int min = Math.min(r, Math.min(g, b));
        int h = 0;
        int s = 0;
        if (max != min) {
            float range = max - min;
            float rc = (max - r) / range;
            float gc = (max - g) / range;
            float bc = (max - b) / range;
            float position = r == max ? bc - gc : g == max ? (float) (2.0 + rc - bc) : (float) (4.0 + gc - rc);
            h = (int) ((float) ((position / 6.0 + 1.0) % 1.0) * 255.0);
            s = (int) (range / max * 255.0);
        }
        h = (h + shift) & 0xFF;
        if (s == 0) {
            return new int[] {max, max, max};
        }
        float fs = (float) (s / 255.0);
        int sector = (int) Math.floor(h * 6.0 / 255.0);
        float f = (float) (h * 6.0 / 255.0 - sector);
        int p = (int) Math.floor(max * (1.0 - fs) + 0.5);
        int q = (int) Math.floor(max * (1.0 - fs * f) + 0.5);
        int t = (int) Math.floor(max * (1.0 - fs * (1.0 - f)) + 0.5);
        return switch (sector % 6) {
            case 0 -> new int[] {max, t, p};
            case 1 -> new int[] {q, max, p};
            case 2 -> new int[] {p, max, t};
            case 3 -> new int[] {p, q, max};
            case 4 -> new int[] {t, p, max};
            default -> new int[] {max, p, q};
        };
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void blur_everyWidthOfBox(Size size) {
        for (Image image : images(size, 1, 3, 4)) {
            for (double sigma : new double[] {0, 0.1, 0.5, 1, 1.4, 1.42, 2, 2.44, 2.46, 5, 100}) {
                int[][][] planes = new int[image.channels()][][];
                for (int c = 0; c < planes.length; c++) {
                    int channel = c;
                    int[][] plane = new int[size.height()][size.width()];
                    fill(plane, (x, y) -> image.sample(x, y, channel));
                    for (int pass = 0; pass < 3; pass++) {
                        plane = box(plane, (float) sigma, 1, 0);
                    }
                    for (int pass = 0; pass < 3; pass++) {
                        plane = box(plane, (float) sigma, 0, 1);
                    }
                    planes[c] = plane;
                }
                check(new BoxGaussianBlur(sigma), image, size, (x, y, c) -> planes[c][y][x]);
            }
        }
    }

    private interface Value {
        int at(int x, int y);
    }

    private static void fill(int[][] plane, Value value) {
        for (int y = 0; y < plane.length; y++) {
            for (int x = 0; x < plane[y].length; x++) {
                plane[y][x] = value.at(x, y);
            }
        }
    }

    private static int[][] box(int[][] in, float sigma, int dx, int dy) {
        float variance = sigma * sigma / 3;
        float length = (float) Math.sqrt(12.0 * variance + 1.0);
        float whole = (float) Math.floor((length - 1.0) / 2.0);
        float fraction = (2 * whole + 1) * (whole * (whole + 1) - 3 * variance);
        fraction /= 6 * (variance - (whole + 1) * (whole + 1));
        float r = whole + fraction;
        int radius = (int) r;
        int inner = (int) ((float) (1 << 24) / (r * 2 + 1));
        int outer = ((1 << 24) - (2 * radius + 1) * inner) / 2;
        int[][] out = new int[in.length][in[0].length];
        fill(out, (x, y) -> {
            long sum = 1 << 23;
            for (int k = -radius - 1; k <= radius + 1; k++) {
                int v = in[clamp(y + k * dy, in.length)][clamp(x + k * dx, in[0].length)];
                sum += (long) (Math.abs(k) == radius + 1 ? outer : inner) * v;
            }
            return (int) (sum >> 24);
        });
        return out;
    }

    private static int clamp(int i, int count) {
        return Math.max(0, Math.min(count - 1, i));
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void crop_smallerAndLarger(Size size) {
        int top = size.height() / 3;
        int left = size.width() / 4;
        int height = size.height() - top;
        int width = size.width() - left;
        List<Size> results = List.of(
                new Size(1, 1),
                new Size(width, height),
                new Size(width, 7),
                new Size(13, height),
                new Size(40, 41),
                new Size(2, 150),
                new Size(150, 3));
        for (Image image : images(size, 1, 3, 5)) {
            for (Interpolation filter : Interpolation.values()) {
                for (Size result : results) {
                    int[][][] planes = new int[image.channels()][][];
                    for (int c = 0; c < planes.length; c++) {
                        int channel = c;
                        int[][] plane = new int[height][width];
                        fill(plane, (x, y) -> image.sample(left + x, top + y, channel));
                        plane = result.width() == width ? plane : resize(plane, result.width(), height, filter, true);
                        plane = result.height() == height
                                ? plane
                                : resize(plane, result.width(), result.height(), filter, false);
                        planes[c] = plane;
                    }
                    check(
                            new ResizedCrop(top, left, height, width, result, filter),
                            image,
                            result,
                            (x, y, c) -> planes[c][y][x]);
                }
            }
        }
    }

    private static int[][] resize(int[][] in, int width, int height, Interpolation filter, boolean along) {
        int[][] out = new int[height][width];
        int inCount = along ? in[0].length : in.length;
        double scale = (double) inCount / (along ? width : height);
        double stretch = Math.max(scale, 1);
        double support = filter.support() * stretch;
        for (int i = 0; i < (along ? width : height); i++) {
            double centre = (i + 0.5) * scale;
            int first = Math.max(0, (int) (centre - support + 0.5));
            int count = Math.min(inCount, (int) (centre + support + 0.5)) - first;
            double[] weights = new double[count];
            double sum = 0;
            for (int k = 0; k < count; k++) {
                weights[k] = filter.at((k + first - centre + 0.5) * (1 / stretch));
                sum += weights[k];
            }
            for (int j = 0; j < (along ? height : width); j++) {
                long value = 1 << 21;
                for (int k = 0; k < count; k++) {
                    double w = weights[k] / sum * (1 << 22);
                    value += (long) (int) (w < 0 ? w - 0.5 : w + 0.5) * (along ? in[j][first + k] : in[first + k][j]);
                }
                int clipped = (int) Math.max(0, Math.min(255, value >> 22));
                if (along) {
                    out[j][i] = clipped;
                } else {
                    out[i][j] = clipped;
                }
            }
        }
        return out;
    }
}
