package dev.byol.augment.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZipTest {
    @TempDir
    Path folder;

    private Path zip(Map<String, byte[]> entries) throws IOException {
        return Archives.zip(folder.resolve("a.zip"), entries);
    }

    private Path changed(Path file, Consumer<ByteBuffer> change) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        change.accept(bytes);
        return Files.write(folder.resolve("changed.zip"), bytes.array());
    }

    private static int find(ByteBuffer bytes, int signature) {
        return IntStream.range(0, bytes.capacity() - 3)
                .filter(i -> bytes.getInt(i) == signature)
                .findFirst()
                .orElseThrow();
    }

    private static int directory(ByteBuffer bytes) {
        return find(bytes, 0x02014b50);
    }

    @Test
    void classes_orderAndPixels_asInAFolder() throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("zebra/1.png", Archives.png(1));
        entries.put("ant/b/2.PNG", Archives.png(2));
        entries.put("ant-eater/3.png", Archives.png(3));
        entries.put("ant/4.png", Archives.png(4));
        entries.put("ant/.hidden.png", Archives.png(5));
        entries.put("__MACOSX/._x.png", Archives.png(6));
        entries.put("README.txt", new byte[3]);
        entries.put("bee/", new byte[0]);
        ImageArchive images = ImageArchive.zip(zip(entries));
        Path unpacked = Files.createDirectory(folder.resolve("unpacked"));
        for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
            if (!entry.getKey().endsWith("/")) {
                Path file = unpacked.resolve(entry.getKey());
                Files.createDirectories(file.getParent());
                Files.write(file, entry.getValue());
            }
        }
        ImageFolder same = ImageFolder.open(unpacked);
        assertThat(images.size()).isEqualTo(same.size()).isEqualTo(4);
        assertThat(images.classNames()).isEqualTo(same.classNames()).containsExactly("ant", "ant-eater", "zebra");
        for (int i = 0; i < 4; i++) {
            assertThat(images.name(i)).isEqualTo(folder.resolve("a.zip") + "!/" + unpacked.relativize(same.file(i)));
            assertThat(images.label(i)).isEqualTo(same.label(i));
            assertThat(images.image(i)).isEqualTo(same.image(i));
            assertThat(images.open(i).decode()).isEqualTo(same.image(i));
        }
        assertThat(images.image(0).sample(0, 0, 0)).isEqualTo(4);
        assertThat(images.refused()).isEmpty();
        assertThatThrownBy(() -> images.image(4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> images.name(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void folderAroundEverything_isLookedThrough_butNotAnImagesOwn() throws IOException {
        byte[] png = Archives.png(1);
        ImageArchive two = ImageArchive.zip(zip(Map.of("data/set/cat/1.png", png, "data/set/dog/x/2.png", png)));
        assertThat(two.classNames()).containsExactly("cat", "dog");
        ImageArchive one = ImageArchive.zip(zip(Map.of("data/cat/1.png", png, "data/cat/2.png", png)));
        assertThat(one.classNames()).containsExactly("cat");
        assertThat(one.label(1)).isZero();
        ImageArchive none = ImageArchive.zip(zip(Map.of("1.png", png, "cat/2.png", png)));
        assertThat(none.classNames()).isEmpty();
        assertThat(none.label(1)).isEqualTo(ImageSource.UNLABELLED);
        ImageArchive split = ImageArchive.zip(
                zip(Map.of("d/train/cat/1.png", png, "d/train/dog/2.png", png, "d/test/cat/3.png", png)));
        assertThat(split.classNames()).containsExactly("test", "train");
        assertThat(split.folder("train").orElseThrow().classNames()).containsExactly("cat", "dog");
        ImageArchive test = split.folder("test").orElseThrow();
        assertThat(test.classNames()).containsExactly("cat");
        assertThat(test.name(0)).endsWith("!/d/test/cat/3.png");
        assertThat(test.description()).startsWith(folder.resolve("a.zip") + "!/d/test/");
        assertThat(split.folder("tes")).isEmpty();
    }

    @Test
    void namesThatAreNoUtf8_areToldApart() throws IOException {
        Path file = folder.resolve("latin.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file), StandardCharsets.ISO_8859_1)) {
            for (String name : List.of("\u00E9.png", "\u00C3\u00A9.png")) { // the second is e with an acute in UTF-8
                out.putNextEntry(new ZipEntry(name));
                out.write(Archives.png(name.length()));
            }
        }
        ImageArchive images = ImageArchive.zip(file);
        assertThat(images.name(0)).endsWith("!/\u00E9.png");
        assertThat(images.name(1)).endsWith("!/\uFFFDE9.png");
        assertThat(images.image(0).sample(0, 0, 0)).isEqualTo(6);
        assertThat(images.image(1).sample(0, 0, 0)).isEqualTo(5);
    }

    @Test
    void storedEntry_dataDescriptorAndComment_areRead() throws IOException {
        byte[] png = Archives.png(9);
        Path file = folder.resolve("stored.zip");
        CRC32 crc = new CRC32();
        crc.update(png);
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
            ZipEntry entry = new ZipEntry("x.png");
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(png.length);
            entry.setCrc(crc.getValue());
            entry.setComment("a picture");
            entry.setExtra(new byte[] {1, 2, 3, 0, 7, 7, 7});
            out.putNextEntry(entry);
            out.write(png);
            out.putNextEntry(new ZipEntry("y.png")); // deflated, its sizes behind it
            out.write(png);
            out.setComment("PK\5\6 is what an end record begins with");
        }
        ImageArchive images = ImageArchive.zip(file);
        assertThat(images.size()).isEqualTo(2);
        assertThat(images.image(0)).isEqualTo(images.image(1));
        assertThat(images.image(0).sample(2, 1, 0)).isEqualTo(9);
    }

    /** More entries than 16 bits can count: the JDK then writes zip64's end records. */
    @Test
    void zip64_manyEntries() throws IOException {
        byte[] png = Archives.png(200);
        Path file = folder.resolve("many.zip");
        try (ZipOutputStream out = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            out.setLevel(0);
            for (int i = 0; i < 66_000; i++) {
                out.putNextEntry(new ZipEntry(String.format("c%02d/%05d.png", i % 10, i)));
                out.write(png, 0, i == 65_999 ? png.length : 0);
            }
        }
        ImageArchive images = ImageArchive.zip(file);
        assertThat(images.size()).isEqualTo(66_000);
        assertThat(images.classNames()).hasSize(10);
        assertThat(images.name(65_999)).endsWith("!/c09/65999.png");
        assertThat(images.image(65_999).sample(0, 0, 0)).isEqualTo(200);
        assertThat(images.label(6600)).isEqualTo(1);
        assertThatThrownBy(() -> images.image(0)).hasMessageStartingWith(file + "!/c00/00000.png: ");
    }

    /** Sizes and position in the extra block, as zip64 has them for large files. */
    @Test
    void zip64_numbersInTheExtraBlock() throws IOException {
        Path file = Files.write(folder.resolve("64.zip"), Zips.zip64());
        assertThat(ImageArchive.zip(file).image(0).sample(0, 0, 0)).isEqualTo(7);
    }

    @Test
    void namesThatLeadOut_leftOutAndNamed_nothingIsWritten() throws IOException {
        byte[] png = Archives.png(1);
        List<String> bad = List.of(
                "../up.png", "a/../../up.png", "/etc/root.png", "C:/windows.png", "..\\up.png", "a/..", "a/../b.png");
        Map<String, byte[]> entries = new LinkedHashMap<>();
        bad.forEach(name -> entries.put(name, png));
        entries.put("good.png", png);
        Path file = zip(entries);
        ImageArchive images = ImageArchive.zip(file);
        assertThat(images.size()).isEqualTo(1);
        assertThat(images.image(0).width()).isEqualTo(3);
        assertThat(images.refused())
                .containsExactlyElementsOf(bad.stream()
                        .filter(name -> name.endsWith(".png"))
                        .map(name -> file + "!/" + name + ": a name that leads out of the archive")
                        .toList());
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void lyingSizes_refusedOrReportedByName_withoutTakingTheMemory() throws IOException {
        Path good = zip(Map.of("x.png", Archives.png(1)));
        for (int claimed : new int[] {Integer.MAX_VALUE, 1 << 28, 100_000_000, -2}) {
            Path file = changed(good, bytes -> bytes.putInt(directory(bytes) + 24, claimed));
            assertThatThrownBy(() -> ImageArchive.zip(file))
                    .as("claims to unpack to %d", claimed)
                    .isInstanceOf(DatasetException.class)
                    .hasMessageContaining(file.toString());
        }
        for (int claimed : new int[] {0, 1, 50, 5000, 8192, 20_000}) {
            Path file = changed(good, bytes -> bytes.putInt(directory(bytes) + 24, claimed));
            assertThatThrownBy(() -> ImageArchive.zip(file).image(0))
                    .as("claims to unpack to %d", claimed)
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(file + "!/x.png: ")
                    .hasMessageContaining("" + claimed);
        }
        for (int claimed : new int[] {Integer.MAX_VALUE, 1000, -2, -1}) {
            Path file = changed(good, bytes -> bytes.putInt(directory(bytes) + 20, claimed));
            assertThatThrownBy(() -> ImageArchive.zip(file)).isInstanceOf(DatasetException.class);
        }
        Path tooShort = changed(good, bytes -> bytes.putInt(directory(bytes) + 20, 20));
        assertThatThrownBy(() -> ImageArchive.zip(tooShort).image(0)).hasMessageContaining("ends too early");
        Path tooFar = changed(good, bytes -> bytes.putInt(directory(bytes) + 42, 1_000_000));
        assertThatThrownBy(() -> ImageArchive.zip(tooFar)).isInstanceOf(DatasetException.class);
        Path astray = changed(good, bytes -> bytes.putInt(directory(bytes) + 42, 1));
        assertThatThrownBy(() -> ImageArchive.zip(astray).image(0)).hasMessageContaining("no entry at byte 1");
    }

    @Test
    void damagedEntry_namedInTheError() throws IOException {
        Path good = zip(Map.of("x.png", Archives.png(1)));
        Path checksum = changed(good, bytes -> bytes.putInt(directory(bytes) + 16, 42));
        assertThatThrownBy(() -> ImageArchive.zip(checksum).image(0))
                .hasMessage(checksum + "!/x.png: the checksum in the zip file is another");
        Path data = changed(good, bytes -> bytes.put(35, (byte) 0xFF));
        assertThatThrownBy(() -> ImageArchive.zip(data).image(0))
                .hasMessage(data + "!/x.png: the compressed data is damaged");
    }

    @Test
    void entriesThatCannotBeUsed_named() throws IOException {
        Path good = zip(Map.of("x.png", Archives.png(1)));
        Path encrypted = changed(good, bytes -> bytes.put(directory(bytes) + 8, (byte) 9));
        assertThat(ZipArchive.open(encrypted).refused()).containsExactly("x.png: encrypted");
        Path lzma = changed(good, bytes -> bytes.put(directory(bytes) + 10, (byte) 14));
        assertThat(ZipArchive.open(lzma).refused())
                .containsExactly("x.png: compression method 14, expected 0 (stored) or 8 (deflated)");
    }

    @Test
    void truncatedAtEveryLength_refusedWithThePath() throws IOException {
        byte[] whole = Files.readAllBytes(zip(Map.of("x.png", Archives.png(1), "cat/y.png", Archives.png(2))));
        Path cut = folder.resolve("cut.zip");
        for (int length = 0; length < whole.length; length++) {
            Files.write(cut, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> ImageArchive.zip(cut))
                    .as("cut to %d bytes", length)
                    .isInstanceOf(DatasetException.class)
                    .hasMessageStartingWith(cut + ": found ");
        }
    }

    /** Any byte may be any value: what comes out is the images, or an exception that names the file. */
    @Test
    void everyByteChanged_neverMoreThanAnIOException() throws IOException {
        Path good = zip(Map.of("x.png", Archives.png(1), "cat/y.cls", "3".getBytes(StandardCharsets.US_ASCII)));
        for (int i = 0; i < Files.size(good); i++) {
            int at = i;
            int flip = i % 2 == 0 ? 1 : 0xFF;
            Path file = changed(good, bytes -> bytes.put(at, (byte) (bytes.get(at) ^ flip)));
            try {
                ImageArchive images = ImageArchive.zip(file);
                for (int k = 0; k < images.size(); k++) {
                    images.image(k);
                }
            } catch (IOException e) {
                assertThat(e).as("byte %d", i).hasMessageStartingWith(file.toString());
            }
        }
    }

    @Test
    void directoryThatContradictsItself_refused() throws IOException {
        Path good = zip(Map.of("x.png", Archives.png(1)));
        Path count = changed(good, bytes -> bytes.putShort(find(bytes, 0x06054b50) + 10, (short) 60_000));
        assertThatThrownBy(() -> ImageArchive.zip(count)).hasMessageContaining("found 60000 entries");
        Path length = changed(good, bytes -> bytes.putInt(find(bytes, 0x06054b50) + 12, 1 << 30));
        assertThatThrownBy(() -> ImageArchive.zip(length)).hasMessageContaining("directory of 1073741824 bytes");
        Path name = changed(good, bytes -> bytes.putShort(directory(bytes) + 28, (short) 60_000));
        assertThatThrownBy(() -> ImageArchive.zip(name)).hasMessageContaining("longer than the directory");
        Path parts = changed(good, bytes -> bytes.putShort(find(bytes, 0x06054b50) + 4, (short) 2));
        assertThatThrownBy(() -> ImageArchive.zip(parts)).hasMessageContaining("several parts");
    }

    @Test
    void noZipOrNoImage_refused() throws IOException {
        Path text = Files.writeString(folder.resolve("notes.zip"), "no archive");
        assertThatThrownBy(() -> ImageArchive.zip(text))
                .isInstanceOf(DatasetException.class)
                .hasMessage(text + ": found 10 bytes without a zip file's end record, expected a zip file, complete");
        assertThatThrownBy(() -> ImageArchive.zip(folder.resolve("nowhere.zip")))
                .hasMessageContaining("found no such file, expected a zip file");
        assertThatThrownBy(() -> ImageArchive.zip(folder)).hasMessageContaining("found a folder");
        assertThatThrownBy(() -> ImageArchive.zip(zip(Map.of("a.txt", new byte[1]))))
                .hasMessageContaining("found no file that ends in .jpg");
    }

    @Test
    void manyThreads_readTheSame() throws Exception {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        IntStream.range(0, 60).forEach(i -> entries.put("c" + i % 3 + "/" + i + ".png", Archives.png(i)));
        Concurrently.assertSameInEveryThread(ImageArchive.zip(zip(entries)));
    }

    @Test
    void archiveThatChanged_isNamed() throws IOException {
        Path file = zip(Map.of("x.png", Archives.png(1)));
        ImageArchive images = ImageArchive.zip(file);
        Files.write(file, new byte[10]);
        assertThatThrownBy(() -> images.image(0))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(file + "!/x.png: ");
        Files.write(file, new ByteArrayOutputStream().toByteArray());
        assertThatThrownBy(() -> images.image(0)).isInstanceOf(IOException.class);
    }
}
