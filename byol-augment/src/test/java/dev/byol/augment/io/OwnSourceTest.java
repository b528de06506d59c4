package dev.byol.augment.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.augment.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The source of one's own that the Javadoc of {@link ImageSource} shows. */
class OwnSourceTest {
    // begin
    record Scans(List<Path> files, ImageDecoder decoder) implements ImageSource {
        @Override
        public int size() {
            return files.size();
        }

        @Override
        public Image image(int index) throws IOException {
            return decoder.decode(files.get(index));
        }
    }
    // end

    @TempDir
    Path folder;

    @Test
    void ownSource_works() throws IOException {
        Path file = Files.write(folder.resolve("scan"), Archives.png(5));
        Scans scans = new Scans(List.of(file), new ImageDecoder());
        assertThat(scans.image(0).sample(0, 0, 0)).isEqualTo(5);
        assertThat(scans.open(0).decode()).isEqualTo(scans.image(0));
        assertThat(scans.label(0)).isEqualTo(ImageSource.UNLABELLED);
        assertThat(scans.classNames()).isEmpty();
        assertThat(scans.name(0)).startsWith("image 0 of Scans");
        assertThat(Sources.range(scans, 0, 1).size()).isEqualTo(1);
    }

    @Test
    void javadoc_showsThisCode() throws IOException {
        String here = text("src/test/java/dev/byol/augment/io/OwnSourceTest.java")
                .lines()
                .dropWhile(line -> !line.equals("// begin"))
                .skip(1)
                .takeWhile(line -> !line.equals("// end"))
                .collect(Collectors.joining("\n"));
        assertThat(here).contains("record Scans");
        assertThat(text("src/main/java/dev/byol/augment/io/ImageSource.java")).contains(here);
    }

    private static String text(String file) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.map(line -> line.strip().replaceFirst("^\\* ?", "").strip())
                    .collect(Collectors.joining("\n"));
        }
    }
}
