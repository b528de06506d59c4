package dev.byol.augment.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.byol.augment.io.Archives.Tar;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TarTest {
    @TempDir
    Path folder;

    private Path write(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    private UnpackCache cache() {
        return UnpackCache.in(folder.resolve("cache"), 1 << 20);
    }

    private ImageArchive open(Path... files) throws IOException {
        return ImageArchive.tar(List.of(files), cache());
    }

    private ImageArchive open(byte[] content) throws IOException {
        return open(write("a.tar", content));
    }

    private static List<String> names(ImageArchive images) {
        return IntStream.range(0, images.size())
                .mapToObj(i -> images.name(i).substring(images.name(i).indexOf("!/") + 2))
                .toList();
    }

    @Test
    void classes_orderAndPixels() throws IOException {
        byte[] tar = new Tar()
                .header("./zebra/", Tar.octal(0), '5')
                .add("./zebra/1.png", Archives.png(1))
                .add("./ant/2.JPG.png", Archives.png(2))
                .add("./ant/.3.png", Archives.png(3))
                .text("./notes.txt", "nothing")
                .add("./ant-eater/4.png", Archives.png(4))
                .header("./ant/link.png", Tar.octal(0), '2')
                .end();
        ImageArchive images = open(tar);
        assertThat(names(images)).containsExactly("ant/2.JPG.png", "ant-eater/4.png", "zebra/1.png");
        assertThat(images.classNames()).containsExactly("ant", "ant-eater", "zebra");
        assertThat(IntStream.range(0, 3).map(images::label)).containsExactly(0, 1, 2);
        assertThat(images.image(1).sample(0, 1, 0)).isEqualTo(4);
        assertThat(images.refused())
                .containsExactly(folder.resolve("a.tar") + "!/ant/link.png: a link, expected a file");
    }

    @Test
    void longNames_ofEveryDialect() throws IOException {
        String long1 = "p".repeat(90) + "/" + "q".repeat(120) + "/ü€.png";
        byte[] png = Archives.png(1);
        byte[] binary = new byte[12];
        binary[0] = (byte) 0x80;
        binary[10] = (byte) (png.length >> 8);
        binary[11] = (byte) png.length;
        byte[] tar = new Tar()
                .pax("mtime", "1.5")
                .pax("path", "pax/" + long1)
                .header("short", Tar.octal(png.length), '0')
                .content(png)
                .longName("gnu/" + long1)
                .header("short", Tar.octal(png.length), '0')
                .content(png)
                .header("x.png", "ustar/" + "r".repeat(140), Tar.octal(png.length), '0')
                .content(png)
                .pax("size", "" + png.length)
                .header("size.png", Tar.octal(0), '0')
                .content(png)
                .header("binary.png", binary, '\0')
                .content(png)
                .header("comment", Tar.octal(5), 'g')
                .content(new byte[5])
                .add("after.png", png)
                .end();
        ImageArchive images = open(tar);
        assertThat(names(images))
                .containsExactlyInAnyOrder(
                        "pax/" + long1,
                        "gnu/" + long1,
                        "ustar/" + "r".repeat(140) + "/x.png",
                        "size.png",
                        "binary.png",
                        "after.png");
        for (int i = 0; i < images.size(); i++) {
            assertThat(images.image(i).sample(0, 0, 0)).isEqualTo(1);
        }
    }

    @Test
    void sameNameTwice_theLastCounts() throws IOException {
        ImageArchive images = open(new Tar()
                .add("x.png", Archives.png(1))
                .add("y.png", Archives.png(2))
                .add("x.png", Archives.png(3))
                .end());
        assertThat(names(images)).containsExactly("x.png", "y.png");
        assertThat(images.image(0).sample(0, 0, 0)).isEqualTo(3);
    }

    @Test
    void namesThatLeadOut_leftOutAndNamed() throws IOException {
        byte[] png = Archives.png(1);
        ImageArchive images = open(new Tar()
                .add("../up.png", png)
                .add("/root.png", png)
                .longName("a/../../b.png")
                .add("short", png)
                .pax("path", "../pax.png")
                .add("short", png)
                .add("good.png", png)
                .end());
        assertThat(names(images)).containsExactly("good.png");
        assertThat(images.refused())
                .hasSize(4)
                .allMatch(entry -> entry.endsWith(": a name that leads out of the archive"))
                .anyMatch(entry -> entry.contains("!/a/../../b.png"))
                .anyMatch(entry -> entry.contains("!/../pax.png"));
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(folder.resolve("a.tar"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "77777777777\0",
                "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00fe",
                "\u0080\0\0\0\u007f\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff",
                "\u00bf\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff",
                "-0000000001\0",
                "00000009999\0",
                "00000004000\0"
            })
    void sizeThatIsNegativeOrHuge_refusedWithTheEntry(String size) throws IOException {
        byte[] bytes = size.getBytes(StandardCharsets.ISO_8859_1);
        byte[] tar =
                new Tar().header("x.png", bytes, '0').content(new byte[512]).end();
        assertThatThrownBy(() -> open(tar))
                .isInstanceOf(DatasetException.class)
                .hasMessageStartingWith(folder.resolve("a.tar") + ": found entry \"x.png\" of ")
                .hasMessageContaining("expected one that ends in the file of ");
        byte[] name = new Tar().header("x", bytes, 'L').content(new byte[512]).end();
        assertThatThrownBy(() -> open(name)).isInstanceOf(DatasetException.class);
    }

    @Test
    void paxHeader_damaged_refused() throws IOException {
        for (String record :
                List.of("", "x", "9", "99 path=a\n", "10 path=ab", "0 path=a\n", "2 a\n", "99999999 a=b\n")) {
            byte[] bytes = record.getBytes(StandardCharsets.US_ASCII);
            byte[] tar = new Tar()
                    .header("x", Tar.octal(bytes.length), 'x')
                    .content(bytes)
                    .add("x.png", Archives.png(1))
                    .end();
            if (record.isEmpty()) {
                assertThat(open(tar).size()).isEqualTo(1);
            } else {
                assertThatThrownBy(() -> open(tar)).as(record).hasMessageContaining("extended header that is damaged");
            }
        }
        for (String size : List.of("-1", "x", "99999999999999999999", "999999999999999999")) {
            byte[] tar =
                    new Tar().pax("size", size).add("x.png", Archives.png(1)).end();
            assertThatThrownBy(() -> open(tar))
                    .isInstanceOf(DatasetException.class)
                    .hasMessageContaining(size);
        }
        byte[] huge = new Tar()
                .header("x", Tar.octal(2 << 20), 'L')
                .content(new byte[2 << 20])
                .end();
        assertThatThrownBy(() -> open(huge)).hasMessageContaining("header of 2097152 bytes");
    }

    @Test
    void sparseFile_named() throws IOException {
        ImageArchive images = open(new Tar()
                .pax("GNU.sparse.major", "1")
                .add("sparse.png", Archives.png(1))
                .add("good.png", Archives.png(2))
                .end());
        assertThat(names(images)).containsExactly("good.png");
        assertThat(images.refused()).singleElement().asString().contains("sparse.png: stored in a way (sparse)");
    }

    @Test
    void truncatedAtEveryLength_refusedWithThePath() throws IOException {
        byte[] whole = new Tar()
                .pax("path", "cat/x.png")
                .add("x", Archives.png(1))
                .longName("cat/y.png")
                .add("y", Archives.png(2))
                .end();
        Path cut = folder.resolve("cut.tar");
        for (int length = 0; length < whole.length - 1024; length += 7) {
            Files.write(cut, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> open(cut))
                    .as("cut to %d bytes", length)
                    .isInstanceOf(DatasetException.class)
                    .hasMessageStartingWith(cut + ": found ");
        }
        Files.write(cut, Arrays.copyOf(whole, whole.length - 512));
        assertThat(open(cut).size()).as("one block of zeros is an end").isEqualTo(2);
    }

    @Test
    void changedBytes_neverMoreThanAnIOException() throws IOException {
        byte[] whole = new Tar()
                .pax("path", "cat/x.png")
                .add("x", Archives.png(1))
                .text("cat/x.cls", "3")
                .end();
        Path file = folder.resolve("changed.tar");
        for (int i = 0; i < whole.length; i++) {
            if (whole[i] == 0 && i % 16 != 0) {
                continue; // most are padding
            }
            byte[] changed = whole.clone();
            changed[i] ^= (byte) (i % 2 == 0 ? 1 : 0xFF);
            Files.write(file, changed);
            try {
                ImageArchive images = open(file);
                for (int k = 0; k < images.size(); k++) {
                    images.image(k);
                }
            } catch (IOException e) {
                assertThat(e).as("byte %d", i).hasMessageStartingWith(file.toString());
            }
        }
    }

    @Test
    void namesThatAreNoUtf8_areToldApart() throws IOException {
        ImageArchive images = open(new Tar(StandardCharsets.ISO_8859_1)
                .add("\u00E8/\u00C3\u00A9.png", Archives.png(1)) // in UTF-8, e with an acute
                .pax("path", "\u00E9/\u00E9.png")
                .add("x", Archives.png(2))
                .longName("\u00E9/\u00E8.png")
                .add("y", Archives.png(3))
                .end());
        assertThat(images.classNames()).containsExactly("\uFFFDE8", "\uFFFDE9");
        assertThat(names(images))
                .containsExactly("\uFFFDE8/\u00E9.png", "\uFFFDE9/\uFFFDE8.png", "\uFFFDE9/\uFFFDE9.png");
        assertThat(images.image(0).sample(0, 0, 0)).isEqualTo(1);
        assertThat(images.image(1).sample(0, 0, 0)).isEqualTo(3);
        assertThat(images.image(2).sample(0, 0, 0)).isEqualTo(2);
    }

    @Test
    void otherFiles_refused() throws IOException {
        assertThatThrownBy(() -> open(new byte[4096])).hasMessageContaining("no file that ends in .jpg");
        byte[] text = "no archive".repeat(100).getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> open(text)).hasMessageContaining("found no tar header at byte 0, expected a tar file");
        assertThatThrownBy(() -> open(write("a.tar.bz2", "BZh9xxxx".getBytes(StandardCharsets.US_ASCII))))
                .hasMessageEndingWith(
                        "found a file compressed by bzip2, expected a tar file, or one compressed by gzip");
        assertThatThrownBy(() -> open(folder.resolve("none.tar"))).hasMessageContaining("found no such file");
        assertThatThrownBy(() -> open()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void webDataset_labelsFromCls_acrossShards() throws IOException {
        Path first = write(
                "0.tar",
                new Tar()
                        .add("b/17.png", Archives.png(17))
                        .text("b/17.cls", "3")
                        .add("b/17.mask.png", Archives.png(99))
                        .text("b/17.json", "{}")
                        .text("b/2.cls", "12\n")
                        .add("b/2.PNG", Archives.png(2))
                        .text("lonely.cls", "5")
                        .end());
        Path second = write(
                "1.tar",
                new Tar()
                        .add("b/2.png", Archives.png(22))
                        .add("a.v1.png", Archives.png(1))
                        .end());
        ImageArchive images = open(first, second);
        assertThat(names(images)).containsExactly("b/17.png", "b/2.PNG", "b/2.png");
        assertThat(IntStream.range(0, 3).map(images::label)).containsExactly(3, 12, ImageSource.UNLABELLED);
        assertThat(images.classNames()).isEmpty();
        assertThat(images.image(2).sample(0, 0, 0)).isEqualTo(22);
        assertThat(images.name(2)).isEqualTo(second + "!/b/2.png");
        assertThat(images.description()).isEqualTo(first + " and 1 more");
        assertThat(images.folder("b")).isEmpty();
    }

    /** By name, a folder comes between the label and the image. */
    @Test
    void webDataset_entriesOfOneKey_needNotBeSideBySide() throws IOException {
        ImageArchive images = open(new Tar()
                .text("1.cls", "4")
                .add("1.d/1.png", Archives.png(1))
                .text("1.d/1.cls", "6")
                .add("1.png", Archives.png(2))
                .add("1.a/2.png", Archives.png(3))
                .text("1.CLS", "5")
                .end());
        assertThat(names(images)).containsExactly("1.a/2.png", "1.d/1.png", "1.png");
        assertThat(IntStream.range(0, 3).map(images::label)).containsExactly(ImageSource.UNLABELLED, 6, 4);
    }

    @Test
    void webDataset_labelThatIsNoNumber_refused() throws IOException {
        for (String label : List.of("cat", "-1", "", "1.5", "12345678901", "1".repeat(100))) {
            byte[] tar =
                    new Tar().add("1.png", Archives.png(1)).text("1.cls", label).end();
            assertThatThrownBy(() -> open(tar))
                    .isInstanceOf(DatasetException.class)
                    .hasMessageStartingWith(folder.resolve("a.tar") + ": found \"")
                    .hasMessageContaining("in its entry 1.cls, expected a label");
        }
    }

    @Test
    void shards_withClassFolders_areOneSource() throws IOException {
        Path first = write("0.tar", new Tar().add("dog/1.png", Archives.png(1)).end());
        Path empty = write("1.tar", new Tar().text("notes.txt", "x").end());
        Path last = write(
                "2.tar",
                new Tar()
                        .add("cat/1.png", Archives.png(2))
                        .add("dog/1.png", Archives.png(3))
                        .end());
        ImageArchive images = open(first, empty, last);
        assertThat(names(images)).containsExactly("dog/1.png", "cat/1.png", "dog/1.png");
        assertThat(images.classNames()).containsExactly("cat", "dog");
        assertThat(IntStream.range(0, 3).map(images::label)).containsExactly(1, 0, 1);
        assertThat(images.image(1).sample(0, 0, 0)).isEqualTo(2);
        assertThat(images.name(0)).startsWith(first.toString());
        assertThat(images.name(1)).startsWith(last.toString());
    }

    @Test
    void shardPattern_isExpanded() {
        assertThat(ImageArchive.shards("d/train-{0098..0101}.tar.gz"))
                .containsExactly(
                        Path.of("d/train-0098.tar.gz"),
                        Path.of("d/train-0099.tar.gz"),
                        Path.of("d/train-0100.tar.gz"),
                        Path.of("d/train-0101.tar.gz"));
        assertThat(ImageArchive.shards("{9..10}")).containsExactly(Path.of("9"), Path.of("10"));
        assertThat(ImageArchive.shards("a.tar")).containsExactly(Path.of("a.tar"));
        for (String bad : List.of("{3..2}", "{0..1000000}")) {
            assertThatThrownBy(() -> ImageArchive.shards(bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(bad);
        }
    }

    @Test
    void compressed_isUnpackedOnce_andReadByManyThreads() throws Exception {
        Tar tar = new Tar();
        for (int i = 0; i < 60; i++) {
            tar.add("c" + i % 3 + "/" + i + ".png", Archives.png(i));
        }
        byte[] plain = tar.end();
        Path compressed = write("a.tgz", Archives.gzip(plain));
        ImageArchive images = open(compressed);
        assertThat(images.name(0)).startsWith(compressed + "!/c0/");
        assertThat(images.classNames()).containsExactly("c0", "c1", "c2");
        Concurrently.assertSameInEveryThread(images);
        Concurrently.assertSameInEveryThread(open(plain));
    }

    @Test
    void compressed_thatIsNoTar_namedByItsOwnPath() throws IOException {
        Path file = write("a.tar.gz", Archives.gzip("nothing".repeat(200).getBytes(StandardCharsets.US_ASCII)));
        assertThatThrownBy(() -> open(file))
                .isInstanceOf(DatasetException.class)
                .hasMessage(file + ": found no tar header at byte 0 in the unpacked file, expected a tar file");
    }
}
