package dev.byol.augment.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.fuzz.Fuzz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attacks on archives: no name leads out, and nothing is written but what is unpacked to the cache. */
class ArchivesFuzzTest {
    @TempDir
    Path folder;

    private static Map<String, byte[]> entries() {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("photos/cat/1.png", Archives.png(1));
        entries.put("photos/dog/2.png", Archives.png(2));
        entries.put("photos/dog/Ä 3.png", Archives.png(3));
        return entries;
    }

    private static Map<String, byte[]> samples() {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("1.png", Archives.png(1));
        entries.put("1.cls", "7".getBytes(StandardCharsets.US_ASCII));
        entries.put("2.png", Archives.png(2));
        return entries;
    }

    private void look(ImageArchive archive, Path file) throws IOException {
        IOException first = null;
        for (int i = 0; i < archive.size(); i++) {
            String name = archive.name(i);
            assertThat(name).startsWith(file + "!/");
            String within = name.substring(file.toString().length() + 2);
            assertThat(List.of(within.split("[/\\\\]", -1))).doesNotContain("..");
            assertThat(Path.of(within.replace('\uFFFD', '?')).isAbsolute()).isFalse();
            archive.label(i);
            try {
                archive.image(i);
            } catch (IOException e) {
                assertThat(e).hasMessageStartingWith(name);
                first = first == null ? e : first;
            }
        }
        archive.classNames();
        archive.description();
        if (first != null) {
            throw first;
        }
    }

    private static List<String> below(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void damagedTar_isReadOrRefusedByName() throws IOException, InterruptedException {
        byte[] plain = Archives.Tar.of(entries());
        byte[] extended = new Archives.Tar()
                .pax("path", "photos/cat/" + "long/".repeat(30) + "4.png")
                .header("4", Archives.Tar.octal(Archives.png(4).length), '0')
                .content(Archives.png(4))
                .longName("photos/dog/5.png")
                .add("5", Archives.png(5))
                .pax("size", Integer.toString(Archives.png(6).length))
                .header("6.png", "photos/dog", Archives.Tar.octal(0), '0')
                .content(Archives.png(6))
                .end();
        Map<String, byte[]> seeds = Map.of(
                "plain",
                plain,
                "extended",
                extended,
                "samples",
                Archives.Tar.of(samples()),
                "packed",
                Archives.gzip(plain));
        UnpackCache cache = UnpackCache.in(folder.resolve("cache"), 1 << 20);
        Path file = folder.resolve("x.tar");
        Fuzz.of("tar", seeds)
                .named("x.tar")
                .repairedBy(tar -> Archives.Tar.repaired(Archives.repairedGzip(tar)))
                .inputs(700)
                .run((content, pastHeader) -> {
                    Archives.empty(cache.folder());
                    Files.write(file, content);
                    try {
                        ImageArchive archive = ImageArchive.tar(List.of(file), cache);
                        pastHeader.run();
                        look(archive, file);
                    } finally {
                        assertThat(below(folder))
                                .allMatch(name -> name.matches("x\\.tar|cache/([0-9a-f]{16}-x\\.tar|\\.lock)"));
                    }
                });
    }

    @Test
    void damagedZip_isReadOrRefusedByName() throws IOException, InterruptedException {
        Path file = folder.resolve("x.zip");
        Map<String, byte[]> seeds = Map.of(
                "folders", Files.readAllBytes(Archives.zip(file, entries())),
                "samples", Files.readAllBytes(Archives.zip(file, samples())),
                "zip64", Zips.zip64());
        Fuzz.of("zip", seeds)
                .named("x.zip")
                .repairedBy(Zips::repaired)
                .inputs(1000)
                .run((content, pastHeader) -> {
                    Files.write(file, content);
                    ImageArchive archive = ImageArchive.zip(file);
                    pastHeader.run();
                    look(archive, file);
                    assertThat(below(folder)).containsExactly("x.zip");
                });
    }
}
