package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {
    @TempDir
    Path temp;

    /** What the other process runs. */
    static final class Holder {
        private Holder() {}

        public static void main(String... args) throws IOException, InterruptedException {
            try (FolderLock lock = FolderLock.take(Path.of(args[0]))) {
                System.out.println("locked " + lock.isInPlace());
                Thread.sleep(600_000);
            }
        }
    }

    @Test
    void folder_ofAnotherProcess_isRefusedByName_untilThatIsKilled() throws IOException, InterruptedException {
        Path folder = temp.resolve("made/for/it");
        Process other = other(folder);
        try (BufferedReader said = other.inputReader(StandardCharsets.UTF_8)) {
            assertThat(said.readLine()).isEqualTo("locked true");
            assertThatIOException()
                    .isThrownBy(() -> FolderLock.take(folder))
                    .withMessage(folder + " is in use by process " + other.pid()
                            + ": take another folder, or wait until it ends");
            Files.write(folder.resolve("lock"), new byte[] {(byte) 0xff, '\n'});
            assertThatIOException()
                    .isThrownBy(() -> FolderLock.take(folder))
                    .withMessageStartingWith(folder + " is in use by another process");
        } finally {
            other.destroyForcibly().waitFor();
        }
        FolderLock.take(folder).close();
    }

    private static Process other(Path folder) throws IOException {
        String classes = Stream.of("java.class.path", "jdk.module.path")
                .map(name -> System.getProperty(name, ""))
                .filter(path -> !path.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
        Path tests = Path.of("target", "test-classes").toAbsolutePath();
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return new ProcessBuilder(List.of(
                        java.toString(),
                        "-cp",
                        tests + File.pathSeparator + classes,
                        Holder.class.getName(),
                        folder.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** A second channel on the file, once closed, would free the lock: the first one must still hold after a refusal. */
    @Test
    void folder_ofThisProcess_isRefusedByName_andStaysLocked() throws IOException {
        String pid = Long.toString(ProcessHandle.current().pid());
        try (FolderLock lock = FolderLock.take(temp)) {
            for (Path same : List.of(temp, temp.resolve("../" + temp.getFileName()))) {
                assertThatIOException()
                        .isThrownBy(() -> FolderLock.take(same))
                        .withMessageStartingWith(same + " is in use by process " + pid);
            }
            assertThat(lock.isInPlace()).isTrue();
            FolderLock.take(temp.resolve("inside")).close();
            assertThat(temp.resolve("lock")).hasContent(pid);
        }
        FolderLock again = FolderLock.take(temp);
        again.close();
        again.close();
        FolderLock.take(temp).close();
    }

    @Test
    void folder_thatCannotBe_isRefused_andFreeAfterwards() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "x");
        assertThatIOException().isThrownBy(() -> FolderLock.take(file));
        Files.delete(file);
        Files.createDirectories(file.resolve("lock"));
        assertThatIOException().isThrownBy(() -> FolderLock.take(file));
        Files.delete(file.resolve("lock"));
        FolderLock.take(file).close();
    }
}
