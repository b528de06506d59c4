package dev.byol.augment.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** What is found in a folder, and in which order. */
class FolderTreeTest {
    @TempDir
    Path temp;

    private Path root() {
        return temp.resolve("root");
    }

    private Path file(String name) throws IOException {
        Path file = root().resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, new byte[0]);
    }

    private void link(String name, Path target) throws IOException {
        Path link = root().resolve(name);
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, target);
    }

    private static List<String> found(Path root) throws IOException {
        ImageFolder images = ImageFolder.open(root);
        return IntStream.range(0, images.size())
                .mapToObj(i -> root.relativize(images.file(i)).toString())
                .toList();
    }

    @Test
    void endings_inAnyCase() throws IOException {
        for (String ending : List.of("jpg", "JPEG", "png", "Bmp", "gif", "WEBP", "tif", "tiff", "txt", "jpgx", "")) {
            file("image." + ending);
        }
        file("jpg");
        file(".png");
        assertThat(found(root()))
                .containsExactlyInAnyOrder(
                        "image.jpg",
                        "image.JPEG",
                        "image.png",
                        "image.Bmp",
                        "image.gif",
                        "image.WEBP",
                        "image.tif",
                        "image.tiff");
    }

    /** Not that of the bytes of whole paths, where a dash and a dot come before a slash. */
    @Test
    void order_isFolderByFolder() throws IOException {
        List<String> expected =
                List.of("A/1.png", "a/B.png", "a/b/1.png", "a/b.png", "a-b/1.png", "a0/10.png", "a0/9.png");
        for (int i = expected.size() - 1; i >= 0; i--) {
            file(expected.get(i));
        }
        assertThat(found(root())).isEqualTo(expected);
        assertThat(ImageFolder.open(root()).classNames()).containsExactly("A", "a", "a-b", "a0");
        Names.Builder names = new Names.Builder();
        List.of("b", "a/z", "a", "b", "a-b/c", "").forEach(names::add);
        assertThat(names.build().order()).containsExactly(5, 2, 1, 4, 0, 3);
    }

    /** UTF-16, by which Java compares strings, has the last two in the other order. */
    @Test
    void order_isByCodePoint() {
        List<String> expected = List.of("z/1.png", "\u00E9/1.png", "\uFFFD/1.png", "\uD83D\uDE00/1.png");
        Names.Builder names = new Names.Builder();
        List.of(3, 1, 0, 2).forEach(i -> names.add(expected.get(i)));
        assertThat(names.build().order()).containsExactly(2, 1, 3, 0);
        assertThat(Classes.byFolder(4, expected::get).names()).containsExactly("z", "\u00E9", "\uFFFD", "\uD83D\uDE00");
    }

    /** Names of bytes, percent-encoded: UTF-8 of characters that ASCII lacks, and what no UTF-8 is, as other systems leave it. */
    private static final List<String> STRANGE = List.of("%C3%A8", "%C3%A9", "%E9", "%FF%20%FE", "%EF%BF%BD");

    /** What the names are, in their order. */
    private static final List<String> AS_TEXT =
            List.of("\u00E8", "\u00E9", "\uFFFDE9", "\uFFFDEF\uFFFDBF\uFFFDBD", "\uFFFDFF \uFFFDFE");

    /** Files with every strange name in folders with every strange name, each of another red. */
    private void strangeTree() throws IOException {
        URI root = Files.createDirectories(root()).toUri();
        for (String name : STRANGE) {
            Path created = Path.of(URI.create(root + name));
            try {
                Files.createDirectories(created);
            } catch (IOException e) {
                assumeTrue(false, "the file system has no such names: " + e);
            }
            for (String file : STRANGE) {
                int red = 10 * STRANGE.indexOf(name) + STRANGE.indexOf(file);
                Files.write(Path.of(URI.create(root + name + "/" + file + ".png")), Archives.png(red));
            }
        }
    }

    /** What is found: label, class, name and red of every image, {@code :} for a slash. */
    private List<String> expectedOfStrangeTree() {
        List<Integer> order = List.of(0, 1, 2, 4, 3); // of the names as text
        return IntStream.range(0, 25)
                .mapToObj(i -> i / 5 + ":" + AS_TEXT.get(i / 5) + ":" + AS_TEXT.get(i % 5) + ".png:"
                        + (10 * order.get(i / 5) + order.get(i % 5)))
                .toList();
    }

    @Test
    void namesThatAreNoText_areToldApart() throws IOException {
        strangeTree();
        ImageFolder images = ImageFolder.open(root());
        assertThat(images.classNames()).isEqualTo(AS_TEXT);
        assertThat(IntStream.range(0, images.size()).mapToObj(i -> {
                    String name = images.name(i).substring(root().toString().length() + 1);
                    return images.label(i) + ":" + name.replace("/", ":") + ":" + red(images, i);
                }))
                .containsExactlyElementsOf(expectedOfStrangeTree());
        assertThat(IntStream.range(0, images.size()).mapToObj(images::file)).doesNotHaveDuplicates();
        ImageFolder inner = images.folder("\uFFFDE9").orElseThrow();
        assertThat(IntStream.range(0, inner.size()).map(i -> red(inner, i))).containsExactly(20, 21, 22, 24, 23);
        assertThat(images.folder("nothing")).isEmpty();
    }

    private static int red(ImageFolder images, int index) {
        try {
            return images.image(index).sample(0, 0, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where no language is set, Java takes all file names for ASCII. */
    @Test
    void namesInTheLocaleC_areToldApart() throws Exception {
        strangeTree();
        List<String> lines = Child.run(Tell.class, Map.of("LC_ALL", "C"), List.of(), root());
        assertThat(lines.subList(0, 25)).isEqualTo(expectedOfStrangeTree());
        assertThat(lines.subList(25, lines.size())).containsExactly("11");
    }

    /** Prints what is in a folder. */
    static final class Tell {
        private Tell() {}

        public static void main(String... args) throws IOException {
            Path root = Path.of(args[0]);
            PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
            ImageFolder images = ImageFolder.open(root);
            for (int i = 0; i < images.size(); i++) {
                String name = images.name(i).substring(root.toString().length() + 1);
                if (!name.startsWith(images.classNames().get(images.label(i)) + "/")) {
                    throw new AssertionError(name + " has the label " + images.label(i));
                }
                out.println(images.label(i) + ":" + name.replace('/', ':') + ":" + red(images, i));
            }
            out.println(red(images.folder("\u00E9").orElseThrow(), 1));
        }
    }

    @Test
    void links_toFilesAndFoldersElsewhere_areFollowed() throws IOException {
        Path pool = Files.createDirectories(temp.resolve("pool/deep"));
        Files.write(pool.resolve("2.png"), new byte[0]);
        Path blob = Files.write(temp.resolve("blob"), new byte[0]);
        file("real/1.png");
        file(".store/3.png");
        link("cat", temp.resolve("pool"));
        link("dog/4.png", blob);
        link("elk", root().resolve(".store"));
        assertThat(found(root())).containsExactly("cat/deep/2.png", "dog/4.png", "elk/3.png", "real/1.png");
    }

    @Test
    @Timeout(20)
    void linksInCircles_endAndNothingIsReadTwice() throws IOException {
        file("a/1.png");
        link("a/self", root().resolve("a"));
        link("a/up", root());
        link("b", root().resolve("a"));
        link("c/d", root().resolve("c"));
        link("loop", root().resolve("loop"));
        assertThat(found(root())).containsExactly("a/1.png");
        Path other = Files.createDirectories(temp.resolve("other"));
        Files.write(other.resolve("2.png"), new byte[0]);
        Files.createSymbolicLink(other.resolve("back"), root());
        link("y", other);
        link("x", other);
        assertThat(found(root())).containsExactly("a/1.png", "x/2.png");
    }

    /** Two links in each of forty folders to the next: 2^40 ways through. */
    @Test
    @Timeout(20)
    void linksThatMultiply_areReadOnce() throws IOException {
        for (int i = 0; i < 40; i++) {
            Path next = temp.resolve("level" + (i + 1));
            Path here = Files.createDirectories(i == 0 ? root() : temp.resolve("level" + i));
            Files.createSymbolicLink(here.resolve("l"), next);
            Files.createSymbolicLink(here.resolve("r"), next);
        }
        Files.write(Files.createDirectories(temp.resolve("level40")).resolve("1.png"), new byte[0]);
        assertThat(found(root())).containsExactly("l/".repeat(40) + "1.png");
    }

    @Test
    void linkToNothing_isNamedWhenItIsRead() throws IOException {
        file("a.png");
        link("b.png", temp.resolve("gone"));
        ImageFolder images = ImageFolder.open(root());
        assertThat(images.size()).isEqualTo(2);
        assertThatThrownBy(() -> images.image(1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(root().resolve("b.png").toString());
    }

    @Test
    void folderThatEndsLikeAnImage_isAFolder() throws IOException {
        file("x.png/1.png");
        assertThat(ImageFolder.open(root()).classNames()).containsExactly("x.png");
    }

    @Test
    void folderThatMayNotBeRead_refusedWithItsName() throws IOException {
        file("a/1.png");
        Path closed = file("b/2.png").getParent();
        Files.setPosixFilePermissions(closed, Set.of());
        assumeTrue(!Files.isReadable(closed), "the superuser may read everything");
        try {
            assertThatThrownBy(() -> ImageFolder.open(root()))
                    .isInstanceOf(DatasetException.class)
                    .hasMessage(closed + ": found a folder that may not be read, expected one that may be");
        } finally {
            Files.setPosixFilePermissions(closed, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void subfolder_isOpenedAlone() throws IOException {
        file("train/cat/1.png");
        file("train/dog/2.png");
        Files.createDirectories(root().resolve("test"));
        ImageFolder all = ImageFolder.open(root());
        assertThat(all.folder("train").orElseThrow().classNames()).containsExactly("cat", "dog");
        assertThat(all.folder("val")).isEmpty();
        assertThatThrownBy(() -> all.folder("test")).isInstanceOf(DatasetException.class);
    }

    @Test
    void twentyThousandFiles_labelsAndNames() throws IOException {
        manyFiles(20_000);
        ImageFolder images = ImageFolder.open(root());
        assertThat(images.size()).isEqualTo(20_000);
        assertThat(images.classNames()).hasSize(100);
        for (int i = 0; i < 20_000; i += 37) {
            assertThat(images.label(i)).isEqualTo(i / 200);
            assertThat(images.name(i)).endsWith(String.format("/class%02d/image%06d.jpg", i / 200, i));
        }
    }

    /** Opt in by {@code -Dbyol.test.manyFiles=200000}: it writes that many files. What is held is measured after a collection. */
    @Test
    @EnabledIfSystemProperty(named = "byol.test.manyFiles", matches = "\\d+")
    void asManyFilesAsWanted_holdLittle() throws IOException {
        int count = Integer.getInteger("byol.test.manyFiles", 0);
        manyFiles(count);
        long before = held();
        long cpu = cpu();
        long wall = System.nanoTime();
        ImageFolder images = ImageFolder.open(root());
        wall = System.nanoTime() - wall;
        cpu = cpu() - cpu;
        long held = held() - before;
        System.getLogger(FolderTreeTest.class.getName())
                .log(
                        System.Logger.Level.INFO,
                        "{0} files: {1} ms, {2} ms of CPU, {3} bytes held",
                        images.size(),
                        wall / 1_000_000,
                        cpu / 1_000_000,
                        held);
        assertThat(images.size()).isEqualTo(count);
        assertThat(held).isLessThan(1000L * count);
    }

    private static long cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
    }

    private static long held() {
        System.gc();
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private void manyFiles(int count) throws IOException {
        for (int c = 0; c < 100; c++) {
            Path folder = Files.createDirectories(root().resolve(String.format("class%02d", c)));
            for (int i = c * (count / 100); i < (c + 1) * (count / 100); i++) {
                Files.createFile(folder.resolve(String.format("image%06d.jpg", i)));
            }
        }
    }

    @Test
    void walk_leavesNoFileOpen() throws IOException {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")));
        file("a/b/c/1.png");
        ImageFolder.open(root());
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            assertThat(open.map(FolderTreeTest::target)).noneMatch(target -> target.startsWith(temp.toString()));
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "";
        }
    }
}
