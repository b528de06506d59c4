package dev.byol.tf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads which commit is checked out where a program was started, without git. */
final class GitRevision {
    private static final String COMMIT = "[0-9a-f]{40}([0-9a-f]{24})?";

    private GitRevision() {}

    /** The commit of the repository that a folder is in; empty if it is in none that can be read. */
    static Optional<String> of(Path folder) {
        try {
            for (@Nullable Path place = folder.toAbsolutePath(); place != null; place = place.getParent()) {
                Path git = place.resolve(".git");
                if (Files.isDirectory(git)) {
                    return head(git);
                } else if (Files.isRegularFile(git)) { // of a worktree
                    String text = Files.readString(git).strip();
                    return text.startsWith("gitdir: ") ? head(place.resolve(text.substring(8))) : Optional.empty();
                }
            }
        } catch (IOException | RuntimeException e) {
            System.getLogger(GitRevision.class.getName())
                    .log(System.Logger.Level.DEBUG, "no revision of {0}: {1}", folder, e);
        }
        return Optional.empty();
    }

    private static Optional<String> head(Path git) throws IOException {
        String head = Files.readString(git.resolve("HEAD")).strip();
        if (!head.startsWith("ref: ")) {
            return commit(head);
        }
        String name = head.substring(5);
        Path common = git.resolve("commondir");
        Path shared =
                Files.exists(common) ? git.resolve(Files.readString(common).strip()) : git;
        Path loose = shared.resolve(name);
        if (Files.isRegularFile(loose)) {
            return commit(Files.readString(loose).strip());
        }
        Path packed = shared.resolve("packed-refs");
        return Files.exists(packed)
                ? Files.readAllLines(packed).stream()
                        .filter(line -> line.endsWith(" " + name))
                        .map(line -> line.substring(0, line.indexOf(' ')))
                        .filter(text -> text.matches(COMMIT))
                        .findFirst()
                : Optional.empty();
    }

    private static Optional<String> commit(String text) {
        return text.matches(COMMIT) ? Optional.of(text) : Optional.empty();
    }
}
