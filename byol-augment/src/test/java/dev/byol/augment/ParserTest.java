package dev.byol.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParserTest {
    private static final double THIRD = 1 / 3.0;

    private static List<Record> samples() {
        List<Record> samples = new ArrayList<>(List.of(
                new AdditiveBrightness(-THIRD),
                new BoxGaussianBlur(Math.PI),
                new Brightness(1e-300),
                new CenterCrop(7),
                new ChannelContrast(1.7976931348623157e308),
                new ColorJitter(THIRD, 2, 0, 0.1),
                new Compose(),
                new Compose(new Grayscale(), new Compose(new Hue(-0.0))),
                new Contrast(0.1 + 0.2),
                new GaussianBlur(9, Math.E, Border.ZERO),
                new Grayscale(),
                new HorizontalFlip(),
                new HsvHue(-0.5),
                new HsvJitter(THIRD, 0.4, 0.2, 0.1),
                new HsvSaturation(12345.678901234567),
                new Hue(0.12345678901234568),
                Normalize.IMAGENET,
                new RandomApply(THIRD, new RandomApply(1, new VerticalFlip())),
                new RandomBlur(0.1, 2),
                new RandomGaussianBlur(23, Double.MIN_VALUE, 2, Border.REFLECT),
                new RandomOrder(new Solarize(0), new Grayscale()),
                new RandomResizedCrop(96, 0.08, THIRD * 2, 0.7, 1.5, Interpolation.BICUBIC),
                new Resize(new Size(1, 2000), Interpolation.BICUBIC),
                new ResizeShorterSide(3, Interpolation.BICUBIC),
                new ResizedCrop(1, 2, 3, 4, new Size(5, 6), Interpolation.BICUBIC),
                new Saturation(0),
                new Solarize(256),
                new VerticalFlip(),
                View.center(64).colour(ColourPolicy.SKIP)));
        for (String name : Presets.names()) {
            samples.addAll(Presets.named(name, 224));
        }
        return samples;
    }

    /** All public records of the package that are, or draw, operations, or print themselves into reports: found by their class files. */
    private static Set<Class<?>> records() throws IOException, URISyntaxException {
        URL location = View.class.getProtectionDomain().getCodeSource().getLocation();
        Path folder =
                Path.of(location.toURI()).resolve(View.class.getPackageName().replace('.', '/'));
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".class"))
                    .map(name -> name.substring(0, name.length() - ".class".length()))
                    .map(ParserTest::classOf)
                    .filter(Class::isRecord)
                    .filter(type -> type == Normalize.class || Augmentation.class.isAssignableFrom(type))
                    .collect(Collectors.toSet());
        }
    }

    private static Class<?> classOf(String name) {
        try {
            return Class.forName(View.class.getPackageName() + "." + name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void everyRecordOfThePackage_isReadBackEqual() throws Exception {
        assertThat(records()).hasSizeGreaterThan(20).isEqualTo(Set.copyOf(Parser.RECORDS.values()));
        assertThat(samples().stream().map(Object::getClass).collect(Collectors.toSet()))
                .isEqualTo(records());
        for (Record sample : samples()) {
            Record read = Parser.parse(sample.toString(), Record.class);
            assertThat(read).isEqualTo(sample).hasToString(sample.toString());
        }
    }

    @Test
    void parse_ofEachKind() {
        View view = Presets.byol(96).get(1);
        assertThat(View.parse(view.toString())).isEqualTo(view);
        assertThat(Augmentation.parse(view.toString())).isEqualTo(view);
        assertThat(Normalize.parse(Normalize.IMAGENET.toString())).isEqualTo(Normalize.IMAGENET);
        List<Operation> drawn = view.draw(CounterRandom.of(1, 2, 3, 4), new Size(50, 60));
        assertThat(Operation.parseList(drawn.toString())).isEqualTo(drawn);
        assertThat(Operation.parseList("[]")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Hue(0.1) | at position 0: expected one of [*], found \"Hue(0.1)\"",
                "Huge[shift=0.1] | at position 0: expected one of [*HsvHue, HsvJitter, HsvSaturation, Hue, RandomApply*], found \"Huge\"",
                "Hue[shift=0.1 | at position 13: expected \"]\", found the end",
                "Hue[shift=0.1]] | at position 14: expected the end, found \"]\"",
                "Hue[shift=x] | at position 10: expected a number, found \"x\"",
                "Hue[shift=0.7] | at position 0: hue shift must be in [-0.5, 0.5], got 0.7",
                "Hue[turn=0.1] | at position 4: expected \"shift=\", found \"turn=0.1]\"",
                "CenterCrop[side=1.5] | at position 16: expected a whole number, found \"1.5\"",
                "Resize[result=8, interpolation=BICUBIC] | at position 14: expected a size such as 96x96, found \"8\"",
                "Resize[result=8x, interpolation=BICUBIC] | at position 14: expected a size such as 96x96, found \"8x\"",
                "Resize[result=0x8, interpolation=BICUBIC] | at position 14: width must be at least 1, got 0",
                "Resize[result=8x8, interpolation=LANCZOS] | at position 33: expected one of [BILINEAR, BICUBIC], found \"LANCZOS\"",
                "Compose[augmentations=[Grayscale[] Grayscale[]]] | at position 34: expected \"]\", found \" Grayscale[]]]\"",
                "RandomApply[probability=0.5, augmentation=Hue[shift=9.0]] | at position 42: hue shift must be in [-0.5, 0.5], got 9.0"
            })
    void parse_ofSomethingElse_namesPositionFoundAndExpected(String text, String message) {
        String pattern = Stream.of(message.split("\\*")).map(Pattern::quote).collect(Collectors.joining(".*"));
        assertThatThrownBy(() -> Augmentation.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching(pattern);
    }

    @Test
    void parse_everyPrefixOfAView_refused() {
        String text = View.appendix().build().toString();
        for (int i = 0; i < text.length(); i++) {
            String prefix = text.substring(0, i);
            assertThatThrownBy(() -> View.parse(prefix))
                    .as(prefix)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("at position ");
        }
        assertThatThrownBy(() -> View.parse("Hue[shift=0.1]"))
                .hasMessage("at position 0: expected one of [View], found \"Hue\"");
    }
}
