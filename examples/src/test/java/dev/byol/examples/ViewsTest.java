package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.augment.CounterRandom;
import dev.byol.augment.Image;
import dev.byol.augment.Presets;
import dev.byol.augment.View;
import dev.byol.augment.io.ImageFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command from end to end. */
class ViewsTest {
    @TempDir
    private Path temp;

    private Path photos;

    @BeforeEach
    void photos() throws IOException {
        photos = Pngs.folder(temp.resolve("photos"), 3, 40);
    }

    private Cli views(String... more) {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("--data", "folder:" + photos);
        options.put("--crop", "24");
        options.put("--out", file().toString());
        for (int i = 0; i < more.length; i += 2) {
            options.put(more[i], more[i + 1]);
        }
        List<String> args = new ArrayList<>(List.of("views"));
        options.forEach((name, value) -> args.addAll(List.of(name, value)));
        return Cli.run(args.toArray(String[]::new));
    }

    private Path file() {
        return temp.resolve("deep/page.html");
    }

    /** The page without the pixels of its pictures. */
    private String page(String... more) throws IOException {
        Cli cli = views(more);
        assertThat(cli.code()).as(cli.err()).isZero();
        return Files.readString(file()).replaceAll("base64,[A-Za-z0-9+/=]+", "base64,");
    }

    private static int count(String text, String what) {
        return text.split(Pattern.quote(what), -1).length - 1;
    }

    @Test
    void page_hasTheDrawsOfTheLoader() throws IOException {
        String html = page("--preset", "byol", "--images", "3", "--draws", "2", "--seed", "7");
        ImageFolder folder = ImageFolder.open(photos);
        List<View> recipe = Presets.byol(24);
        for (int sample = 0; sample < 3; sample++) {
            Image image = folder.image(sample);
            for (int v = 0; v < 2; v++) {
                for (int epoch = 0; epoch < 2; epoch++) {
                    List<String> drawn =
                            ViewText.drawn(recipe.get(v).draw(CounterRandom.of(7, epoch, sample, v), image));
                    assertThat(html).contains("<span>" + String.join(" ·</span> <span>", drawn) + "</span>");
                }
            }
        }
        assertThat(count(html, "<figure class=\"shot")).isEqualTo(3 * 2 * 2);
        assertThat(count(html, "<image ")).isEqualTo(3);
        assertThat(count(html, "<use ")).isEqualTo(3);
        assertThat(count(html, "<rect class=\"halo\"")).isEqualTo(3 * 2 * 2);
    }

    @ParameterizedTest
    @EnumSource
    void page_printsTheRecipe_soThatItIsRebuilt(Preset preset) throws IOException {
        String html = page("--preset", preset.toString(), "--images", "1", "--draws", "1");
        Matcher recipes = Pattern.compile("<pre>(.*?)</pre>").matcher(html);
        List<View> read = new ArrayList<>();
        while (recipes.find()) {
            read.add(View.parse(recipes.group(1)));
        }
        assertThat(read).isEqualTo(preset.views(24).stream().distinct().toList());
        assertThat(html).contains("<h1>" + Html.escape(preset.title()) + "</h1>");
        assertThat(html.replaceAll("<pre>.*?</pre>", "")).doesNotContain("Random[", "augmentation=", "NaN");
    }

    @Test
    void page_asksForNothingOutside() throws IOException {
        String html = page("--preset", "dino", "--images", "1");
        assertThat(html)
                .doesNotContain("http:", "https:", "//www", "<script", "<link rel=\"stylesheet\"", "@import", "url(")
                .contains("prefers-color-scheme", "Views 3 to 10");
        assertThat(Pattern.compile("(?:src|href)=\"(?!data:|#)").matcher(html).find())
                .isFalse();
    }

    @Test
    void page_isAFunctionOfTheSeed() throws IOException {
        page("--seed", "3");
        String first = Files.readString(file());
        page("--seed", "3");
        assertThat(Files.readString(file()).equals(first)).isTrue(); // a failure would print both
        page("--seed", "4");
        assertThat(Files.readString(file()).equals(first)).isFalse();
    }

    @Test
    void views_alike_areNumberedAsOneGroup_andShownInTheOrderOfTheEpoch() throws IOException {
        String html = page("--preset", "appendix", "--images", "1", "--draws", "3");
        assertThat(html).contains("Both views");
        assertThat(count(html, "<figure class=\"shot")).isEqualTo(3);
    }

    @Test
    void views_withoutRandomness_areShownOnce() throws IOException {
        String html = page("--preset", "linear-test", "--images", "2", "--draws", "5");
        assertThat(count(html, "<figure class=\"shot")).isEqualTo(2);
        assertThat(html).contains("shorter side to 27", "centre 24×24");
    }

    @Test
    void images_moreThanThereAre_allOfThem() throws IOException {
        assertThat(page("--images", "500", "--draws", "1")).contains("3 of 3");
    }

    @Test
    void images_unreadable_areSkippedAndCounted() throws IOException {
        Files.writeString(photos.resolve("broken.png"), "no picture");
        Cli cli = views("--images", "4", "--draws", "1");
        assertThat(cli.code()).isZero();
        assertThat(cli.out()).contains("skipped: ", "broken.png");
        assertThat(Files.readString(file())).contains("3 of 4", "<dt>Unreadable</dt><dd>1</dd>");
    }

    @Test
    void images_noneReadable_isRefused() throws IOException {
        Path folder = Files.createDirectories(temp.resolve("bad"));
        Files.writeString(folder.resolve("broken.png"), "no picture");
        refused(views("--data", "folder:" + folder), "none of the 1 images", folder.toString(), "can be read");
    }

    @Test
    void names_areEscaped() throws IOException {
        Files.move(photos.resolve("picture0.png"), photos.resolve("<b>&.png"));
        assertThat(page("--images", "3")).contains("&lt;b&gt;&amp;.png").doesNotContain("<b>&.png");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "--preset moco3 linear-test",
                "--images 0 [1,",
                "--images 501 500",
                "--draws 0 [1,",
                "--crop 0 [1,",
                "--crop 5000 4096",
                "--seed x x",
                "--data nothing: nothing:"
            })
    void value_outOfRange_isRefused(String option, String value, String says) {
        refused(views(option, value), value, says);
        assertThat(temp.resolve("deep")).doesNotExist();
    }

    @Test
    void out_aFolder_orBelowAFile_isRefused() throws IOException {
        refused(views("--out", photos.toString()), "--out", photos.toString(), "folder");
        Path file = Files.writeString(temp.resolve("file"), "x");
        refused(views("--out", file.resolve("page.html").toString()), "--out", file.toString());
    }

    @Test
    void preset_unknown_listsThePresetsOnceEach() {
        Cli cli = views("--preset", "nope");
        refused(cli, "expected one of [byol, appendix, simclr, moco2, dino, linear-train, linear-test] but was 'nope'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"linear-test", "LINEAR_TEST", "Linear-Test"})
    void preset_inAnyCase_isTaken(String name) throws IOException {
        assertThat(page("--preset", name, "--images", "1", "--draws", "1"))
                .contains("<h1>" + Html.escape(Preset.LINEAR_TEST.title()) + "</h1>");
    }

    private static void refused(Cli cli, String... says) {
        assertThat(cli.code()).as(cli.err()).isEqualTo(2);
        assertThat(cli.err()).startsWith("byol: ").contains(says).doesNotContain("\tat ");
    }
}
