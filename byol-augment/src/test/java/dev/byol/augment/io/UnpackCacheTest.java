package dev.byol.augment.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class UnpackCacheTest {
    private static final byte[] CONTENT = "content ".repeat(10_000).getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    private Path cacheFolder() {
        return folder.resolve("deep/cache");
    }

    private Path file() throws IOException {
        return Files.write(folder.resolve("File.TAR.gz"), Archives.gzip(CONTENT));
    }

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.list(cacheFolder())) {
            return files.map(path -> path.getFileName().toString())
                    .filter(name -> !name.equals(".lock"))
                    .toList();
        }
    }

    @Test
    void unpack_once_againWhenTheFileChanges() throws IOException {
        UnpackCache cache = UnpackCache.in(cacheFolder(), CONTENT.length);
        Path file = file();
        Path unpacked = cache.unpack(file);
        assertThat(unpacked).hasBinaryContent(CONTENT).hasParentRaw(cacheFolder());
        assertThat(unpacked.getFileName().toString()).endsWith("-file.tar");
        Files.writeString(unpacked, "mark");
        assertThat(cache.unpack(file)).isEqualTo(unpacked).hasContent("mark");
        assertThat(cache.unpack(Files.createSymbolicLink(folder.resolve("link.gz"), file)))
                .as("the same file under another name is named after it")
                .isNotEqualTo(unpacked);
        Files.write(file, Archives.gzip(new byte[] {1}));
        Files.setLastModifiedTime(file, FileTime.fromMillis(12_345));
        assertThat(cache.unpack(file)).isNotEqualTo(unpacked).hasBinaryContent(new byte[] {1});
    }

    @Test
    void bomb_stoppedAtTheLimit_leavesNothing() throws IOException {
        Path bomb = Files.write(folder.resolve("bomb.gz"), Archives.gzip(new byte[20 << 20]));
        assertThat(Files.size(bomb)).isLessThan(100_000);
        assertThatThrownBy(() -> UnpackCache.in(cacheFolder(), 10 << 20).unpack(bomb))
                .isInstanceOf(DatasetException.class)
                .hasMessage(bomb + ": found more than 10485760 bytes when unpacked, expected at most as many");
        assertThat(left()).isEmpty();
        assertThatThrownBy(
                        () -> UnpackCache.in(cacheFolder(), CONTENT.length - 1L).unpack(file()))
                .isInstanceOf(DatasetException.class);
    }

    @Test
    void diskThatFills_stopsInTime_leavesNothing() throws IOException {
        Path bomb = Files.write(folder.resolve("bomb.gz"), Archives.gzip(new byte[200 << 20]));
        List<Long> answers = new ArrayList<>(List.of(1L << 40, UnpackCache.RESERVE));
        UnpackCache cache = new UnpackCache(cacheFolder(), Long.MAX_VALUE, place -> answers.remove(0));
        assertThatThrownBy(() -> cache.unpack(bomb))
                .isInstanceOf(DatasetException.class)
                .hasMessageStartingWith(bomb + ": found 268435456 bytes of room in " + cacheFolder());
        assertThat(answers).isEmpty();
        assertThat(left()).isEmpty();
    }

    @Test
    void damagedAtAnyPlace_refused_leavesNothing() throws IOException {
        byte[] whole = Files.readAllBytes(file());
        UnpackCache cache = UnpackCache.in(cacheFolder(), 1 << 20);
        Path broken = folder.resolve("broken.gz");
        for (int length = 0; length < whole.length; length += Math.max(1, length < 20 ? 1 : 13)) {
            Files.write(broken, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> cache.unpack(broken))
                    .as("cut to %d bytes", length)
                    .isInstanceOf(DatasetException.class)
                    .hasMessageStartingWith(broken + ": found ");
        }
        byte[] changed = whole.clone();
        changed[whole.length - 6] ^= 1; // in the checksum
        Files.write(broken, changed);
        assertThatThrownBy(() -> cache.unpack(broken)).hasMessageContaining("damaged data");
        assertThat(left()).isEmpty();
    }

    /** Each time that a file is unpacked, the room on the disk is looked at. */
    @Test
    void manyThreads_unpackOnce() throws Exception {
        Path file = file();
        AtomicInteger unpacked = new AtomicInteger();
        CyclicBarrier start = new CyclicBarrier(8);
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            List<Future<Path>> all = Stream.generate(() -> pool.submit(() -> {
                        UnpackCache cache = new UnpackCache(cacheFolder(), 1 << 20, place -> {
                            unpacked.incrementAndGet();
                            pause(); // so that the others come meanwhile
                            return Long.MAX_VALUE;
                        });
                        start.await();
                        return cache.unpack(file);
                    }))
                    .limit(8)
                    .toList();
            Set<Path> results = new HashSet<>();
            for (Future<Path> one : all) {
                results.add(one.get());
                assertThat(one.get()).hasBinaryContent(CONTENT);
            }
            assertThat(results).hasSize(1);
            assertThat(unpacked).hasValue(1);
            assertThat(left()).hasSize(1);
        } finally {
            pool.shutdownNow();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** While another process unpacks, this one waits, and then finds what the other has made. */
    @Test
    @Timeout(60)
    void otherProcess_isWaitedFor() throws Exception {
        Path file = file();
        UnpackCache cache = UnpackCache.in(cacheFolder(), 1 << 20);
        Path done = cache.unpack(file);
        Files.delete(done);
        String program = "import java.nio.channels.*; import java.nio.file.*; public class Other {"
                + " public static void main(String... a) throws Exception {"
                + " try (FileChannel c = FileChannel.open(Path.of(a[0]), StandardOpenOption.WRITE); FileLock l = c.lock()) {"
                + " System.out.println(\"locked\"); System.in.read();"
                + " Files.writeString(Path.of(a[1]), \"by another process\"); } } }";
        Path source = Files.writeString(folder.resolve("Other.java"), program);
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        source.toString(),
                        cacheFolder().resolve(".lock").toString(),
                        done.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("locked");
            Future<Path> waiting = pool.submit(() -> cache.unpack(file));
            Thread.sleep(200);
            assertThat(waiting.isDone()).isFalse();
            other.outputWriter().append('\n').flush();
            assertThat(waiting.get()).isEqualTo(done).hasContent("by another process");
        } finally {
            other.destroyForcibly();
            pool.shutdownNow();
        }
    }

    /** Where no language is set, Java takes all file names for ASCII, and these two for the same. */
    @Test
    void filesInTheLocaleC_areToldApart() throws Exception {
        Path files = Files.createDirectory(folder.resolve("files"));
        for (String name : List.of("%C3%A8", "%C3%A9")) {
            byte[] content = name.getBytes(StandardCharsets.US_ASCII);
            try {
                Path file = Files.write(Path.of(URI.create(files.toUri() + name + ".gz")), Archives.gzip(content));
                Files.setLastModifiedTime(file, FileTime.fromMillis(12_345));
            } catch (IOException e) {
                assumeTrue(false, "the file system has no such names: " + e);
            }
        }
        assertThat(Child.run(Unpack.class, Map.of("LC_ALL", "C"), List.of(), files))
                .containsExactlyInAnyOrder("%C3%A8", "%C3%A9");
    }

    /** Prints what a folder's files unpack to. */
    static final class Unpack {
        private Unpack() {}

        public static void main(String... args) throws IOException {
            Path files = Path.of(args[0]);
            UnpackCache cache = UnpackCache.in(files.resolveSibling("unpacked"), 1 << 20);
            try (DirectoryStream<Path> all = Files.newDirectoryStream(files)) {
                for (Path file : all) {
                    System.out.println(Files.readString(cache.unpack(file)));
                }
            }
        }
    }

    @Test
    void draftOfAKilledProcess_isReplaced() throws IOException {
        UnpackCache cache = UnpackCache.in(cacheFolder(), 1 << 20);
        Path file = file();
        Path done = cache.unpack(file);
        Files.delete(done);
        Files.write(cacheFolder().resolve("." + done.getFileName() + ".part"), new byte[1 << 18]);
        assertThat(cache.unpack(file)).hasBinaryContent(CONTENT);
        assertThat(left()).containsExactly(done.getFileName().toString());
    }

    @Test
    void limitBelowOne_refused() {
        assertThatThrownBy(() -> UnpackCache.in(folder, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mostBytes must be at least 1, got 0");
    }
}
