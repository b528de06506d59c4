package dev.byol.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Operations of which the golden fixtures have none against torchvision 0.14.1 and Pillow 9.4.0: those on floats within 1e-6, and bicubic
 * resizing equal in every byte. The references were made with
 *
 * <pre>{@code
 * import sys
 * import numpy as np, torch, torchvision.transforms.functional as F
 * from torchvision.transforms import InterpolationMode as M
 * from PIL import Image
 * r = np.random.RandomState(0)
 * x = r.rand(3, 11, 13).astype('f')
 * x[:, 0] = 0.4; x[:, 1, :3] = 0; x[:, 1, 3:6] = 1; x[0, 2] = 1; x[1, 2] = 0
 * t = torch.from_numpy(x)
 * crop = lambda h, w, m: F.resize(t[:, 1:10, 2:11], [h, w], m, antialias=True).clamp(0, 1)
 * out = {'input': t, 'brightness 1.7': F.adjust_brightness(t, 1.7), 'contrast 0.3': F.adjust_contrast(t, 0.3),
 *     'contrast 2.5': F.adjust_contrast(t, 2.5), 'saturation 0.4': F.adjust_saturation(t, 0.4),
 *     'saturation 3': F.adjust_saturation(t, 3), 'hue 0.3': F.adjust_hue(t, 0.3), 'hue -0.45': F.adjust_hue(t, -0.45),
 *     'grayscale': F.rgb_to_grayscale(t, 3), 'solarize': F.solarize(t, 0.5), 'hflip': F.hflip(t), 'vflip': F.vflip(t),
 *     'blur 5 0.7': F.gaussian_blur(t, [5, 5], [0.7, 0.7]), 'bilinear 4 5': crop(4, 5, M.BILINEAR),
 *     'bilinear 17 6': crop(17, 6, M.BILINEAR), 'bicubic 4 5': crop(4, 5, M.BICUBIC), 'bicubic 17 6': crop(17, 6, M.BICUBIC)}
 * with open(sys.argv[1], 'w') as f:
 *     for name, y in out.items():
 *         y = y.permute(1, 2, 0).numpy()
 *         f.write('%s; %dx%d; %s\n' % (name, y.shape[1], y.shape[0], ' '.join('%.9g' % v for v in y.ravel())))
 * i = Image.fromarray(r.randint(0, 256, (21, 30, 3)).astype('u1'))
 * with open(sys.argv[2], 'w') as f:
 *     for box, size in [((0, 0, 30, 21), (30, 21)), ((0, 0, 30, 21), (7, 5)), ((0, 0, 30, 21), (45, 50)),
 *             ((3, 2, 20, 19), (16, 16)), ((3, 2, 20, 19), (17, 4)), ((29, 0, 30, 21), (8, 3)), ((5, 5, 7, 7), (6, 1)),
 *             ((0, 0, 30, 21), (1, 1))]:
 *         y = np.asarray(i.crop(box).resize(size, Image.BICUBIC))
 *         f.write('%d %d %d %d; %dx%d; %s\n' % (*box, *size, y.tobytes().hex()))
 * }</pre>
 */
class FloatReferenceTest {
    private static Map<String, String[]> read(String name) {
        Map<String, String[]> lines = new LinkedHashMap<>();
        try (InputStream in = FloatReferenceTest.class.getResourceAsStream(name)) {
            new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .map(line -> line.split("; ", -1))
                    .forEach(parts -> lines.put(parts[0] + " " + parts[1], parts));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lines;
    }

    private static Size size(String[] line) {
        String[] sides = line[1].split("x", -1);
        return new Size(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
    }

    private static Image floats(String[] line) {
        String[] numbers = line[2].split(" ", -1);
        float[] samples = new float[numbers.length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = Float.parseFloat(numbers[i]);
        }
        return new Image(size(line).width(), size(line).height(), 3, samples);
    }

    @TestFactory
    Stream<DynamicTest> operations_onFloats_areTorchvisions() {
        Map<String, String[]> lines = read("floats.txt");
        Image input = floats(lines.remove("input 13x11"));
        return lines.entrySet().stream()
                .map(entry -> dynamicTest(entry.getKey(), () -> {
                    Image expected = floats(entry.getValue());
                    Image found =
                            operation(entry.getValue()[0], expected.size()).apply(input);
                    assertThat(found.size()).isEqualTo(expected.size());
                    assertThat(found.floatSamples()).containsExactly(expected.floatSamples(), within(1e-6f));
                }));
    }

    private static Operation operation(String text, Size result) {
        String[] words = text.split(" ", -1);
        double factor = words.length == 2 ? Double.parseDouble(words[1]) : 0;
        return switch (words[0]) {
            case "brightness", "contrast", "saturation", "hue" -> Goldens.colour(words[0], factor);
            case "grayscale" -> new Grayscale();
            case "solarize" -> new Solarize(128);
            case "hflip" -> new HorizontalFlip();
            case "vflip" -> new VerticalFlip();
            case "blur" -> new GaussianBlur(Integer.parseInt(words[1]), Double.parseDouble(words[2]), Border.REFLECT);
            case "bilinear" -> new ResizedCrop(1, 2, 9, 9, result, Interpolation.BILINEAR);
            case "bicubic" -> new ResizedCrop(1, 2, 9, 9, result, Interpolation.BICUBIC);
            default -> throw new IllegalArgumentException(text);
        };
    }

    @TestFactory
    Stream<DynamicTest> bicubic_onBytes_isPillows() {
        Map<String, String[]> lines = read("bicubic.txt");
        Image whole = bytes(lines.get("0 0 30 21 30x21"));
        return lines.entrySet().stream()
                .map(entry -> dynamicTest(entry.getKey(), () -> {
                    int[] box = Stream.of(entry.getValue()[0].split(" ", -1))
                            .mapToInt(Integer::parseInt)
                            .toArray();
                    Image expected = bytes(entry.getValue());
                    Operation crop = new ResizedCrop(
                            box[1], box[0], box[3] - box[1], box[2] - box[0], expected.size(), Interpolation.BICUBIC);
                    assertThat(crop.apply(whole)).isEqualTo(expected);
                    if (List.of(0, 0, 30, 21).equals(List.of(box[0], box[1], box[2], box[3]))) {
                        assertThat(new Resize(expected.size(), Interpolation.BICUBIC).apply(whole))
                                .isEqualTo(expected);
                    }
                }));
    }

    private static Image bytes(String[] line) {
        return new Image(
                size(line).width(), size(line).height(), 3, HexFormat.of().parseHex(line[2]));
    }
}
