package dev.byol.examples;

import dev.byol.augment.Presets;
import dev.byol.augment.View;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The published recipes, as {@code --preset} names them and as a page presents them. */
enum Preset {
    BYOL(
            224,
            "BYOL’s two views",
            "Both crop, flip, jitter the colours and sometimes turn grey; the first is always blurred, the second seldom, but"
                    + " sometimes solarised. Grill et al. 2020, “Bootstrap your own latent”, Table 6."),
    APPENDIX(
            96,
            "The small-image view",
            "One recipe for both views, mild enough for images of 96 pixels. Fetterman and Albrecht 2020,"
                    + " “Understanding self-supervised and contrastive learning with Bootstrap Your Own Latent”, appendix."),
    SIMCLR(
            224,
            "SimCLR’s views",
            "One recipe for both views, with strong colours: without them, a network compares colour histograms instead of"
                    + " contents. Chen et al. 2020, “A simple framework for contrastive learning of visual representations”,"
                    + " appendix A."),
    MOCO2(
            224,
            "MoCo v2’s views",
            "One recipe for both views: SimCLR’s blur, milder colours and larger crops. Chen, Fan, Girshick and He 2020,"
                    + " “Improved baselines with momentum contrastive learning”."),
    DINO(
            224,
            "DINO’s multi-crop",
            "Two large views and eight small ones of each image: from a small part the network predicts what it sees in a"
                    + " large one. Caron et al. 2021, “Emerging properties in self-supervised vision transformers”."),
    LINEAR_TRAIN(
            224,
            "What a linear classifier is trained on",
            "Crop and flip alone: the frozen features are judged, not hardened any more. Grill et al. 2020, appendix C.1."),
    LINEAR_TEST(
            224,
            "What a linear classifier is tested on",
            "Nothing random: the image resized, and its centre cut out. Grill et al. 2020, appendix C.1.");

    private final int side;
    private final String title;
    private final String about;

    Preset(int side, String title, String about) {
        this.side = side;
        this.title = title;
        this.about = about;
    }

    /** The views of an image, in their order; a side for the large ones, where there are two sizes. */
    List<View> views(int pixels) {
        return Presets.named(toString(), pixels);
    }

    /** The side of its source, in pixels. */
    int side() {
        return side;
    }

    String title() {
        return title;
    }

    /** What it does and where it is from, in two sentences. */
    String about() {
        return about;
    }

    /** As on the command line. */
    @Override
    public String toString() {
        return dashed(name());
    }

    private static String dashed(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** From the command line, where picocli itself would list names of two words twice. */
    static final class Converter implements ITypeConverter<Preset> {
        @Override
        public Preset convert(String value) {
            return Arrays.stream(values())
                    .filter(preset -> preset.toString().equals(dashed(value)))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException(
                            "expected one of " + Arrays.toString(values()) + " but was '" + value + "'"));
        }
    }
}
